"""The feed of events: filtered, in pages, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from madoguchi.kit import clock

from ..enums import Stream
from ..events import event_types
from ..models import Event, Seal
from ..rules.seals import member_ids


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with the sentence of its kind, its subject in words, and the seal that holds it (None: not yet)."""

    event: Event
    label: str
    subject: str
    is_refusal: bool
    seal: int | None


def find_events(
    *, key: str = "", from_date: date | None = None, to_date: date | None = None, actor: str = ""
) -> QuerySet[Event]:
    """Return the events of the municipality in scope, the newest first; ``actor`` is part of a name or a login name."""
    found = Event.objects.select_related("actor").order_by("-id")
    if key:
        found = found.filter(key=key)
    if from_date:
        found = found.filter(at__gte=_begin(from_date))
    if to_date:
        found = found.filter(at__lt=_begin(to_date + timedelta(days=1)))
    if actor:
        found = found.filter(Q(actor__name__contains=actor) | Q(actor__login__icontains=actor))
    return found


def event_lines(events: list[Event]) -> list[EventLine]:
    """Return events in words, with their seals."""
    seals = seal_numbers([event.pk for event in events])
    return [_line(event, seals.get(event.pk)) for event in events]


def _line(event: Event, seal: int | None) -> EventLine:
    kind = event_types.find(event.key)
    subject = gettext(_nouns().get(event.subject_type, event.subject_type))
    return EventLine(event, kind.label if kind else event.key, subject, bool(kind and kind.is_refusal), seal)


@cache
def _nouns() -> dict[str, str]:
    """Return what each kind of subject is called."""
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models()}


def seal_numbers(row_ids: list[int]) -> dict[int, int]:
    """Return the number of the seal that holds each of some events."""
    if not row_ids:
        return {}
    near = Seal.objects.filter(stream=Stream.EVENTS, first_id__lte=max(row_ids), last_id__gte=min(row_ids))
    wanted, found = set(row_ids), {}
    for number, members, count in near.values_list("number", "members", "count"):
        for row_id in member_ids(bytes(members), count):
            if row_id in wanted:
                found[row_id] = number
    return found


def kinds_of_events() -> list[tuple[str, str]]:
    """Return (key, sentence) of every kind of event the program writes."""
    return [(kind.key, kind.label) for kind in event_types]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)
