"""Reads of the review cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from ..enums import EvaluationStatus, RoundPeriod, RoundStatus
from ..models import Evaluation, ImprovementOrder, Plan, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOrder:
    """An improvement order as everybody may see it: what the council asked for, by when, and what was answered."""

    text: str
    due_date: date
    status: str
    status_label: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicResult:
    """What the council decided about a project in a closed round; ``mark`` is ○, △, × or another mark of the city."""

    project_id: int
    fiscal_year: int
    period: str
    period_label: str
    mark: str
    comment: str
    progress: str
    closed_at: datetime | None
    digest: str
    orders: tuple[PublicOrder, ...]


def public_results(project: Project) -> list[PublicResult]:
    """Return the decided results of a project, the newest first; only closed rounds are public."""
    return [_result(evaluation) for evaluation in _decided().filter(project=project)]


def public_results_of_plan(plan: Plan) -> dict[int, PublicResult]:
    """Return the newest decided result of every project of a plan that has one, by the id of the project."""
    newest: dict[int, PublicResult] = {}
    for evaluation in _decided().filter(round__plan=plan):
        newest.setdefault(evaluation.project_id, _result(evaluation))
    return newest


def _decided() -> QuerySet[Evaluation]:
    orders = Prefetch("orders", ImprovementOrder.objects.order_by("due_date", "id"))
    found = Evaluation.objects.filter(round__status=RoundStatus.CLOSED, status=EvaluationStatus.DECIDED)
    return found.select_related("round").prefetch_related(orders).order_by("-round__fiscal_year", newest_period())


def newest_period(prefix: str = "round__") -> Case:
    """Return an ordering that puts the full year before the first half of the same fiscal year."""
    full_year = When(**{f"{prefix}period": RoundPeriod.FULL_YEAR}, then=Value(0))
    return Case(full_year, default=Value(1), output_field=IntegerField())


def _result(evaluation: Evaluation) -> PublicResult:
    review = evaluation.round
    return PublicResult(
        project_id=evaluation.project_id,
        fiscal_year=review.fiscal_year,
        period=review.period,
        period_label=review.get_period_display(),
        mark=evaluation.decision,
        comment=evaluation.decision_comment,
        progress=evaluation.progress,
        closed_at=review.closed_at,
        digest=review.digest,
        orders=tuple(_order(order) for order in evaluation.orders.all()),
    )


def _order(order: ImprovementOrder) -> PublicOrder:
    return PublicOrder(
        text=order.text,
        due_date=order.due_date,
        status=order.status,
        status_label=order.get_status_display(),
        answer=order.answer,
    )
