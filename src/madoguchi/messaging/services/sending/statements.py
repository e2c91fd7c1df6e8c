"""Pieces of SQL that the steps of sending share: tables and columns of the outbox, people, places of ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ...models import Delivery, Endpoint, Recipient
from ...models.statements import execute, marks, moment, rows
from ...registry import channels

__all__ = [
    "COLUMNS",
    "DELIVERIES",
    "ENDPOINTS",
    "NOT_WANTED",
    "RECIPIENTS",
    "automatic_channels",
    "execute",
    "marks",
    "moment",
    "no_order",
    "people",
    "place_in_own_order",
    "place_of_way",
    "rows",
]

DELIVERIES = Delivery._meta.db_table
ENDPOINTS = Endpoint._meta.db_table
RECIPIENTS = Recipient._meta.db_table
NOT_WANTED = 1000
"""The place of a way that is not in the person's order: used in emergencies alone."""

COLUMNS = (
    "municipality_id, message_id, recipient_id, channel, endpoint_id, status, language, urgency, rank, reason, "
    "queued_at, due_at, attempts, claimed_by, sent_at, delivered_at, provider_id, error"
)


def people(chosen: QuerySet[Recipient]) -> tuple[str, tuple[Any, ...]] | None:
    """Return a query of recipients as a subquery of their ids with its values; None where nobody can be in it."""
    try:
        sql, params = chosen.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def place_of_way(order: Sequence[str]) -> tuple[str, list[Any]]:
    """
    Return SQL for the place of the way ``e.channel`` in the order of the person ``r``: the smallest comes first.

    The person's list is searched as text: its keys are quoted and none is part of another.
    """
    own = place_in_own_order("e.channel")
    usual = " ".join(f"WHEN %s THEN {place}" for place, _ in enumerate(order, start=1))
    usual = f"CASE e.channel {usual} ELSE 100 END" if order else "100"
    return f"CASE WHEN {no_order()} THEN {usual} WHEN {own} > 0 THEN {own} ELSE {NOT_WANTED} END", list(order)


def no_order() -> str:
    """Return SQL for: the person ``r`` has put the ways in no order of their own."""
    return "r.channels::text = '[]'" if connection.vendor == "postgresql" else "r.channels = '[]'"


def place_in_own_order(channel: str) -> str:
    """Return SQL for where the order of the person ``r`` names a way (an SQL expression of its key); 0 where it does not."""
    if connection.vendor == "postgresql":
        return f"strpos(r.channels::text, '\"' || {channel} || '\"')"
    return f"instr(r.channels, '\"' || {channel} || '\"')"


def automatic_channels(wanted: Sequence[str] = ()) -> list[str]:
    """Return the keys of the ways that send by themselves and are set up, of those wanted (none: of all)."""
    return [
        channel.key
        for channel in channels
        if channel.is_automatic and (not wanted or channel.key in wanted) and channel.is_ready()
    ]
