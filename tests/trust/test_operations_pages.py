from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock
from madoguchi.trust import events, services
from madoguchi.trust.api import acting_for, enqueue, record_event
from madoguchi.trust.enums import RetentionClass, Role
from madoguchi.trust.models import AccessRecord, Event, Seal
from madoguchi.trust.registry import FilePurpose, file_purposes
from madoguchi.trust.rules import file_types
from madoguchi.trust.services.caretaker import beat
from madoguchi.trust.services.sealing import seal_everything

from .people import make_account, make_staff
from .tampering import tamper

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PAGES = ("/operations/status/", "/operations/jobs/", "/operations/events/")


@pytest.fixture
def administrator(odawara):
    return make_staff("kanri", Role.ADMINISTRATOR)


@pytest.fixture
def browser(administrator) -> Client:
    return signed_in(administrator)


def signed_in(account) -> Client:
    browser = Client(headers={"host": f"{account.username.partition('/')[0]}.localhost"})
    browser.force_login(account)
    return browser


def text_of(response) -> str:
    body = re.sub(r"</?(?:wbr|span)[^>]*>", "", response.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", re.sub(r"<(?!/?(?:tr|option))[^>]+>", " ", body))


def failed_job(**options) -> DBTaskResult:
    enqueue("trust.tasks.roll_up_meters")
    queued = DBTaskResult.objects.latest("enqueued_at")
    changes = {
        "status": TaskResultStatus.FAILED,
        "started_at": clock.now(),
        "finished_at": clock.now(),
        "traceback": "Traceback\n  somewhere\nValueError: 値が<変>です",
        "exception_class_path": "builtins.ValueError",
    }
    DBTaskResult.objects.filter(pk=queued.pk).update(**{**changes, **options})
    queued.refresh_from_db()
    return queued


@pytest.mark.parametrize("address", [*PAGES, "/operations/"])
def test_a_visitor_is_led_to_the_sign_in(odawara, address):
    response = Client(headers={"host": "odawara.localhost"}).get(address, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", [None, Role.SECTION_CHIEF, Role.SECRETARIAT, Role.COUNCIL])
def test_staff_without_the_role_are_refused(odawara, address, role):
    clerk = make_staff("sato", *([role] if role else []))
    assert signed_in(clerk).get(address).status_code == 403


def test_an_auditor_sees_the_events_and_nothing_else(odawara):
    auditor = signed_in(make_staff("kansa", Role.AUDITOR))
    assert [auditor.get(address).status_code for address in PAGES] == [403, 403, 200]


def test_a_refused_retry_changes_nothing(odawara):
    queued = failed_job()
    clerk = signed_in(make_staff("sato", Role.SECTION_CHIEF))
    assert clerk.post(f"/operations/jobs/{queued.pk}/retry/").status_code == 403
    assert clerk.post("/operations/events/verify/").status_code == 403
    assert DBTaskResult.objects.count() == 1
    assert not Event.objects.filter(key__in=["trust.job.retried", "trust.chain.verified"]).exists()


class TestStatus:
    def test_the_page_says_what_runs_and_what_is_missing(self, browser):
        page = text_of(browser.get("/operations/status/"))
        assert "ワーカーが動いていません" in page
        beat(worker="w1")
        page = text_of(browser.get("/operations/status/"))
        assert "ワーカーが動いていません" not in page
        assert "最後の合図" in page
        assert re.search(r"Django\s+5\.2", page)

    def test_a_worker_silent_for_a_minute_no_longer_counts(self, browser):
        with clock.frozen(clock.now() - timedelta(minutes=2)):
            beat(worker="w1")
        assert "ワーカーが動いていません" in text_of(browser.get("/operations/status/"))

    def test_rows_that_wait_for_their_seal_are_shown_until_it_comes(self, browser, odawara):
        assert "から封印を待っています" in text_of(browser.get("/operations/status/"))
        if seal_everything(patience=0):
            assert "から封印を待っています" not in text_of(browser.get("/operations/status/"))

    def test_a_broken_part_is_listed_with_what_it_says(self, browser):
        broken = FilePurpose("test.broken", "x", frozenset(), 1, RetentionClass.YEAR_1, lambda a, s: True)

        class Broken:
            def check_config(self):
                raise RuntimeError("鍵がありません")

        assert broken.label == "x"
        with file_purposes.registered_temporarily("test.broken", Broken()):
            assert "鍵がありません" in text_of(browser.get("/operations/status/"))


class TestJobs:
    def test_an_empty_queue_says_so(self, browser):
        assert "ジョブはまだありません" in text_of(browser.get("/operations/jobs/"))

    def test_jobs_are_listed_with_state_and_error_and_filtered(self, browser):
        failed_job()
        enqueue("trust.tasks.sweep_files")
        rows = text_of(browser.get("/operations/jobs/"))
        assert "ValueError: 値が&lt;変&gt;です" in rows
        assert rows.count("<tr>") + rows.count("<tr ") == 3
        assert (
            "使われていないファイルの片付け</a>" not in browser.get("/operations/jobs/?state=failed").content.decode()
        )
        page = browser.get("/operations/jobs/?kind=trust.tasks.sweep_files").content.decode()
        assert "使われていないファイルの片付け</a>" in page
        assert "メーターの集計</a>" not in page
        assert "条件に合うジョブはありません" in text_of(browser.get("/operations/jobs/?state=running"))

    def test_a_job_that_begins_later_is_told_from_one_that_waits(self, browser):
        enqueue("trust.tasks.roll_up_meters")
        DBTaskResult.objects.update(run_after=clock.now() + timedelta(hours=1))
        enqueue("trust.tasks.sweep_files")
        assert "以降" in text_of(browser.get("/operations/jobs/?state=scheduled"))
        assert "メーターの集計</a>" not in browser.get("/operations/jobs/?state=waiting").content.decode()

    def test_many_jobs_come_in_pages(self, browser):
        for _ in range(51):
            enqueue("trust.tasks.sweep_files")
        assert browser.get("/operations/jobs/").content.decode().count("data-row") == 50
        assert browser.get("/operations/jobs/?page=2").content.decode().count("data-row") == 1

    def test_a_job_is_shown_whole_and_done_again(self, browser, administrator):
        queued = failed_job()
        page = text_of(browser.get(f"/operations/jobs/{queued.pk}/"))
        assert "somewhere" in page
        assert "このジョブをやり直す" in page
        response = browser.post(f"/operations/jobs/{queued.pk}/retry/", follow=True)
        assert "もう一度実行するように登録しました" in text_of(response)
        assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1
        assert Event.objects.get(key="trust.job.retried").actor == administrator

    def test_a_job_that_is_no_longer_known_is_shown_but_not_done_again(self, browser):
        queued = failed_job(task_path="madoguchi.trust.tasks.gone")
        assert "trust.tasks.gone" in text_of(browser.get("/operations/jobs/"))
        response = browser.post(f"/operations/jobs/{queued.pk}/retry/", follow=True)
        assert "いまの版にはありません" in text_of(response)

    def test_a_job_that_has_not_failed_is_not_done_again(self, browser):
        enqueue("trust.tasks.sweep_files")
        queued = DBTaskResult.objects.get()
        response = browser.post(f"/operations/jobs/{queued.pk}/retry/", follow=True)
        assert "失敗したジョブだけ" in text_of(response)
        assert DBTaskResult.objects.count() == 1

    def test_another_city_sees_and_touches_nothing_of_it(self, browser, oyama):
        queued = failed_job()
        with acting_for(oyama):
            other = signed_in(make_staff("kanri", Role.ADMINISTRATOR))
        assert "ValueError" not in text_of(other.get("/operations/jobs/"))
        assert other.get(f"/operations/jobs/{queued.pk}/").status_code == 404
        assert other.post(f"/operations/jobs/{queued.pk}/retry/").status_code == 404
        assert browser.get(f"/operations/jobs/{uuid4()}/").status_code == 404

    def test_jobs_of_the_installation_are_the_first_citys_matter(self, browser, oyama):
        enqueue("trust.tasks.prune_jobs")
        with acting_for(oyama):
            other = signed_in(make_staff("kanri", Role.ADMINISTRATOR))
        assert "終わったジョブの片付け</a>" in browser.get("/operations/jobs/").content.decode()
        assert "終わったジョブの片付け</a>" not in other.get("/operations/jobs/").content.decode()

    def test_a_get_does_not_retry(self, browser):
        assert browser.get(f"/operations/jobs/{failed_job().pk}/retry/").status_code == 405


class TestEvents:
    def test_events_are_sentences_with_actor_and_contents(self, browser, odawara, administrator):
        record_event(
            kind=events.UNIT_RENAMED, subject=odawara, actor=administrator, quantity=3, data={"from": 1, "to": 2}
        )
        page = text_of(browser.get("/operations/events/"))
        assert "組織を改称しました" in page
        assert "kanriの氏名" in page
        assert "数量 3" in page
        assert "from＝1、to＝2" in page
        assert f"自治体 {odawara.pk}" in page

    def test_events_are_filtered_by_kind_day_and_actor(self, browser, odawara):
        sato = make_account("sato")
        with clock.frozen(clock.now() - timedelta(days=3)):
            record_event(kind=events.SIGNED_IN, subject=sato, actor=sato)
        record_event(kind=events.SIGNED_OUT, subject=sato, actor=sato)
        day = (clock.today() - timedelta(days=3)).isoformat()

        def rows(query: str) -> int:
            return browser.get(f"/operations/events/?{query}").content.decode().count("data-row")

        assert rows("key=trust.account.signed_out") == 1
        assert rows(f"from={day}&to={day}") == 1
        assert rows("actor=sato") == 2
        assert rows("actor=nobody") == 0
        assert "条件に合う出来事はありません" in text_of(browser.get("/operations/events/?actor=nobody"))
        assert "日付が読めませんでした" in text_of(browser.get("/operations/events/?from=yesterday"))

    def test_the_seal_of_each_event_is_shown(self, browser, odawara):
        record_event(kind=events.SIGNED_OUT, subject=odawara)
        assert "待ち" in text_of(browser.get("/operations/events/"))
        if seal_everything(patience=0):
            number = Seal.objects.filter(stream="events").latest("number").number
            assert f'data-label="封印"><span>{number}</span>' in browser.get("/operations/events/").content.decode()

    def test_many_events_come_in_pages(self, browser, odawara):
        for _ in range(60):
            record_event(kind=events.SIGNED_OUT, subject=odawara)
        assert browser.get("/operations/events/").content.decode().count("data-row") == 50
        assert browser.get("/operations/events/?page=99").status_code == 200

    def test_contents_are_shown_as_text(self, browser, odawara):
        record_event(kind=events.SIGNED_OUT, subject=odawara, data={"x": "<script>alert(1)</script>"})
        assert "<script>alert" not in browser.get("/operations/events/").content.decode()

    def test_another_citys_events_are_not_shown(self, browser, oyama):
        with acting_for(oyama):
            record_event(kind=events.SIGNED_OUT, subject=oyama, data={"secret": "oyama-only"})
        assert "oyama-only" not in text_of(browser.get("/operations/events/"))

    def test_verifying_says_that_all_is_well_and_is_itself_recorded(self, browser, administrator):
        page = text_of(browser.post("/operations/events/verify/"))
        assert "記録の連鎖に問題はありません" in page
        event = Event.objects.get(key="trust.chain.verified")
        assert (event.actor, event.quantity, event.data["errors"]) == (administrator, 0, 0)

    @pytest.mark.django_db(transaction=True)
    def test_verifying_names_the_row_that_was_tampered_with(self, browser, odawara):
        event = record_event(kind=events.SIGNED_OUT, subject=odawara)
        seal_everything()
        tamper(odawara, "DELETE FROM trust_event WHERE id = %s", event.pk)
        page = text_of(browser.post("/operations/events/verify/"))
        assert f"出来事 {event.pk} 番が削除されています" in page
        assert "問題 1件" in text_of(browser.get("/operations/status/"))

    def test_a_long_chain_is_left_to_the_worker(self, browser, monkeypatch):
        monkeypatch.setattr("madoguchi.trust.views.operations.ROWS_AT_ONCE", 1)
        response = browser.post("/operations/events/verify/", follow=True)
        assert "確認を始めました" in text_of(response)
        assert DBTaskResult.objects.get().task_path == "madoguchi.trust.tasks.verify_chains"


class TestDownload:
    @pytest.fixture
    def stored(self, odawara):
        purpose = FilePurpose(
            "test.proof",
            "実績の根拠",
            frozenset({file_types.TEXT, file_types.PDF, file_types.JSON}),
            10_000,
            RetentionClass.YEARS_5,
            lambda actor, stored: actor is not None and actor.is_staff_member,
        )
        with file_purposes.registered_temporarily(purpose.key, purpose):
            yield services.store_file(content=b"%PDF-1.7 x", name="根拠 資料.pdf", purpose=purpose.key)

    def test_a_file_comes_with_its_name_and_cannot_run_anything(self, browser, stored):
        response = browser.get(f"/files/{stored.pk}/")
        assert b"".join(response.streaming_content) == b"%PDF-1.7 x"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert "filename*=utf-8''%E6%A0%B9%E6%8B%A0" in disposition
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response.headers["Cache-Control"]
        assert AccessRecord.objects.get().action == "download"

    def test_a_pdf_may_be_looked_at_and_that_is_logged_as_a_look(self, browser, stored):
        response = browser.get(f"/files/{stored.pk}/?view")
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["Content-Type"] == "application/pdf"
        assert AccessRecord.objects.get().action == "view"
        response.close()

    def test_who_may_not_read_it_gets_nothing(self, odawara, stored):
        resident = signed_in(make_account("yamada", kind="resident"))
        assert resident.get(f"/files/{stored.pk}/").status_code == 403
        visitor = Client(headers={"host": "odawara.localhost"}).get(f"/files/{stored.pk}/")
        assert visitor.headers["Location"].startswith("/accounts/login/")
        assert not AccessRecord.objects.exists()

    def test_a_file_that_is_not_there_is_not_found(self, browser, stored, oyama):
        assert browser.get("/files/999999/").status_code == 404
        with acting_for(oyama):
            other = signed_in(make_staff("kanri", Role.ADMINISTRATOR))
        assert other.get(f"/files/{stored.pk}/").status_code == 404
