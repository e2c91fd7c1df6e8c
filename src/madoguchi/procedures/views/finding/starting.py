"""The start page of a procedure: all one needs to know before beginning, on one page that prints."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...rules.definition import Definition, write_definition
from ...rules.finder.checklist import counts_from_event, due_on
from ...rules.finder.events import LIFE_EVENTS, category_label
from ...selectors.finding import Offer, catalogue, retired
from .common import NO_DOCUMENTS, frame, optional_url, responsible, row_of, say

RELATED = 4
INTERNAL = ("tests", "workflow", "minutes", "needs_approval")
"""What is for the office alone and does not stand in the public description."""


@require_safe
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Show the start page of a published procedure; a retired one says so."""
    found = catalogue()
    offer = found.offers.get(code)
    if offer is None:
        return _retired(request, code)
    definition = offer.definition
    happened_on = _day(request)
    context = {
        "offer": offer,
        "definition": definition,
        "documents": [item for item in definition.documents if item.code != NO_DOCUMENTS],
        "asks_day": definition.deadline is not None and definition.deadline.days is not None,
        "day_label": _day_label(definition),
        "happened_on": happened_on,
        "due_on": due_on(definition.deadline, happened_on),
        "begin_url": begin_url(offer),
        "related": _related(found.of_event, offer),
        "responsible": responsible(request, offer),
    }
    steps = [
        (say(category_label(definition.category)), f"{reverse('procedures:index')}?category={definition.category}"),
        (say(definition.name), ""),
    ]
    return render(request, "procedures/finding/start.html", frame(request, steps) | context)


def begin_url(offer: Offer) -> str:
    """Return where the online application of a procedure begins; empty where there is none."""
    return optional_url("procedures:apply", offer.code) if offer.is_online else ""


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _day_label(definition: Definition) -> str:
    """Return how the day is called from which the deadline counts."""
    field = definition.form.find(definition.deadline.from_field) if definition.deadline else None
    if field is not None and field.label:
        return say(field.label)
    for code in definition.life_events:
        event = LIFE_EVENTS.get(code)
        if event and event.day and counts_from_event(definition, code):
            return say(event.day)
    return _("もとになる日")


def _related(of_event: Any, offer: Offer) -> list[dict[str, Any]]:
    """Return procedures of the same life events, those that share most first."""
    shared: dict[str, tuple[int, Offer]] = {}
    for event in offer.definition.life_events:
        for other in of_event(event):
            if other.code != offer.code:
                shared[other.code] = (shared.get(other.code, (0, other))[0] + 1, other)
    best = sorted(shared.values(), key=lambda pair: (-pair[0], pair[1].code))[:RELATED]
    return [row_of(other) for _count, other in best]


def _retired(request: HttpRequest, code: str) -> HttpResponse:
    procedure = retired(code)
    if procedure is None:
        raise Http404(code)
    last = procedure.published or procedure.versions.first()
    name = say(last.definition.name) if last else procedure.code
    context = frame(request, [(name, "")], name=name)
    return render(request, "procedures/finding/retired.html", context, status=410)


@require_safe
def description(request: HttpRequest, code: str) -> HttpResponse:
    """Return the published definition of a procedure as JSON, without what is for the office alone."""
    offer = catalogue().offers.get(code)
    if offer is None:
        raise Http404(code)
    document = {key: value for key, value in write_definition(offer.definition).items() if key not in INTERNAL}
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
