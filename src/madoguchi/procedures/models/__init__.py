"""Models of the procedures room."""

from .application import Application, Attachment, Correction, Draft, Message
from .calendar import CalendarFeed
from .definition import Procedure, ProcedureVersion, SharedTemplate
from .editing import DraftEdit
from .exporting import CoreExport, CoreExportItem, CoreLayout
from .finding import Checklist, ChecklistItem
from .survey import CommentReply, SheetCheck, Survey, SurveyAnswer, SurveyInvitation

__all__ = [
    "Application",
    "Attachment",
    "CalendarFeed",
    "Checklist",
    "ChecklistItem",
    "CommentReply",
    "CoreExport",
    "CoreExportItem",
    "CoreLayout",
    "Correction",
    "Draft",
    "DraftEdit",
    "Message",
    "Procedure",
    "ProcedureVersion",
    "SharedTemplate",
    "SheetCheck",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
]
