"""A plan as a tree with the status of every part: read once, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet

from madoguchi.kit import clock, fiscal

from ..enums import RelationKind
from ..models import Goal, Indicator, Measure, Plan, Project, Relation
from ..rules.progress import Progress, Series, Status, count, judge, roll_up, share_achieved, status_of_mark
from .reviews import PublicResult, public_results_of_plan
from .scoring import series_of, with_figures

LONG_TEXTS = ("summary", "effects", "overall_target")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorNode:
    """An indicator, its figures and where it stands."""

    indicator: Indicator
    series: Series
    progress: Progress

    @property
    def status(self) -> Status:
        """Return where the indicator stands."""
        return self.progress.status


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectNode:
    """A project with its indicators, its newest public mark, and where it stands."""

    project: Project
    indicators: tuple[IndicatorNode, ...]
    result: PublicResult | None
    status: Status
    sdgs: tuple[int, ...] = ()

    @property
    def mark(self) -> str:
        """Return the newest mark: the council's, else the one the document reports."""
        return self.result.mark if self.result else self.project.progress


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureNode:
    """A measure with its own indicators (KGI) and its projects."""

    measure: Measure
    indicators: tuple[IndicatorNode, ...]
    projects: tuple[ProjectNode, ...]

    @property
    def status(self) -> Status:
        """Return where the measure stands: from its indicators and its projects."""
        return roll_up([*(item.status for item in self.indicators), *(item.status for item in self.projects)])


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalNode:
    """A goal with its own indicators, its measures, and the projects that hang on it directly."""

    goal: Goal
    indicators: tuple[IndicatorNode, ...]
    measures: tuple[MeasureNode, ...]
    projects: tuple[ProjectNode, ...]

    @property
    def status(self) -> Status:
        """Return where the goal stands."""
        below = [*(item.status for item in self.measures), *(item.status for item in self.projects)]
        return roll_up([*(item.status for item in self.indicators), *below])

    @property
    def all_projects(self) -> tuple[ProjectNode, ...]:
        """Return the projects of the goal and of its measures, in the order of the plan."""
        below = [project for measure in self.measures for project in measure.projects]
        return tuple(sorted([*below, *self.projects], key=lambda item: item.project.order))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTree:
    """A plan with everything below it, judged by the end of ``fiscal_year``."""

    plan: Plan
    fiscal_year: int
    goals: tuple[GoalNode, ...]
    indicators: tuple[IndicatorNode, ...] = field(repr=False)

    @property
    def projects(self) -> tuple[ProjectNode, ...]:
        """Return all projects in the order of the plan."""
        return tuple(project for goal in self.goals for project in goal.all_projects)

    @property
    def measures(self) -> tuple[MeasureNode, ...]:
        """Return all measures in the order of the plan."""
        return tuple(measure for goal in self.goals for measure in goal.measures)

    def indicator_counts(self) -> dict[Status, int]:
        """Return how many indicators stand at each status."""
        return count([item.status for item in self.indicators])

    def project_counts(self) -> dict[Status, int]:
        """Return how many projects stand at each status."""
        return count([item.status for item in self.projects])

    def share_achieved(self) -> float | None:
        """Return the achieved among the measured indicators in per cent, or None where nothing is measured."""
        return share_achieved([item.status for item in self.indicators])


def focus_year(plan: Plan, today: date | None = None) -> int:
    """Return the fiscal year that pages of a plan look at: the present one, but none outside the plan."""
    current = fiscal.fiscal_year(today or clock.today())
    return max(plan.start_fiscal_year, min(current, plan.end_fiscal_year))


def is_over(plan: Plan, today: date | None = None) -> bool:
    """Tell whether the period of a plan is over (計画期間は終了)."""
    return fiscal.fiscal_year(today or clock.today()) > plan.end_fiscal_year


def plan_tree(plan: Plan, *, fiscal_year: int | None = None) -> PlanTree:
    """Return the plan of the municipality in scope as a tree; ``fiscal_year`` is the focus year by default."""
    year = focus_year(plan) if fiscal_year is None else fiscal_year
    nodes = [indicator_node(item, year) for item in indicators_of_plan(plan) if not _is_retired(item, year)]
    return Builder(plan, year, nodes).tree()


