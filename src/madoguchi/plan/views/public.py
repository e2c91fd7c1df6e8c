"""Public pages of plans under ``/plan/``: for everybody, without sign-in, without JavaScript, in three languages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from ..models import Goal, Measure, Plan
from ..rules.progress import Status
from ..selectors import charts, words
from ..selectors.indicator import indicator_sheet
from ..selectors.overview import plan_overview, published_plans
from ..selectors.portfolio import portfolio
from ..selectors.printing import report_years
from ..selectors.project import ProjectSheet, project_sheet, public_changes, relation_groups
from ..selectors.results import has_results, plan_results
from ..selectors.searching import search
from ..selectors.timeline import timeline
from ..selectors.tree import GoalNode, MeasureNode, PlanTree, plan_tree
from .filtering import filtered
from .framing import by_status, chosen, crumbs, find_plan, found, frame, page_of, plan_step, responsible, tabs


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the municipality's plans."""
    context = {
        "cards": published_plans(),
        "breadcrumbs": crumbs(),
        "responsible": responsible(request),
        "words": words,
    }
    return render(request, "plan/public/index.html", context)


@require_safe
def plan_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a plan: its key figures and its tree."""
    return render(request, "plan/public/plan.html", plan_context(request, find_plan(code)))


def plan_context(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """Return everything the page of a plan shows."""
    overview = plan_overview(plan)
    return frame(
        request,
        plan,
        overview=overview,
        tree=overview.tree,
        tabs=tabs(plan, "plan", results=has_results(plan)),
        filters=filtered(overview.tree, request).filters,
        status_chart=charts.status_chart(overview.statuses, key="statuses", title=_("指標の状態")),
        status_rows=status_rows(overview.statuses),
        relations=relation_groups(plan.relations.filter(goal=None, measure=None, project=None)),
        changes=list(public_changes(plan)[:5]),
        successors=list(plan.successors.order_by("start_fiscal_year")),
        report_years=report_years(plan),
    )


def status_rows(counts: dict[Status, int]) -> list[tuple[Status, int]]:
    """Return the statuses that occur, for the table behind the chart."""
    return [(status, number) for status, number in counts.items() if number]


@require_safe
def projects(request: HttpRequest, code: str) -> HttpResponse:
    """List the projects of a plan with filters, counts and pages."""
    plan = find_plan(code)
    result = filtered(plan_tree(plan), request)
    context = frame(
        request,
        plan,
        [(_("事業"), reverse("plan:projects", args=[code]))],
        tabs=tabs(plan, "projects", results=has_results(plan)),
        filters=result.filters,
        is_active=result.is_active,
        page=page_of(result.projects, request),
    )
    return render(request, "plan/public/projects.html", context)


@require_safe
def indicators(request: HttpRequest, code: str) -> HttpResponse:
    """List the indicators of a plan by status."""
    plan = find_plan(code)
    context = frame(
        request,
        plan,
        [(_("指標"), reverse("plan:indicators", args=[code]))],
        tabs=tabs(plan, "indicators", results=has_results(plan)),
        charts=charts,
        **by_status(plan_tree(plan), request),
    )
    return render(request, "plan/public/indicators.html", context)


@require_safe
def goal(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a goal with its indicators, measures and projects."""
    plan = find_plan(code)
    tree = plan_tree(plan)
    node = found(next((item for item in tree.goals if item.goal.pk == pk), None))
    full = Goal.objects.get(pk=pk)
    return _part(request, tree, node, full, node.all_projects)


