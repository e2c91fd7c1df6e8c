"""
The work list: one question as sentences, answered by an index whatever the size.

Open cases are walked in the order of their due dates from a cursor (keyset), so page 1 and page 1,000 cost the same.
Several desks are read one by one and merged; counts stop at 1,000.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Collate

from madoguchi.kit import clock
from madoguchi.kit.ids import parse_case_number
from madoguchi.kit.names import search_key
from madoguchi.trust.api import Account

from ..enums import CaseStatus
from ..models import Case

PER_PAGE = 50
COUNTED = 1000
MERGED_DESKS = 12
WHO = ("me", "free", "unit")
DUE = ("over", "today", "3", "7", "none")
COLUMNS = ("person", "step", "assignee", "due", "desk", "opened", "channel", "topic")
SHOWN = ("person", "step", "assignee", "due")


@dataclass(frozen=True, slots=True)
class Question:
    """
    What somebody asks of the work list.

    ``who``: me, free (nobody's), unit (everybody's). ``due``: over, today, 3 or 7 (days), none. ``after`` and ``before``
    are cursors ``YYYY-MM-DD.id``.
    """

    who: str = "unit"
    due: str = ""
    status: str = ""
    desk: int | None = None
    topic: str = ""
    text: str = ""
    closed: bool = False
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the work list, with the cursors of the pages beside it."""

    cases: list[Case]
    next_cursor: str
    previous_cursor: str


def find_cases(question: Question, *, account: Account, units: frozenset[int] | None, size: int = PER_PAGE) -> Found:
    """Return a page of the cases a question asks for, of the units the account works for."""
    if question.text:
        return Found(_searched(question, account, units, size), "", "")
    backwards = bool(question.before) and not question.after
    rows = [
        _walk(_filtered(part, question, account), question, backwards=backwards)[: size + 1]
        for part in _parts(question, units)
    ]
    cases = _merged(rows, backwards=backwards)[: size + 1]
    more = len(cases) > size
    cases = cases[:size]
    if backwards:
        cases.reverse()
        return Found(cases, cursor_of(cases[-1]) if cases else "", cursor_of(cases[0]) if more else "")
    return Found(cases, cursor_of(cases[-1]) if more else "", cursor_of(cases[0]) if question.after and cases else "")


def count_cases(question: Question, *, account: Account, units: frozenset[int] | None) -> int:
    """Return how many cases a question asks for; 1,001 means more than a thousand."""
    total = 0
    for part in _parts(replace(question, after="", before=""), units):
        total += _filtered(part, question, account).order_by()[: COUNTED + 1 - total].count()
        if total > COUNTED:
            break
    return total


def cursor_of(case: Case) -> str:
    """Return the place of a case in the list."""
    return f"{case.order_on.isoformat()}.{case.pk}"


def parse_cursor(text: str) -> tuple[date, int] | None:
    """Return the place a cursor names, or None for anything else."""
    day, _, pk = text.partition(".")
    try:
        return (date.fromisoformat(day), int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    except ValueError:
        return None


def _base() -> QuerySet[Case]:
    return Case.objects.select_related("desk", "assignee").defer("state", "search_key")


def _parts(question: Question, units: frozenset[int] | None) -> list[QuerySet[Case]]:
    """Return the queries to merge: one per desk while an index can walk each, else one for all."""
    if question.desk is not None:
        allowed = units is None or question.desk in units
        return [_base().filter(desk_id=question.desk)] if allowed else []
    if units is None:
        return [_base()]
    if question.who == "me" or len(units) > MERGED_DESKS:
        return [_base().filter(desk_id__in=units)] if units else []
    return [_base().filter(desk_id=unit) for unit in sorted(units)]


def _filtered(cases: QuerySet[Case], question: Question, account: Account) -> QuerySet[Case]:
    found = cases.filter(closed_at__isnull=not question.closed)
    if question.who == "me":
        found = found.filter(assignee=account)
    elif question.who == "free":
        found = found.filter(assignee__isnull=True)
    if question.status in CaseStatus.values:
        found = found.filter(status=question.status)
    if question.topic:
        found = found.filter(topic=question.topic)
    return found.filter(_due(question.due)) if question.due else found


def _due(due: str) -> Q:
    today = clock.today()
    if due == "over":
        return Q(order_on__lt=today)
    if due == "none":
        return Q(due_on__isnull=True)
    days = {"today": 0, "3": 3, "7": 7}.get(due)
    return Q() if days is None else Q(order_on__lte=today + timedelta(days=days))


def _walk(cases: QuerySet[Case], question: Question, *, backwards: bool) -> QuerySet[Case]:
    place = parse_cursor(question.before if backwards else question.after)
    if place is not None:
        day, pk = place
        later = Q(order_on__gt=day) | Q(order_on=day, pk__gt=pk)
        earlier = Q(order_on__lt=day) | Q(order_on=day, pk__lt=pk)
        # The first bound alone lets both databases start in the index at the right day.
        cases = cases.filter(Q(order_on__lte=day), earlier) if backwards else cases.filter(Q(order_on__gte=day), later)
    return cases.order_by("-order_on", "-pk") if backwards else cases.order_by("order_on", "pk")


def _merged(parts: Sequence[Iterable[Case]], *, backwards: bool) -> list[Case]:
    if len(parts) == 1:
        return list(parts[0])
    return list(heapq.merge(*parts, key=lambda case: (case.order_on, case.pk), reverse=backwards))


def _searched(question: Question, account: Account, units: frozenset[int] | None, size: int) -> list[Case]:
    """Find by number, else by the beginning of a name, else by a part of it; closed ones too."""
    cases = _base() if units is None else _base().filter(Q(desk_id__in=units) | Q(unit_id__in=units))
    number = parse_case_number(question.text)
    if number is not None and (exact := list(cases.filter(number=number))):
        return exact
    key = search_key(question.text)
    if not key:
        return []
    found = list(_beginning_with(cases, key)[:size])
    return found or list(cases.filter(search_key__contains=key).order_by("order_on", "pk")[:size])


def _beginning_with(cases: QuerySet[Case], key: str) -> QuerySet[Case]:
    """Return the cases whose key begins with this one, by name: a range of an index, where LIKE would read every row."""
    collation = "C" if connection.vendor == "postgresql" else "BINARY"
    bytewise = cases.annotate(name_key=Collate("search_key", collation))
    return bytewise.filter(name_key__gte=key, name_key__lt=key + chr(0x10FFFF)).order_by("name_key", "pk")
