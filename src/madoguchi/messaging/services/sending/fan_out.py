"""
Fan-out: the rows of the outbox and of the inboxes of one message, written by the database in a few statements.

Everybody of the audience with an account finds it in the inbox. Outside emergencies a person is rung at by one way, the first
of their order that has an address; in an emergency by every way at once, people in need first. A letter is written to whoever
chose post, to whoever has no other address, and, where the message asks for post, to whoever nothing else reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Account

from ...enums import ChannelKey, DeliveryStatus, EndpointStatus, MessageKind
from ...models import Message, Need, Recipient
from ...rules.audience import parse_rule
from ...selectors.audience import select_recipients
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
    no_order,
    people,
    place_in_own_order,
    place_of_way,
)

IN_NEED, EMERGENCY, NOTICE, ORDINARY = 0, 1, 3, 5
"""Urgency of deliveries: the smallest goes first."""
CAP_DAYS = 7
UNSEEN_DAYS = 60
"""Whoever has not signed in for so long does not find what stands in the inbox."""
CAPPED = "frequency_cap"
"""The error of what was not sent because enough has rung at the person this week."""
POST = f"'{ChannelKey.POST.value}'"
NEEDS = Need._meta.db_table
ACCOUNTS = Account._meta.db_table


@dataclass(frozen=True, slots=True)
class Target:
    """What a fan-out writes for: the message, its people as a subquery, and the moment."""

    message: Message
    people: str
    params: tuple[Any, ...]
    now: datetime

    @property
    def is_emergency(self) -> bool:
        """True where every way rings at once."""
        return self.message.kind == MessageKind.EMERGENCY

    @property
    def asks_for_post(self) -> bool:
        """True where whoever wrote it wants letters for those whom nothing else reaches."""
        return ChannelKey.POST in self.message.channels

    @property
    def may_be_posted(self) -> bool:
        """True where people who chose post get a letter: what leaves the way to them, and can wait for somebody to print it."""
        return self.asks_for_post or (not self.message.channels and self.message.kind == MessageKind.BROADCAST)


@transaction.atomic
def fan_out(*, message: Message, person: Recipient | None = None) -> int:
    """
    Write the deliveries of a message and return how many people get it by any way; doing it again adds nobody twice.

    The audience is what its rule gives now, or one ``person``, who is told of their own matter whatever they like to hear.
    """
    chosen = people(_people_for(message, person))
    if chosen is None:
        return 0
    target = Target(message, chosen[0], chosen[1], clock.now())
    wanted = list(message.channels)
    # Whatever ways were chosen: the inbox is where people look for what they were told.
    _to_inboxes(target)
    ways = automatic_channels(wanted)
    if ways:
        _to_ways(target, ways)
    if target.may_be_posted:
        _to_post(target)
    return _people_of(message)


def _people_for(message: Message, person: Recipient | None) -> QuerySet[Recipient]:
    if person is not None:
        return Recipient.objects.filter(pk=person.pk)
    return select_recipients(parse_rule(message.audience), is_emergency=message.kind == MessageKind.EMERGENCY)


def audience_size(message: Message) -> int:
    """Return how many people the rule of a message means now, whether or not there is a way to them."""
    return _people_for(message, None).count()


def _people_of(message: Message) -> int:
    return int(message.deliveries.values("recipient_id").distinct().count())


def _urgency(target: Target) -> tuple[str, list[Any]]:
    if target.is_emergency:
        sql = f"CASE WHEN r.id IN (SELECT recipient_id FROM {NEEDS} WHERE municipality_id = %s AND ended_at IS NULL)"
        return f"{sql} THEN {IN_NEED} ELSE {EMERGENCY} END", [target.message.municipality_id]
    return str(NOTICE if target.message.kind == MessageKind.NOTICE else ORDINARY), []


def reason_of(message: Message) -> str:
    """Return the code of why people got a message."""
    if message.kind != MessageKind.BROADCAST:
        return str(message.kind)
    return "topic" if message.topic_id is not None else "audience"


def _to_inboxes(target: Target) -> int:
    message, now = target.message, moment(target.now)
    urgency, urgency_params = _urgency(target)
    sql = (
        f"INSERT INTO {DELIVERIES} ({COLUMNS}) "
        f"SELECT %s, %s, r.id, %s, NULL, %s, r.language, {urgency}, 0, %s, %s, %s, 0, '', %s, %s, '', '' "
        f"FROM {RECIPIENTS} r WHERE r.municipality_id = %s AND r.account_id IS NOT NULL AND r.id IN ({target.people}) "
        "ON CONFLICT (message_id, recipient_id, channel) DO NOTHING"
    )
    head = [message.municipality_id, message.pk, ChannelKey.INBOX, DeliveryStatus.DELIVERED, *urgency_params]
    return execute(sql, [*head, reason_of(message), now, now, now, now, message.municipality_id, *target.params])


def _to_ways(target: Target, ways: Sequence[str]) -> int:
    """Write one row for the first way of each person, or in an emergency one for each way."""
    message, now = target.message, moment(target.now)
    settings = sending_settings()
    place, place_params = place_of_way(settings.order)
    urgency, urgency_params = _urgency(target)
    capped, capped_params = _capped(target, settings.weekly_cap)
    status = f"CASE WHEN {capped} THEN %s ELSE %s END"
    error = f"CASE WHEN {capped} THEN '{CAPPED}' ELSE '' END"
    only, only_params = _first_of_each(target)
    sql = (
        f"INSERT INTO {DELIVERIES} ({COLUMNS}) "
        f"SELECT %s, %s, r.id, w.channel, w.endpoint_id, {status}, r.language, {urgency}, 0, %s, %s, %s, 0, '', NULL, NULL, "
        f"'', {error} FROM (SELECT n.*, row_number() OVER (PARTITION BY n.recipient_id ORDER BY n.place, n.endpoint_id) "
        "AS turn FROM (SELECT e.recipient_id, e.id AS endpoint_id, e.channel, "
        f"{place} AS place, row_number() OVER (PARTITION BY e.recipient_id, e.channel ORDER BY e.id DESC) AS newest "
        f"FROM {ENDPOINTS} e JOIN {RECIPIENTS} r ON r.id = e.recipient_id "
        f"WHERE e.municipality_id = %s AND e.status = %s AND e.ended_at IS NULL AND e.channel IN ({marks(ways)}) "
        f"AND e.recipient_id IN ({target.people})) n WHERE n.newest = 1) w "
        f"JOIN {RECIPIENTS} r ON r.id = w.recipient_id WHERE {only} ON CONFLICT (message_id, recipient_id, channel) DO NOTHING"
    )
    chosen = [*capped_params, DeliveryStatus.SKIPPED, DeliveryStatus.WAITING]
    head = [message.municipality_id, message.pk, *chosen, *urgency_params, reason_of(message), now, now]
    inner = [*place_params, message.municipality_id, EndpointStatus.ACTIVE, *ways]
    return execute(sql, [*head, *capped_params, *inner, *target.params, *only_params])


def _first_of_each(target: Target) -> tuple[str, list[Any]]:
    """Return the condition for the one way ``w`` of each person ``r``: not where post, which they can have, comes before it."""
    if target.is_emergency:
        return "1 = 1", []
    first = f"w.turn = 1 AND w.place < {NOT_WANTED}"
    if not target.may_be_posted:
        return first, []
    place, (home, home_params) = place_in_own_order(POST), _home(target)
    return f"{first} AND NOT ({place} BETWEEN 1 AND w.place AND {home})", home_params


def _home(target: Target) -> tuple[str, list[Any]]:
    """Return the condition for a person ``r`` to whom a letter can be addressed: registered, or with an address for post."""
    sql = (
        f"(r.resident_id IS NOT NULL OR r.id IN (SELECT recipient_id FROM {ENDPOINTS} WHERE municipality_id = %s "
        "AND channel = %s AND status = %s AND ended_at IS NULL))"
    )
    return sql, [target.message.municipality_id, ChannelKey.POST, EndpointStatus.ACTIVE]


def _capped(target: Target, limit: int) -> tuple[str, list[Any]]:
    """Return the condition for people who have been rung at often enough this week; never true where nobody can have been."""
    message = target.message
    if message.kind != MessageKind.BROADCAST or limit == 0:
        return "1 = 0", []
    since = target.now - timedelta(days=CAP_DAYS)
    recent = list(
        Message.objects.filter(kind=MessageKind.BROADCAST, fanned_out_at__gte=since)
        .exclude(pk=message.pk)
        .values_list("pk", flat=True)
    )
    if len(recent) < limit:
        return "1 = 0", []
    sql = (
        f"r.id IN (SELECT d.recipient_id FROM {DELIVERIES} d WHERE d.message_id IN ({marks(recent)}) "
        f"AND d.channel NOT IN (%s, %s) AND d.status NOT IN (%s, %s) GROUP BY d.recipient_id HAVING count(*) >= {int(limit)})"
    )
    return sql, [*recent, ChannelKey.INBOX, ChannelKey.POST, DeliveryStatus.SKIPPED, DeliveryStatus.CANCELLED]


def _to_post(target: Target) -> int:
    """
    Write a letter for everybody of ``_whom_to_post`` whom no other way rings at: people print and post these.

    An entry of the inbox is no such way for whoever chose post, nor for whoever does not look into it.
    """
    message, now = target.message, moment(target.now)
    urgency, urgency_params = _urgency(target)
    home, home_params = _home(target)
    whom, whom_params = _whom_to_post(target)
    sql = (
        f"INSERT INTO {DELIVERIES} ({COLUMNS}) "
        f"SELECT %s, %s, r.id, %s, NULL, %s, r.language, {urgency}, 9, %s, %s, %s, 0, '', NULL, NULL, '', '' "
        f"FROM {RECIPIENTS} r WHERE r.municipality_id = %s AND {home} AND r.id IN ({target.people}) "
        f"AND r.id NOT IN (SELECT recipient_id FROM {DELIVERIES} WHERE message_id = %s AND channel <> %s "
        f"AND (status NOT IN (%s, %s) OR error = '{CAPPED}')) AND ({whom}) ON CONFLICT (message_id, recipient_id, channel) DO NOTHING"
    )
    head = [message.municipality_id, message.pk, ChannelKey.POST, DeliveryStatus.WAITING, *urgency_params]
    body = [reason_of(message), now, now, message.municipality_id, *home_params, *target.params]
    rung = [message.pk, ChannelKey.INBOX, DeliveryStatus.SKIPPED, DeliveryStatus.FAILED]
    return execute(sql, [*head, *body, *rung, *whom_params])


def _whom_to_post(target: Target) -> tuple[str, list[Any]]:
    """
    Return the condition for people ``r`` who get a letter where nothing rings at them.

    They chose post; or the message asks for post and stands in no inbox of theirs they look into; or, where it leaves the way
    to them, an address for post is all the city has of them.
    """
    chose = f"{place_in_own_order(POST)} > 0"
    if target.asks_for_post:
        message, unseen = target.message, moment(target.now - timedelta(days=UNSEEN_DAYS))
        sql = (
            f"{chose} OR r.id NOT IN (SELECT recipient_id FROM {DELIVERIES} WHERE message_id = %s AND channel = %s) "
            f"OR r.account_id IN (SELECT id FROM {ACCOUNTS} WHERE last_login IS NULL OR last_login < %s)"
        )
        return sql, [message.pk, ChannelKey.INBOX, unseen]
    return f"{chose} OR (r.resident_id IS NULL AND r.account_id IS NULL AND {no_order()})", []
