"""The overview of a plan on one A3 sheet."""

from __future__ import annotations

from ...models import Goal, Indicator, Measure, Plan
from ...rules.progress import Progress, count
from .parts import Item, indicators_of, plan_head, progress_of, project_line, projects_of, shown


def overview_data(plan: Plan, *, fiscal_year: int) -> Item:
    """Return the structure of a plan with the state of its indicators by a fiscal year, as one sheet shows it."""
    projects, indicators = projects_of(plan), indicators_of(plan)
    judged = [(item, progress_of(item, fiscal_year=fiscal_year)) for item in indicators]
    lines = [
        {
            **project_line(item),
            "goal": item.goal_id,
            "measure": item.measure_id,
            "progress": item.progress,
            "indicators": [_indicator(one, found) for one, found in judged if one.project_id == item.pk],
        }
        for item in projects
    ]
    measures = list(Measure.objects.filter(plan=plan).order_by("order", "id"))
    goals = Goal.objects.filter(plan=plan).order_by("order", "id")
    return {
        **plan_head(plan),
        "fiscal_year": fiscal_year,
        "goals": [_goal(goal, [m for m in measures if m.goal_id == goal.pk], lines) for goal in goals],
        "counts": {
            "goals": len(goals),
            "measures": len(measures),
            "projects": len(projects),
            "priority": sum(item.is_priority for item in projects),
            "indicators": len(indicators),
        },
        "states": {str(key): number for key, number in count([found.status for _, found in judged]).items()},
        "classes": {name: sum(p.portfolio_class == name for p in projects) for name in ("A", "B", "C", "candidate")},
    }


def _indicator(indicator: Indicator, progress: Progress) -> Item:
    """Return an indicator in one line: its target for the year, or the last that was set."""
    target, actual = progress.target, progress.actual
    return {
        "label": indicator.label,
        "state": str(progress.status),
        "target": shown(target.text, target.value, indicator.unit) if target else "",
        "target_year": target.fiscal_year if target else None,
        "actual": shown(actual.text, actual.value, indicator.unit) if actual else "",
    }


def _goal(goal: Goal, measures: list[Measure], lines: list[Item]) -> Item:
    groups = [{"code": "", "title": "", "projects": _of(lines, goal, None)}]
    groups += [{"code": m.code, "title": m.title, "projects": _of(lines, goal, m.pk)} for m in measures]
    return {
        "id": goal.pk,
        "code": goal.code,
        "title": goal.title,
        "groups": [group for group in groups if group["projects"]],
    }


def _of(lines: list[Item], goal: Goal, measure: int | None) -> list[Item]:
    return [line for line in lines if line["goal"] == goal.pk and line["measure"] == measure]
