"""The printed publications of a plan: book, yearly report and overview as PDF."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.kit import fiscal

from ..errors import PlanError
from ..models import Plan
from ..plugins.typst_book import Publication, overview_sheet, plan_book, words, yearly_report
from ..selectors.printing import modified_at, report_years
from ..selectors.tree import focus_year
from .framing import crumbs, find_plan, plan_step

log = logging.getLogger(__name__)


@require_safe
def book(request: HttpRequest, code: str) -> HttpResponseBase:
    """Answer with the plan book (計画書)."""
    plan = find_plan(code)
    return _answer(request, plan, plan_book(plan=plan))


@require_safe
def overview(request: HttpRequest, code: str) -> HttpResponseBase:
    """Answer with the overview of a plan on one A3 sheet."""
    plan = find_plan(code)
    return _answer(request, plan, overview_sheet(plan=plan, fiscal_year=focus_year(plan)))


@require_safe
def report(request: HttpRequest, code: str) -> HttpResponseBase:
    """Answer with the report of a fiscal year, without ``fiscal_year`` with the newest; other years are listed."""
    plan = find_plan(code)
    years = report_years(plan)
    asked = request.GET.get("fiscal_year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else None
    if not asked and years:
        year = years[-1]
    if year not in years:
        return _no_report(request, plan, years)
    return _answer(request, plan, yearly_report(plan=plan, fiscal_year=int(year or 0)))


def _answer(request: HttpRequest, plan: Plan, publication: Publication) -> HttpResponseBase:
    """Answer with a PDF, with 304 where the asker has it, with a page that says what to do where it cannot be made."""
    etag, changed = f'"{publication.key}"', modified_at(plan)
    response: HttpResponseBase | None = get_conditional_response(
        request, etag=etag, last_modified=int(changed.timestamp())
    )
    if response is None:
        try:
            response = HttpResponse(publication.pdf(), content_type="application/pdf")
        except PlanError:
            log.exception("a PDF could not be made: %s of %s", publication.template, plan.code)
            return _no_pdf(request, plan)
        response["Content-Disposition"] = content_disposition_header(False, publication.filename) or "inline"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed.timestamp())
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Cookie",))  # the language may come from a cookie
    return response


def _no_report(request: HttpRequest, plan: Plan, years: list[int]) -> HttpResponse:
    address = reverse("plan:report", args=[plan.code])
    choices = [
        {"label": fiscal.label(year, words.language()), "url": f"{address}?fiscal_year={year}"} for year in years
    ]
    context = {
        "plan": plan,
        "choices": choices[::-1],
        "breadcrumbs": crumbs(plan_step(plan), (_("年次報告書"), address)),
    }
    return render(request, "plan/printing/no_report.html", context, status=404)


def _no_pdf(request: HttpRequest, plan: Plan) -> HttpResponse:
    context = {"plan": plan, "breadcrumbs": crumbs(plan_step(plan), ("PDF", request.path))}
    response = render(request, "plan/printing/no_pdf.html", context, status=503)
    response["Retry-After"] = "300"
    return response
