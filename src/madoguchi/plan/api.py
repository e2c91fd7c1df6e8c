"""The only door to the plan room."""

from .errors import DocumentError, PlanError
from .models import Indicator, Plan, PlanDraft, Project
from .rules.draft_json import to_json as draft_to_json
from .rules.summary import summarise
from .selectors import data_file, export_plans
from .selectors.navigation import steering_navigation
from .services import (
    give_section,
    import_data_file,
    import_document,
    link_sections,
    publish_draft,
    read_document,
    read_result,
)
from .services.actuals import Entry, approve_actual, enter_actual
from .services.bindings import Binding, Ownership, assign_owner, bind_indicator
from .services.measuring import measure_indicators

__all__ = [
    "Binding",
    "DocumentError",
    "Entry",
    "Indicator",
    "Ownership",
    "Plan",
    "PlanDraft",
    "PlanError",
    "Project",
    "approve_actual",
    "assign_owner",
    "bind_indicator",
    "data_file",
    "draft_to_json",
    "enter_actual",
    "export_plans",
    "give_section",
    "import_data_file",
    "import_document",
    "link_sections",
    "measure_indicators",
    "publish_draft",
    "read_document",
    "read_result",
    "steering_navigation",
    "summarise",
]
