"""What the city said to everybody: a list and a page for anybody, without signing in."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...enums import MessageKind
from ...models import Message, Topic
from ...selectors.inbox import public_messages, published_at
from ...selectors.reading import is_public, read_message, sender_of, subject_of, topic_name
from ...services.inbox import message_of
from .common import file_items, links_of, responsible, send_file, text_language

PER_PAGE = 20
MOST_SHOWN = 500
"""The last so many messages are looked through for those that are public."""


def published(topic: str = "", most: int = MOST_SHOWN) -> list[Message]:
    """Return the last messages anybody may read, the newest first."""
    return [message for message in public_messages(topic)[:most] if is_public(message)]


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Show what the city said to everybody; ``?topic=`` narrows it."""
    topic, language = _topic(request), text_language(request)
    page = Paginator(published(topic.code if topic else ""), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "subject": subject_of(message, language),
            "url": reverse("inbox:public_message", args=[message.key]),
            "sender": sender_of(message),
            "at": published_at(message),
            "topic": topic_name(message.topic, language),
            "is_emergency": message.kind == MessageKind.EMERGENCY,
            "is_drill": message.is_drill,
        }
        for message in page.object_list
    ]
    context = {
        "page": page,
        "rows": rows,
        "topic": topic,
        "topics": [(one.code, topic_name(one, language)) for one in Topic.objects.filter(retired_at__isnull=True)],
        "feed": reverse("inbox:public_feed") + (f"?topic={topic.code}" if topic else ""),
        "breadcrumbs": [{"label": _("トップ"), "url": "/"}, {"label": _("市からのお知らせ"), "url": ""}],
    }
    return render(request, "messaging/inbox/public_list.html", context)


def _topic(request: HttpRequest) -> Topic | None:
    code = request.GET.get("topic", "").replace("\x00", "")[:40]
    if not code:
        return None
    found = Topic.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _public_message(key: str) -> Message:
    found = message_of(key)
    if found is None or not is_public(found):
        raise Http404
    return found


@require_safe
def public_message(request: HttpRequest, key: str) -> HttpResponse:
    """Show a message that went to everybody."""
    found = _public_message(key)
    reading = read_message(found, text_language(request), links=links_of(found, ""))
    context = {
        "reading": reading,
        "topic": topic_name(found.topic, text_language(request)),
        "at": published_at(found),
        "is_emergency": found.kind == MessageKind.EMERGENCY,
        "files": file_items(reading, "inbox:public_file", key),
        "responsible": responsible(found, request),
        "breadcrumbs": [
            {"label": _("トップ"), "url": "/"},
            {"label": _("市からのお知らせ"), "url": reverse("inbox:public")},
            {"label": reading.subject, "url": ""},
        ],
    }
    return render(request, "messaging/inbox/public_message.html", context)


@require_safe
def public_file(request: HttpRequest, key: str, attachment_id: int) -> HttpResponseBase:
    """Return an attachment of a message that went to everybody."""
    return send_file(_public_message(key), attachment_id)
