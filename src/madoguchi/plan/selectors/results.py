"""The results of a finished plan, computed from its marks and set beside what its document reports."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Goal, Indicator, Plan, Project
from ..rules.progress import Progress, judge
from ..rules.results import Check, GoalResult, MarkedProject, checks, goal_result
from .scoring import series_of, with_figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome indicator with the document's mark and our own judgement of its figures."""

    indicator: Indicator
    progress: Progress
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came of a finished plan: by goal, in all, and every reported figure beside the computed one."""

    goals: tuple[tuple[Goal, GoalResult], ...]
    whole: GoalResult
    outcomes: tuple[Outcome, ...]
    checks: tuple[Check, ...]
    projects: tuple[Project, ...]

    @property
    def agreeing(self) -> int:
        """Return how many of the reported figures come out of the marks."""
        return sum(item.agrees for item in self.checks)


def has_results(plan: Plan) -> bool:
    """Tell whether the document of a plan reports results (marks of its projects)."""
    return Project.objects.filter(plan=plan).exclude(progress="").exists()


def plan_results(plan: Plan) -> Results:
    """Return the results of a plan of the municipality in scope."""
    goals = list(Goal.objects.filter(plan=plan))
    projects = list(Project.objects.filter(plan=plan).select_related("goal", "measure"))
    indicators = list(
        with_figures(Indicator.objects.filter(plan=plan).exclude(evaluation="")).select_related("project")
    )
    marks: dict[int | None, list[str]] = {}
    for indicator in indicators:
        marks.setdefault(indicator.project_id, []).append(indicator.evaluation)
    marked = [
        MarkedProject(
            goal_code=project.goal.code,
            is_priority=project.is_priority,
            progress=project.progress,
            outcomes=tuple(marks.get(project.pk, ())),
        )
        for project in projects
    ]
    return Results(
        goals=tuple((goal, goal_result(marked, goal.code)) for goal in goals),
        whole=goal_result(marked),
        outcomes=tuple(_outcome(indicator, plan) for indicator in indicators),
        checks=tuple(checks(marked, plan.reported)),
        projects=tuple(projects),
    )


def _outcome(indicator: Indicator, plan: Plan) -> Outcome:
    progress = judge(series_of(indicator, fiscal_year=plan.end_fiscal_year), fiscal_year=plan.end_fiscal_year)
    met = progress.status == "achieved"
    return Outcome(indicator=indicator, progress=progress, agrees=met == (indicator.evaluation in {"○", "〇", "◎"}))
