"""Events to seal, and what the seals hold."""

from __future__ import annotations

from madoguchi.trust import events
from madoguchi.trust.api import Municipality, acting_for, record_event
from madoguchi.trust.enums import Stream
from madoguchi.trust.models import Event, Seal
from madoguchi.trust.rules.seals import member_ids


def write(city: Municipality, count: int = 3) -> list[Event]:
    """Record some events of a city."""
    with acting_for(city):
        return [record_event(kind=events.SIGNED_IN, subject=city, data={"n": n}) for n in range(count)]


def sealed_in(city: Municipality) -> list[int]:
    """Return the row numbers the seals of a city hold, in their order."""
    with acting_for(city):
        seals = Seal.objects.filter(stream=Stream.EVENTS).order_by("number")
        return [row_id for seal in seals for row_id in member_ids(bytes(seal.members), seal.count)]


def all_ids(city: Municipality) -> list[int]:
    """Return the row numbers of all events of a city."""
    with acting_for(city):
        return list(Event.objects.order_by("id").values_list("id", flat=True))
