"""Applicants are told what they must know: once, in their language, in their inbox, with nothing personal in it."""
# ruff: noqa: F811 - fixtures of the office are used by their names

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.cases.api import complete_task
from madoguchi.kit import clock
from madoguchi.messaging.api import Delivery
from madoguchi.messaging.registry import inbox_sources
from madoguchi.procedures.enums import Side
from madoguchi.procedures.models import Application, Draft
from madoguchi.procedures.plugins.documents import produced
from madoguchi.procedures.rules.definition import Text
from madoguchi.procedures.rules.notices import LANGUAGES, LONGEST_SUBJECT, notice
from madoguchi.procedures.services.applying import send_message, start_draft
from madoguchi.procedures.services.casework import fee_changed, open_case_for, request_correction, write_as_staff
from madoguchi.procedures.services.telling import remind_drafts
from madoguchi.records.api import documents_of
from madoguchi.trust.api import Account, RefusedError

from .test_casework import (  # noqa: F401 - fixtures of the same office
    NOON,
    answers_of,
    city,
    people,
    published,
    quick,
    send,
    task_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def told(account: Account) -> list[str]:
    """Return the occasions an account was told of, in order."""
    found = Delivery.objects.filter(recipient__account=account, channel="inbox").order_by("pk")
    return [str(entry.message.identity).split(":")[2] for entry in found.select_related("message")]


def said(account: Account) -> list[dict[str, dict[str, str]]]:
    found = Delivery.objects.filter(recipient__account=account, channel="inbox").order_by("pk")
    return [entry.message.contents for entry in found.select_related("message")]


def test_an_application_is_acknowledged_and_its_fee_asked_for_once(people):
    answers = answers_of("course-entry") | {"course": "history"}
    application = send(published("course-entry"), people["resident"], answers)
    open_case_for(application_id=application.pk)
    assert told(people["resident"]) == ["received", "fee"]
    received, fee = said(people["resident"])
    assert set(received) == set(LANGUAGES)
    assert application.number in received["ja"]["body"]
    assert "500円" in fee["ja"]["body"]
    assert "500 yen" in fee["en"]["body"]
    assert "期限は2026年12月4日（金）" in fee["ja"]["body"]
    assert told(people["stranger"]) == []


def test_a_correction_a_message_and_the_result_are_told_without_what_they_say(people):
    application = send(published("disclosure-request"), people["resident"], answers_of("disclosure-request"))
    write_as_staff(application=application, text="電話番号の 0465 を確かめたいです", actor=people["staff"])
    send_message(application=application, side=Side.APPLICANT, text="はい", actor=people["resident"])
    complete_task(task=task_of(application), outcome="accept", actor=people["staff"])
    (document,) = documents_of(Application.objects.get(pk=application.pk))
    produced(document)
    produced(document)
    assert told(people["resident"]) == ["received", "message", "decided", "document"]
    assert "0465" not in str(said(people["resident"]))


def test_a_request_to_correct_is_told_with_its_day(people):
    application = send(published("dog-death"), people["resident"], answers_of("dog-death"))
    request_correction(
        application=application, fields=["died_on"], message="日付を", due_on=date(2026, 12, 1), actor=people["staff"]
    )
    assert told(people["resident"]) == ["received", "correction"]
    assert "期限は2026年12月1日（火）です。" in said(people["resident"])[1]["ja"]["body"]


def test_a_refusal_names_no_reason_but_says_where_it_is_and_that_one_can_appeal(people):
    application = send(published("disclosure-request"), people["resident"], answers_of("disclosure-request"))
    complete_task(task=task_of(application), outcome="reject", actor=people["staff"], note="文書が存在しないため。")
    assert told(people["resident"]) == ["received", "refused"]
    refusal = said(people["resident"])[1]
    assert "不服" in refusal["ja"]["body"]
    assert "存在しない" not in str(refusal)


def test_a_fee_that_ran_out_is_told_as_news(people):
    answers = answers_of("course-entry") | {"course": "history"}
    application = send(published("course-entry"), people["resident"], answers)
    fee_changed(application_id=application.pk, status="expired")
    assert told(people["resident"]) == ["received", "fee", "news"]


def test_a_draft_is_reminded_of_a_week_and_a_day_before_it_goes_and_once_each(people):
    version = published("dog-death").published
    draft = start_draft(version=version, account=people["resident"])
    other = start_draft(version=version, account=None, browser_secret="s" * 20)
    for days_before, expected in ((8, []), (7, ["7"]), (3, ["7"]), (1, ["7", "1"])):
        with clock.frozen(draft.expires_at - timedelta(days=days_before)):
            remind_drafts()
            remind_drafts()
            assert _reminders(people["resident"]) == expected, days_before
    # Saved again, it stays longer and may be reminded of anew.
    Draft.objects.filter(pk=draft.pk).update(expires_at=draft.expires_at + timedelta(days=60))
    with clock.frozen(draft.expires_at + timedelta(days=59, hours=1)):
        remind_drafts()
    assert _reminders(people["resident"]) == ["7", "1", "1"]
    assert other.account_id is None


def _reminders(account: Account) -> list[str]:
    found = Delivery.objects.filter(recipient__account=account, channel="inbox").order_by("pk")
    return [str(one.message.identity).split(":")[3] for one in found if ":draft:" in str(one.message.identity)]


def test_an_application_is_a_thread_of_the_inbox_for_its_applicant_alone(people):
    application = send(published("dog-death"), people["resident"], answers_of("dog-death"))
    write_as_staff(application=application, text="犬の名前を教えてください", actor=people["staff"])
    source = inbox_sources.get("procedures.application")
    assert application.number in source.title(people["resident"], application.number)
    entries = source.entries(people["resident"], application.number)
    assert [entry.side for entry in entries] == ["person", "city"]
    assert entries[1].text == "犬の名前を教えてください"
    assert entries[1].author == "市民課"
    assert source.reply is not None
    source.reply(people["resident"], application.number, "ハナです")
    assert source.entries(people["resident"], application.number)[-1].text == "ハナです"
    assert application.messages.filter(read_at__isnull=False, side=Side.STAFF).count() == 1
    for who in ("stranger", "staff", "chief"):
        for ask in (source.title, source.entries):
            with pytest.raises(RefusedError):
                ask(people[who], application.number)
        with pytest.raises(RefusedError):
            source.reply(people[who], application.number, "割り込み")
    with pytest.raises(RefusedError):
        source.reply(people["resident"], application.number, "長" * 4001)
    assert application.messages.count() == 2


def test_the_job_is_known_to_run_daily():
    from madoguchi.procedures import tasks
    from madoguchi.trust.registry import job_types

    assert tasks.remind_drafts.module_path == "madoguchi.procedures.tasks.remind_drafts"
    assert job_types.get("procedures.tasks.remind_drafts").every == timedelta(days=1)


@given(
    name=st.text(min_size=1, max_size=200).filter(lambda text: text.strip()),
    occasion=st.sampled_from(
        ["received", "correction", "fee", "message", "decided", "refused", "document", "news", "draft"]
    ),
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_every_notice_is_whole_in_every_language_whatever_a_procedure_is_called(name, occasion, day):
    made = notice(occasion, name=Text(ja=name.replace("\x00", "")), number="4K7R-20M5", due=day, day=day, amount=1234)
    assert tuple(made) == LANGUAGES
    for texts in made.values():
        assert set(texts) == {"subject", "body", "short"}
        assert all(texts.values())
        assert len(texts["subject"]) <= LONGEST_SUBJECT
        assert "{{" not in str(texts)
        assert "%(" not in str(texts).replace(name, "")
