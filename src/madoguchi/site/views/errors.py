"""Error pages: what happened, what to do next, whom to call with which number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines

from madoguchi.kit.ids import new_case_number


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403, with the sentence of the refusal where there is one."""
    detail = str(exception) if exception is not None and str(exception) else None
    return render(request, "errors/403.html", {"detail": detail}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without a context processor or a query: either may be what broke."""
    return HttpResponse(bare("errors/500.html", number=new_case_number()), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old: nothing was changed, and going back keeps what was typed."""
    return render(request, "errors/expired.html", status=403)


def bare(template: str, **context: Any) -> str:
    """Return a page rendered with the given context alone."""
    return str(engines["jinja2"].get_template(template).render(context))
