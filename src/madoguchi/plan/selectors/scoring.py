"""Reads about scoring rules, and the marks that they compute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet

from madoguchi.kit.dmn import DecisionModel, Definitions

from ..enums import ActualStatus, RoundPeriod
from ..models import Actual, Evaluation, Indicator, Plan, Project, ReviewRound, ScoringRule, Target
from ..rules import scoring, scoring_tables
from ..rules.progress import Figure, Series

DRAFT = 0


def published_rules() -> QuerySet[ScoringRule]:
    """Return the published versions of all rules of the municipality, the newest of each first."""
    return ScoringRule.objects.filter(version__gt=DRAFT).order_by("key", "-version")


def newest_rules() -> list[ScoringRule]:
    """Return the newest published version of each rule."""
    newest: dict[str, ScoringRule] = {}
    for rule in published_rules():
        newest.setdefault(rule.key, rule)
    return list(newest.values())


def draft_of(key: str) -> ScoringRule | None:
    """Return the draft of the next version of a rule, or None."""
    return ScoringRule.objects.filter(key=key, version=DRAFT).first()


def definitions_of(rule: ScoringRule) -> Definitions:
    """Return the model of a rule; raises ``PlanError`` when the stored XML is no rule."""
    return _definitions(rule.xml)


def model_of(rule: ScoringRule) -> DecisionModel:
    """Return a rule ready to be asked."""
    return _model(rule.xml)


@lru_cache(maxsize=64)
def _definitions(xml: str) -> Definitions:
    return scoring_tables.read_rule(xml)


@lru_cache(maxsize=64)
def _model(xml: str) -> DecisionModel:
    return DecisionModel(_definitions(xml))


def allowed_marks(*, rule: ScoringRule) -> list[str]:
    """Return the marks of a project that a rule knows, the best first."""
    return scoring_tables.allowed_marks(definitions_of(rule))


def computed_marks(
    *, evaluation: Evaluation, progress: str = "", indicators: Sequence[Indicator] | None = None
) -> dict[str, Any]:
    """
    Return what the round's rule computes for a project, as JSON without floats; ``indicators`` where they are loaded.

    ``{"mark", "remark", "rule", "indicators": [{"id", "label", "mark", "remark", "row", "inputs": {name: text}}]}``.
    """
    review, project = evaluation.round, evaluation.project
    measured = indicators_of(project, review.fiscal_year) if indicators is None else indicators
    rows = [_indicator_row(review, indicator) for indicator in measured]
    inputs = scoring.project_inputs(
        [row["mark"] for row in rows],
        progress=progress or evaluation.progress,
        discontinued=project.discontinued_from is not None and project.discontinued_from <= review.fiscal_year,
        period=review.get_period_display(),
    )
    answer = scoring.mark(model_of(review.scoring_rule), scoring.PROJECT, inputs)
    rule = {"key": review.scoring_rule.key, "version": review.scoring_rule.version}
    return {"mark": answer.text, "remark": answer.remark or answer.trouble, "rule": rule, "indicators": rows}


def _indicator_row(review: ReviewRound, indicator: Indicator) -> dict[str, Any]:
    inputs = inputs_of(indicator, plan=review.plan, fiscal_year=review.fiscal_year, period=review.period)
    answer = scoring.mark(model_of(review.scoring_rule), scoring.INDICATOR, inputs)
    return {
        "id": indicator.pk,
        "label": indicator.label,
        "mark": answer.text,
        "remark": answer.remark or answer.trouble,
        "row": answer.rows[0] if answer.rows else None,
        "inputs": {name: text_of(value) for name, value in inputs.items() if value is not None},
    }


def text_of(value: object) -> str:
    """Return an input as people read it."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return "・".join(map(str, value)) if isinstance(value, list) else str(value)


def inputs_of(indicator: Indicator, *, plan: Plan, fiscal_year: int, period: str) -> dict[str, scoring.Value]:
    """Return what a rule may ask about an indicator whose targets and actuals are prefetched."""
    half = period == RoundPeriod.FIRST_HALF
    return scoring.indicator_inputs(
        series_of(indicator, fiscal_year=fiscal_year, until=date(fiscal_year, 9, 30) if half else None),
        fiscal_year=fiscal_year,
        first=plan.start_fiscal_year,
        last=plan.end_fiscal_year,
        period=str(RoundPeriod(period).label),
    )


def indicators_of(project: Project, fiscal_year: int) -> list[Indicator]:
    """Return the indicators of a project that are measured in a fiscal year, with targets and approved actuals."""
    found = Indicator.objects.filter(project=project).exclude(retired_from__lte=fiscal_year)
    return list(with_figures(found).order_by("order", "id"))


def indicators_by_project(plan: Plan, fiscal_year: int) -> dict[int, list[Indicator]]:
    """Return the indicators of all projects of a plan that are measured in a fiscal year, in three queries."""
    found = Indicator.objects.filter(plan=plan, project__isnull=False).exclude(retired_from__lte=fiscal_year)
    by_project: dict[int, list[Indicator]] = {}
    for indicator in with_figures(found).order_by("order", "id"):
        by_project.setdefault(indicator.project_id or 0, []).append(indicator)
    return by_project


def with_figures(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Prefetch targets and the actuals that count."""
    counting = Actual.objects.filter(status=ActualStatus.APPROVED, replaced_by__isnull=True)
    return indicators.prefetch_related(
        Prefetch("targets", Target.objects.order_by("fiscal_year")),
        Prefetch("actuals", counting.order_by("fiscal_year", "id")),
    )


def series_of(indicator: Indicator, *, fiscal_year: int, until: date | None = None) -> Series:
    """
    Return an indicator as figures; ``until`` is the day up to which the year is looked at (half-yearly rounds).

    A value of a year that is not over by its date counts for the part of the year it covers.
    """
    return Series(
        type=indicator.type,
        kind=indicator.kind,
        direction=indicator.direction,
        unit=indicator.unit,
        baseline=_baseline(indicator),
        targets=tuple(_target(row) for row in indicator.targets.all()),
        actuals=tuple(_newest_per_year(indicator.actuals.all(), fiscal_year, until)),
    )


def _baseline(indicator: Indicator) -> Figure | None:
    if indicator.baseline_value is None and not indicator.baseline_text:
        return None
    return Figure(
        fiscal_year=indicator.baseline_fiscal_year, value=indicator.baseline_value, text=indicator.baseline_text
    )


def _target(row: Target) -> Figure:
    return Figure(
        fiscal_year=row.fiscal_year,
        value=row.value,
        text=row.text,
        comparison=row.comparison,
        basis=row.basis,
        out_of=row.out_of,
    )


def _newest_per_year(rows: Iterable[Actual], fiscal_year: int, until: date | None) -> list[Figure]:
    newest: dict[int, Figure] = {}
    for row in rows:
        newest[row.fiscal_year] = _actual(row, fiscal_year, until)
    return [newest[year] for year in sorted(newest)]


def _actual(row: Actual, fiscal_year: int, until: date | None) -> Figure:
    """A half-yearly round takes a value without a date for that of its half year."""
    measured = row.as_of or (until if row.fiscal_year == fiscal_year else None)
    over = date(row.fiscal_year + 1, 3, 31)
    return Figure(
        fiscal_year=row.fiscal_year,
        value=row.value,
        text=row.text,
        until=measured if measured is not None and measured < over else None,
    )
