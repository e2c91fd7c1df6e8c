"""The project sheet (事業シート): everything that is published of one project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..enums import RelationKind
from ..models import Action, ChangeRecord, Indicator, Plan, Project, Relation
from ..rules.progress import Status
from .reviews import PublicResult, public_results
from .scoring import with_figures
from .tree import IndicatorNode, focus_year, indicator_node, project_status

PUBLIC_SUBJECTS = ("plan", "goal", "measure", "project", "indicator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the schedule: the same words over the columns ``first`` to ``last`` (0-based, of the plan's years)."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A task of the schedule: its words by year (one text for each column) and its bars."""

    label: str
    cells: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    source_line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationGroup:
    """Relations of one kind; an item is the target and, for a predecessor that is known, its project."""

    kind: str
    items: tuple[tuple[str, Project | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSheet:
    """A project with its schedule, indicators, relations, public results and history."""

    project: Project
    fiscal_year: int
    years: tuple[int, ...]
    schedule: tuple[ScheduleRow, ...]
    indicators: tuple[IndicatorNode, ...]
    status: Status
    results: tuple[PublicResult, ...]
    relations: tuple[RelationGroup, ...]
    successors: tuple[Project, ...]
    units: tuple[Any, ...]
    changes: tuple[ChangeRecord, ...]


def project_sheet(plan: Plan, pk: int) -> ProjectSheet | None:
    """Return the sheet of a project of a plan, or None where the plan has no such project."""
    found = Project.objects.select_related("goal", "measure").filter(plan=plan, pk=pk)
    project = found.prefetch_related("responsibilities__unit").first()
    if project is None:
        return None
    project.plan = plan
    year = focus_year(plan)
    indicators = with_figures(Indicator.objects.filter(project=project)).order_by("order", "id")
    nodes = tuple(indicator_node(item, year) for item in indicators)
    results = public_results(project)
    current = tuple(node for node in nodes if node.indicator.retired_from is None or node.indicator.retired_from > year)
    years = schedule_years(plan, [project])
    return ProjectSheet(
        project=project,
        fiscal_year=year,
        years=years,
        schedule=tuple(schedule_row(action, years) for action in Action.objects.filter(project=project)),
        indicators=nodes,
        status=project_status(project, current, results[0] if results else None, year),
        results=tuple(results),
        relations=relation_groups(Relation.objects.filter(project=project).select_related("predecessor__plan")),
        successors=tuple(
            Project.objects.filter(relations__predecessor=project)
            .select_related("plan")
            .order_by("order", "id")
            .distinct()
        ),
        units=tuple(share.unit for share in project.responsibilities.all()),
        changes=tuple(changes_of("project", project.pk) | changes_of_indicators(nodes)),
    )


def schedule_years(plan: Plan, projects: list[Project]) -> tuple[int, ...]:
    """Return the fiscal years of the plan, widened to years that a schedule speaks of beyond them."""
    words = Action.objects.filter(project__in=projects).values_list("words", flat=True)
    spoken = {word["fiscal_year"] for row in words for word in row}
    years = {*plan.fiscal_years, *spoken}
    return tuple(range(min(years), max(years) + 1))


def schedule_row(action: Action, years: tuple[int, ...]) -> ScheduleRow:
    """Return a row of the schedule: words by year, and bars that join what goes on unchanged."""
    cells: list[list[str]] = [[] for _ in years]
    bars: list[Bar] = []
    for word in action.words:
        if word["fiscal_year"] not in years:
            continue
        column = years.index(word["fiscal_year"])
        cells[column].append(word["text"])
        _extend(bars, column, word["text"], continued=bool(word.get("continued")))
    return ScheduleRow(
        label=action.label, cells=tuple(map(tuple, cells)), bars=tuple(bars), source_line=action.source_line
    )


def _extend(bars: list[Bar], column: int, text: str, *, continued: bool) -> None:
    """Lengthen the bar of the year before that says the same, or that this word continues; else begin a new one."""
    for index, bar in enumerate(bars):
        if bar.last == column - 1 and (bar.text == text or (continued and not text)):
            bars[index] = Bar(first=bar.first, last=column, text=bar.text)
            return
    bars.append(Bar(first=column, last=column, text=text))


def relation_groups(relations: Any) -> tuple[RelationGroup, ...]:
    """Return relations by kind in the order in which kinds are shown, without repetitions; marks of a legend are left out."""
    groups: dict[str, dict[str, Project | None]] = {}
    for relation in relations:
        groups.setdefault(relation.kind, {}).setdefault(relation.target, relation.predecessor)
    order = [kind for kind in RelationKind if kind != RelationKind.LEGEND and kind in groups]
    return tuple(RelationGroup(kind=kind, items=_sorted(kind, groups[kind])) for kind in order)


def _sorted(kind: str, items: dict[str, Project | None]) -> tuple[tuple[str, Project | None], ...]:
    if kind != RelationKind.SDG:
        return tuple(items.items())
    return tuple(
        sorted(items.items(), key=lambda item: (not item[0].isdecimal(), int(item[0]) if item[0].isdecimal() else 0))
    )


def changes_of(subject_type: str, *ids: int) -> Any:
    """Return the history of a part of the plan, the newest first."""
    return ChangeRecord.objects.filter(subject_type=subject_type, subject_id__in=ids)


def changes_of_indicators(nodes: tuple[IndicatorNode, ...]) -> Any:
    """Return the history of some indicators."""
    return changes_of("indicator", *(node.indicator.pk for node in nodes))


def public_changes(plan: Plan) -> Any:
    """Return the history of a plan's contents, the newest first; the working of reviews is not public."""
    return ChangeRecord.objects.filter(plan=plan, subject_type__in=PUBLIC_SUBJECTS).order_by("-at", "-id")
