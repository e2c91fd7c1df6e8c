"""The next way: where one has failed, or was not answered in time, the person's next one is tried."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.kit import clock

from ...enums import ChannelKey, DeliveryStatus, EndpointStatus, MessageKind
from ...models import Delivery, Message
from ...selectors.settings import sending_settings
from .statements import (
    COLUMNS,
    DELIVERIES,
    ENDPOINTS,
    NOT_WANTED,
    RECIPIENTS,
    automatic_channels,
    execute,
    marks,
    moment,
    place_of_way,
)

_AT_ONCE = 5_000


def go_on(ids: Sequence[int]) -> int:
    """Begin the next way of the people of these deliveries; return for how many there was one. Emergencies took all at once."""
    messages = Message.objects.filter(deliveries__pk__in=ids[:_AT_ONCE]).exclude(kind=MessageKind.EMERGENCY).distinct()
    begun = 0
    for message in messages if ids else ():
        for begin in range(0, len(ids), _AT_ONCE):
            begun += _next_way(message, list(ids[begin : begin + _AT_ONCE]))
    return begun


def _next_way(message: Message, ids: list[int]) -> int:
    ways = automatic_channels(message.channels)
    if not ways:
        return 0
    place, place_params = place_of_way(sending_settings().order)
    now = moment(clock.now())
    sql = (
        f"INSERT INTO {DELIVERIES} ({COLUMNS}) "
        "SELECT w.municipality_id, w.message_id, w.recipient_id, w.channel, w.endpoint_id, %s, w.language, w.urgency, "
        "w.rank + 1, w.reason, %s, %s, 0, '', NULL, NULL, '', '' FROM ("
        "SELECT d.municipality_id, d.message_id, d.recipient_id, e.channel, e.id AS endpoint_id, d.language, d.urgency, d.rank, "
        f"d.reason, {place} AS place, row_number() OVER (PARTITION BY d.recipient_id ORDER BY {place}, e.id DESC) AS turn "
        f"FROM {DELIVERIES} d JOIN {RECIPIENTS} r ON r.id = d.recipient_id "
        f"JOIN {ENDPOINTS} e ON e.recipient_id = d.recipient_id AND e.status = %s AND e.ended_at IS NULL "
        f"AND e.channel IN ({marks(ways)}) "
        f"WHERE d.id IN ({marks(ids)}) AND d.message_id = %s AND NOT EXISTS (SELECT 1 FROM {DELIVERIES} x "
        "WHERE x.message_id = d.message_id AND x.recipient_id = d.recipient_id AND x.channel = e.channel)"
        f") w WHERE w.turn = 1 AND w.place < {NOT_WANTED} ON CONFLICT (message_id, recipient_id, channel) DO NOTHING"
    )
    head = [DeliveryStatus.WAITING, now, now, *place_params, *place_params]
    return execute(sql, [*head, EndpointStatus.ACTIVE, *ways, *ids, message.pk])


def unanswered(message: Message, *, before: object) -> list[int]:
    """Return the deliveries that were sent before a moment, are the last of their person and were not read in the inbox."""
    rung = Delivery.objects.filter(
        message=message, status__in=[DeliveryStatus.SENT, DeliveryStatus.DELIVERED], sent_at__lt=before
    ).exclude(channel__in=[ChannelKey.INBOX, ChannelKey.POST])
    read = Delivery.objects.filter(message=message, channel=ChannelKey.INBOX, opened_at__isnull=False)
    highest: dict[int, tuple[int, int]] = {}
    for pk, person, rank in rung.exclude(recipient__in=read.values("recipient")).values_list(
        "pk", "recipient_id", "rank"
    ):
        highest[person] = max(highest.get(person, (-1, 0)), (rank, pk))
    return [pk for _rank, pk in highest.values()]
