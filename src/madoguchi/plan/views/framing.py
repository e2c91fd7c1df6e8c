"""What the pages of plans have in common: breadcrumbs, tabs, who answers, filters, paging."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from ..models import Plan, Project
from ..rules.progress import Status
from ..selectors import words
from ..selectors.tree import PlanTree, focus_year, is_over

PER_PAGE = 20
# What a database would refuse (such as a null character) names no plan.
CODE = re.compile(r"[-\w]{1,40}")
T = TypeVar("T")
Crumb = dict[str, str]


def find_plan(code: str) -> Plan:
    """Return the plan of a code in the municipality of the host; raises ``Http404`` where it has none."""
    known = CODE.fullmatch(code) is not None
    plan = Plan.objects.select_related("predecessor").filter(code=code).first() if known else None
    if plan is None:
        raise Http404(code)
    return plan


def found(thing: T | None) -> T:
    """Return what was found; raises ``Http404`` where nothing was."""
    if thing is None:
        raise Http404
    return thing


def crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Return the breadcrumbs of a public page: the top, the plans, then the steps of (label, address)."""
    first = [(_("トップ"), "/"), (_("計画"), reverse("plan:index"))]
    return [{"label": label, "url": url} for label, url in [*first, *steps]]


def plan_step(plan: Plan) -> tuple[str, str]:
    """Return the breadcrumb of a plan."""
    return plan.title, reverse("plan:plan", args=[plan.code])


def has_classes(plan: Plan) -> bool:
    """Tell whether a plan sorts its projects into classes: one that does not has no map to show."""
    return Project.objects.filter(plan=plan).exclude(portfolio_class="").exists()


def tabs(plan: Plan, current: str, *, results: bool) -> list[dict[str, Any]]:
    """Return the pages of a plan as tabs; ``results`` where its document reports marks."""
    pages = [
        ("plan", _("概要")),
        ("projects", pgettext("複数", "事業")),
        ("indicators", pgettext("複数", "指標")),
        ("timeline", _("年度別の予定")),
        *([("portfolio", _("事業の位置"))] if current == "portfolio" or has_classes(plan) else []),
        *([("results", pgettext("複数", "結果"))] if results else []),
        ("history", _("見直しの履歴")),
    ]
    return [
        {"label": label, "url": reverse(f"plan:{name}", args=[plan.code]), "current": name == current}
        for name, label in pages
    ]


def responsible(request: HttpRequest, sections: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """Return who answers for a page: the sections of a project, else the office of the plan."""
    municipality = request.municipality  # type: ignore[attr-defined]  # set by the municipality middleware
    return {
        "section": "、".join(sections) or _("計画の事務局"),
        "phone": municipality.phone,
        "hours": gettext(municipality.office_hours) if municipality.office_hours else "",
        **more,
    }


def frame(request: HttpRequest, plan: Plan, steps: Iterable[tuple[str, str]] = (), **more: Any) -> dict[str, Any]:
    """Return the context that every public page of a plan has."""
    own = {"breadcrumbs": crumbs(plan_step(plan), *steps), "responsible": responsible(request)}
    return {"plan": plan, "focus": focus_year(plan), "is_over": is_over(plan), "words": words, **own, **more}


def page_of(items: Sequence[Any] | Any, request: HttpRequest, *, per_page: int = PER_PAGE) -> Page[Any]:
    """Return the page of a list that ``?page=`` asks for; an impossible number gives the nearest page."""
    return Paginator(items, per_page).get_page(request.GET.get("page"))


def chosen(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    """Return a filter from the address when it is one of the allowed values, else an empty text."""
    value = request.GET.get(name, "")
    return value if value in set(allowed) else ""


def by_status(tree: PlanTree, request: HttpRequest) -> dict[str, Any]:
    """Return the context of a list of indicators that ``?status=`` narrows, with the counts of every status."""
    status = chosen(request, "status", [item.value for item in Status])
    nodes = [node for node in tree.indicators if not status or node.status.value == status]
    choices = [
        (words.status_word(item), number, item.value, status == item.value)
        for item, number in tree.indicator_counts().items()
        if number
    ]
    return {"tree": tree, "status": status, "choices": choices, "page": page_of(nodes, request, per_page=30)}


def optional_url(name: str, *args: Any) -> str:
    """Return the address of a view that not every installation has, or an empty text."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
