"""One indicator: its definition, its figures by year, how it is measured and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from madoguchi.kit import clock, fiscal

from ..enums import ActualSource
from ..models import Actual, ChangeRecord, Indicator, Plan, ProjectUnit, Target
from ..rules.progress import Progress, judge
from .actuals import approved_actuals
from .project import changes_of
from .scoring import series_of, with_figures
from .tree import focus_year


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """What is published for one fiscal year; ``is_baseline`` where the value is that of the baseline."""

    fiscal_year: int
    target: Target | None
    actual: Actual | None
    is_baseline: bool
    progress: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSheet:
    """An indicator with one row for each year, the newest judgement, and who measures it."""

    indicator: Indicator
    fiscal_year: int
    progress: Progress
    rows: tuple[YearRow, ...]
    owner: str
    measured_on: date | None
    changes: tuple[ChangeRecord, ...]
    comparable: bool
    after: Actual | None = None
    """The newest value of a year after the plan's period, where the house goes on measuring."""


def indicator_sheet(plan: Plan, pk: int) -> IndicatorSheet | None:
    """Return the sheet of an indicator of a plan, or None where the plan has no such indicator."""
    found = with_figures(Indicator.objects.filter(plan=plan, pk=pk))
    indicator = found.select_related("goal", "measure", "project", "owner_unit").first()
    if indicator is None:
        return None
    indicator.plan = plan
    year = focus_year(plan)
    series = series_of(indicator, fiscal_year=year)
    newest = approved_actuals().filter(indicator=indicator).order_by("-fiscal_year", "-id").first()
    return IndicatorSheet(
        indicator=indicator,
        fiscal_year=year,
        progress=judge(series, fiscal_year=year),
        rows=tuple(_rows(indicator)),
        owner=public_owner(indicator),
        measured_on=measured_on(newest),
        changes=tuple(changes_of("indicator", indicator.pk)),
        comparable=bool(indicator.concept),
        after=newest if newest is not None and newest.fiscal_year > plan.end_fiscal_year else None,
    )


def public_owner(indicator: Indicator) -> str:
    """Return the section that answers for an indicator; people are not named to the public."""
    if indicator.owner_unit is not None:
        return str(indicator.owner_unit)
    lead = ProjectUnit.objects.filter(project=indicator.project, is_lead=True).select_related("unit").first()
    if lead is not None:
        return str(lead.unit)
    return indicator.project.sections[0] if indicator.project and indicator.project.sections else ""


def _rows(indicator: Indicator) -> list[YearRow]:
    targets = {item.fiscal_year: item for item in indicator.targets.all()}
    actuals = {item.fiscal_year: item for item in indicator.actuals.all()}
    base = indicator.baseline_fiscal_year if indicator.baseline_text or indicator.baseline_value is not None else None
    years = sorted({*targets, *actuals, *([base] if base is not None else [])})
    return [
        YearRow(
            fiscal_year=year,
            target=targets.get(year),
            actual=actuals.get(year),
            is_baseline=year == base,
            progress=_judged(indicator, year) if year in actuals else None,
        )
        for year in years
    ]


def _judged(indicator: Indicator, year: int) -> Progress:
    return judge(series_of(indicator, fiscal_year=year), fiscal_year=year)


def measured_on(actual: Actual | None) -> date | None:
    """Return the day an actual speaks of: its date, the end of its year for a document's figure, else its approval."""
    if actual is None:
        return None
    if actual.as_of is not None or actual.source == ActualSource.DOCUMENT:
        return actual.as_of or fiscal.end_of(actual.fiscal_year)
    return clock.local(actual.approved_at).date() if actual.approved_at else None
