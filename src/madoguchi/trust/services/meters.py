"""The daily roll-up of meters, which follows the chain of events so that late ones are not missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from madoguchi.kit import clock

from ..enums import Stream
from ..models import Event, MeterMark, MeterReading, Seal, municipality_in_scope
from ..registry import Meter, meters
from ..rules.seals import member_ids
from ..selectors.meters import DayValue, measure_days

SEALS_AT_ONCE = 200
CHUNK = 1000


def roll_up_meters() -> int:
    """
    Bring the daily readings of every meter of the municipality in scope up to date; return how many were written.

    Meters made of events read the seals added since the last time and do again every day an event fell on, however late it
    was committed. Meters of a state note the state of today. Doing it twice changes nothing.
    """
    written = _roll_up_events()
    today = clock.today()
    for meter in meters:
        if not meter.event_keys:
            written += _store(meter, measure_days(meter, [today]))
    return written


def roll_up_days(*, key: str, days: Iterable[date]) -> int:
    """Do some days of a meter again, for instance after its definition changed; return how many readings were written."""
    meter = meters.get(key)
    return _store(meter, measure_days(meter, days))


def _roll_up_events() -> int:
    written, marks = 0, {mark.meter: mark.seal_number for mark in MeterMark.objects.all()}
    counted = [meter for meter in meters if meter.event_keys]
    for number in sorted({marks.get(meter.key, 0) for meter in counted}):
        followers = [meter for meter in counted if marks.get(meter.key, 0) == number]
        written += _follow(followers, number)
    return written


def _follow(followers: list[Meter], number: int) -> int:
    """Read the seals after ``number``, some hundred at a time, for meters that all stand there."""
    written = 0
    while seals := list(_seals_after(number)):
        days = _days_by_key(seals)
        with transaction.atomic():
            for meter in followers:
                written += _store(meter, measure_days(meter, _days_of(meter, days)))
            number = seals[-1].number
            _move_marks(followers, number)
    return written


def _seals_after(number: int) -> Iterable[Seal]:
    later = Seal.objects.filter(stream=Stream.EVENTS, number__gt=number).order_by("number")
    return later.only("number", "count", "members")[:SEALS_AT_ONCE]


def _days_by_key(seals: Iterable[Seal]) -> dict[str, set[date]]:
    row_ids = [row_id for seal in seals for row_id in member_ids(bytes(seal.members), seal.count)]
    days: dict[str, set[date]] = defaultdict(set)
    for start in range(0, len(row_ids), CHUNK):
        for key, at in Event.objects.filter(pk__in=row_ids[start : start + CHUNK]).values_list("key", "at"):
            days[key].add(clock.local(at).date())
    return days


def _days_of(meter: Meter, days: dict[str, set[date]]) -> set[date]:
    return {day for key in meter.event_keys for day in days.get(key, ())}


def _move_marks(followers: list[Meter], number: int) -> None:
    municipality = municipality_in_scope()
    marks = [MeterMark(municipality=municipality, meter=meter.key, seal_number=number) for meter in followers]
    MeterMark.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["municipality", "meter"], update_fields=["seal_number"]
    )


def _store(meter: Meter, found: Iterable[DayValue]) -> int:
    municipality, now = municipality_in_scope(), clock.now()
    readings = [
        MeterReading(
            municipality=municipality,
            meter=meter.key,
            day=value.day,
            dimension=value.dimension,
            value=value.value,
            numerator=value.numerator,
            denominator=value.denominator,
            rolled_at=now,
        )
        for value in found
    ]
    MeterReading.objects.bulk_create(
        readings,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["municipality", "meter", "dimension", "day"],
        update_fields=["value", "numerator", "denominator", "rolled_at"],
    )
    return len(readings)
