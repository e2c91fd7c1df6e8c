"""The parts of a plan as they are printed: municipality, plan, projects, indicators, schedules, relations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from madoguchi.kit.numbers import format_number, whole_or_decimal

from ...enums import RelationKind
from ...models import Action, Actual, Indicator, Plan, Project, Relation
from ...rules.progress import Progress, judge
from .. import published
from ..scoring import series_of

Item = dict[str, Any]
MOST_YEARS = 8


def plan_head(plan: Plan) -> Item:
    """Return what stands on the cover: municipality, title, years."""
    city = plan.municipality
    return {
        "municipality": {
            "name": city.name,
            "name_en": city.name_en or city.name,
            "colour": city.colour,
            "phone": city.phone,
            "is_sample": city.is_demonstration,
        },
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "philosophy": plan.philosophy,
            "start": plan.start_fiscal_year,
            "end": plan.end_fiscal_year,
            "status": plan.status,
            "predecessor": plan.predecessor.title if plan.predecessor else "",
            "line": plan.source_line,
        },
        "years": list(plan.fiscal_years),
    }


def projects_of(plan: Plan) -> list[Project]:
    """Return the projects of a plan in the order of the document, with schedules and relations."""
    return list(published.projects(plan=plan.code))


def indicators_of(plan: Plan) -> list[Indicator]:
    """Return the indicators of a plan in the order of the document, with targets and approved actuals."""
    return list(published.indicators(plan=plan.code))


def project_item(project: Project, indicators: Sequence[Indicator], years: Sequence[int]) -> Item:
    """Return a project with its schedule, indicators and relations."""
    relations = list(project.relations.all())
    actions = list(project.actions.all())
    measured = [indicator_item(indicator, years) for indicator in indicators]
    return {
        **project_line(project),
        "summary": project.summary,
        "effects": project.effects,
        "overall": project.overall_target,
        "progress": project.progress,
        "discontinued": project.discontinued_from,
        "line": project.source_line,
        "schedule": schedule_of(actions, years),
        "tasks": [action.label for action in actions if not action.words and action.label],
        "indicators": measured,
        "sdgs": sdg_numbers(relations),
        "relations": grouped_relations(relations),
    }


def project_line(project: Project) -> Item:
    """Return what lists say of a project."""
    return {
        "id": project.pk,
        "code": project.code,
        "title": project.title,
        "sections": list(project.sections),
        "class": project.portfolio_class,
        "priority": project.is_priority,
        "new": project.is_new,
    }


def schedule_of(actions: Iterable[Action], years: Sequence[int]) -> Item:
    """
    Return the rows of a schedule: ``years`` and, per row, bars ``{"first", "last", "text"}`` in order, gaps left out.

    Years that say the same one after the other are one bar: a bar of the document reaches over all of them.
    """
    rows = [action for action in actions if action.words]
    named = {word["fiscal_year"] for action in rows for word in action.words}
    columns = _columns(named | set(years))
    return {
        "years": columns,
        "rows": [{"label": action.label, "bars": _bars(action.words, columns)} for action in rows],
    }


def _columns(years: Iterable[int]) -> list[int]:
    known = sorted(years)
    return list(range(known[0], known[-1] + 1))[:MOST_YEARS] if known else []


def _bars(words: list[dict[str, Any]], years: Sequence[int]) -> list[Item]:
    texts: dict[int, list[str]] = {}
    for word in words:
        if word["text"] not in texts.setdefault(word["fiscal_year"], []):
            texts[word["fiscal_year"]].append(word["text"])
    bars: list[Item] = []
    for year in years:
        text = "、".join(texts.get(year, []))
        if not text:
            continue
        if bars and bars[-1]["text"] == text and bars[-1]["last"] == year - 1:
            bars[-1]["last"] = year
        else:
            bars.append({"first": year, "last": year, "text": text})
    return bars


def indicator_item(indicator: Indicator, years: Sequence[int]) -> Item:
    """Return an indicator with its values by fiscal year as the plan says them, and the newest judgement."""
    targets, actuals = list(indicator.targets.all()), list(indicator.actuals.all())
    named = {item.fiscal_year for item in targets} | {item.fiscal_year for item in actuals}
    return {
        "id": indicator.pk,
        "label": indicator.label,
        "level": indicator.level,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "owner": indicator.project.code if indicator.project else "",
        "owner_title": str(indicator.project or indicator.measure or indicator.goal),
        "project": indicator.project_id,
        "baseline": baseline_of(indicator),
        "years": _columns(named | set(years)),
        "targets": {str(item.fiscal_year): shown(item.text, item.value, indicator.unit) for item in targets},
        "actuals": {str(item.fiscal_year): shown(item.text, item.value, indicator.unit) for item in newest(actuals)},
        "evaluation": indicator.evaluation,
        "note": indicator.note,
        "opinion": indicator.opinion,
        "retired": indicator.retired_from,
        "line": indicator.source_line,
    }


def baseline_of(indicator: Indicator) -> Item | None:
    """Return the baseline as it is printed, or None."""
    text = shown(indicator.baseline_text, indicator.baseline_value, indicator.unit)
    if not text:
        return None
    return {"text": text, "year": indicator.baseline_fiscal_year, "as_of": indicator.baseline_as_of}


def newest(actuals: Iterable[Actual]) -> list[Actual]:
    """Return one actual per fiscal year, the one entered last."""
    return list({item.fiscal_year: item for item in actuals}.values())


def shown(text: str, value: float | None, unit: str = "") -> str:
    """Return a value as the document says it, else its number with the unit."""
    if text.strip() or value is None:
        return text.strip()
    return format_number(whole_or_decimal(Decimal(repr(value))), unit)


def progress_of(indicator: Indicator, *, fiscal_year: int) -> Progress:
    """Return where an indicator stands by a fiscal year."""
    return judge(series_of(indicator, fiscal_year=fiscal_year), fiscal_year=fiscal_year)


def sdg_numbers(relations: Iterable[Relation]) -> list[int]:
    """Return the numbers of the Sustainable Development Goals among relations, in order, each once."""
    found = {int(item.target) for item in relations if item.kind == RelationKind.SDG and item.target.isdecimal()}
    return sorted(number for number in found if 1 <= number <= 17)


def grouped_relations(relations: Iterable[Relation]) -> list[Item]:
    """Return relations other than SDGs by kind, in the order of the kinds: ``{"kind", "targets"}``."""
    found: dict[str, dict[str, None]] = {}
    for item in relations:
        if item.kind != RelationKind.SDG:
            found.setdefault(item.kind, {})[item.target] = None
    return [
        {"kind": kind, "targets": list(targets)}
        for kind in RelationKind.values
        if (targets := found.get(kind)) is not None
    ]
