"""The only door to the plan room."""

from .errors import DocumentError, PlanError
from .models import Indicator, Plan, PlanDraft, Project
from .rules.draft_json import to_json as draft_to_json
from .rules.summary import summarise
from .selectors import data_file, export_plans
from .selectors.navigation import steering_navigation
from .services import (
    import_data_file,
    import_document,
    link_sections,
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
    "data_file",
    "draft_to_json",
    "export_plans",
    "import_data_file",
    "import_document",
    "link_sections",
    "publish_draft",
    "read_document",
    "read_result",
    "steering_navigation",
    "summarise",
]
