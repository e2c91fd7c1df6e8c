"""How long staff works on a case: counted from signs of life, capped where there are none, and never by person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from madoguchi.cases.api import Case, complete_task, handling_seconds, open_case, open_tasks, split_case
from madoguchi.cases.enums import Sign
from madoguchi.cases.services.handling import note_sign
from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust.models import Account

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def hall(city: Any, settings: Any) -> Iterator[None]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    yield
    host_table.clear()


def make_case(people: SimpleNamespace) -> Case:
    variables = {"payment": "none", "fee": 0, "needs_approval": False}
    return open_case(kind="tests.subject", subject_id=1, title="届出", unit=people.residents, variables=variables)


def sign(case: Case, actor: Account, kind: Sign, second: int) -> int:
    with clock.frozen(NOW + timedelta(seconds=second)):
        return note_sign(case=case, actor=actor, sign=kind)


def seconds_of(case: Case) -> int:
    return handling_seconds(Case.objects.get(pk=case.pk))


def test_the_time_between_signs_counts_and_silence_only_for_two_minutes(people: SimpleNamespace) -> None:
    case = make_case(people)
    assert sign(case, people.staff, Sign.OPENED, 0) == 0
    assert sign(case, people.staff, Sign.ALIVE, 30) == 30
    assert sign(case, people.staff, Sign.ALIVE, 60) == 30
    assert sign(case, people.staff, Sign.ALIVE, 60 + 7200) == 120
    assert sign(case, people.staff, Sign.ACTED, 7260 + 600) == 120
    assert seconds_of(case) == 300


def test_two_people_at_one_case_count_both_and_neither_makes_the_time_of_the_other(people: SimpleNamespace) -> None:
    case = make_case(people)
    sign(case, people.staff, Sign.OPENED, 0)
    assert sign(case, people.colleague, Sign.OPENED, 50) == 0
    assert sign(case, people.colleague, Sign.ALIVE, 60) == 10
    assert sign(case, people.staff, Sign.ALIVE, 60) == 60
    assert seconds_of(case) == 70


def test_without_signs_the_reading_before_an_action_counts_for_twenty_minutes_at_most(people: SimpleNamespace) -> None:
    case = make_case(people)
    sign(case, people.staff, Sign.OPENED, 0)
    assert sign(case, people.staff, Sign.ACTED, 15 * 60) == 15 * 60
    sign(case, people.staff, Sign.OPENED, 16 * 60)
    assert sign(case, people.staff, Sign.ACTED, 16 * 60 + 5 * 3600) == 20 * 60
    assert seconds_of(case) == (15 + 1 + 20) * 60


def test_who_never_opened_the_record_adds_nothing_and_is_not_shown_as_looking(people: SimpleNamespace) -> None:
    case = make_case(people)
    with clock.frozen(NOW + timedelta(hours=1)):
        complete_task(task=open_tasks(case)[0], outcome="accept", actor=people.staff)
    assert seconds_of(case) == 0
    assert sign(case, people.staff, Sign.ACTED, 3700) == 0


def test_a_closed_case_gathers_no_more_time(people: SimpleNamespace) -> None:
    case = make_case(people)
    sign(case, people.staff, Sign.OPENED, 0)
    with clock.frozen(NOW + timedelta(seconds=200)):
        complete_task(task=open_tasks(case)[0], outcome="accept", actor=people.staff)
    assert seconds_of(case) == 200
    sign(case, people.colleague, Sign.OPENED, 300)
    assert sign(case, people.colleague, Sign.ALIVE, 330) == 0
    assert seconds_of(case) == 200


def test_the_time_of_a_part_belongs_to_the_whole(people: SimpleNamespace) -> None:
    case = make_case(people)
    part = split_case(case=case, title="現地の確認", unit=people.taxes, reason="別の課", actor=people.staff)
    sign(part, people.stranger, Sign.OPENED, 0)
    sign(part, people.stranger, Sign.ALIVE, 40)
    assert (seconds_of(case), seconds_of(part)) == (40, 40)


def test_opening_reading_and_deciding_in_the_browser_is_counted(people: SimpleNamespace) -> None:
    case = make_case(people)
    client = Client(headers={"host": "odawara.localhost"})
    client.force_login(people.staff)
    assert client.get(f"/work/{case.number}/").status_code == 200
    with clock.frozen(NOW + timedelta(minutes=6)):
        data = {"task": open_tasks(case)[0].pk, "outcome": "accept"}
        assert client.post(f"/work/{case.number}/complete/", data).status_code == 302
    assert seconds_of(case) == 360


def test_the_signs_of_the_open_page_are_counted(people: SimpleNamespace) -> None:
    case = make_case(people)
    client = Client(headers={"host": "odawara.localhost"})
    client.force_login(people.staff)
    client.get(f"/work/{case.number}/")
    for second in (30, 60, 90):
        with clock.frozen(NOW + timedelta(seconds=second)):
            assert client.post(f"/work/{case.number}/presence/").status_code == 200
    assert seconds_of(case) == 90
