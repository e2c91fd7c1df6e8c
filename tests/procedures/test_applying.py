"""Applying through its services: drafts, sending, and what an applicant may do afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.kit import clock
from madoguchi.procedures.enums import ApplicationStatus, Side
from madoguchi.procedures.errors import (
    AssuranceError,
    ClosedApplicationError,
    DraftMissingError,
    IncompleteError,
    ProceduresError,
    ProxyError,
    StaleDraftError,
)
from madoguchi.procedures.models import Application, Attachment, Correction, Draft, Message
from madoguchi.procedures.selectors.applying import applications_of, draft_by_code, drafts_of, narrowed
from madoguchi.procedures.services.applying import (
    access_application,
    access_draft,
    answer_correction,
    attach_file,
    expire_drafts,
    save_step,
    send_message,
    start_draft,
    submit,
    withdraw,
)
from madoguchi.trust.api import Account, FileRefusedError, Municipality, RefusedError, acting_for, add_resident
from madoguchi.trust.enums import AccountKind, AssuranceLevel, Role
from madoguchi.trust.models import AccessRecord, Delegation, StoredFile
from tests.trust.people import event_keys, events_of, make_account, make_odawara, make_staff, make_unit

from .residents import ANSWERS, NAME, png, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PNG = png()


@pytest.fixture(autouse=True)
def quiet(settings, tmp_path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.frozen(NOON):
        yield


@pytest.fixture
def city(db) -> Iterator[Municipality]:
    made = make_odawara()
    with acting_for(made):
        yield made


@pytest.fixture
def people(city) -> dict[str, Account]:
    unit = make_unit("市民課")
    return {
        "hanako": make_account("hanako", kind=AccountKind.RESIDENT, name="見本 花子"),
        "jiro": make_account("jiro", kind=AccountKind.RESIDENT),
        "staff": make_staff("shinsa", Role.SECTION_STAFF, unit=unit),
        "elsewhere": make_staff("yoso", Role.SECTION_STAFF, unit=make_unit("税務課")),
    }


@pytest.fixture
def version(people):
    from madoguchi.trust.api import Unit

    return publish(Unit.objects.get(name="市民課"))


def begin(version, account: Account | None = None, **facts: Any) -> Draft:
    return start_draft(version=version, account=account, **facts)


def fill(draft: Draft, **changes: Any) -> Draft:
    answers = {**ANSWERS, **changes}
    for step in draft.version.definition.form.steps:
        given = {field.code: answers[field.code] for field in step.fields if field.code in answers}
        draft = save_step(draft=draft, step=step.code, answers=given, seen_revision=draft.revision)
    return draft


def send(version, account: Account | None = None, **changes: Any) -> Application:
    draft = fill(begin(version, account), **changes)
    return submit(draft=draft, actor=account, assurance=AssuranceLevel.ACCOUNT if account else AssuranceLevel.NONE)


def upload(name: str = "住民票.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_draft_keeps_what_was_typed_even_when_it_is_wrong(version) -> None:
    draft = save_step(
        draft=begin(version), step="person", answers={"birth_date": "きのう", "other": "x"}, seen_revision=0
    )
    assert draft.answers == {"birth_date": "きのう"}
    assert draft.expires_at == NOON + timedelta(days=60)
    assert draft.done_steps == {"person": 1}


def test_a_step_takes_only_its_own_fields(version) -> None:
    draft = save_step(draft=begin(version), step="person", answers={"name": NAME, "agreed": True}, seen_revision=0)
    assert "agreed" not in draft.answers


def test_of_two_tabs_the_later_is_shown_what_the_earlier_saved(version) -> None:
    draft = begin(version)
    first = save_step(draft=draft, step="person", answers={"birth_date": "1990-05-01"}, seen_revision=0)
    with pytest.raises(StaleDraftError) as caught:
        save_step(draft=draft, step="person", answers={"birth_date": "1991-06-02"}, seen_revision=0)
    assert caught.value.answers == {"birth_date": "1990-05-01"}
    assert Draft.objects.get(pk=draft.pk).answers == first.answers
    again = save_step(
        draft=draft, step="person", answers={"birth_date": "1991-06-02"}, seen_revision=caught.value.revision
    )
    assert again.answers["birth_date"] == "1991-06-02"


def test_two_tabs_on_different_steps_do_not_disturb_each_other(version) -> None:
    draft = begin(version)
    save_step(draft=draft, step="person", answers={"name": NAME}, seen_revision=0)
    both = save_step(draft=draft, step="consent", answers={"agreed": True}, seen_revision=0)
    assert both.answers == {"name": NAME, "agreed": True}


def test_a_draft_of_somebody_else_is_not_there_and_the_try_is_recorded(version, people) -> None:
    draft = begin(version, people["hanako"])
    for stranger in (people["jiro"], people["staff"], None):
        with pytest.raises(DraftMissingError):
            access_draft(actor=stranger, key=draft.key, secrets=["guess", draft.resume_code])
    assert event_keys().count("procedures.draft.refused") == 3
    assert access_draft(actor=people["hanako"], key=draft.key).pk == draft.pk


def test_a_draft_without_an_account_opens_to_its_browser_and_to_its_code_alone(version) -> None:
    draft = begin(version, browser_secret="the-secret-of-one-browser")
    assert access_draft(actor=None, key=draft.key, secrets="the-secret-of-one-browser").pk == draft.pk
    assert access_draft(actor=None, key=draft.key, secrets=draft.resume_code).pk == draft.pk
    for wrong in ("", "the-secret-of-another", begin(version).resume_code):
        with pytest.raises(DraftMissingError):
            access_draft(actor=None, key=draft.key, secrets=wrong)


def test_a_resume_code_is_found_however_it_is_typed_and_kept_nowhere(version) -> None:
    draft = begin(version)
    typed = draft.resume_code.lower().replace("-", " ").replace("0", "o")
    assert draft_by_code(typed) == draft
    assert draft_by_code("AAAA-AAAA-AAAA-AAAA") is None
    assert draft_by_code("short") is None
    assert draft.resume_code not in str(Draft.objects.filter(pk=draft.pk).values().get())


def test_an_expired_draft_is_gone_and_its_files_with_it(version, people) -> None:
    draft = begin(version, people["hanako"])
    attach_file(subject=draft, field=draft.version.definition.form.find("papers"), file=upload(), actor=None)
    with clock.frozen(NOON + timedelta(days=59)):
        assert expire_drafts() == 0
    with clock.frozen(NOON + timedelta(days=60)):
        with pytest.raises(DraftMissingError):
            access_draft(actor=people["hanako"], key=draft.key)
        assert not drafts_of(people["hanako"])
        assert expire_drafts() == 1
    assert not Draft.objects.exists()
    assert not StoredFile.objects.exists()
    assert "procedures.draft.expired" in event_keys()


def test_sending_makes_one_application_with_its_event_and_the_job_that_opens_the_case(version, people) -> None:
    from django_tasks_db.models import DBTaskResult

    draft = fill(begin(version, people["hanako"]))
    with clock.frozen(NOON + timedelta(minutes=12)):
        application = submit(draft=draft, actor=people["hanako"], assurance=AssuranceLevel.ACCOUNT)
    assert application.status == ApplicationStatus.RECEIVED
    assert application.applicant_name == "見本 花子"
    assert application.due_on == date(2026, 11, 30)  # five open days: 23 November is a holiday
    (event,) = events_of("procedures.application.submitted")
    assert event.quantity == 12
    assert event.data["procedure"] == "sample-grant"
    assert event.data["channel"] == "online"
    assert "見本 花子" not in str(event.data)
    (job,) = DBTaskResult.objects.filter(task_path="madoguchi.procedures.tasks.open_case")
    assert job.args_kwargs["kwargs"]["application_id"] == application.pk
    assert not Draft.objects.exists()


def test_sending_twice_gives_the_same_receipt(version) -> None:
    draft = fill(begin(version))
    first = submit(draft=draft, actor=None)
    second = submit(draft=draft, actor=None)
    assert first == second
    assert Application.objects.count() == 1
    assert event_keys().count("procedures.application.submitted") == 1


def test_a_taken_number_is_replaced_by_another(version, monkeypatch) -> None:
    from madoguchi.kit import ids

    taken = send(version).number
    numbers = iter([taken, taken, "4K7R-20M5"])
    monkeypatch.setattr(ids, "new_case_number", lambda: next(numbers))
    assert send(version).number == "4K7R-20M5"


def test_answers_that_changed_elsewhere_are_not_sent_unseen(version) -> None:
    draft = fill(begin(version))
    save_step(draft=draft, step="person", answers={"birth_date": "1991-01-01"}, seen_revision=draft.revision)
    with pytest.raises(StaleDraftError):
        submit(draft=draft, actor=None)
    assert not Application.objects.exists()


def test_missing_answers_are_named_and_nothing_is_sent(version) -> None:
    draft = fill(begin(version), agreed=None, children=[{"nickname": "あお", "age": "よん"}])
    with pytest.raises(IncompleteError) as caught:
        submit(draft=draft, actor=None)
    assert {problem.path for problem in caught.value.problems} == {"agreed", "children.0.age"}
    assert not Application.objects.exists()
    assert Draft.objects.get().answers["children"] == [{"nickname": "あお", "age": "よん"}]


def test_hidden_answers_are_not_sent(version) -> None:
    application = send(version, has_children=False)
    assert "children" not in application.answers


def test_an_application_of_the_last_minute_belongs_to_the_fiscal_year_of_its_sending(version) -> None:
    last = datetime(2027, 3, 31, 23, 59, 30, tzinfo=clock.TOKYO)
    with clock.frozen(last):
        before = send(version)
    with clock.frozen(last + timedelta(minutes=1)):
        after = send(version)
    assert (before.fiscal_year, after.fiscal_year) == (2026, 2027)


def test_the_level_of_assurance_is_asked_for_at_sending(people) -> None:
    version = publish(None, assurance="authenticated")
    with pytest.raises(AssuranceError):
        begin(version)
    draft = fill(begin(version, people["hanako"]))
    with pytest.raises(AssuranceError) as caught:
        submit(draft=draft, actor=people["hanako"], assurance=AssuranceLevel.ACCOUNT)
    assert caught.value.needed == "authenticated"
    assert not Application.objects.exists()
    sent = submit(draft=draft, actor=people["hanako"], assurance=AssuranceLevel.AUTHENTICATED)
    assert sent.assurance == AssuranceLevel.AUTHENTICATED


def test_an_unsigned_application_is_refused_where_a_signature_is_needed(people) -> None:
    draft = fill(begin(publish(None, assurance="signed"), people["hanako"]))
    with pytest.raises(AssuranceError) as caught:
        submit(draft=draft, actor=people["hanako"], assurance=AssuranceLevel.AUTHENTICATED)
    assert caught.value.needed == "signed"
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_a_running_draft_keeps_its_version(version, people) -> None:
    draft = begin(version, people["hanako"])
    publish(None, number=2, name={"ja": "新しい名前"})
    with pytest.raises(ProceduresError):
        begin(version, people["hanako"])
    application = submit(draft=fill(draft), actor=people["hanako"], assurance=AssuranceLevel.ACCOUNT)
    assert application.version == version


def test_another_application_begins_from_an_earlier_one_without_files_and_consent(version, people) -> None:
    earlier = send(version, people["hanako"])
    draft = begin(version, people["hanako"], earlier=earlier)
    assert draft.answers["name"] == NAME
    assert "agreed" not in draft.answers
    assert draft.origins["name"]["label"] == earlier.number
    changed = save_step(draft=draft, step="person", answers={"name": {**NAME, "given": "次子"}}, seen_revision=0)
    assert "name" not in changed.origins
    assert "birth_date" in changed.origins


def test_the_city_fills_in_what_it_knows_only_with_consent(version, people) -> None:
    add_resident(name="見本 花子", name_kana="ミホン ハナコ", birth_date=date(1990, 5, 1), account=people["hanako"])
    assert begin(version, people["hanako"]).answers == {}
    draft = begin(version, people["hanako"], prefill_consent=True)
    assert draft.answers["birth_date"] == "1990-05-01"
    assert draft.answers["name"]["family"] == "見本"
    assert draft.origins["birth_date"]["label"]
    assert AccessRecord.objects.filter(actor=people["hanako"], purpose="見本の給付の申請").exists()


def delegated(people, until: date) -> Delegation:
    mother = add_resident(name="見本 松子", birth_date=date(1950, 1, 1))
    return Delegation.objects.create(
        municipality=mother.municipality,
        resident=mother,
        delegate=people["hanako"],
        kind="family",
        valid_from=date(2026, 4, 1),
        valid_until=until,
        status="active",
        created_at=clock.now(),
    )


def test_a_proxy_is_asked_for_at_the_start_and_again_at_sending(version, people) -> None:
    delegation = delegated(people, date(2026, 11, 30))
    with pytest.raises(ProxyError):
        begin(version, people["jiro"], on_behalf_of=delegation.resident)
    draft = fill(begin(version, people["hanako"], delegation=delegation.reference))
    assert draft.proxy["name"] == "見本 松子"
    with clock.frozen(datetime(2026, 12, 1, 3, tzinfo=UTC)), pytest.raises(ProxyError):
        submit(draft=draft, actor=people["hanako"], assurance=AssuranceLevel.ACCOUNT)
    assert not Application.objects.exists()
    sent = submit(draft=draft, actor=people["hanako"], assurance=AssuranceLevel.ACCOUNT)
    assert sent.on_behalf_of == delegation.resident


def test_a_procedure_without_delegates_is_begun_for_oneself_alone(people) -> None:
    delegation = delegated(people, date(2026, 11, 30))
    with pytest.raises(ProxyError):
        begin(publish(None, delegates=False), people["hanako"], delegation=delegation.reference)
    assert not Draft.objects.exists()


def test_a_file_is_taken_by_the_rules_of_its_field(version, people) -> None:
    draft = begin(version, people["hanako"])
    field = version.definition.form.find("papers")
    for file, count in (
        (upload("メモ.txt", "はい".encode()), 0),
        (upload("偽.pdf", PNG), 0),
        (upload("大.png", PNG + b"0" * 1024 * 1024), 0),
        (upload("空.png", b""), 0),
        (upload(), 2),
    ):
        with pytest.raises(FileRefusedError):
            attach_file(subject=draft, field=field, file=file, actor=people["hanako"], count=count)
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()


def test_files_go_with_the_application_and_unused_ones_are_thrown_away(version, people) -> None:
    draft = begin(version, people["hanako"])
    field = version.definition.form.find("papers")
    kept = attach_file(subject=draft, field=field, file=upload("残す.png"), actor=None)
    attach_file(subject=draft, field=field, file=upload("使わない.png"), actor=None)
    application = submit(draft=fill(draft, papers=[kept]), actor=people["hanako"], assurance=AssuranceLevel.ACCOUNT)
    (attachment,) = Attachment.objects.all()
    assert attachment.application == application
    assert attachment.stored.name == "残す.png"


def asked(application: Application, staff: Account, *fields: str) -> Correction:
    return Correction.objects.create(
        municipality=application.municipality,
        application=application,
        fields=list(fields),
        message="生年月日をご確認ください。",
        due_on=date(2026, 12, 4),
        requested_by=staff,
        requested_at=clock.now(),
    )


def test_a_correction_opens_only_the_fields_asked_for(version, people) -> None:
    application = send(version, people["hanako"])
    correction = asked(application, people["staff"], "birth_date")
    answers = {"birth_date": "1990-05-10", "name": {**NAME, "given": "次子"}}
    answer_correction(correction=correction, answers=answers, actor=people["hanako"])
    application.refresh_from_db()
    correction.refresh_from_db()
    assert application.answers["birth_date"] == "1990-05-10"
    assert application.answers["name"] == NAME
    assert correction.before == {"birth_date": "1990-05-01"}
    assert application.status == ApplicationStatus.IN_REVIEW
    assert event_keys()[-1] == "procedures.application.corrected"
    with pytest.raises(ClosedApplicationError):
        answer_correction(correction=correction, answers=answers, actor=people["hanako"])


def test_a_wrong_correction_changes_nothing(version, people) -> None:
    application = send(version, people["hanako"])
    correction = asked(application, people["staff"], "birth_date")
    with pytest.raises(IncompleteError):
        answer_correction(correction=correction, answers={"birth_date": "2090-01-01"}, actor=people["hanako"])
    with pytest.raises(RefusedError):
        answer_correction(correction=correction, answers={"birth_date": "1990-05-10"}, actor=people["jiro"])
    application.refresh_from_db()
    assert application.answers["birth_date"] == "1990-05-01"
    assert Correction.objects.get().answered_at is None


def test_an_application_can_be_withdrawn_until_it_was_decided(version, people) -> None:
    application = send(version, people["hanako"])
    with pytest.raises(RefusedError):
        withdraw(application=application, actor=people["jiro"])
    withdraw(application=application, actor=people["hanako"], reason="引っ越しが延びたため")
    application.refresh_from_db()
    assert application.status == ApplicationStatus.WITHDRAWN
    assert events_of("procedures.application.withdrawn")
    assert "引っ越し" in Message.objects.get().text

    decided = send(version, people["hanako"])
    Application.objects.filter(pk=decided.pk).update(decided_at=clock.now(), status=ApplicationStatus.DECIDED)
    with pytest.raises(ClosedApplicationError):
        withdraw(application=decided, actor=people["hanako"])
    decided.refresh_from_db()
    assert decided.status == ApplicationStatus.DECIDED
    assert len(events_of("procedures.application.withdrawn")) == 1


def test_messages_go_both_ways_and_others_are_refused(version, people) -> None:
    application = send(version, people["hanako"])
    send_message(
        application=application, side=Side.APPLICANT, text="届きましたか", actor=people["hanako"], files=[upload()]
    )
    send_message(application=application, side=Side.STAFF, text="届いています", actor=people["staff"])
    for side, actor in (
        (Side.STAFF, people["elsewhere"]),
        (Side.APPLICANT, people["jiro"]),
        (Side.STAFF, people["hanako"]),
    ):
        with pytest.raises(RefusedError):
            send_message(application=application, side=side, text="のぞき見", actor=actor)
    with pytest.raises(ProceduresError):
        send_message(application=application, side=Side.APPLICANT, text="  ", actor=people["hanako"])
    assert [message.side for message in Message.objects.all()] == [Side.APPLICANT, Side.STAFF]
    assert Attachment.objects.get().message.text == "届きましたか"


def test_a_message_with_a_refused_file_is_not_sent(version, people) -> None:
    application = send(version, people["hanako"])
    files = [upload(), upload("偽.pdf", PNG)]
    with pytest.raises(FileRefusedError):
        send_message(application=application, side=Side.APPLICANT, text="どうぞ", actor=people["hanako"], files=files)
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_staff_in_charge_see_an_application_and_leave_a_trace(version, people) -> None:
    application = send(version, people["hanako"])
    access_application(actor=people["hanako"], number=application.number, purpose="本人")
    assert not AccessRecord.objects.exists()
    access_application(actor=people["staff"], number=application.number, purpose="審査", address="10.0.0.1")
    (record,) = AccessRecord.objects.all()
    assert (record.actor, record.purpose) == (people["staff"], "審査")
    for stranger in (people["jiro"], people["elsewhere"], None):
        with pytest.raises(RefusedError):
            access_application(actor=stranger, number=application.number, purpose="のぞき見", secret="guess")
    assert AccessRecord.objects.count() == 1


def test_without_an_account_an_application_is_followed_by_number_and_code(version, people) -> None:
    application = send(version)
    typed = application.number.lower().replace("-", "")
    assert access_application(actor=None, number=typed, purpose="状況", secret=application.follow_code) == application
    withdraw(application=application, actor=None, secret=application.follow_code)
    with pytest.raises(Application.DoesNotExist):
        access_application(actor=None, number="0000-0000", purpose="状況", secret=application.follow_code)
    # The code of an application with an account opens nothing.
    own = send(version, people["hanako"])
    with pytest.raises(RefusedError):
        access_application(actor=None, number=own.number, purpose="状況", secret=own.follow_code)


def test_own_applications_are_found_by_number_name_and_procedure(version, people) -> None:
    mine, other = send(version, people["hanako"]), send(version, people["jiro"])
    own = applications_of(people["hanako"])
    assert list(own) == [mine]
    for word in (mine.number, "給付", "みほん", "見本花子"):
        assert list(narrowed(own, text=word)) == [mine]
    assert not narrowed(own, text=other.number)
    assert list(narrowed(own, closed=True)) == []


def test_what_was_said_once_is_carried_to_the_applications_begun_together(version, people) -> None:
    first, second = (begin(version, people["hanako"], bundle="01M7W2R8J104T255BVWM6F7TT5") for _ in range(2))
    other = begin(version, people["jiro"], bundle="01M7W2R8J104T255BVWM6F7TT5")
    save_step(draft=first, step="person", answers={"name": NAME, "birth_date": "きのう"}, seen_revision=0)
    second.refresh_from_db()
    assert second.answers == {"name": NAME}
    assert second.origins["name"]["label"] == "見本の給付の申請"
    other.refresh_from_db()
    assert other.answers == {}
