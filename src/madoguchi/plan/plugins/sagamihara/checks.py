"""Checking what the document states of itself against what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from madoguchi.plan.rules.draft import DraftGoal, DraftPlan, DraftProject, ReportedFigure
from madoguchi.plan.rules.reading.coverage import Ledger

from .outline import GoalOutline, MeasureOutline

_DONE = "○"


def projects_of(goals: Iterable[DraftGoal]) -> list[DraftProject]:
    """Give all projects of some goals in order."""
    return [p for goal in goals for p in (*(q for m in goal.measures for q in m.projects), *goal.projects)]


def percentage(part: int, whole: int) -> int:
    """Give a share as the document prints it: per cent, fractions cut off (8 of 11 are 72 %)."""
    return part * 100 // whole if whole else 0


def is_achieved(project: DraftProject) -> bool:
    """Tell whether all indicators of a finished project were reached (○)."""
    return bool(project.indicators) and all(indicator.evaluation == _DONE for indicator in project.indicators)


COUNTS: dict[str, Callable[[Sequence[DraftProject]], int]] = {
    "事業数": len,
    "進捗達成率": lambda projects: percentage(sum(p.progress == _DONE for p in projects), len(projects)),
    "計画どおりに進捗した事業数": lambda projects: sum(p.progress == _DONE for p in projects),
    "重点プロジェクト数": lambda projects: sum(p.is_priority for p in projects),
    "重点事業数": lambda projects: sum(p.is_priority for p in projects),
    "一般事業数": lambda projects: sum(not p.is_priority for p in projects),
    "成果を達成した事業数": lambda projects: sum(is_achieved(p) for p in projects),
    "基本法5方針に関連する事業数": lambda projects: sum(
        any(relation.kind == "basic_policy" for relation in p.relations) for p in projects
    ),
}
"""How each figure that a document states is counted from what was read; 「基本目標1 」 or 「施策1-1 」 may stand before."""


def check_figures(plan: DraftPlan, ledger: Ledger) -> None:
    """Warn of each stated figure that differs from our own count."""
    for figure in plan.reported:
        counted = _count(figure, plan)
        if figure.value is not None and counted is not None and counted != figure.value:
            ledger.warn(
                figure.line,
                f"文書の「{figure.label}」は{figure.value:g}ですが、読み取った内容から数えると{counted}です。",
                text=figure.text,
            )


def _count(figure: ReportedFigure, plan: DraftPlan) -> int | None:
    scope, _, name = figure.label.rpartition(" ")
    if name in {"基本目標数", "施策数"}:
        return len(plan.goals) if name == "基本目標数" else sum(len(goal.measures) for goal in plan.goals)
    count = COUNTS.get(name)
    projects = _scoped(scope, plan)
    return count(projects) if count and projects is not None else None


def _scoped(scope: str, plan: DraftPlan) -> list[DraftProject] | None:
    if not scope:
        return projects_of(plan.goals)
    kind, code = scope[: len(scope.rstrip("0123456789-"))], scope[len(scope.rstrip("0123456789-")) :]
    if kind == "基本目標":
        return projects_of(goal for goal in plan.goals if goal.code == code)
    if kind == "施策":
        return [p for goal in plan.goals for m in goal.measures if m.code == code for p in m.projects]
    return None


def measure_figures(goals: Iterable[GoalOutline]) -> tuple[ReportedFigure, ...]:
    """Give the numbers of projects that the overview table states for each measure (「施策1-1(重点1、一般3)」)."""
    return tuple(
        ReportedFigure(
            label=f"施策{measure.code} {name}", text=f"{word}{count}", value=float(count), line=measure.stated_line
        )
        for goal in goals
        for measure in goal.measures
        if measure.stated
        for name, word, count in zip(("重点事業数", "一般事業数"), ("重点", "一般"), measure.stated, strict=True)
    )


def priority_left_open(
    measure: MeasureOutline, projects: Sequence[DraftProject], unsure: list[int], ledger: Ledger
) -> bool:
    """
    Tell whether the projects ``unsure`` (their sheets lost the mark 重点事業) must be priority projects.

    That is so where the overview table counts exactly the projects we have and its number of priority projects needs all
    of them. A person is asked to look at it either way.
    """
    if not unsure:
        return False
    stated = measure.stated
    known = sum(project.is_priority for project in projects)
    is_forced = stated is not None and sum(stated) == len(projects) and stated[0] == known + len(unsure)
    for index in unsure:
        ledger.warn(
            projects[index].line,
            f"「{projects[index].title}」の事業区分の行がなく、重点事業かどうかが書かれていません。"
            + (
                f"施策{measure.code}の重点事業の数から重点事業としました。" if is_forced else "重点事業としていません。"
            ),
        )
    return is_forced
