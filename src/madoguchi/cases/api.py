"""The only door to the cases room."""

from .errors import CasesError
from .models import Case, Task, WorkflowVersion

__all__ = ["Case", "CasesError", "Task", "WorkflowVersion"]
