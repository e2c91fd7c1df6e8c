"""A read result in a few lines, for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from .draft import DraftIndicator, DraftPlan, DraftProject, ReadResult


def projects_of(plan: DraftPlan) -> Iterator[DraftProject]:
    """Yield the projects of a plan in the order of the document."""
    for goal in plan.goals:
        for measure in goal.measures:
            yield from measure.projects
        yield from goal.projects


def indicators_of(plan: DraftPlan) -> Iterator[DraftIndicator]:
    """Yield the indicators of a plan: goals, measures, projects."""
    for goal in plan.goals:
        yield from goal.indicators
        for measure in goal.measures:
            yield from measure.indicators
    for project in projects_of(plan):
        yield from project.indicators


def summarise(result: ReadResult) -> list[str]:
    """Return what was read: a line per plan, the coverage of the table rows, and what needs a person."""
    lines = [_plan_line(plan) for plan in result.plans]
    lines.append(
        f"表の行: 配置 {len(result.placed)}、対象外 {len(result.ignored)}、置き場所未定 {len(result.unplaced)}"
    )
    lines += [f"置き場所未定 {item.line}行目: {item.reason}" for item in result.unplaced]
    lines += [f"確認してください {item.line}行目: {item.reason}" for item in result.warnings]
    return lines


def _plan_line(plan: DraftPlan) -> str:
    measures = sum(len(goal.measures) for goal in plan.goals)
    counts = f"目標{len(plan.goals)}、施策{measures}、事業{len(list(projects_of(plan)))}、指標{len(list(indicators_of(plan)))}"
    return f"{plan.title}（{plan.code}, {plan.start_fiscal_year}〜{plan.end_fiscal_year}年度）: {counts}"
