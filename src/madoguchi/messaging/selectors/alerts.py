"""What is live now: asked by every page, every screen and every open browser, so it is remembered for a moment."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import acting_for, current_municipality, municipality_in_scope

from ..enums import AlertState, AlertStatus
from ..models import Alert

FEED_DAYS = timedelta(days=30)
FEED_ENTRIES = 100


class _LiveTable:
    """Live alerts by municipality, read anew when they are older than a moment or this process changed them."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._known: dict[int, tuple[float, list[Alert]]] = {}
        self._lock = threading.Lock()
        self._thread = threading.local()

    def get(self, municipality: Any) -> list[Alert]:
        """
        Return what was live a moment ago; one thread asks the database, others take what was known a moment longer.

        Nobody waits for another thread here: one that holds the database might be waiting in its turn.
        """
        if self._is_changing():
            return self._ask(municipality)
        found = self._known.get(municipality.pk)
        age = None if found is None else time.monotonic() - found[0]
        if found is not None and age is not None and age < self.seconds:
            return found[1]
        is_asking = self._lock.acquire(blocking=False)
        if not is_asking and found is not None and age is not None and age < 2 * self.seconds:
            return found[1]
        try:
            asked = time.monotonic()
            alerts = self._ask(municipality)
            self._known[municipality.pk] = (asked, alerts)
        finally:
            if is_asking:
                self._lock.release()
        return alerts

    def _is_changing(self) -> bool:
        """Tell whether this thread is within a transaction that changes an alert: nobody else may be told of that yet."""
        if not getattr(self._thread, "is_changing", False):
            return False
        self._thread.is_changing = transaction.get_connection().in_atomic_block
        return bool(self._thread.is_changing)

    def _ask(self, municipality: Any) -> list[Alert]:
        if current_municipality() == municipality:
            return list(_live())
        with acting_for(municipality):
            return list(_live())

    def clear(self) -> None:
        """Forget everything, so that the next one asks the database."""
        self._thread.is_changing = False
        self._known = {}

    def note_change(self) -> None:
        """Have this thread ask the database until its transaction is over, and everybody once it is committed."""
        self._thread.is_changing = True
        transaction.on_commit(self.clear)


def _live() -> QuerySet[Alert]:
    return Alert.objects.filter(state=AlertState.ISSUED).defer("cap_xml").order_by("-id")


live_table = _LiveTable(seconds=0.5)


def live_alerts(municipality: Any = None, *, drills: bool | None = None) -> list[Alert]:
    """
    Return the live alerts of a municipality (default: the one in scope), the gravest first; at most a second old.

    ``drills`` True returns drills alone, False leaves them out. What has expired is left out at once. Do not change the rows.
    """
    now = clock.now()
    found = [
        alert
        for alert in live_table.get(municipality or municipality_in_scope())
        if (alert.expires_at is None or alert.expires_at > now) and (drills is None or alert.is_drill == drills)
    ]
    return sorted(found, key=gravity)


def gravity(alert: Alert) -> tuple[bool, int, int, int]:
    """Return the place of an alert among others: actual ones first, then by evacuation level, severity, newest."""
    order = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
    return (alert.is_drill, -(alert.evacuation_level or 0), order.index(alert.severity), -alert.pk)


def forget_live_alerts() -> None:
    """Have this process read the live alerts anew once the present transaction is committed (and within it)."""
    live_table.note_change()


def find_alert(key: str) -> Alert | None:
    """Return the alert with a key, or None."""
    return Alert.objects.filter(key=key).first()


def is_live(alert: Alert) -> bool:
    """Tell whether an alert holds at this moment."""
    return alert.state == AlertState.ISSUED and (alert.expires_at is None or alert.expires_at > clock.now())


def find_live(event_key: str, *, status: str = AlertStatus.ACTUAL) -> Alert | None:
    """Return the live alert of an event, straight from the database, or None."""
    return Alert.objects.filter(event_key=event_key, status=status, state=AlertState.ISSUED).first()


def chain_of(alert: Alert) -> QuerySet[Alert]:
    """Return everything said about the event of an alert, the first word first; drafts are left out."""
    origin = alert.origin_id or alert.pk
    said = Alert.objects.filter(Q(pk=origin) | Q(origin_id=origin)).exclude(issued_at=None)
    return said.order_by("id")


def published_alerts(status: str) -> QuerySet[Alert]:
    """Return what was said in the last month, actual or drills, the newest first."""
    since = clock.now() - FEED_DAYS
    said = Alert.objects.filter(status=status, issued_at__gte=since).defer("cap_xml")
    return said.order_by("-issued_at", "-id")[:FEED_ENTRIES]
