"""What the pages of the inbox have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, Municipality, RefusedError, account_of, is_staff, open_file, record_refusal

from ...models import Attachment, Delivery, Message
from ...registry import InboxSource, inbox_sources
from ...rules.content import LANGUAGES
from ...selectors.reading import Reading, counted_links, sender_of
from ...services.inbox import access_delivery

SHOWN_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp"})


def me(request: HttpRequest) -> Account:
    """Return who is signed in; views with this are behind ``login_required``."""
    account = account_of(request)
    if account is None:
        raise Http404
    return account


def city_of(request: HttpRequest) -> Municipality:
    """Return the municipality of the address."""
    found: Municipality = request.municipality  # type: ignore[attr-defined]  # by middleware
    return found


def text_language(request: HttpRequest) -> str:
    """Return the language to read a text in: the one chosen on the page (``?in=``), else that of the pages."""
    chosen = request.GET.get("in", "")
    return chosen if chosen in LANGUAGES else str(getattr(request, "LANGUAGE_CODE", "ja"))


def own_delivery(request: HttpRequest, delivery_id: int) -> Delivery:
    """Return an entry of one's own inbox; raises ``Http404`` for every other, and records that it was asked for."""
    actor = account_of(request)
    try:
        return access_delivery(actor=actor, delivery_id=delivery_id)
    except Delivery.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        if is_staff(actor, None):
            raise
        record_refusal(error=error, actor=actor)
        raise Http404 from None


def crumbs(request: HttpRequest, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the way from the top to a page of the inbox."""
    own = [(_("受信箱"), reverse("inbox:index"))] if account_of(request) is not None else []
    return [{"label": label, "url": url} for label, url in [(_("トップ"), "/"), *own, *steps]]


def responsible(message: Message, request: HttpRequest) -> dict[str, Any]:
    """Return who answers for a message, for the box at the end of the page."""
    sender = sender_of(message)
    return {"section": sender.section, "phone": sender.phone, "hours": city_of(request).office_hours}


def links_of(message: Message, channel: str) -> dict[str, str]:
    """Return the addresses of a message by the counted ones of a way."""
    base = reverse("links:follow", args=["KEY"])
    return {
        address: f"{counted}?c={channel}" for address, counted in counted_links(message, base.split("KEY")[0]).items()
    }


def file_items(reading: Reading, route: str, *arguments: Any) -> list[dict[str, Any]]:
    """Return the attachments for ``design/list.html`` ``files``."""
    return [
        {
            "name": file.label or file.stored.name,
            "url": reverse(route, args=[*arguments, file.pk]),
            "size": file.stored.size,
        }
        for file in reading.files
    ]


def send_file(message: Message, attachment_id: int) -> HttpResponseBase:
    """Return an attachment of a message that was opened by its door; raises ``Http404`` for another."""
    found = Attachment.objects.select_related("stored").filter(message=message, pk=attachment_id).first()
    if found is None:
        raise Http404
    stored = found.stored
    response = FileResponse(
        File(open_file(stored)),
        content_type=stored.media_type,
        as_attachment=stored.media_type not in SHOWN_INLINE,
        filename=stored.name,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def source_of(thread: str) -> tuple[InboxSource, str] | None:
    """Return the room a matter belongs to and the matter's id there; None where it belongs to none."""
    key, _colon, pk = thread.partition(":")
    source = inbox_sources.find(key)
    return None if source is None or not pk else (source, pk)


def source_choices(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return the rooms whose matters can be chosen, as (key, name)."""
    return [(key, _(source.label)) for key, source in inbox_sources.items() if key in set(keys)]
