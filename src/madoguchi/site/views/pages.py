"""The home page, the guided tour, the accessibility statement and the description of the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.plan.api import Plan
from madoguchi.procedures.api import Matter, home_doors, matters_of
from madoguchi.site import tour as tours
from madoguchi.site.rest import api
from madoguchi.trust.api import Municipality, account_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what a visitor can do here."""
    account = account_of(request)
    language = get_language() or "ja"
    context = {
        "doors": home_doors(),
        "matters": [_matter(item, language) for item in matters_of(account)] if account else [],
        "language_code": language,
        "plans": Plan.objects.order_by("-start_fiscal_year")[:3],
    }
    return render(request, "site/home.html", context)


def _matter(item: Matter, language: str) -> dict[str, Any]:
    """Return what waits for somebody as a row: what it is, where it goes on, until when."""
    words = {
        "correction": _("直していただく項目があります"),
        "payment": _("お支払いをお待ちしています"),
        "message": _("新しいメッセージがあります"),
        "draft": _("入力の途中です"),
    }
    if item.kind == "draft":
        path = _address("procedures:draft", item.key)
    else:
        path = item.path or _address("mine:matter", item.number) or _address("mine:index")
    return {
        "title": item.title.in_language(language),
        "url": path or "/",
        "text": words[item.kind],
        "due_on": item.due_on,
        "is_mine": item.kind != "message",
    }


def _address(name: str, *args: str) -> str:
    """Return the address of a page, or an empty text where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Show what to try in each shell; only the demonstration has it."""
    if not settings.DEMONSTRATION:
        raise Http404
    port = f":{request.get_port()}" if request.get_port() not in {"80", "443"} else ""
    cities = [
        (city.name, f"{request.scheme}://{city.key}.localhost{port}/")
        for city in Municipality.objects.filter(is_demonstration=True)
    ]
    context = {"stops": tours.stops(), "cities": cities, "breadcrumbs": _crumbs(_("見本のご案内"))}
    return render(request, "site/tour.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State the target, the scope and how it is tested (JIS X 8341-3)."""
    return render(request, "site/accessibility.html", {"breadcrumbs": _crumbs(_("アクセシビリティ"))})


@require_safe
def api_description(request: HttpRequest) -> HttpResponse:
    """List the operations of the API in words; the OpenAPI document says the rest."""
    paths = api.get_openapi_schema()["paths"]
    operations = [
        {"method": method.upper(), "path": path, "summary": _in_words(operation.get("summary", "")),
         "parameters": [item["name"] for item in operation.get("parameters", [])]}
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]  # fmt: skip
    return render(request, "site/api.html", {"operations": operations, "breadcrumbs": _crumbs(_("公開API"))})


def _in_words(summary: str) -> str:
    return _(summary) if summary else ""


def _crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": _("トップ"), "url": "/"}, {"label": label, "url": ""}]
