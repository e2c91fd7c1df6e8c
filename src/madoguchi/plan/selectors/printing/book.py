"""The plan book (計画書): everything a plan says, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...enums import RelationKind
from ...models import Goal, Indicator, Measure, Plan, Project, Relation
from .parts import (
    Item,
    grouped_relations,
    indicator_item,
    indicators_of,
    plan_head,
    project_item,
    project_line,
    projects_of,
    sdg_numbers,
)

MATRICES = (RelationKind.SDG, RelationKind.BASIC_POLICY, RelationKind.DX_PRIORITY)
MOST_COLUMNS = 18


def book_data(plan: Plan) -> Item:
    """Return everything the plan book prints."""
    projects, indicators = projects_of(plan), indicators_of(plan)
    years = list(plan.fiscal_years)
    tied: list[Measure | Project] = [*_measures(plan), *projects]
    whole = Relation.objects.filter(plan=plan, goal=None, measure=None, project=None).order_by("kind", "id")
    return {
        **plan_head(plan),
        "relations": grouped_relations(whole),
        "goals": _goals(plan, projects, indicators, years),
        "indicators": [indicator_item(item, years) for item in indicators],
        "matrices": [matrix for kind in MATRICES if (matrix := _matrix(kind, tied))],
        "sections": _sections(projects),
        "reported": list(plan.reported) and _reported(plan.reported),
        "counts": {
            "goals": Goal.objects.filter(plan=plan).count(),
            "measures": Measure.objects.filter(plan=plan).count(),
            "projects": len(projects),
            "indicators": len(indicators),
            "priority": sum(project.is_priority for project in projects),
        },
    }


def _reported(reported: Iterable[dict[str, Any]]) -> list[Item]:
    return [{"label": str(item["label"]), "text": str(item["text"]), "line": item.get("line")} for item in reported]


def _goals(plan: Plan, projects: list[Project], indicators: list[Indicator], years: list[int]) -> list[Item]:
    goals = Goal.objects.filter(plan=plan).prefetch_related("relations", "measures__relations").order_by("order", "id")
    return [_goal(goal, projects, indicators, years) for goal in goals]


def _goal(goal: Goal, projects: list[Project], indicators: list[Indicator], years: list[int]) -> Item:
    mine = [item for item in indicators if item.goal_id == goal.pk]
    direct = [item for item in projects if item.goal_id == goal.pk and item.measure_id is None]
    measures = sorted(goal.measures.all(), key=lambda item: (item.order, item.pk))
    own = [item for item in mine if item.measure_id is None and item.project_id is None]
    return {
        **_part(goal, own, years),
        "measures": [_measure(measure, projects, mine, years) for measure in measures],
        "projects": _projects(direct, mine, years),
    }


def _measure(measure: Measure, projects: list[Project], indicators: list[Indicator], years: list[int]) -> Item:
    own = [item for item in indicators if item.measure_id == measure.pk and item.project_id is None]
    mine = [item for item in projects if item.measure_id == measure.pk]
    return {**_part(measure, own, years), "projects": _projects(mine, indicators, years)}


def _part(part: Goal | Measure, indicators: list[Indicator], years: Sequence[int]) -> Item:
    relations = list(part.relations.all())
    return {
        "id": part.pk,
        "code": part.code,
        "title": part.title,
        "summary": part.summary,
        "line": part.source_line,
        "indicators": [indicator_item(item, years) for item in indicators],
        "sdgs": sdg_numbers(relations),
        "relations": grouped_relations(relations),
    }


def _projects(projects: list[Project], indicators: list[Indicator], years: list[int]) -> list[Item]:
    return [
        project_item(project, [item for item in indicators if item.project_id == project.pk], years)
        for project in projects
    ]


def _measures(plan: Plan) -> list[Measure]:
    return list(Measure.objects.filter(plan=plan).prefetch_related("relations").order_by("order", "id"))


def _matrix(kind: RelationKind, parts: Sequence[Measure | Project]) -> Item | None:
    """
    Return which measure or project is tied to which target of a kind.

    None where too few or too many targets make no table.
    """
    targets = [(part, _targets(kind, list(part.relations.all()))) for part in parts]
    columns = sorted({target for _, found in targets for target in found}, key=_by_number)
    if not columns or len(columns) > MOST_COLUMNS or (kind != RelationKind.SDG and len(columns) < 2):
        return None
    rows = [
        {
            "place": f"{part._meta.model_name}-{part.pk}",
            "code": part.code,
            "title": part.title,
            "marks": [target in found for target in columns],
        }
        for part, found in targets
        if found
    ]
    return {"kind": str(kind), "columns": columns, "rows": rows}


def _targets(kind: RelationKind, relations: Sequence[Relation]) -> set[str]:
    if kind == RelationKind.SDG:
        return {str(number) for number in sdg_numbers(relations)}
    return {item.target for item in relations if item.kind == kind}


def _by_number(target: str) -> tuple[int, str]:
    return (int(target), "") if target.isdecimal() else (99, target)


def _sections(projects: list[Project]) -> list[Item]:
    """Return every responsible section with its projects, near the order of readings."""
    found: dict[str, list[Item]] = {}
    for project in projects:
        for section in dict.fromkeys(project.sections):
            found.setdefault(section, []).append(project_line(project))
    return [{"name": name, "projects": found[name]} for name in sorted(found, key=_by_reading)]


def _by_reading(name: str) -> bytes:
    """Return a sort key near the order of readings: the kanji of JIS level 1 stand in that order (JIS X 0208)."""
    return name.encode("euc_jp", errors="replace")