def indicators_of_plan(plan: Plan) -> QuerySet[Indicator]:
    """Return the indicators of a plan with targets and the actuals that count."""
    found = Indicator.objects.filter(plan=plan).select_related("owner_unit").defer("note", "opinion")
    return with_figures(found).order_by("order", "id")


def _is_retired(indicator: Indicator, year: int) -> bool:
    return indicator.retired_from is not None and indicator.retired_from <= year


def indicator_node(indicator: Indicator, fiscal_year: int) -> IndicatorNode:
    """Return an indicator (loaded with ``with_figures``) with its judgement by the end of a fiscal year."""
    series = series_of(indicator, fiscal_year=fiscal_year)
    return IndicatorNode(indicator=indicator, series=series, progress=judge(series, fiscal_year=fiscal_year))


def project_status(
    project: Project, indicators: tuple[IndicatorNode, ...], result: PublicResult | None, year: int
) -> Status:
    """Return where a project stands: its measured indicators, else the newest mark, else what its indicators lack."""
    if project.discontinued_from is not None and project.discontinued_from <= year:
        return Status.STOPPED
    measured = roll_up(item.status for item in indicators)
    if measured not in {Status.NOT_MEASURED, Status.NO_TARGET}:
        return measured
    return status_of_mark(result.mark if result else project.progress) or measured


class Builder:
    """Puts the rows of a plan together."""

    def __init__(self, plan: Plan, year: int, indicators: list[IndicatorNode]) -> None:
        """Sort the indicators by where they hang."""
        self.plan, self.year, self.all = plan, year, indicators
        self.results = public_results_of_plan(plan)
        self.of_project: dict[int, list[IndicatorNode]] = {}
        self.of_measure: dict[int, list[IndicatorNode]] = {}
        self.of_goal: dict[int, list[IndicatorNode]] = {}
        for node in indicators:
            self._hang(node)

    def _hang(self, node: IndicatorNode) -> None:
        item = node.indicator
        if item.project_id is not None:
            self.of_project.setdefault(item.project_id, []).append(node)
        elif item.measure_id is not None:
            self.of_measure.setdefault(item.measure_id, []).append(node)
        else:
            self.of_goal.setdefault(item.goal_id, []).append(node)

    def tree(self) -> PlanTree:
        """Read goals, measures and projects, and return the whole."""
        by_measure: dict[int, list[ProjectNode]] = {}
        by_goal: dict[int, list[ProjectNode]] = {}
        for project in self._projects():
            if project.project.measure_id is not None:
                by_measure.setdefault(project.project.measure_id, []).append(project)
            else:
                by_goal.setdefault(project.project.goal_id, []).append(project)
        measures: dict[int, list[MeasureNode]] = {}
        for measure in Measure.objects.filter(plan=self.plan).defer("summary").order_by("order", "id"):
            node = MeasureNode(
                measure=measure,
                indicators=tuple(self.of_measure.get(measure.pk, ())),
                projects=tuple(by_measure.get(measure.pk, ())),
            )
            measures.setdefault(measure.goal_id, []).append(node)
        goals = tuple(
            GoalNode(
                goal=goal,
                indicators=tuple(self.of_goal.get(goal.pk, ())),
                measures=tuple(measures.get(goal.pk, ())),
                projects=tuple(by_goal.get(goal.pk, ())),
            )
            for goal in Goal.objects.filter(plan=self.plan).defer("summary").order_by("order", "id")
        )
        return PlanTree(plan=self.plan, fiscal_year=self.year, goals=goals, indicators=tuple(self.all))

    def _projects(self) -> Iterator[ProjectNode]:
        sdgs = Prefetch("relations", Relation.objects.filter(kind=RelationKind.SDG), to_attr="sdg_relations")
        found = Project.objects.filter(plan=self.plan).defer(*LONG_TEXTS).prefetch_related(sdgs)
        for project in found.order_by("order", "id"):
            indicators = tuple(self.of_project.get(project.pk, ()))
            result = self.results.get(project.pk)
            targets = {item.target for item in project.sdg_relations}
            yield ProjectNode(
                project=project,
                indicators=indicators,
                result=result,
                status=project_status(project, indicators, result, self.year),
                sdgs=tuple(sorted(int(target) for target in targets if target.isdecimal())),
            )
