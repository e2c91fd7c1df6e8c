"""Views of the catalogue. They read nothing but templates and the built stylesheet."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.translation import gettext as _
from markupsafe import Markup

from madoguchi.site.design import catalogue, colours, forms, shapes

DENSITIES = ("resident", "staff", "steering")
SHELLS = ("resident", "staff", "steering", "print", "display")
ERRORS = (400, 403, 404, 500, 503)


def index(request: HttpRequest) -> HttpResponse:
    """Show everything the catalogue has, by category."""
    return _show(request, "index", categories=catalogue.by_category(), shells=SHELLS, errors=ERRORS)


def component(request: HttpRequest, key: str) -> HttpResponse:
    """Show one component in all its states, at the density asked for."""
    found = catalogue.components().get(key)
    if found is None:
        raise Http404(key)
    asked = request.GET.get("density", "")
    return _show(
        request,
        "component",
        component=found,
        examples=[(example, _render(request, example.source)) for example in found.examples],
        density=asked if asked in DENSITIES else "resident",
        densities=_density_tabs(request, asked),
        crumbs_more=[{"label": found.title}],
    )


def everything(request: HttpRequest) -> HttpResponse:
    """Show every example of every component on one page, to be looked through, printed or measured."""
    found = [
        (component, [(example, _render(request, example.source)) for example in component.examples])
        for component in catalogue.components().values()
    ]
    asked = request.GET.get("density", "")
    return _show(
        request,
        "everything",
        components=found,
        density=asked if asked in DENSITIES else "resident",
        densities=_density_tabs(request, asked),
        crumbs_more=[{"label": _("すべての部品")}],
    )


def _density_tabs(request: HttpRequest, asked: str) -> list[dict[str, Any]]:
    names = {"resident": _("住民の画面"), "staff": _("職員の画面"), "steering": _("計画の画面")}
    current = asked if asked in DENSITIES else "resident"
    return [{"label": names[one], "url": f"?density={one}", "current": one == current} for one in DENSITIES]


def tokens(request: HttpRequest) -> HttpResponse:
    """Show the colours with their measured contrast, the sizes of type, and the key colours."""
    known = colours.tokens()
    white, soft = "#ffffff", known.get("solid-gray-50", "#f2f2f2")
    rows = [
        (name, value, colours.contrast(value, white), colours.contrast(value, soft)) for name, value in known.items()
    ]
    keys = [
        (name, known[fill], colours.contrast(known[fill], white), colours.contrast(known[pressed], known[ground]))
        for name, (fill, pressed, ground) in colours.KEY_COLOURS.items()
        if fill in known
    ]
    return _show(request, "tokens", colours=rows, key_colours=keys, crumbs_more=[{"label": _("色と文字")}])


def pages(request: HttpRequest) -> HttpResponse:
    """List the shapes of pages."""
    return _show(request, "pages", shapes=shapes.SHAPES, states=shapes.STATES, crumbs_more=[{"label": _("画面の型")}])


def page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one shape of page in its shell, in the state asked for."""
    shape = next((one for one in shapes.SHAPES if one.key == key), None)
    if shape is None:
        raise Http404(key)
    asked = request.GET.get("state", "")
    state = asked if asked in dict(shapes.STATES) else "normal"
    context = {
        "shape": shape,
        "state": state,
        "states": shapes.STATES,
        "form": forms.unfilled(),
        "invalid": forms.refused(),
    }
    return render(request, f"design/pages/{shape.template}.html", {**context, **shapes.surroundings(shape)})


def shell(request: HttpRequest, key: str) -> HttpResponse:
    """Show one shell around a short page."""
    if key not in SHELLS:
        raise Http404(key)
    return render(request, "design/catalogue/shell.html", {"shell": key, **shapes.sample_shell()})


def error(request: HttpRequest, code: int) -> HttpResponse:
    """Show an error page as a visitor meets it, with the status 200."""
    if code not in ERRORS:
        raise Http404(str(code))
    return render(request, f"errors/{code}.html", {"number": "01JD3X8Q"})


def _show(
    request: HttpRequest, name: str, *, crumbs_more: list[dict[str, str]] | None = None, **context: Any
) -> HttpResponse:
    home = {"label": _("トップ"), "url": "/"}, {"label": _("デザインの見本帳"), "url": "/design/"}
    return render(request, f"design/catalogue/{name}.html", {**context, "breadcrumbs": [*home, *(crumbs_more or [])]})


def _render(request: HttpRequest, source: str) -> Markup:
    backend = cast(Jinja2, engines["jinja2"])
    environment = backend.env
    context = {
        "request": request,
        "form": forms.unfilled(),
        "invalid": forms.refused(),
        "page": Paginator(range(1234), 20).get_page(7),
        "csrf_input": "",
    }
    return Markup(environment.from_string(source).render(context))  # noqa: S704 - our own examples, escaped by the template
