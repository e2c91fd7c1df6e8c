"""An application goes through the office: its case, its fee, a correction, the decision, the document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import pytest
from django.test import Client

from madoguchi.cases.api import complete_task, open_tasks
from madoguchi.cases.enums import Audience
from madoguchi.cases.services.access import access_case
from madoguchi.kit import clock
from madoguchi.ledger.api import receivables_of, take_cash
from madoguchi.ledger.enums import ReceivableStatus
from madoguchi.procedures.enums import ApplicationStatus, VersionStatus
from madoguchi.procedures.errors import ProceduresError
from madoguchi.procedures.models import Application, Procedure, ProcedureVersion
from madoguchi.procedures.rules.definition import read_definition
from madoguchi.procedures.services.applying import answer_correction, start_draft, submit, withdraw
from madoguchi.procedures.services.casework import (
    cancel_correction,
    fee_changed,
    open_case_for,
    request_correction,
    write_as_staff,
)
from madoguchi.records.api import documents_of
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, Unit, acting_for, read_meter
from madoguchi.trust.enums import AccountKind, AssuranceLevel, Role
from madoguchi.trust.errors import RefusedError
from tests.trust.people import event_keys, events_of, make_account, make_odawara, make_staff, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
DATA = resources.files("madoguchi.procedures") / "data" / "procedures"


@pytest.fixture(autouse=True)
def quick(settings, tmp_path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.frozen(NOON):
        yield


@pytest.fixture
def city(db) -> Iterator[Municipality]:
    city = make_odawara()
    with acting_for(city):
        yield city


@pytest.fixture
def people(city) -> dict[str, Account]:
    unit = make_unit("市民課")
    return {
        "resident": make_account("hanako", kind=AccountKind.RESIDENT),
        "stranger": make_account("jiro", kind=AccountKind.RESIDENT),
        "staff": make_staff("shinsa", Role.SECTION_STAFF, unit=unit),
        "chief": make_staff("shonin", Role.SECTION_CHIEF, unit=unit),
        "cashier": make_staff("shuno", Role.CASHIER),
        "elsewhere": make_staff("yoso", Role.SECTION_STAFF, unit=make_unit("税務課")),
    }


def published(code: str, **changes: Any) -> Procedure:
    """Publish a procedure of the demonstration, with some parts changed."""
    document = {**read_document(code), **changes}
    unit = Unit.objects.get(name="市民課")
    procedure = Procedure.objects.create(municipality=unit.municipality, code=code, unit=unit)
    procedure.published = ProcedureVersion.objects.create(
        municipality=unit.municipality,
        procedure=procedure,
        number=1,
        status=VersionStatus.PUBLISHED,
        document=document,
        name=document["name"]["ja"],
        edited_at=clock.now(),
        published_at=clock.now(),
    )
    procedure.save()
    return procedure


def read_document(code: str) -> dict[str, Any]:
    return dict(json.loads((DATA / f"{code}.json").read_text(encoding="utf-8")))


def send(procedure: Procedure, account: Account, answers: dict[str, Any], **facts: Any) -> Application:
    version = procedure.published
    assert version is not None
    draft = start_draft(version=version, account=account)
    draft.answers = answers
    draft.save()
    application = submit(draft=draft, actor=account, **{"assurance": AssuranceLevel.ACCOUNT, **facts})
    return open_case_for(application_id=application.pk)


def test_case_answers(code: str) -> dict[str, Any]:
    definition = read_definition(read_document(code))
    return dict(next(test.answers for test in definition.tests if test.expect.get("valid")))


test_case_answers.__test__ = False  # type: ignore[attr-defined]
answers_of = test_case_answers


def task_of(application: Application):
    assert application.case is not None
    (task,) = open_tasks(application.case)
    return task


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def pay(application: Application, cashier: Account) -> None:
    receivable = receivables_of(application).get(status=ReceivableStatus.OPEN)
    take_cash(receivable=receivable, actor=cashier)
    fee_changed(application_id=application.pk, status=ReceivableStatus.PAID)


def test_a_fee_paid_at_sending_keeps_the_work_waiting_until_it_is_there(people) -> None:
    application = send(
        published("course-entry"), people["resident"], answers_of("course-entry") | {"course": "history"}
    )
    assert application.fee == 500
    assert application.status == ApplicationStatus.AWAITING_PAYMENT
    assert open_tasks(application.case) == []
    pay(application, people["cashier"])
    assert fresh(application).status == ApplicationStatus.IN_REVIEW
    assert task_of(fresh(application)).audience == Audience.STAFF


def test_opening_the_case_twice_opens_one_and_asks_for_one_fee(people) -> None:
    application = send(
        published("course-entry"), people["resident"], answers_of("course-entry") | {"course": "history"}
    )
    again = open_case_for(application_id=application.pk)
    assert again.case_id == application.case_id
    assert again.case.number == application.number
    assert receivables_of(application).count() == 1


def test_a_payment_told_twice_moves_the_case_once(people) -> None:
    application = send(
        published("course-entry"), people["resident"], answers_of("course-entry") | {"course": "history"}
    )
    pay(application, people["cashier"])
    fee_changed(application_id=application.pk, status=ReceivableStatus.PAID)
    assert len(open_tasks(fresh(application).case)) == 1


def test_only_the_fields_asked_for_are_corrected_and_the_case_returns_to_review(people) -> None:
    application = send(published("dog-death"), people["resident"], answers_of("dog-death"))
    correction = request_correction(
        application=application,
        fields=["died_on"],
        message="死亡日が申請日より後になっています。",
        due_on=clock.today(),
        actor=people["staff"],
    )
    assert fresh(application).status == ApplicationStatus.AWAITING_CORRECTION
    answer_correction(
        correction=correction, answers={"died_on": "2026-11-09", "dog_name": "ほかの犬"}, actor=people["resident"]
    )
    after = fresh(application)
    assert after.answers["died_on"] == "2026-11-09"
    assert after.answers["dog_name"] == "ハナ"
    assert after.status == ApplicationStatus.IN_REVIEW
    assert task_of(after).audience == Audience.STAFF


@pytest.mark.parametrize(
    ("fields", "message"), [([], "説明"), (["no_such"], "説明"), (["died_on"], "  "), (["small_note"], "説明")]
)
def test_a_request_that_asks_nothing_sensible_is_refused_and_changes_nothing(people, fields, message) -> None:
    application = send(published("dog-death"), people["resident"], answers_of("dog-death"))
    before = event_keys()
    with pytest.raises(ProceduresError):
        request_correction(
            application=application, fields=fields, message=message, due_on=clock.today(), actor=people["staff"]
        )
    assert application.corrections.count() == 0
    assert fresh(application).status == ApplicationStatus.IN_REVIEW
    assert event_keys() == before


@pytest.mark.parametrize("who", ["elsewhere", "resident", "cashier"])
def test_somebody_without_the_duty_cannot_ask_or_write(people, who) -> None:
    application = send(published("dog-death"), people["resident"], answers_of("dog-death"))
    with pytest.raises(RefusedError):
        request_correction(application=application, fields=["died_on"], message="x", due_on=None, actor=people[who])
    with pytest.raises(RefusedError):
        write_as_staff(application=application, text="x", actor=people[who])
    assert application.messages.count() == 0


def test_a_request_taken_back_lets_the_case_go_on_with_what_was_sent(people) -> None:
    application = send(published("dog-death"), people["resident"], answers_of("dog-death"))
    correction = request_correction(
        application=application, fields=["died_on"], message="確かめます", due_on=None, actor=people["staff"]
    )
    cancel_correction(correction=correction, actor=people["staff"])
    assert fresh(application).status == ApplicationStatus.IN_REVIEW
    with pytest.raises(ProceduresError):
        cancel_correction(correction=correction, actor=people["staff"])


def test_a_granted_application_brings_its_document_once_and_counts_what_was_saved(people, city) -> None:
    application = send(published("disclosure-request"), people["resident"], answers_of("disclosure-request"))
    complete_task(task=task_of(application), outcome="accept", actor=people["staff"])
    after = fresh(application)
    assert after.status == ApplicationStatus.COMPLETED
    assert after.decision == "granted"
    (document,) = documents_of(after)
    assert document.title == "行政文書公開決定通知書"
    assert ["知りたい文書" in row[0] or "文書" in row[0] for row in document.content["rows"]]
    assert "procedures.minutes.saved" in event_keys()
    today = clock.today()
    assert read_meter(key="procedures.minutes_saved", from_date=today, to_date=today) == 25 - 12
    assert read_meter(key="procedures.applications_online", from_date=today, to_date=today) == 1


def test_four_eyes_and_payment_after_the_review_come_before_the_permit(people) -> None:
    answers = {**answers_of("hall-use")}
    application = send(published("hall-use", needs_approval=True), people["resident"], answers)
    complete_task(task=task_of(application), outcome="accept", actor=people["staff"])
    approval = task_of(fresh(application))
    assert approval.audience == Audience.APPROVER
    complete_task(task=approval, outcome="approve", actor=people["chief"])
    waiting = fresh(application)
    assert waiting.status == ApplicationStatus.AWAITING_PAYMENT
    assert list(documents_of(waiting)) == []
    pay(waiting, people["cashier"])
    assert [document.kind for document in documents_of(waiting)] == ["permit"]
    assert fresh(application).status == ApplicationStatus.COMPLETED


def test_a_refusal_is_a_notice_with_the_reason_the_reviewer_wrote(people) -> None:
    application = send(published("disclosure-request"), people["resident"], answers_of("disclosure-request"))
    complete_task(task=task_of(application), outcome="reject", actor=people["staff"], note="文書が存在しないため。")
    after = fresh(application)
    assert (after.status, after.decision) == (ApplicationStatus.REJECTED, "refused")
    (notice,) = documents_of(after)
    assert notice.content["reason"] == "文書が存在しないため。"


def test_a_fee_that_runs_out_ends_the_application(people) -> None:
    application = send(
        published("course-entry"), people["resident"], answers_of("course-entry") | {"course": "history"}
    )
    fee_changed(application_id=application.pk, status=ReceivableStatus.EXPIRED)
    after = fresh(application)
    assert after.status == ApplicationStatus.EXPIRED
    assert after.closed_at is not None


def test_a_withdrawal_closes_the_case_and_cancels_what_is_owed(people) -> None:
    application = send(
        published("course-entry"), people["resident"], answers_of("course-entry") | {"course": "history"}
    )
    withdraw(application=application, actor=people["resident"], reason="都合が悪くなったため")
    after = fresh(application)
    assert after.status == ApplicationStatus.WITHDRAWN
    assert after.case.closed_at is not None
    assert receivables_of(after).get().status == ReceivableStatus.CANCELLED
    with pytest.raises(ProceduresError):
        withdraw(application=after, actor=people["resident"])


def test_the_minutes_saved_are_those_really_worked_where_staff_opened_the_record(people, city) -> None:
    application = send(published("disclosure-request"), people["resident"], answers_of("disclosure-request"))
    case = application.case
    assert case is not None
    access_case(actor=people["staff"], number=case.number, purpose="審査")
    with clock.frozen(NOON + timedelta(minutes=7, seconds=10)):
        complete_task(task=task_of(application), outcome="accept", actor=people["staff"])
    (event,) = events_of("procedures.minutes.saved")
    assert (event.data["before"], event.data["after"], event.data["measured"]) == (25, 8, True)
    today = clock.today()
    assert read_meter(key="procedures.minutes_saved", from_date=today, to_date=today) == 25 - 8


def test_a_message_that_is_too_long_stays_on_the_page_and_is_not_sent(people, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    host_table.clear()
    application = send(published("dog-death"), people["resident"], test_case_answers("dog-death"))
    browser = Client(headers={"host": "odawara.localhost"})
    browser.force_login(people["staff"])
    written = "お手数ですが、" + "長" * 4000
    answer = browser.post(f"/office/applications/{application.number}/message/", {"text": written})
    host_table.clear()
    assert answer.status_code == 422
    assert written in answer.content.decode()
    assert not application.messages.exists()
