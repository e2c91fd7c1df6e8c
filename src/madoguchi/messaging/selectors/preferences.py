"""What is held about one person's messages, for their own pages and for taking along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit import clock

from ..enums import ChannelKey, EndpointStatus
from ..models import Child, Delivery, Endpoint, Need, Recipient, Subscription, Topic
from ..registry import channels
from ..rules.addresses import mask_address
from .audience import in_language
from .settings import sending_settings

FORMAT = "madoguchi.preferences/1"


@dataclass(frozen=True, slots=True)
class Way:
    """One way in a person's order: whether it is used outside emergencies, and the addresses they have on it."""

    key: str
    label: str
    is_used: bool
    is_ready: bool
    endpoints: Sequence[Endpoint]

    @property
    def is_working(self) -> bool:
        """Tell whether a message can go this way now."""
        return self.is_ready and any(one.status == EndpointStatus.ACTIVE for one in self.endpoints)


def ways_of(recipient: Recipient) -> list[Way]:
    """Return the ways that ring, in the person's order, those not in it at the end."""
    order = order_of(recipient)
    automatic = [key for key in sending_settings().order if key not in order]
    mine: dict[str, list[Endpoint]] = {}
    for endpoint in Endpoint.objects.filter(recipient=recipient, ended_at__isnull=True):
        mine.setdefault(endpoint.channel, []).append(endpoint)
    found = []
    for key in [*order, *automatic]:
        channel = channels.find(key)
        is_ready = channel is not None and channel.is_ready()
        if is_ready or key in mine:
            label = str(ChannelKey(key).label)
            found.append(Way(key, label, key in order, is_ready, mine.get(key, ())))
    return found


def order_of(recipient: Recipient) -> list[str]:
    """Return the ways in which somebody is reached, the first one first; the city's order where they have not chosen."""
    known = [key for key in recipient.channels if key in ChannelKey.values]
    return known or sending_settings().order


def topics_offered(recipient: Recipient | None, language: str) -> list[dict[str, Any]]:
    """Return the topics that can be chosen, with name and description in a language and whether the person has chosen them."""
    chosen = set() if recipient is None else topics_of(recipient)
    return [
        {
            "code": topic.code,
            "name": in_language(topic.names, language),
            "text": in_language(topic.descriptions, language),
            "is_chosen": topic.pk in chosen,
        }
        for topic in Topic.objects.filter(retired_at__isnull=True, is_open=True)
    ]


def topics_of(recipient: Recipient) -> set[int]:
    """Return the ids of the topics a person hears of."""
    live = Subscription.objects.filter(recipient=recipient, ended_at__isnull=True)
    return set(live.values_list("topic", flat=True))


def needs_of(recipient: Recipient) -> dict[str, Need]:
    """Return what a person has registered to need help in, by code."""
    return {need.code: need for need in Need.objects.filter(recipient=recipient, ended_at__isnull=True)}


def declared_births(recipient: Recipient) -> list[Any]:
    """Return the days of birth of the children a person declared."""
    return list(Child.objects.filter(recipient=recipient, is_declared=True).values_list("birth_date", flat=True))


def recent_reasons(recipient: Recipient, language: str, limit: int = 20) -> list[dict[str, Any]]:
    """Return the last messages a person got, each once, with why."""
    rows = Delivery.objects.filter(recipient=recipient).select_related("message", "message__topic")
    found: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("-queued_at", "-pk")[: limit * 3]:
        message = row.message
        if message.pk in found or len(found) >= limit:
            continue
        texts = {code: text.get("subject", "") for code, text in message.contents.items()}
        topic = in_language(message.topic.names, language) if message.topic is not None else ""
        found[message.pk] = {
            "subject": in_language(texts, language),
            "at": row.queued_at,
            "why": why(row.reason, topic),
        }
    return list(found.values())


def why(reason: str, topic: str) -> str:
    """Return the sentence that says why somebody got a message."""
    if reason == "topic" and topic:
        return _("「%(topic)s」のお知らせを選んでいるため") % {"topic": topic}
    sentences = {
        "topic": _("選んでいる分野のお知らせのため"),
        "audience": _("お知らせの対象の条件に当てはまるため"),
        "notice": _("ご自分の手続についての連絡のため"),
        "emergency": _("緊急のお知らせのため（設定にかかわらず届きます）"),
    }
    return sentences.get(reason, reason or sentences["notice"])


def export_of(recipient: Recipient) -> dict[str, Any]:
    """Return everything that is held about a person's messages, as plain data (個人情報の保護に関する法律第76条の開示にならう)."""
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "recipient": {
            name: _plain(getattr(recipient, name))
            for name in (
                "key", "name", "language", "birth_date", "postal_code", "town", "channels", "quiet_from", "quiet_until",
                "consented_at", "paused_until", "created_at",
            )
        }
        | {"is_in_registry": recipient.resident_id is not None},
        "children": [
            {"birth_date": _plain(one.birth_date), "is_declared": one.is_declared} for one in recipient.children.all()
        ],
        "needs": [
            {name: _plain(getattr(one, name)) for name in ("code", "note", "registered_at", "confirmed_at", "ended_at")}
            for one in recipient.needs.all()
        ],
        "endpoints": [
            {name: _plain(getattr(one, name)) for name in ("channel", "address", "status", "confirmed_at", "created_at")}
            for one in recipient.endpoints.all()
        ],
        "subscriptions": [
            {"topic": one.topic.code, "source": one.source, "from": _plain(one.subscribed_at), "to": _plain(one.ended_at)}
            for one in recipient.subscriptions.select_related("topic")
        ],
        "messages": [
            {"subject": str(one.message), "channel": one.channel, "status": one.status, "at": _plain(one.queued_at)}
            for one in recipient.deliveries.select_related("message").order_by("-queued_at")[:2000]
        ],
    }  # fmt: skip


def masked(endpoint: Endpoint) -> str:
    """Return an address for a page: enough to know it again."""
    return mask_address(endpoint.channel, endpoint.address)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
