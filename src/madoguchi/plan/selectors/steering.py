"""The few numbers a municipality steers its plan by, each with target, trend, day and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..enums import EvaluationStatus, IndicatorLevel, OrderStatus, RoundStatus
from ..models import ImprovementOrder, Plan, ReviewRound
from ..rules.progress import Status
from .attention import Task, attention
from .indicator import measured_on
from .overview import PlanOverview, plan_overview
from .review_rounds import RoundCard, round_cards
from .tree import IndicatorNode


@dataclass(frozen=True, slots=True, kw_only=True)
class MainIndicator:
    """A main indicator (KGI, or KPI of priority projects where a plan has no KGI) with its values for a small line."""

    node: IndicatorNode
    trend: tuple[float | None, ...]
    change: float | None
    measured_on: date | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """The overview of a plan for those who steer it."""

    overview: PlanOverview
    entered: int
    expected: int
    rounds: tuple[RoundCard, ...]
    open_orders: int
    tasks: tuple[Task, ...]
    main: tuple[MainIndicator, ...]

    @property
    def late(self) -> int:
        """Return how many things are late."""
        return sum(task.count for task in self.tasks if task.is_late)

    @property
    def submitted(self) -> tuple[int, int] | None:
        """Return how many self-evaluations the open rounds have, of how many; None without an open round."""
        if not self.rounds:
            return None
        total = sum(card.total for card in self.rounds)
        return total - sum(card.counts[EvaluationStatus.WAITING] for card in self.rounds), total


MOST_SHOWN = 12


def steering(plan: Plan) -> Steering:
    """Return the overview of a plan of the municipality in scope, with what needs attention."""
    overview = plan_overview(plan)
    nodes = overview.tree.indicators
    year = overview.tree.fiscal_year
    open_rounds = ReviewRound.objects.filter(plan=plan).exclude(status=RoundStatus.CLOSED).select_related("plan")
    orders = ImprovementOrder.objects.filter(project__plan=plan).exclude(status=OrderStatus.ACCEPTED)
    with_target = [node for node in nodes if node.status is not Status.NO_TARGET]
    return Steering(
        overview=overview,
        entered=sum(_has_actual(node, year) for node in with_target),
        expected=len(with_target),
        rounds=tuple(round_cards(open_rounds)),
        open_orders=orders.count(),
        tasks=tuple(attention(plan, tree=overview.tree)),
        main=tuple(_main(node) for node in main_indicators(overview)[:MOST_SHOWN]),
    )


def main_indicators(overview: PlanOverview) -> list[IndicatorNode]:
    """Return the KGI of a plan, else the first indicators of its priority projects, else its first indicators."""
    nodes = list(overview.tree.indicators)
    kgi = [node for node in nodes if node.indicator.level == IndicatorLevel.KGI]
    priority = {node.project.pk for node in overview.tree.projects if node.project.is_priority}
    return kgi or [node for node in nodes if node.indicator.project_id in priority] or nodes


def _has_actual(node: IndicatorNode, year: int) -> bool:
    return any(item.fiscal_year == year for item in node.series.actuals)


def _main(node: IndicatorNode) -> MainIndicator:
    known = {item.fiscal_year: item.value for item in node.series.actuals}
    base = node.series.baseline
    if base is not None and base.fiscal_year is not None:
        known.setdefault(base.fiscal_year, base.value)
    years = [year for year in known if year is not None]
    trend = tuple(known.get(year) for year in range(min(years), max(years) + 1)) if years else ()
    values = [value for value in trend if value is not None]
    newest = max(node.indicator.actuals.all(), key=lambda item: (item.fiscal_year, item.pk), default=None)
    return MainIndicator(
        node=node,
        trend=trend,
        change=values[-1] - values[-2] if len(values) > 1 else None,
        measured_on=measured_on(newest),
        source=newest.source if newest else "",
    )
