"""What the pages of the finder share: texts in the reader's language, facts in a line, who answers, breadcrumbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madoguchi.kit import clock
from madoguchi.trust.api import Account, account_of

from ...rules.definition import Definition, Text
from ...rules.finder.checklist import Group
from ...rules.finder.events import category_label, event_label
from ...rules.finder.hours import is_open
from ...selectors.finding import Offer

NO_DOCUMENTS = "none"
"""Code of the entry by which a definition says that nothing has to be brought."""


def language() -> str:
    """Return the language of the page."""
    return translation.get_language() or "ja"


def say(text: Text) -> str:
    """Return a text of a definition in the language of the page."""
    return text.in_language(language())


def reader(request: HttpRequest) -> Account | None:
    """Return who is signed in, or None."""
    return account_of(request) if hasattr(request, "user") else None


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumbs: the top, the procedures, then steps of (label, address)."""
    first = [(_("トップ"), "/"), (_("手続"), reverse("procedures:index"))]
    return [{"label": label, "url": url} for label, url in [*first, *steps]]


def optional_url(name: str, *args: Any) -> str:
    """Return the address of a view that not every installation has, or an empty text."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def fee_words(definition: Definition) -> str:
    """Return the fee in words."""
    return say(definition.fee_text) or _("手数料はかかりません")


def minutes_words(minutes: int) -> str:
    """Return how long it takes to apply."""
    return ngettext("%(minutes)s分", "%(minutes)s分", minutes) % {"minutes": minutes}


def channel_words(definition: Definition) -> list[str]:
    """Return where one can apply, in words."""
    words = {"online": _("オンライン"), "counter": _("窓口"), "post": _("郵送")}
    return [words[channel] for channel in definition.channels]


def row_of(offer: Offer) -> dict[str, Any]:
    """Return a procedure as a row of a list: what it is, and the facts one chooses by."""
    definition = offer.definition
    return {
        "title": say(definition.name),
        "url": reverse("procedures:start", args=[offer.code]),
        "text": say(definition.summary),
        "meta": [minutes_words(definition.minutes_to_apply), fee_words(definition)],
        "is_online": offer.is_online,
        "channels": "・".join(channel_words(definition)),
    }


def responsible(request: HttpRequest, offer: Offer | None = None) -> dict[str, Any]:
    """Return who answers: the section of a procedure, with its telephone and whether it is open now."""
    municipality = request.municipality  # type: ignore[attr-defined]  # set by the municipality middleware
    contact = offer.definition.contact if offer else None
    hours = (contact.hours.ja if contact else "") or municipality.office_hours or ""
    shown = (say(contact.hours) if contact else "") or (
        _(municipality.office_hours) if municipality.office_hours else ""
    )
    return {
        "section": (say(contact.section) if contact else "") or (offer.unit if offer else "") or _("総合案内"),
        "phone": (contact.phone if contact else "") or municipality.phone,
        "hours": shown,
        "open_now": is_open(hours, clock.now()) if hours else None,
        "checked_on": offer.checked_on if offer else None,
    }


def group_words(group: Group) -> str:
    """Return the heading of a group of a checklist."""
    return {
        Group.TODAY: _("今日すること"),
        Group.SOON: _("14日以内にすること"),
        Group.LATER: _("そのあとにすること"),
        Group.ANYTIME: _("いつでもできること"),
    }[group]


def frame(request: HttpRequest, steps: Sequence[tuple[str, str]], **more: Any) -> dict[str, Any]:
    """Return the context that every page of the finder has."""
    return {
        "breadcrumbs": crumbs(*steps),
        "responsible": responsible(request),
        "say": say,
        "fee_words": fee_words,
        "minutes_words": minutes_words,
        "channel_words": channel_words,
        "event_words": lambda code: say(event_label(code)),
        "category_words": lambda code: say(category_label(code)),
        "group_words": group_words,
        **more,
    }
