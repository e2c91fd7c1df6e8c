"""Keeping the roll-up that cities are compared on in step with what each has published."""

from __future__ import annotations

from madoguchi.trust.api import current_municipality

from ..enums import ActualStatus
from ..models import Actual, ComparisonFigure, Indicator, Plan, Target


def publish_figures(*, plan: Plan) -> int:
    """
    Write the roll-up rows of a plan's indicators that have a concept; returns how many.

    Where two indicators of a city share a concept and a year, the one that stands first in the plan speaks.
    """
    rows: dict[tuple[str, int], ComparisonFigure] = {}
    indicators = Indicator.objects.filter(plan=plan).exclude(concept="")
    targets = _by_indicator(Target.objects.filter(indicator__in=indicators))
    actuals = _by_indicator(
        Actual.objects.filter(indicator__in=indicators, status=ActualStatus.APPROVED, replaced_by__isnull=True)
    )
    for indicator in indicators:
        for year, figure in _years(indicator, targets, actuals).items():
            rows.setdefault((indicator.concept, year), figure)
    for figure in rows.values():
        ComparisonFigure.objects.update_or_create(
            municipality=figure.municipality,
            concept=figure.concept,
            fiscal_year=figure.fiscal_year,
            defaults={
                "indicator_id": figure.indicator_id,
                "target": figure.target,
                "actual": figure.actual,
                "unit": figure.unit,
            },
        )
    return len(rows)


def _by_indicator(rows: object) -> dict[int, dict[int, float | None]]:
    found: dict[int, dict[int, float | None]] = {}
    for row in rows:  # type: ignore[attr-defined]  # targets and actuals share these fields
        found.setdefault(row.indicator_id, {})[row.fiscal_year] = row.value
    return found


def _years(
    indicator: Indicator, targets: dict[int, dict[int, float | None]], actuals: dict[int, dict[int, float | None]]
) -> dict[int, ComparisonFigure]:
    planned, measured = targets.get(indicator.pk, {}), dict(actuals.get(indicator.pk, {}))
    if indicator.baseline_fiscal_year is not None and indicator.baseline_value is not None:
        measured.setdefault(indicator.baseline_fiscal_year, indicator.baseline_value)
    figures = {}
    for year in sorted(set(planned) | set(measured)):
        if planned.get(year) is None and measured.get(year) is None:
            continue
        figures[year] = ComparisonFigure(
            municipality=current_municipality(),
            concept=indicator.concept,
            indicator_id=indicator.pk,
            fiscal_year=year,
            target=planned.get(year),
            actual=measured.get(year),
            unit=indicator.unit,
        )
    return figures
