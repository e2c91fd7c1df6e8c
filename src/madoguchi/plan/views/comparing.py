"""Public comparison of municipalities on like indicators, under ``/plan/compare/``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..selectors import charts, words
from ..selectors.comparison import concept_exists, concept_rows, concept_sheet, own_indicators
from .framing import crumbs, found, page_of, responsible

PER_PAGE = 50


@require_safe
def concepts(request: HttpRequest) -> HttpResponse:
    """List what municipalities can be compared on."""
    context = {
        "concepts": concept_rows(),
        "breadcrumbs": crumbs((_("自治体の比較"), request.path)),
        "responsible": responsible(request),
        "words": words,
    }
    return render(request, "plan/public/concepts.html", context)


@require_safe
def concept(request: HttpRequest, key: str) -> HttpResponse:
    """Show the published figures of all municipalities for one concept: years as columns, sorted, searched, paged."""
    found(key if concept_exists(key) else None)
    sort, word = request.GET.get("sort", "")[:10], request.GET.get("q", "").strip()[:60]
    municipality = request.municipality  # type: ignore[attr-defined]  # set by the municipality middleware
    sheet = concept_sheet(key, own=municipality, sort=sort, word=word)
    name = words.concept_word(key)
    context = {
        "sheet": sheet,
        "name": name,
        "sort": sort,
        "word": word,
        "page": page_of(sheet.rows, request, per_page=PER_PAGE),
        "chart": charts.concept_chart(sheet),
        "charts": charts,
        "own_indicators": own_indicators(key),
        "breadcrumbs": crumbs((_("自治体の比較"), reverse("plan:compare")), (name, request.path)),
        "responsible": responsible(request),
        "words": words,
    }
    return render(request, "plan/public/concept.html", context)
