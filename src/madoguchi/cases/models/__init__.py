"""Models of the cases room."""

from .case import Case, Note, Task
from .desk import Presence, SavedView, Undo
from .workflow import Workflow, WorkflowVersion

__all__ = ["Case", "Note", "Presence", "SavedView", "Task", "Undo", "Workflow", "WorkflowVersion"]
