"""Claiming what is due: a batch of one way, taken by this process alone, with all that is needed to write it."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db import connection, transaction

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope

from ...enums import DeliveryStatus
from .processes import own_name
from .statements import DELIVERIES, ENDPOINTS, RECIPIENTS, execute, moment, rows

_numbers = itertools.count(1)


class Claimed(NamedTuple):
    """One row of the outbox with the person and the address it goes to."""

    id: int
    message_id: int
    recipient_id: int
    language: str
    attempts: int
    urgency: int
    endpoint_id: int | None
    address: str
    details: dict[str, Any]
    endpoint_status: str
    endpoint_ended: bool
    endpoint_failures: int
    name: str
    town: str
    quiet_from: time | None
    quiet_until: time | None
    has_account: bool
    has_ended: bool
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch in the hands of this process: the token all its rows carry."""

    token: str
    at: datetime
    rows: list[Claimed]


def most_urgent(channel: str) -> int | None:
    """Return the urgency of what is to be sent first by a way, None where nothing is due."""
    found = rows(
        f"SELECT urgency FROM {DELIVERIES} WHERE municipality_id = %s AND channel = %s AND status = 'waiting' "
        "AND due_at <= %s ORDER BY urgency, due_at LIMIT 1",
        [municipality_in_scope().pk, channel, moment(clock.now())],
    )
    return found[0][0] if found else None


@transaction.atomic
def claim(channel: str, *, limit: int) -> Claim:
    """Take what is due by a way, the most urgent first; other processes leave it alone from then on."""
    now, token = clock.now(), f"{own_name()}/{next(_numbers)}"
    municipality = municipality_in_scope().pk
    due = (
        f"SELECT id FROM {DELIVERIES} WHERE municipality_id = %s AND channel = %s AND status = 'waiting' "
        f"AND due_at <= %s ORDER BY urgency, due_at, id LIMIT {int(limit)}"
    )
    # PostgreSQL may ask a subquery behind IN once for every row, and each time it skips what it has locked: more than the
    # limit would be taken. Behind ARRAY it is asked once.
    chosen = f"= ANY(ARRAY({due} FOR UPDATE SKIP LOCKED))" if connection.vendor == "postgresql" else f"IN ({due})"
    execute(
        f"UPDATE {DELIVERIES} SET status = %s, claimed_by = %s, claimed_at = %s, attempts = attempts + 1 WHERE id {chosen}",
        [DeliveryStatus.SENDING, token, moment(now), municipality, channel, moment(now)],
    )
    return Claim(token, now, _read(token, now))


def _read(token: str, at: datetime) -> list[Claimed]:
    has_details = "e.details::text <> '{}'" if connection.vendor == "postgresql" else "e.details <> '{}'"
    found = rows(
        "SELECT d.id, d.message_id, d.recipient_id, d.language, d.attempts, d.urgency, d.endpoint_id, coalesce(e.address, ''), "
        f"CASE WHEN {has_details} THEN e.details ELSE NULL END, coalesce(e.status, ''), e.ended_at IS NOT NULL, "
        "coalesce(e.failures, 0), r.name, r.town, r.quiet_from, r.quiet_until, r.account_id IS NOT NULL, r.ended_at IS NOT NULL, "
        "coalesce(r.paused_until > %s, false) "
        f"FROM {DELIVERIES} d JOIN {RECIPIENTS} r ON r.id = d.recipient_id "
        f"LEFT JOIN {ENDPOINTS} e ON e.id = d.endpoint_id "
        "WHERE d.status = 'sending' AND d.claimed_at = %s AND d.claimed_by = %s ORDER BY d.urgency, d.id",
        [moment(at), moment(at), token],
    )
    return [_claimed(row) for row in found]


def _claimed(row: tuple[Any, ...]) -> Claimed:
    claimed = Claimed._make(row)
    if claimed.details or claimed.quiet_from is not None or claimed.quiet_until is not None:
        return claimed._replace(
            details=_details(claimed.details),
            quiet_from=_time(claimed.quiet_from),
            quiet_until=_time(claimed.quiet_until),
        )
    return claimed


def _details(kept: Any) -> dict[str, Any]:
    if isinstance(kept, str):
        kept = json.loads(kept) if kept != "{}" else {}
    return kept if isinstance(kept, dict) else {}


def _time(kept: Any) -> time | None:
    return time.fromisoformat(kept) if isinstance(kept, str) else kept
