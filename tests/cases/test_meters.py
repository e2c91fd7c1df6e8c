"""The meters move when the real module works: cases opened and closed, days to close, overdue, tasks done."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from madoguchi.cases.api import complete_task, open_case, open_tasks
from madoguchi.cases.models import Case
from madoguchi.cases.services.timing import raise_overdue
from madoguchi.kit import clock
from madoguchi.trust.api import meters, read_meter
from tests.trust.people import events_of

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def begin(people: SimpleNamespace, number: int, days: int | None = 5) -> Case:
    due_on = None if days is None else clock.today() + timedelta(days=days)
    return open_case(
        kind="tests.subject", subject_id=number, title="届出", unit=people.residents, due_on=due_on, channel="online", variables={}
    )  # fmt: skip


def value(key: str) -> Any:
    """Read a meter on the day that is today."""
    return read_meter(key, clock.today(), clock.today())


def test_opening_working_and_closing_move_the_meters(people: SimpleNamespace) -> None:
    first, _second = begin(people, 1), begin(people, 2, days=1)
    assert (value("cases.case.opened"), value("cases.case.open")) == (2, 2)
    with clock.frozen(NOW + timedelta(days=4)):
        complete_task(task=open_tasks(first)[0], outcome="accept", actor=people.staff)
        assert value("cases.case.closed") == 1
        assert value("cases.task.completed") == 1
        assert value("cases.case.open") == 1
        assert value("cases.case.days_to_close") == Decimal(4)
        assert value("cases.case.in_time") == Decimal(100)
        assert value("cases.case.overdue") == Decimal(100)


def test_every_meter_is_well_configured(city: Any) -> None:
    own = [meter for key, meter in meters.items() if key.startswith("cases.")]
    assert len(own) == 7
    assert [problem for meter in own for problem in meter.check_config()] == []


def test_a_case_past_its_due_date_becomes_urgent_once(people: SimpleNamespace) -> None:
    begin(people, 1, days=2)
    begin(people, 2, days=None)
    with clock.frozen(NOW + timedelta(days=2)):
        assert raise_overdue() == 0
    with clock.frozen(NOW + timedelta(days=5)):
        assert (raise_overdue(), raise_overdue()) == (1, 0)
    assert [(event.quantity, event.data["unit"]) for event in events_of("cases.case.overdue")] == [
        (3, people.residents.pk)
    ]
    assert sorted(Case.objects.values_list("priority", flat=True)) == [1, 2]
