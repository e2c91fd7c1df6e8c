"""An application as the subject of a case: its facts, its variables, its decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from madoguchi.cases.api import Case
from madoguchi.cases.registry import CaseSubject, Panel
from madoguchi.kit import clock
from madoguchi.trust.api import Account

from ..models import Application
from ..permissions import application_policy
from ..rules import forms
from ..selectors.casework import panel_context
from ..services.casework import case_closed, follow_case
from ..services.casework.corrections import OUTCOME
from ..services.casework.facts import KIND
from ..services.casework.opening import workflow_variables


def of_case(case: Case) -> Application:
    """Return the application of a case."""
    return Application.objects.select_related("version", "procedure").get(pk=case.subject_id)


def variables(case: Case) -> dict[str, Any]:
    """Return what conditions may read: the answers as they stand now, and the facts of the definition."""
    application = of_case(case)
    return workflow_variables(application, definition=application.version.definition)


def panel(case: Case, actor: Account | None) -> Panel:
    """Return the facts beside the conversation."""
    return Panel(template="procedures/office/panel.html", context=panel_context(of_case(case), actor))


def decide(case: Case, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate a decision table of the definition; raises ``LookupError`` where it has none of that name, or no row fits."""
    application = of_case(case)
    outputs = forms.decide(application.version.definition, table, {**application.answers, **values}, clock.today())
    if outputs is None:
        raise LookupError(table)
    return outputs


def may_see(actor: Account | None, case: Case) -> bool:
    """Tell whether somebody may see the application of a case."""
    application = Application.objects.filter(pk=case.subject_id).first()
    return application is not None and application_policy.allows(actor, "view", application)


def outcome_pages(case: Case) -> dict[str, str]:
    """Return where staff say which fields are to be corrected."""
    if case.parent_id is not None:
        return {}
    return {OUTCOME: reverse("applications:correction", args=[of_case(case).number])}


APPLICATION = CaseSubject(
    key=KIND,
    label="申請",
    variables=variables,
    panel=panel,
    decide=decide,
    closed=lambda case: case_closed(case=case),
    progressed=lambda case: follow_case(case=case),
    may_see=may_see,
    outcome_pages=outcome_pages,
)
"""Applications (申請) in the work list."""
