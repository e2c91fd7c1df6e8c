"""Models of the procedures room."""

from .application import Application, Attachment, Correction, Draft, Message
from .definition import Procedure, ProcedureVersion, SharedTemplate
from .finding import Checklist, ChecklistItem

__all__ = [
    "Application",
    "Attachment",
    "Checklist",
    "ChecklistItem",
    "Correction",
    "Draft",
    "Message",
    "Procedure",
    "ProcedureVersion",
    "SharedTemplate",
]
