"""The only door to the cases room."""

from .errors import BpmnError, CasesError, ServiceFault, StaleError, UnreadableBpmnError
from .models import Case, Note, Task, Workflow, WorkflowVersion
from .permissions import case_policy, workflow_policy
from .rules.bpmn.report import BpmnReport, ElementFinding
from .selectors.checking import check_bpmn
from .services.desk import add_note, assign_case, reschedule_case, split_case, transfer_case
from .services.handling import handling_seconds
from .services.timing import due_timers
from .services.versions import default_bpmn
from .services.working import (
    case_of,
    close_case,
    complete_applicant_tasks,
    complete_task,
    deliver_message,
    open_case,
    open_tasks,
    retry_case,
)

__all__ = [
    "BpmnError",
    "BpmnReport",
    "Case",
    "CasesError",
    "ElementFinding",
    "Note",
    "ServiceFault",
    "StaleError",
    "Task",
    "UnreadableBpmnError",
    "Workflow",
    "WorkflowVersion",
    "add_note",
    "assign_case",
    "case_of",
    "case_policy",
    "check_bpmn",
    "close_case",
    "complete_applicant_tasks",
    "complete_task",
    "default_bpmn",
    "deliver_message",
    "due_timers",
    "handling_seconds",
    "open_case",
    "open_tasks",
    "reschedule_case",
    "retry_case",
    "split_case",
    "transfer_case",
    "workflow_policy",
]
