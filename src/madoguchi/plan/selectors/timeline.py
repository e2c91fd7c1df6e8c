"""The timeline (年度別の予定): all projects of a plan against its years."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Action, Plan, Project
from .project import ScheduleRow, schedule_row, schedule_years


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """A project and the rows of its schedule."""

    project: Project
    rows: tuple[ScheduleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Projects by goal; ``years`` are the columns."""

    years: tuple[int, ...]
    rows: tuple[TimelineRow, ...]

    @property
    def has_labels(self) -> bool:
        """Tell whether any row names its task."""
        return any(row.label for item in self.rows for row in item.rows)


def timeline(plan: Plan, *, goal: int | None = None) -> Timeline:
    """Return the schedule of all projects of a plan in the order of the plan, or of those of one goal (its id)."""
    found = Project.objects.filter(plan=plan).select_related("goal", "measure").defer("summary", "effects")
    projects = list((found.filter(goal_id=goal) if goal else found).order_by("order", "id"))
    years = schedule_years(plan, projects)
    actions: dict[int, list[ScheduleRow]] = {}
    for action in Action.objects.filter(project__in=projects):
        actions.setdefault(action.project_id, []).append(schedule_row(action, years))
    rows = tuple(TimelineRow(project=item, rows=tuple(actions.get(item.pk, ()))) for item in projects)
    return Timeline(years=years, rows=rows)
