"""What everybody may know of the plans, as plain values: the public API, CSV and exports say the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from ..enums import ActualStatus, RelationKind
from ..models import Action, Actual, Indicator, Plan, Project, Relation, Target


def plans(*, plan: str = "") -> QuerySet[Plan]:
    """Return the published plans of the municipality in scope, newest first; ``plan`` is a code."""
    found = Plan.objects.select_related("municipality", "predecessor")
    return found.filter(code=plan) if plan else found


def projects(*, plan: str = "") -> QuerySet[Project]:
    """Return the projects of the published plans with everything an item tells."""
    found = Project.objects.select_related("municipality", "plan", "goal", "measure").prefetch_related(
        Prefetch("actions", Action.objects.order_by("order", "id")),
        Prefetch("relations", Relation.objects.order_by("kind", "id")),
    )
    found = found.filter(plan__code=plan) if plan else found
    return found.order_by("-plan__start_fiscal_year", "order", "id")


def indicators(*, plan: str = "") -> QuerySet[Indicator]:
    """Return the indicators of the published plans with targets and approved actuals."""
    approved = Actual.objects.filter(status=ActualStatus.APPROVED, replaced_by__isnull=True)
    found = Indicator.objects.select_related("municipality", "plan", "goal", "measure", "project").prefetch_related(
        Prefetch("targets", Target.objects.order_by("fiscal_year")),
        Prefetch("actuals", approved.order_by("fiscal_year", "id")),
    )
    found = found.filter(plan__code=plan) if plan else found
    return found.order_by("-plan__start_fiscal_year", "order", "id")


def plan_items(found: Iterable[Plan]) -> list[dict[str, Any]]:
    """Return plans as public values."""
    return [
        {
            "id": plan.pk,
            "municipality": plan.municipality.key,
            "municipality_code": plan.municipality.code,
            "code": plan.code,
            "title": plan.title,
            "start_fiscal_year": plan.start_fiscal_year,
            "end_fiscal_year": plan.end_fiscal_year,
            "philosophy": plan.philosophy,
            "status": plan.status,
            "predecessor": plan.predecessor.code if plan.predecessor else None,
            "reported": plan.reported,
            "source": {"line": plan.source_line},
            "url": f"/plan/{plan.code}/",
        }
        for plan in found
    ]


def project_items(found: Iterable[Project]) -> list[dict[str, Any]]:
    """Return projects as public values: sections, class, SDG goals, schedule words by year."""
    return [_project_item(project) for project in found]


def _project_item(project: Project) -> dict[str, Any]:
    actions = list(project.actions.all())
    relations = list(project.relations.all())
    return {
        "id": project.pk,
        "municipality": project.municipality.key,
        "plan": project.plan.title,
        "plan_code": project.plan.code,
        "goal": project.goal.title,
        "measure": project.measure.title if project.measure else None,
        "code": project.code,
        "title": project.title,
        "sections": project.sections,
        "class": project.portfolio_class or None,
        "priority": project.is_priority,
        "new": project.is_new,
        "progress": project.progress or None,
        "sdgs": sorted(
            {int(item.target) for item in relations if item.kind == RelationKind.SDG and item.target.isdigit()}
        ),
        "relations": [
            {"kind": item.kind, "target": item.target} for item in relations if item.kind != RelationKind.SDG
        ],
        "schedule": _schedule(actions),
        "actions": [
            {
                "label": action.label,
                "words": [
                    {"fiscal_year": word["fiscal_year"], "text": word["text"], "continued": word["continued"]}
                    for word in action.words
                ],
            }
            for action in actions
        ],
        "summary": project.summary,
        "effects": project.effects,
        "overall_target": project.overall_target,
        "source": {"line": project.source_line},
        "url": f"/plan/{project.plan.code}/projects/{project.pk}/",
    }


def _schedule(actions: list[Action]) -> list[dict[str, Any]]:
    """Return the words of all actions by fiscal year, in the order of the document."""
    years: dict[int, list[str]] = {}
    for action in actions:
        for word in action.words:
            years.setdefault(word["fiscal_year"], []).append(word["text"])
    return [{"fiscal_year": year, "words": years[year]} for year in sorted(years)]


def indicator_items(found: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Return indicators as public values: baseline, targets and approved actuals as numbers and as the plan says them."""
    return [_indicator_item(indicator) for indicator in found]


def _indicator_item(indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.pk,
        "municipality": indicator.municipality.key,
        "plan": indicator.plan.title,
        "plan_code": indicator.plan.code,
        "goal": indicator.goal.title,
        "measure": indicator.measure.title if indicator.measure else None,
        "project": indicator.project.title if indicator.project else None,
        "project_code": indicator.project.code if indicator.project else None,
        "label": indicator.label,
        "level": indicator.level,
        "unit": indicator.unit,
        "type": indicator.type,
        "kind": indicator.kind,
        "direction": indicator.direction,
        "concept": indicator.concept or None,
        "baseline": _baseline(indicator),
        "targets": [_target(item) for item in indicator.targets.all()],
        "actuals": [_actual(item) for item in indicator.actuals.all()],
        "evaluation": indicator.evaluation or None,
        "note": indicator.note,
        "source": {"line": indicator.source_line},
        "url": f"/plan/{indicator.plan.code}/indicators/{indicator.pk}/",
    }


def plain(value: float | None) -> float | int | None:
    """Return a whole number as int: 104 rather than 104.0."""
    return int(value) if value is not None and float(value).is_integer() else value


def _baseline(indicator: Indicator) -> dict[str, Any] | None:
    if not indicator.baseline_text and indicator.baseline_value is None:
        return None
    return {
        "fiscal_year": indicator.baseline_fiscal_year,
        "value": plain(indicator.baseline_value),
        "text": indicator.baseline_text,
        "as_of": indicator.baseline_as_of or None,
        "line": indicator.baseline_line,
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "fiscal_year": target.fiscal_year,
        "value": plain(target.value),
        "text": target.text,
        "comparison": target.comparison,
        "out_of": plain(target.out_of),
        "basis": target.basis or None,
        "line": target.source_line,
    }


def _actual(actual: Actual) -> dict[str, Any]:
    return {
        "fiscal_year": actual.fiscal_year,
        "value": plain(actual.value),
        "text": actual.text,
        "as_of": actual.as_of.isoformat() if actual.as_of else None,
        "source": actual.source,
        "provisional": actual.is_provisional,
        "line": actual.source_line,
    }
