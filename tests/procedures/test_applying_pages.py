"""The pages of applying, asked by a browser: whose they are, what they refuse, what they keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar

from madoguchi.kit import clock
from madoguchi.procedures.models import Application, CalendarFeed, Correction, Draft, Message
from madoguchi.procedures.services.applying import start_draft
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, Unit, acting_for
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import event_keys, make_account, make_odawara, make_staff, make_unit

from .residents import ANSWERS, png, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOST = "odawara.localhost"
PERSON = {
    "name.family": "見本",
    "name.given": "花子",
    "name.family_kana": "みほん",
    "name.given_kana": "ハナコ",
    "birth_date.era": "平成",
    "birth_date.year": "２",
    "birth_date.month": "5",
    "birth_date.day": "1",
}


@pytest.fixture(autouse=True)
def quiet(settings, tmp_path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def city(db) -> Iterator[Municipality]:
    host_table.clear()
    made = make_odawara()
    with acting_for(made):
        yield made
    host_table.clear()


@pytest.fixture
def hanako(city) -> Account:
    return make_account("hanako", kind=AccountKind.RESIDENT, name="見本 花子")


@pytest.fixture
def version(city):
    return publish(make_unit("市民課"))


def browser(account: Account | None = None) -> Client:
    client = Client(headers={"host": HOST})
    if account is not None:
        client.force_login(account, backend=settings_backend())
    return client


def settings_backend() -> str:
    from django.conf import settings

    return str(settings.AUTHENTICATION_BACKENDS[0])


def begin(visitor: Client, **data: str) -> Draft:
    answer = visitor.post("/procedures/sample-grant/apply/", {"language": "ja", **data})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return Draft.objects.latest("pk")


def save(visitor: Client, draft: Draft, step: str, data: dict[str, Any], **more: Any):
    return visitor.post(f"/procedures/apply/{draft.key}/{step}/", {"revision": "0", "go": "next", **data}, **more)


def filled(visitor: Client, draft: Draft) -> None:
    save(visitor, draft, "person", PERSON)
    save(visitor, draft, "family", {"has_children": "no", "revision": "9"})
    save(visitor, draft, "consent", {"agreed": "yes", "revision": "9"})


def sent(visitor: Client) -> Application:
    draft = begin(visitor)
    filled(visitor, draft)
    answer = visitor.post(f"/procedures/apply/review/{draft.key}/", {"declared": "yes", "go": "send"})
    assert answer.status_code == 302, re.findall(r"error-summary.*?</div>", answer.content.decode(), re.S)
    return Application.objects.get(send_key=draft.key)


def test_a_visitor_applies_without_an_account_and_gets_a_number_and_a_code(version) -> None:
    visitor = browser()
    application = sent(visitor)
    page = visitor.get(f"/procedures/apply/done/{application.send_key}/").content.decode()
    assert application.number in page
    assert application.follow_code in page
    assert application.answers["name"]["family_kana"] == "ミホン"
    assert application.answers["birth_date"] == "1990-05-01"
    stranger = browser()
    assert stranger.get(f"/procedures/apply/done/{application.send_key}/").status_code == 404
    assert stranger.get(f"/mine/{application.number}/").status_code == 302
    wrong = stranger.post("/mine/follow/", {"number": application.number, "code": "AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 422
    right = stranger.post("/mine/follow/", {"number": application.number, "code": application.follow_code.lower()})
    assert right.status_code == 302
    assert stranger.get(f"/mine/{application.number}/").status_code == 200


def test_sending_twice_shows_the_same_receipt_even_when_the_first_answer_was_lost(version) -> None:
    visitor = browser()
    draft = begin(visitor)
    filled(visitor, draft)
    visitor.get(f"/procedures/apply/review/{draft.key}/")
    twin = browser()
    twin.cookies = visitor.cookies.copy()  # type: ignore[assignment]
    address = f"/procedures/apply/review/{draft.key}/"
    assert twin.post(address, {"declared": "yes", "go": "send"}).status_code == 302
    second = visitor.post(address, {"declared": "yes", "go": "send"})
    assert second.headers["Location"].endswith(f"/apply/done/{draft.key}/")
    assert visitor.get(second.headers["Location"]).status_code == 200
    assert Application.objects.count() == 1


def test_nothing_is_sent_without_the_declaration_or_with_missing_answers(version) -> None:
    visitor = browser()
    draft = begin(visitor)
    filled(visitor, draft)
    address = f"/procedures/apply/review/{draft.key}/"
    assert visitor.post(address, {"go": "send"}).status_code == 422
    save(visitor, draft, "consent", {"agreed": "", "revision": "9"})
    page = visitor.post(address, {"declared": "yes", "go": "send"})
    assert page.status_code == 422
    assert f"/procedures/apply/{draft.key}/consent/?back=review#id_agreed" in page.content.decode()
    assert not Application.objects.exists()


def test_a_wrong_answer_comes_back_as_it_was_typed(version) -> None:
    visitor = browser()
    draft = begin(visitor)
    page = save(visitor, draft, "person", {**PERSON, "birth_date.month": "13"})
    assert page.status_code == 422
    text = page.content.decode()
    assert 'href="#id_birth_date' in text
    assert 'value="13"' in text
    assert 'value="見本"' in text
    saved = save(visitor, draft, "person", {"name.family": "途中", "go": "save", "revision": "1"})
    assert saved.headers["Location"] == f"/procedures/apply/saved/{draft.key}/"


def test_what_is_sent_after_the_sign_in_ended_is_there_after_signing_in_again(version, hanako) -> None:
    visitor = browser(hanako)
    draft = begin(visitor)
    visitor.cookies.pop("madoguchi_session")
    answer = save(visitor, draft, "person", PERSON)
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert Draft.objects.get().answers == {}
    visitor.post("/accounts/login/", {"login": "hanako", "password": "correct horse battery"})
    page = visitor.get(f"/procedures/apply/{draft.key}/person/", follow=True)
    assert "サインアウトしているあいだに送信された回答を保存しました" in page.content.decode()
    assert Draft.objects.get().answers["birth_date"] == "1990-05-01"


def test_held_answers_do_not_reach_the_draft_of_somebody_else(version, hanako) -> None:
    draft = begin(browser(hanako))
    other = browser()
    save(other, draft, "person", PERSON)
    make_account("jiro", kind=AccountKind.RESIDENT)
    other.post("/accounts/login/", {"login": "jiro", "password": "correct horse battery"})
    assert other.get(f"/procedures/apply/{draft.key}/person/").status_code == 404
    assert Draft.objects.get().answers == {}
    assert "procedures.draft.refused" in event_keys()


def test_two_tabs_are_shown_beside_each_other(version) -> None:
    visitor = browser()
    draft = begin(visitor)
    save(visitor, draft, "person", PERSON)
    page = save(visitor, draft, "person", {**PERSON, "name.given": "次子"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "花子" in text
    assert "次子" in text
    assert Draft.objects.get().answers["name"]["given"] == "花子"
    data = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
    data.pop("csrfmiddlewaretoken")
    assert save(visitor, draft, "person", data).status_code == 302
    assert Draft.objects.get().answers["name"]["given"] == "次子"


def test_a_resume_code_opens_the_draft_on_another_device(version) -> None:
    first, second = browser(), browser()
    draft = begin(first)
    save(first, draft, "person", PERSON)
    assert second.get(f"/procedures/apply/{draft.key}/person/").status_code == 404
    assert second.post("/procedures/apply/resume/", {"code": "1234"}).status_code == 422
    page = second.post("/procedures/apply/resume/", {"code": draft.resume_code}, follow=True)
    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == f"/procedures/apply/{draft.key}/family/"
    assert first.get(f"/procedures/apply/{draft.key}/person/").status_code == 200
    assert draft.resume_code in first.get(f"/procedures/apply/saved/{draft.key}/").content.decode()


def test_files_are_those_of_the_draft_whatever_a_form_claims(version, hanako) -> None:
    visitor = browser(hanako)
    draft, other = begin(visitor), start_draft(version=version, account=hanako)
    files = {"papers": SimpleUploadedFile("住民票.png", png())}
    save(visitor, draft, "family", {"has_children": "no", **files})
    (paper,) = Draft.objects.get(pk=draft.pk).answers["papers"]
    forged = {"has_children": "no", "papers.0.file": paper["file"], "papers.0.name": "x"}
    save(visitor, other, "family", forged)
    assert "papers" not in Draft.objects.get(pk=other.pk).answers
    page = save(
        visitor, draft, "family", {"has_children": "no", "papers": SimpleUploadedFile("偽.pdf", png()), "revision": "9"}
    )
    assert page.status_code == 422
    assert "中身はPNG画像です" in page.content.decode()
    save(visitor, draft, "family", {"do": f"detach:papers:{paper['file']}", "revision": "9", "has_children": "no"})
    assert not Draft.objects.get(pk=draft.pk).answers.get("papers")


def test_rows_are_added_and_removed_without_javascript(version) -> None:
    visitor = browser()
    draft = begin(visitor)
    row = {"has_children": "yes", "children.0.nickname": "あお", "children.0.age": "４"}
    save(visitor, draft, "family", {**row, "do": "add:children"})
    assert len(Draft.objects.get().answers["children"]) == 2
    both = {**row, "children.1.nickname": "みどり", "children.1.age": "2"}
    save(visitor, draft, "family", {**both, "do": "remove:children.0", "revision": "9"})
    assert Draft.objects.get().answers["children"] == [{"nickname": "みどり", "age": 2}]


def test_a_procedure_that_needs_a_sign_in_says_so_first(city) -> None:
    publish(None, assurance="account")
    page = browser().get("/procedures/sample-grant/apply/").content.decode()
    assert "/accounts/login/?next=" in page
    assert browser().post("/procedures/sample-grant/apply/", {"language": "ja"}).status_code == 200
    assert not Draft.objects.exists()


def test_a_downgraded_assurance_is_refused_at_sending(city, hanako) -> None:
    publish(None, assurance="authenticated")
    visitor = browser(hanako)
    draft = begin(visitor)
    filled(visitor, draft)
    page = visitor.post(f"/procedures/apply/review/{draft.key}/", {"declared": "yes", "go": "send"})
    assert page.status_code == 403
    assert "本人確認が必要です" in page.content.decode()
    assert not Application.objects.exists()


def test_a_newer_version_is_told_and_the_draft_goes_on(version, hanako) -> None:
    visitor = browser(hanako)
    draft = begin(visitor)
    publish(None, number=2)
    assert "始めたときの用紙のまま" in visitor.get(f"/procedures/apply/{draft.key}/person/").content.decode()


def test_the_form_speaks_the_language_that_was_chosen(version) -> None:
    visitor = browser()
    answer = visitor.post("/procedures/sample-grant/apply/", {"language": "ja-easy"}, follow=True)
    assert "もうしこむ ひと" in answer.content.decode()
    save(visitor, Draft.objects.get(), "person", PERSON)
    assert Draft.objects.get().language == "ja-easy"


def test_my_matters_show_what_waits_first_and_only_mine(version, hanako) -> None:
    visitor = browser(hanako)
    application = sent(visitor)
    other = sent(browser(make_account("jiro", kind=AccountKind.RESIDENT)))
    Correction.objects.create(
        municipality=application.municipality, application=application, fields=["birth_date"], message="ご確認ください。",
        due_on=clock.today() + timedelta(days=7), requested_at=clock.now(),
    )  # fmt: skip
    page = visitor.get("/mine/").content.decode()
    assert "あなたにしていただくこと" in page
    assert application.number in page
    assert other.number not in page
    assert visitor.get(f"/mine/{other.number}/").status_code == 404
    assert f"/mine/{other.number}/" not in visitor.get(f"/mine/?q={other.number}").content.decode()
    for path in ("", "answers/", "receipt/", "withdraw/"):
        assert visitor.get(f"/mine/{application.number}/{path}").status_code == 200


def test_a_correction_page_shows_only_the_fields_asked_for(version, hanako) -> None:
    visitor = browser(hanako)
    application = sent(visitor)
    correction = Correction.objects.create(
        municipality=application.municipality, application=application, fields=["birth_date"], notes={"birth_date": "月が違います。"},
        message="生年月日をご確認ください。", requested_at=clock.now(),
    )  # fmt: skip
    address = f"/mine/{application.number}/corrections/{correction.pk}/"
    page = visitor.get(address).content.decode()
    assert "月が違います。" in page
    assert "1990年（平成2年）5月1日" in page
    assert 'name="name.family"' not in page
    wrong = {"birth_date.era": "西暦", "birth_date.year": "1990", "birth_date.month": "44", "birth_date.day": "1"}
    refused = visitor.post(address, wrong)
    assert refused.status_code == 422
    assert 'value="44"' in refused.content.decode()
    assert Application.objects.get().answers["birth_date"] == "1990-05-01"
    visitor.post(address, {**wrong, "birth_date.month": "6", "name.family": "別人"})
    assert Application.objects.get().answers["birth_date"] == "1990-06-01"
    assert Application.objects.get().answers["name"]["family"] == "見本"


def test_messages_and_files_of_a_matter_are_for_who_may_see_it(version, hanako) -> None:
    visitor = browser(hanako)
    application = sent(visitor)
    address = f"/mine/{application.number}/"
    assert visitor.post(address + "messages/", {"text": " "}).status_code == 422
    file = SimpleUploadedFile("通帳.png", png())
    assert visitor.post(address + "messages/", {"text": "送ります", "files": file}).status_code == 302
    attachment = Message.objects.get().attachments.get()
    answer = visitor.get(f"{address}files/{attachment.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    stranger = browser(make_account("jiro", kind=AccountKind.RESIDENT))
    assert stranger.get(f"{address}files/{attachment.pk}/").status_code == 404
    assert stranger.post(address + "messages/", {"text": "のぞき見"}).status_code == 404
    assert Message.objects.count() == 1


def test_staff_in_charge_see_a_matter_but_do_not_act_for_the_applicant(version, hanako) -> None:
    application = sent(browser(hanako))
    staff = browser(make_staff("shinsa", Role.SECTION_STAFF, unit=Unit.objects.get(name="市民課")))
    page = staff.get(f"/mine/{application.number}/").content.decode()
    assert "職員として見ています" in page
    assert "申請を取り下げる" not in page
    assert staff.post(f"/mine/{application.number}/withdraw/").status_code == 403
    assert Application.objects.get().closed_at is None


def test_the_calendar_feed_is_valid_private_and_renewable(version, hanako) -> None:
    visitor = browser(hanako)
    application = sent(visitor)
    begin(visitor)
    visitor.get("/mine/calendar/")
    token = CalendarFeed.objects.get().token
    stranger = browser()
    answer = stranger.get(f"/mine/calendar/{token}.ics")
    calendar = Calendar.from_ical(answer.content)
    events = list(calendar.walk("VEVENT"))
    assert {str(event["UID"]).split("-")[0] for event in events} == {"result", "draft"}
    assert all(event.get("DTSTAMP") and event.get("DTSTART") for event in events)
    assert any(event.decoded("DTSTART") == application.due_on for event in events)
    assert b"\r\n" in answer.content
    assert b"\xe8\xa6\x8b\xe6\x9c\xac \xe8\x8a\xb1\xe5\xad\x90" not in answer.content  # no name of anybody
    visitor.post("/mine/calendar/renew/")
    assert stranger.get(f"/mine/calendar/{token}.ics").status_code == 404
    assert stranger.get(f"/mine/calendar/{CalendarFeed.objects.get().token}.ics").status_code == 200


def test_an_application_can_begin_from_an_earlier_one(version, hanako) -> None:
    visitor = browser(hanako)
    application = sent(visitor)
    page = visitor.get(f"/mine/{application.number}/again/", follow=True).content.decode()
    assert re.search(rf'value="{application.number}" checked', page)
    draft = begin(visitor, **{"from": application.number})
    assert draft.answers["name"] == ANSWERS["name"]
    assert "agreed" not in draft.answers
