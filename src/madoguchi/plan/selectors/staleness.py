"""Which indicators have old, missing or coming values, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from madoguchi.kit import clock

from ..enums import ActualStatus, BindingKind
from ..models import Indicator
from ..rules.staleness import Judgement, YearEntry, judge
from .loading import with_values


def judge_indicator(indicator: Indicator, today: date | None = None) -> Judgement:
    """Judge an indicator whose ``actuals`` and ``plan`` are loaded (else they are fetched)."""
    entries = [
        YearEntry(actual.fiscal_year, actual.as_of)
        for actual in indicator.actuals.all()
        if actual.status == ActualStatus.APPROVED
    ]
    return judge(
        entries=entries,
        years=expected_years(indicator),
        due_month=indicator.due_month,
        today=today or clock.today(),
        is_metered=indicator.binding_kind == BindingKind.METER,
    )


def expected_years(indicator: Indicator) -> list[int]:
    """
    Return the fiscal years that need a value: those of the plan up to the indicator's retirement.

    A milestone or an existence is asked for in the years for which the plan sets a target; without any, in the last year.
    """
    last = indicator.plan.end_fiscal_year
    if indicator.retired_from is not None:
        last = min(last, indicator.retired_from - 1)
    years = range(indicator.plan.start_fiscal_year, last + 1)
    if indicator.type not in {"milestone", "existence"}:
        return list(years)
    planned = sorted({target.fiscal_year for target in indicator.targets.all()} & set(years))
    return planned or list(years[-1:])


@dataclass(frozen=True, slots=True)
class StaleIndicator:
    """A stale indicator and who has to act: the owner, the owning unit, or the lead section of its project."""

    indicator: Indicator
    judgement: Judgement
    owner: str


def stale_indicators(*, plan: str = "") -> list[StaleIndicator]:
    """Return the stale indicators of the municipality in scope, the longest overdue first; ``plan`` is a code."""
    found = with_values(Indicator.objects.all())
    found = found.filter(plan__code=plan) if plan else found
    stale = [
        StaleIndicator(indicator, judgement, owner_name(indicator))
        for indicator in found
        if (judgement := judge_indicator(indicator)).freshness.is_stale
    ]
    return sorted(stale, key=lambda item: (-item.judgement.days_late, item.indicator.order))


def owner_name(indicator: Indicator) -> str:
    """Return who answers for an indicator, as a page shows it; empty where nobody does."""
    if indicator.owner is not None:
        unit = f"（{indicator.owner_unit}）" if indicator.owner_unit else ""
        return f"{indicator.owner}{unit}"
    if indicator.owner_unit is not None:
        return str(indicator.owner_unit)
    if indicator.project is None:
        return ""
    lead = next((share for share in indicator.project.responsibilities.all() if share.is_lead), None)
    return str(lead.unit) if lead else "、".join(indicator.project.sections[:1])
