"""The only door to the plan room."""

from .errors import DocumentError, PlanError
from .models import Indicator, Plan, PlanDraft, Project
from .rules.draft_json import to_json as draft_to_json
from .rules.summary import summarise
from .services import (
    import_data_file,
    import_document,
    publish_draft,
    read_document,
    read_result,
)

__all__ = [
    "DocumentError",
    "Indicator",
    "Plan",
    "PlanDraft",
    "PlanError",
    "Project",
    "draft_to_json",
    "import_data_file",
    "import_document",
    "publish_draft",
    "read_document",
    "read_result",
    "summarise",
]
