"""Every meter of procedures moves when the real thing happens: created, published, applied for, decided, retired, found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from madoguchi.cases.api import complete_task, open_tasks
from madoguchi.cases.services.access import access_case
from madoguchi.kit import clock
from madoguchi.procedures.enums import Channel
from madoguchi.procedures.models import Application, Procedure, ProcedureVersion
from madoguchi.procedures.rules.agents import is_program
from madoguchi.procedures.selectors.own_meters import OWN_METERS
from madoguchi.procedures.services.applying import start_draft, submit
from madoguchi.procedures.services.casework import open_case_for, request_correction
from madoguchi.procedures.services.definitions import create_procedure, new_draft, publish, retire
from madoguchi.procedures.services.samples import sample_documents
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Event, acting_for, meters, read_meter
from madoguchi.trust.enums import AccountKind, AssuranceLevel, Role
from tests.trust.people import make_account, make_odawara, make_staff, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
CODE = "dog-death"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(autouse=True)
def quick(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    host_table.clear()
    caches["default"].clear()
    yield
    host_table.clear()


@pytest.fixture
def hall(db: Any) -> Iterator[SimpleNamespace]:
    city = make_odawara()
    with clock.frozen(NOON), acting_for(city):
        unit = make_unit("市民課")
        yield SimpleNamespace(
            city=city,
            unit=unit,
            designer=make_staff("sekkei", Role.DESIGNER),
            staff=make_staff("shinsa", Role.SECTION_STAFF, unit=unit),
            resident=make_account("hanako", kind=AccountKind.RESIDENT),
        )


def value(key: str, on: datetime = NOON) -> Decimal | int | None:
    return read_meter(f"procedures.{key}", on.date(), on.date())


def make_public(hall: SimpleNamespace, code: str = CODE) -> ProcedureVersion:
    document = next(item for item in sample_documents(hall.city) if item["code"] == code)
    draft = create_procedure(code=code, document=document, actor=hall.designer, unit=hall.unit)
    return publish(version=draft, actor=hall.designer)


def send(hall: SimpleNamespace, version: ProcedureVersion, account: Account, channel: Channel) -> Application:
    answers = next(test.answers for test in version.definition.tests if test.expect.get("valid"))
    draft = start_draft(version=version, account=account, channel=channel)
    draft.answers = dict(answers)
    draft.save()
    application = submit(draft=draft, actor=account, assurance=AssuranceLevel.ACCOUNT)
    return open_case_for(application_id=application.pk)


def decide(application: Application, actor: Account) -> None:
    assert application.case is not None
    (task,) = open_tasks(application.case)
    complete_task(task=task, outcome="accept", actor=actor)


def test_creating_is_not_yet_publishing_and_retiring_takes_a_procedure_away(hall: SimpleNamespace) -> None:
    document = next(item for item in sample_documents(hall.city) if item["code"] == CODE)
    draft = create_procedure(code=CODE, document=document, actor=hall.designer, unit=hall.unit)
    assert (value("published"), value("newly_published")) == (0, 0)
    version = publish(version=draft, actor=hall.designer)
    assert (value("published"), value("newly_published")) == (1, 1)
    procedure = version.procedure
    later = NOON + timedelta(days=3)
    with clock.frozen(later):
        retire(procedure=procedure, actor=hall.designer)
        assert Procedure.objects.get().retired_at == later
        assert value("published", later) == 0
        assert value("newly_published", later) == 1, "it was new in this fiscal year all the same"
    again = later + timedelta(days=1)
    with clock.frozen(again):
        publish(version=new_draft(procedure=procedure, actor=hall.designer), actor=hall.designer)
        assert Procedure.objects.get().retired_at is None
        assert (value("published", again), value("newly_published", again)) == (1, 1)
    next_year = datetime(2027, 4, 1, 12, tzinfo=clock.TOKYO)
    with clock.frozen(next_year):
        assert (value("published", next_year), value("newly_published", next_year)) == (1, 0)


def test_applications_their_channels_and_corrections_are_counted(hall: SimpleNamespace) -> None:
    version = make_public(hall)
    assert value("online_share") is None
    first = send(hall, version, hall.resident, Channel.ONLINE)
    send(hall, version, hall.staff, Channel.COUNTER)
    assert (value("applications"), value("applications_online"), value("online_share")) == (2, 1, 50)
    assert value("corrections") == 0
    request_correction(application=first, fields=["died_on"], message="日付", due_on=None, actor=hall.staff)
    assert value("corrections") == 1


def test_days_to_the_decision_and_the_minutes_saved_come_with_the_decision(hall: SimpleNamespace) -> None:
    version = make_public(hall)
    fast, slow = (send(hall, version, hall.resident, Channel.ONLINE) for _number in range(2))
    minutes = version.definition.minutes
    decide(fast, hall.staff)
    assert (value("days_to_decision"), value("minutes_saved")) == (0, minutes.before - minutes.after)
    later = NOON + timedelta(days=4)
    with clock.frozen(later):
        assert slow.case is not None
        access_case(actor=hall.staff, number=slow.case.number, purpose="審査")
    with clock.frozen(later + timedelta(minutes=2)):
        decide(slow, hall.staff)
        assert (value("days_to_decision", later), value("minutes_saved", later)) == (4, minutes.before - 2)


def look(query: str, agent: str = PHONE, **headers: str) -> None:
    client = Client(headers={"host": "odawara.localhost", "user-agent": agent, **headers})
    assert client.get(f"/procedures/find/?{query}").status_code == 200


def test_a_finished_search_counts_once_and_programs_never(hall: SimpleNamespace) -> None:
    version = make_public(hall)
    event = version.definition.life_events[0]
    done = f"event={event}&dog=yes&result=1"
    look(f"event={event}&result=1")
    assert value("finder_uses") == 0, "nothing was answered"
    look(done, CRAWLER)
    look(done, "curl/8.5.0")
    look(done, "")
    look(done, **{"sec-purpose": "prefetch;prerender"})
    assert value("finder_uses") == 0
    look(done)
    look(done)
    assert value("finder_uses") == 1
    look(done, PHONE.replace("Pixel 9", "Pixel 8"))
    look(f"event={event}&dog=no&result=1")
    assert value("finder_uses") == 3
    used = Event.objects.filter(key="procedures.finder.used").first()
    assert used is not None
    assert set(used.data) == {"life_event", "language", "answers"}
    tomorrow = NOON + timedelta(days=1)
    with clock.frozen(tomorrow):
        look(done)
        assert value("finder_uses", tomorrow) == 1


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (PHONE, False),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36", False),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9) Presto/2.12", False),
        (CRAWLER, True),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", True),
        ("Mozilla/5.0 HeadlessChrome/140", True),
        ("python-requests/2.32", True),
        ("Wget/1.21", True),
        (" ", True),
    ],
)
def test_programs_are_known_by_their_names(agent: str, expected: bool) -> None:
    assert is_program(agent) is expected


def test_every_meter_is_well_configured_and_driven_by_a_test(hall: SimpleNamespace) -> None:
    driven = {
        "published", "newly_published", "applications", "applications_online", "online_share", "days_to_decision",
        "corrections", "finder_uses", "minutes_saved",
    }  # fmt: skip
    by_surveys = {"survey_answers"}
    assert {meter.key for meter in OWN_METERS} == {f"procedures.{key}" for key in driven | by_surveys}
    assert [problem for meter in OWN_METERS for problem in meters.get(meter.key).check_config()] == []
