"""Writing: what was claimed becomes what is sent, or a word about why it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope, open_file

from ...enums import ChannelKey, DeliveryStatus, EndpointStatus, MessageKind, MessageStatus
from ...models import Message, SendingSettings, Subscription
from ...registry import Channel, Outcome, Outgoing
from ...rules.content import Compiled, compile_contents
from ...rules.timing import end_of_quiet
from ...rules.tokens import sign
from ...selectors.settings import sending_settings, site_address
from .claiming import Claimed

CONFIRMING = "confirm:"
"""How the identity of a message begins that asks whether an address is the person's own."""
ALERT = "messaging.alert:"
"""How the thread of a message begins that is an alert."""
_MARK = "MARK"


@dataclass(frozen=True, slots=True)
class Later:
    """A delivery that is put back until a moment: the person's quiet hours."""

    delivery_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all deliveries of one message on one way share."""

    message: Message
    compiled: Compiled
    values: Mapping[str, str]
    links: Mapping[str, str]
    attachments: tuple[tuple[str, str, bytes], ...]
    stopped: frozenset[int]
    """Recipients who have ended their subscription to the topic since."""

    @property
    def alert_key(self) -> str:
        """The key of the first alert of an event, where this is one: people can say that they have read it; else empty."""
        return self.message.thread.removeprefix(ALERT) if self.message.thread.startswith(ALERT) else ""

    @property
    def may_be_stopped(self) -> bool:
        """True for what people can unsubscribe from."""
        return self.message.kind == MessageKind.BROADCAST


class Writer:
    """Writes the deliveries of a batch; what several of them share is looked up once."""

    def __init__(self, channel: Channel, claimed: Sequence[Claimed]) -> None:
        self.channel, self.claimed = channel, claimed
        self.now = clock.now()
        self.local = clock.local(self.now)
        self.settings: SendingSettings = sending_settings()
        self.site = site_address()
        self.page = self.site + reverse("inbox:delivery", args=[_MARK])
        self.answer = self.site + reverse("now:acknowledge", args=[_MARK])
        self.stop = self.site + reverse("preferences:stop", args=[_MARK])
        self.heads = {key: self._head(message) for key, message in self._messages().items()}

    def write(self) -> Iterator[Outgoing | Outcome | Later]:
        """Yield for every delivery what is sent, or what became of it without being sent."""
        for row in self.claimed:
            head = self.heads[row.message_id]
            yield self._refusal(row, head) or self._quiet(row, head) or self._outgoing(row, head)

    def _messages(self) -> dict[int, Message]:
        keys = {row.message_id for row in self.claimed}
        return {found.pk: found for found in Message.objects.filter(pk__in=keys).select_related("unit", "topic")}

    def _head(self, message: Message) -> Letterhead:
        municipality, unit = municipality_in_scope(), message.unit
        return Letterhead(
            message=message,
            compiled=compile_contents(message.contents),
            values={
                "city": municipality.name,
                "unit": unit.name if unit is not None else municipality.name,
                "phone": (unit.phone if unit is not None else "") or municipality.phone,
            },
            links=self._links(message),
            attachments=self._attachments(message),
            stopped=self._stopped(message),
        )

    def _links(self, message: Message) -> dict[str, str]:
        if message.kind != MessageKind.BROADCAST:
            return {}
        return {
            link.address: f"{self.site}{reverse('links:follow', args=[link.key])}?c={self.channel.key}"
            for link in message.links.all()
        }

    def _attachments(self, message: Message) -> tuple[tuple[str, str, bytes], ...]:
        if self.channel.key != ChannelKey.EMAIL:
            return ()
        parts = []
        for attachment in message.attachments.select_related("stored"):
            with open_file(attachment.stored) as file:
                parts.append((attachment.label or attachment.stored.name, attachment.stored.media_type, file.read()))
        return tuple(parts)

    def _stopped(self, message: Message) -> frozenset[int]:
        if message.topic_id is None or message.kind != MessageKind.BROADCAST:
            return frozenset()
        people = [row.recipient_id for row in self.claimed if row.message_id == message.pk]
        mine = Subscription.objects.filter(topic_id=message.topic_id, recipient_id__in=people)
        live = mine.filter(ended_at__isnull=True).values_list("recipient_id", flat=True)
        ended = mine.filter(ended_at__gte=message.created_at).values_list("recipient_id", flat=True)
        return frozenset(ended) - frozenset(live)

    def _refusal(self, row: Claimed, head: Letterhead) -> Outcome | None:
        message = head.message
        if message.status == MessageStatus.CANCELLED:
            return Outcome(row.id, DeliveryStatus.CANCELLED, error="cancelled")
        if message.expires_at is not None and message.expires_at <= self.now:
            return Outcome(row.id, DeliveryStatus.EXPIRED, error="expired")
        if row.has_ended:
            return Outcome(row.id, DeliveryStatus.SKIPPED, error="recipient_ended")
        if self.channel.needs_endpoint and not self._has_address(row, message):
            return Outcome(row.id, DeliveryStatus.SKIPPED, error="no_address")
        if row.recipient_id in head.stopped or (row.is_paused and head.may_be_stopped):
            return Outcome(row.id, DeliveryStatus.SKIPPED, error="unsubscribed")
        return None

    def _has_address(self, row: Claimed, message: Message) -> bool:
        if not row.address or row.endpoint_ended:
            return False
        if row.endpoint_status == EndpointStatus.UNCONFIRMED:
            return (message.identity or "").startswith(CONFIRMING)
        return row.endpoint_status == EndpointStatus.ACTIVE

    def _quiet(self, row: Claimed, head: Letterhead) -> Later | None:
        """Put back what would ring in the night; what somebody has just asked for and emergencies ring at any hour."""
        message = head.message
        if not self.channel.rings or message.kind == MessageKind.EMERGENCY:
            return None
        if (message.identity or "").startswith(CONFIRMING):
            return None
        own = row.quiet_from is not None and row.quiet_until is not None
        begins, ends = (
            (row.quiet_from, row.quiet_until) if own else (self.settings.quiet_from, self.settings.quiet_until)
        )
        until = end_of_quiet(self.local, begins, ends)
        return None if until is None else Later(row.id, until)

    def _outgoing(self, row: Claimed, head: Letterhead) -> Outgoing:
        values = {**head.values, "name": row.name if self.channel.takes_names else "", "town": row.town}
        written = head.compiled.render(row.language, values, head.links)
        return Outgoing(
            delivery_id=row.id,
            message_key=head.message.key,
            address=row.address,
            details=row.details or {},
            language=written.language,
            subject=written.subject,
            body=written.body,
            short=written.short,
            page=(self.answer if head.alert_key else self.page).replace(_MARK, sign("delivery", str(row.id))),
            unsubscribe=self.stop.replace(_MARK, sign("stop", str(row.id))) if head.may_be_stopped else "",
            alert_key=head.alert_key,
            attachments=head.attachments,
            is_emergency=head.message.kind == MessageKind.EMERGENCY,
            is_drill=head.message.is_drill,
            expires_at=head.message.expires_at,
        )
