"""The list of procedures with its search, and the doors of life events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...rules.finder.events import DOORS, LIFE_EVENTS, door_of
from ...rules.finder.search import fold
from ...selectors.finding import Catalogue, Offer, catalogue
from .common import frame, row_of, say

PER_PAGE = 20
LONGEST_QUERY = 100
KANA_ROWS = ("あいうえお", "かきくけこがぎぐげご", "さしすせそざじずぜぞ", "たちつてとだぢづでど", "なにぬねの",
             "はひふへほばびぶべぼぱぴぷぺぽ", "まみむめも", "やゆよ", "らりるれろ", "わをん")  # fmt: skip


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show all procedures: by words, life event, category, channel or first letter of the reading."""
    found = catalogue()
    chosen = _chosen(request, found)
    offers = _filtered(found, chosen)
    page = Paginator(offers, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [row_of(offer) for offer in page.object_list],
        "page": page,
        "total": len(found.offers),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "events": found.events,
        "categories": found.categories,
        "letters": _letters(found),
        "suggestions": _suggestions(found) if not offers else [],
        "doors": DOORS,
    }
    return render(request, "procedures/finding/index.html", frame(request, (), **context))


def _chosen(request: HttpRequest, found: Catalogue) -> dict[str, str]:
    def one_of(name: str, allowed: Sequence[str]) -> str:
        value = request.GET.get(name, "")
        return value if value in allowed else ""

    return {
        "q": " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY],
        "event": one_of("event", found.events),
        "category": one_of("category", found.categories),
        "channel": one_of("channel", ("online", "counter", "post")),
        "letter": one_of("letter", [row[0] for row in KANA_ROWS]),
    }


def _filtered(found: Catalogue, chosen: dict[str, str]) -> list[Offer]:
    offers = found.search(chosen["q"]) if chosen["q"] else list(found.offers.values())
    return [offer for offer in offers if _fits(offer, chosen)]


def _fits(offer: Offer, chosen: dict[str, str]) -> bool:
    definition = offer.definition
    return (
        (not chosen["event"] or chosen["event"] in definition.life_events)
        and (not chosen["category"] or chosen["category"] == definition.category)
        and (not chosen["channel"] or chosen["channel"] in definition.channels)
        and (not chosen["letter"] or _kana_row(offer) == chosen["letter"])
    )


def _kana_row(offer: Offer) -> str:
    """Return the row of the kana table a procedure stands in, by its plain-Japanese name or the first kana keyword."""
    readings = [offer.definition.name.easy, *offer.definition.keywords, offer.definition.name.ja]
    for reading in readings:
        first = fold(reading)[:1]
        row = next((row for row in KANA_ROWS if first and first in row), None)
        if row:
            return row[0]
    return ""


def _letters(found: Catalogue) -> list[tuple[str, int]]:
    rows = [_kana_row(offer) for offer in found.offers.values()]
    return [(row[0], rows.count(row[0])) for row in KANA_ROWS]


def _suggestions(found: Catalogue) -> list[str]:
    """Return life events to go on with when nothing was found."""
    return found.events[:8]


@require_safe
def event(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one can do in a life event, or behind a door: as tasks with minutes, fee and channel."""
    found = catalogue()
    door = next((door for door in DOORS if door.code == code), None)
    codes = door.events if door else (code,)
    sections = [(one, [row_of(offer) for offer in _in_order(found.of_event(one))]) for one in codes]
    if door is None and code not in LIFE_EVENTS and not sections[0][1]:
        raise Http404(code)
    context: dict[str, Any] = {
        "door": door,
        "code": code,
        "sections": [(one, rows) for one, rows in sections if rows],
        "label": say(door.label) if door else None,
    }
    behind = None if door else door_of(code)
    steps = [(say(behind.label), f"../{behind.code}/")] if behind else []
    context |= frame(request, [*steps, (context["label"] or _label(code), "")])
    return render(request, "procedures/finding/event.html", context)


def _label(code: str) -> str:
    known = LIFE_EVENTS.get(code)
    return say(known.label) if known else _("手続")


def _in_order(offers: list[Offer]) -> list[Offer]:
    """Return what has a deadline first."""
    return sorted(offers, key=lambda offer: (offer.definition.deadline is None, offer.definition.name.ja))