@require_safe
def measure(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a measure with its indicators (KGI) and projects."""
    plan = find_plan(code)
    tree = plan_tree(plan)
    node = found(next((item for item in tree.measures if item.measure.pk == pk), None))
    full = Measure.objects.select_related("goal").get(pk=pk)
    return _part(request, tree, node, full, node.projects)


def _part(
    request: HttpRequest, tree: PlanTree, node: GoalNode | MeasureNode, full: Goal | Measure, below: object
) -> HttpResponse:
    steps = []
    if isinstance(full, Measure):
        steps.append((str(full.goal), reverse("plan:goal", args=[tree.plan.code, full.goal.pk])))
    steps.append((str(full), request.path))
    context = frame(
        request,
        tree.plan,
        steps,
        tree=tree,
        node=node,
        part=full,
        is_goal=isinstance(full, Goal),
        projects=below,
        relations=relation_groups(full.relations.all()),
        charts=charts,
    )
    return render(request, "plan/public/part.html", context)


@require_safe
def project(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a project sheet."""
    plan = find_plan(code)
    sheet = found(project_sheet(plan, pk))
    item = sheet.project
    steps = [(str(item.goal), reverse("plan:goal", args=[code, item.goal_id]))]
    if item.measure is not None:
        steps.append((str(item.measure), reverse("plan:measure", args=[code, item.measure_id])))
    context = frame(
        request,
        plan,
        [*steps, (str(item), request.path)],
        sheet=sheet,
        project=item,
        charts=charts,
        drawing=schedule_of(sheet),
    )
    context["responsible"] = responsible(request, item.sections or [str(unit) for unit in sheet.units])
    return render(request, "plan/public/project.html", context)


def schedule_of(sheet: ProjectSheet) -> Markup | None:
    """Return the schedule as bars where a bar goes over several years, which the table cannot show; else None."""
    if not any(bar.last > bar.first for row in sheet.schedule for bar in row.bars):
        return None
    return charts.schedule_drawing(
        sheet.years, sheet.schedule, key="schedule-drawing", title=_("年度ごとの予定"), now=sheet.fiscal_year
    )


@require_safe
def indicator(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show an indicator: definition, chart, the same numbers as a table, progress, how it is measured."""
    plan = find_plan(code)
    sheet = found(indicator_sheet(plan, pk))
    item = sheet.indicator
    steps = [(str(item.goal), reverse("plan:goal", args=[code, item.goal_id]))]
    if item.measure is not None:
        steps.append((str(item.measure), reverse("plan:measure", args=[code, item.measure_id])))
    if item.project is not None:
        steps.append((str(item.project), reverse("plan:project", args=[code, item.project_id])))
    context = frame(
        request,
        plan,
        [*steps, (item.label, request.path)],
        sheet=sheet,
        indicator=item,
        chart=charts.indicator_chart(sheet),
        sentence=charts.indicator_sentence(sheet),
        charts=charts,
    )
    context["responsible"] = responsible(request, [sheet.owner] if sheet.owner else [], checked_on=sheet.measured_on)
    return render(request, "plan/public/indicator.html", context)


@require_safe
def timeline_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show all projects against the years of the plan, a goal at a time."""
    plan = find_plan(code)
    goals = list(Goal.objects.filter(plan=plan).order_by("order", "id"))
    asked = chosen(request, "goal", [str(item.pk) for item in goals])
    shown = int(asked) if asked else goals[0].pk if goals else None
    context = frame(
        request,
        plan,
        [(_("年度別の予定"), request.path)],
        tabs=tabs(plan, "timeline", results=has_results(plan)),
        goals=goals,
        shown=shown,
        timeline=timeline(plan, goal=shown),
    )
    return render(request, "plan/public/timeline.html", context)


@require_safe
def portfolio_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the projects by class and place; the list is complete."""
    plan = find_plan(code)
    found_map = portfolio(plan)
    context = frame(
        request,
        plan,
        [(_("事業の位置"), request.path)],
        tabs=tabs(plan, "portfolio", results=has_results(plan)),
        portfolio=found_map,
        drawing=charts.portfolio_drawing(found_map) if found_map.placed else None,
    )
    return render(request, "plan/public/portfolio.html", context)


@require_safe
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Show what came of a finished plan, computed from its marks, beside what the document reports."""
    plan = find_plan(code)
    found(plan if has_results(plan) else None)
    context = frame(
        request,
        plan,
        [(_("結果"), request.path)],
        tabs=tabs(plan, "results", results=True),
        results=plan_results(plan),
        successors=list(plan.successors.order_by("start_fiscal_year")),
    )
    return render(request, "plan/public/results.html", context)


@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was changed in a plan since it was published."""
    plan = find_plan(code)
    context = frame(
        request,
        plan,
        [(_("見直しの履歴"), request.path)],
        tabs=tabs(plan, "history", results=has_results(plan)),
        page=page_of(public_changes(plan), request),
    )
    return render(request, "plan/public/history.html", context)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Find goals, measures, projects and indicators by words."""
    query = request.GET.get("q", "").strip()[:100]
    code = request.GET.get("plan", "")
    plan = find_plan(code) if code else None
    hits = search(query, plan=code)
    steps = [plan_step(plan)] if plan else []
    context = {
        "query": query,
        "plan": plan,
        "page": page_of(hits, request),
        "breadcrumbs": crumbs(*steps, (_("検索"), request.path)),
        "responsible": responsible(request),
        "words": words,
    }
    return render(request, "plan/public/search.html", context)


__all__ = [
    "goal",
    "history",
    "index",
    "indicator",
    "indicators",
    "measure",
    "plan_page",
    "portfolio_page",
    "project",
    "projects",
    "results",
    "search_page",
    "timeline_page",
]
