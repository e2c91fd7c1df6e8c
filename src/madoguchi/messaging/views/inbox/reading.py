"""Reading a message: one's own, or the one a link in a mail or a short message leads to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import account_of, login_required

from ...enums import MessageKind, SubscriptionSource
from ...models import Alert, Delivery, Subscription
from ...selectors.reading import Reading, read_message, topic_name, why_received
from ...services.inbox import find_delivery, open_delivery, page_token
from ...services.subscriptions import unsubscribe
from .common import city_of, crumbs, file_items, links_of, me, own_delivery, responsible, send_file, text_language


@never_cache
@require_safe
@login_required
def message(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show a message of one's own; opening it marks it as read."""
    delivery = own_delivery(request, delivery_id)
    reading = _read(request, delivery)
    if request.method == "GET":
        open_delivery(delivery=delivery, actor=account_of(request))
    context = _context(request, delivery, reading)
    context |= {
        "files": file_items(reading, "inbox:file", delivery.pk),
        "subscription": _subscription(delivery),
        "breadcrumbs": crumbs(request, (reading.subject, "")),
    }
    return render(request, "messaging/inbox/message.html", context)


def _read(request: HttpRequest, delivery: Delivery) -> Reading:
    links = links_of(delivery.message, str(delivery.channel))
    return read_message(delivery.message, text_language(request), recipient=delivery.recipient, links=links)


def _context(request: HttpRequest, delivery: Delivery, reading: Reading) -> dict[str, Any]:
    language = text_language(request)
    return {
        "delivery": delivery,
        "reading": reading,
        "topic": topic_name(delivery.message.topic, language),
        "why": why_received(delivery.message, delivery.reason, language),
        "is_emergency": delivery.message.kind == MessageKind.EMERGENCY,
        "responsible": responsible(delivery.message, request),
        "reply_url": _reply_url(delivery),
    }


def _reply_url(delivery: Delivery) -> str:
    """Return where the person says that they have read an alert; empty for what is none."""
    if not Alert.objects.filter(message=delivery.message_id).exists():
        return ""
    return reverse("now:acknowledge", args=[page_token(delivery.pk)])


def _subscription(delivery: Delivery) -> Subscription | None:
    """Return the subscription by which the person can stop such messages."""
    message = delivery.message
    if message.topic_id is None or message.kind != MessageKind.BROADCAST:
        return None
    return Subscription.objects.filter(
        recipient=delivery.recipient_id, topic=message.topic_id, ended_at__isnull=True
    ).first()


@never_cache
@require_safe
@login_required
def printed(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show a message as a page to print."""
    delivery = own_delivery(request, delivery_id)
    return render(request, "messaging/inbox/print.html", _context(request, delivery, _read(request, delivery)))


@never_cache
@require_safe
@login_required
def file(request: HttpRequest, delivery_id: int, attachment_id: int) -> HttpResponseBase:
    """Return an attachment of a message of one's own."""
    return send_file(own_delivery(request, delivery_id).message, attachment_id)


@never_cache
@require_POST
@login_required
def stop(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """End the subscription of the topic of a message."""
    delivery = own_delivery(request, delivery_id)
    topic = delivery.message.topic
    if topic is None:
        raise Http404
    unsubscribe(recipient=delivery.recipient, topic=topic, source=SubscriptionSource.OWN, actor=me(request))
    words = {"topic": topic_name(topic, text_language(request))}
    messages.success(
        request, _("「%(topic)s」のお知らせを止めました。「受け取り方」のページで、いつでも再開できます。") % words
    )
    return redirect("inbox:message", delivery.pk)


def _shown_to_bearer(token: str) -> Delivery:
    delivery = find_delivery(token)
    if delivery is None:
        raise Http404
    return delivery


@never_cache
@require_safe
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """
    Show the message of a mail, a LINE or a short message to whoever holds its link, without signing in.

    It shows that one message and nothing else of the person; what belongs to a matter is behind the sign-in.
    """
    delivery = _shown_to_bearer(token)
    links = links_of(delivery.message, str(delivery.channel))
    # Links are forwarded: the page calls nobody by name.
    reading = read_message(delivery.message, text_language(request), links=links)
    if request.method == "GET":
        open_delivery(delivery=delivery, actor=account_of(request))
    context = _context(request, delivery, reading)
    context |= {
        "files": file_items(reading, "inbox:token_file", token),
        "city": city_of(request),
        "breadcrumbs": [{"label": _("トップ"), "url": "/"}, {"label": reading.subject, "url": ""}],
        "inbox_url": reverse("inbox:index"),
    }
    response = render(request, "messaging/inbox/by_token.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_safe
def token_file(request: HttpRequest, token: str, attachment_id: int) -> HttpResponseBase:
    """Return an attachment to whoever holds the link of the message."""
    return send_file(_shown_to_bearer(token).message, attachment_id)
