"""The check of plans: what is missing or cannot work, and where it is put right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.trust.api import permission_required

from ...permissions import plan_policy
from ...rules.lint import Severity
from ...selectors import lint as selectors
from ...selectors.actuals import plans_in_scope
from ..actors import actor_of
from ..framing import chosen, page_of
from .common import frame


@require_safe
@permission_required(plan_policy, "view_internal")
def lint(request: HttpRequest) -> HttpResponse:
    """Show the findings of one plan, and how many each plan has."""
    plans = plans_in_scope()
    code = chosen(request, "plan", (plan.code for plan in plans)) or (plans[0].code if plans else "")
    every = selectors.lint_plans(plans)
    shown = next((found for found in every if found.plan.code == code), None)
    severity = chosen(request, "severity", (item.value for item in Severity))
    findings = [item for item in shown.findings if not severity or item.severity == severity] if shown else []
    context = frame(
        request, (_("計画の点検"), ""), tab="lint", every=every, shown=shown, severity=severity,
        page=page_of(selectors.by_subject(findings), request, per_page=100), severities=list(Severity),
        finding_words=selectors.finding_words, severity_words=selectors.severity_words,
        tones=selectors.SEVERITY_TONES, can_edit=plan_policy.allows(actor_of(request), "edit"),
    )  # fmt: skip
    return render(request, "plan/actuals/lint.html", context)
