"""The overview of a plan: what it is, how much of it is reached, and how that moved since the year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from madoguchi.kit import clock

from ..models import Plan
from ..rules.progress import Status, count, judge, share_achieved
from .actuals import approved_actuals
from .indicator import measured_on
from .tree import PlanTree, focus_year, is_over, plan_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """A published plan in a list."""

    plan: Plan
    projects: int
    indicators: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFigures:
    """A goal in one row: its projects and indicators by status."""

    pk: int
    code: str
    title: str
    status: Status
    projects: int
    indicators: int
    achieved: int
    on_track: int
    behind: int
    not_measured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOverview:
    """The few numbers a plan is steered by; shares are per cent of the measured indicators."""

    tree: PlanTree
    is_over: bool
    statuses: dict[Status, int]
    project_statuses: dict[Status, int]
    share: float | None
    share_before: float | None
    measured: int
    last_measured: date | None
    goals: tuple[GoalFigures, ...]

    @property
    def change(self) -> float | None:
        """Return by how many points the share moved since the year before, or None."""
        if self.share is None or self.share_before is None:
            return None
        return self.share - self.share_before


def published_plans() -> list[PlanCard]:
    """Return the published plans of the municipality in scope, the newest first."""
    from django.db.models import Count

    found = Plan.objects.annotate(
        project_count=Count("projects", distinct=True), indicator_count=Count("indicators", distinct=True)
    )
    return [
        PlanCard(
            plan=plan,
            projects=plan.project_count,
            indicators=plan.indicator_count,
            is_over=is_over(plan),
        )
        for plan in found.order_by("-start_fiscal_year", "code")
    ]


def current_plan(code: str = "") -> Plan | None:
    """Return the plan of a code, or the one in force (else the newest) when no code is given; None when there is none."""
    plans = list(Plan.objects.order_by("-start_fiscal_year", "code"))
    if code:
        return next((plan for plan in plans if plan.code == code), None)
    year = max((plan.end_fiscal_year for plan in plans), default=0)
    today = clock.today()
    running = [plan for plan in plans if plan.start_fiscal_year <= focus_year(plan, today) and not is_over(plan, today)]
    return next(iter(running or [plan for plan in plans if plan.end_fiscal_year == year] or plans), None)


def plan_overview(plan: Plan, *, fiscal_year: int | None = None) -> PlanOverview:
    """Return the overview of a plan of the municipality in scope, judged by the end of a fiscal year."""
    tree = plan_tree(plan, fiscal_year=fiscal_year)
    statuses = tree.indicator_counts()
    before = share_achieved([judge(item.series, fiscal_year=tree.fiscal_year - 1).status for item in tree.indicators])
    return PlanOverview(
        tree=tree,
        is_over=is_over(plan),
        statuses=statuses,
        project_statuses=tree.project_counts(),
        share=tree.share_achieved(),
        share_before=before,
        measured=statuses[Status.ACHIEVED] + statuses[Status.ON_TRACK] + statuses[Status.BEHIND],
        last_measured=last_measured(plan),
        goals=tuple(_goal_figures(tree)),
    )


def _goal_figures(tree: PlanTree) -> list[GoalFigures]:
    found = []
    for node in tree.goals:
        of_goal = [item.status for item in tree.indicators if item.indicator.goal_id == node.goal.pk]
        counts = count(of_goal)
        found.append(
            GoalFigures(
                pk=node.goal.pk,
                code=node.goal.code,
                title=node.goal.title,
                status=node.status,
                projects=len(node.all_projects),
                indicators=len(of_goal),
                achieved=counts[Status.ACHIEVED],
                on_track=counts[Status.ON_TRACK],
                behind=counts[Status.BEHIND],
                not_measured=counts[Status.NOT_MEASURED],
            )
        )
    return found


def last_measured(plan: Plan) -> date | None:
    """Return the day that the newest value of a plan speaks of, or None where nothing was measured."""
    newest = approved_actuals().filter(indicator__plan=plan).order_by("-fiscal_year", "-as_of", "-approved_at").first()
    return measured_on(newest)
