"""Steering pages under ``/steering/``: few numbers, what must be done by whom, and from there to the evidence."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.trust.api import Account, permission_required

from ..models import Goal, Indicator, Plan
from ..permissions import indicator_policy, plan_policy, project_policy
from ..selectors import charts, words
from ..selectors.attention import KINDS, Task, attention, counts
from ..selectors.comparison import concept_rows, concept_sheet
from ..selectors.overview import current_plan, published_plans
from ..selectors.portfolio import portfolio
from ..selectors.steering import steering
from ..selectors.timeline import timeline
from ..selectors.tree import focus_year, plan_tree
from .actors import actor_of
from .filtering import filtered
from .framing import by_status, chosen, find_plan, optional_url, page_of

ADMITTED = permission_required(plan_policy, "view_internal")


def frame(request: HttpRequest, plan: Plan | None, *steps: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Return the context of a steering page."""
    trail = [(_("計画の進行管理"), reverse("steering:overview")), *steps]
    own = {"breadcrumbs": [{"label": label, "url": url} for label, url in trail], "plan": plan, "words": words}
    return {**own, "charts": charts, "plans": [card.plan for card in published_plans()], **more}


def asked_plan(request: HttpRequest) -> Plan | None:
    """Return the plan that ``?plan=`` names, else the one in force; raises ``Http404`` for a name nobody has."""
    code = request.GET.get("plan", "")
    plan = current_plan(code)
    if code and plan is None:
        raise Http404(code)
    return plan


@require_safe
@ADMITTED
def overview(request: HttpRequest) -> HttpResponse:
    """Show the overview of a plan: few numbers with target, trend, day and source, and what needs attention."""
    plan = asked_plan(request)
    if plan is None:
        context = frame(request, None, can_import=plan_policy.allows(actor_of(request), "import"))
        return render(request, "plan/steering/empty.html", context)
    return render(request, "plan/steering/overview.html", overview_context(request, plan))


def overview_context(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """Return everything the overview of a plan shows."""
    found = steering(plan)
    return frame(
        request,
        plan,
        steering=found,
        overview=found.overview,
        tasks=[linked(task, actor_of(request)) for task in found.tasks[:6]],
        more_tasks=len(found.tasks) - 6,
        status_chart=charts.status_chart(found.overview.statuses, key="statuses", title=_("指標の状態")),
        project_chart=charts.status_chart(found.overview.project_statuses, key="projects", title=_("事業の状態")),
        project_rows=[(words.status_word(item), number) for item, number in found.overview.project_statuses.items()],
        trend_lines=[
            charts.trend_line(item.trend, key=f"trend-{item.node.indicator.pk}", title=item.node.indicator.label)
            if any(before is not None and after is not None for before, after in pairwise(item.trend))
            else None
            for item in found.main
        ],
    )


def linked(task: Task, actor: Account) -> tuple[Task, str]:
    """Return a task with the address at which it is done, or looked at by those whose task it is not."""
    name, arguments = task.place
    if name == "steering:actual_enter" and not _may_enter(actor, arguments[0]):
        name = "steering:indicator_actuals"
    address = optional_url(name, *arguments)
    if name == "steering:actuals" and not indicator_policy.allows(actor, "enter_actual"):
        address += "?whose=all"
    return task, address


def _may_enter(actor: Account, pk: Any) -> bool:
    return indicator_policy.allows(actor, "enter_actual", Indicator.objects.select_related("project").get(pk=pk))


@require_safe
@ADMITTED
def attention_page(request: HttpRequest) -> HttpResponse:
    """List what needs attention this month, by kind."""
    plan = asked_plan(request) if request.GET.get("plan") else None
    tasks = attention(plan)
    kind = chosen(request, "kind", KINDS)
    shown = [task for task in tasks if not kind or task.kind == kind]
    context = frame(
        request,
        plan,
        (_("今月の対応"), request.path),
        page=page_of([linked(task, actor_of(request)) for task in shown], request, per_page=30),
        kind=kind,
        kinds=[(name, kind_word(name), number) for name, number in counts(tasks).items() if number],
        total=sum(task.count for task in tasks),
        late=sum(task.count for task in tasks if task.is_late),
    )
    return render(request, "plan/steering/attention.html", context)


def kind_word(kind: str) -> str:
    """Return what a kind of task is called."""
    return {
        "overdue": _("実績の入力"),
        "approval": _("実績の承認"),
        "behind": _("目標に届かない指標"),
        "submission": _("自己評価の提出"),
        "order": _("改善指示"),
        "draft": _("計画書の公開"),
        "finding": _("指標の点検"),
    }[kind]


@require_safe
@ADMITTED
def tree_page(request: HttpRequest) -> HttpResponse:
    """Show the plan as a tree with filters; every part leads to its page."""
    plan = asked_plan(request)
    if plan is None:
        return redirect("steering:overview")
    tree = plan_tree(plan)
    result = filtered(tree, request)
    context = frame(request, plan, (_("計画の構成"), request.path), tree=tree, result=result)
    context["plan_options"] = [(item.code, item.title) for item in context["plans"]]
    context["kept"] = {node.project.pk for node in result.projects}
    return render(request, "plan/steering/tree.html", context)


@require_safe
@ADMITTED
def indicators(request: HttpRequest) -> HttpResponse:
    """List the indicators of a plan by status; each name leads to its values and their evidence."""
    plan = asked_plan(request)
    if plan is None:
        return redirect("steering:overview")
    context = frame(request, plan, (_("指標"), request.path), **by_status(plan_tree(plan), request))
    return render(request, "plan/steering/indicators.html", context)


@require_safe
@ADMITTED
def portfolio_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the portfolio map with the projects' moves; those who may move a project find the link."""
    plan = find_plan(code)
    found = portfolio(plan)
    context = frame(
        request,
        plan,
        (_("事業の位置"), request.path),
        portfolio=found,
        drawing=charts.portfolio_drawing(found) if found.placed else None,
        can_move=project_policy.allows(actor_of(request), "move"),
    )
    return render(request, "plan/steering/portfolio.html", context)


@require_safe
@ADMITTED
def timeline_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show all projects of a plan against its years on one sheet."""
    plan = find_plan(code)
    goals = list(Goal.objects.filter(plan=plan).order_by("order", "id"))
    asked = chosen(request, "goal", [str(item.pk) for item in goals])
    context = frame(
        request,
        plan,
        (_("年度別の予定"), request.path),
        goals=goals,
        shown=int(asked) if asked else None,
        timeline=timeline(plan, goal=int(asked) if asked else None),
        focus=focus_year(plan),
    )
    return render(request, "plan/steering/timeline.html", context)


@require_safe
@ADMITTED
def comparison(request: HttpRequest) -> HttpResponse:
    """Show where the municipality stands among others on each concept that it publishes."""
    municipality = request.municipality  # type: ignore[attr-defined]  # set by the municipality middleware
    rows = []
    for row in concept_rows():
        sheet = concept_sheet(row.key, own=municipality)
        if sheet.own is not None:
            rows.append(sheet)
    context = frame(request, None, (_("比較"), request.path), sheets=rows)
    return render(request, "plan/steering/comparison.html", context)
