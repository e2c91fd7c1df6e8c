"""The operators' pages in a real browser: every page by axe at two widths, a failed job done again, the chain verified."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust import events
from madoguchi.trust.api import acting_for, enqueue, record_event
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Event
from madoguchi.trust.services.caretaker import beat
from madoguchi.trust.services.sealing import seal_everything
from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.trust.people import PASSWORD, make_odawara, make_staff
from tests.trust.tampering import tamper

pytestmark = [pytest.mark.browser, pytest.mark.database]

LONG_ERROR = "Traceback (most recent call last):\n" + "  somewhere " * 40 + "\nValueError: 値が正しくありません"


@pytest.fixture
def city(transactional_db, live_server, settings, tmp_path) -> Iterator[str]:
    """A city hall with a busy day behind it; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.HOME, settings.SECOND_FACTOR_REQUIRED = tmp_path, False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_odawara()
    with acting_for(municipality):
        administrator = make_staff("kanri", Role.ADMINISTRATOR)
        for number in range(60):
            facts = {"attempt": number, "reason": "長い説明" * 5}
            record_event(kind=events.SIGN_IN_REFUSED, subject=administrator, actor=administrator, data=facts)
        seal_everything()
        for task in ("roll_up_meters", "sweep_files"):
            enqueue(f"trust.tasks.{task}")
        DBTaskResult.objects.filter(task_path__endswith="sweep_files").update(
            status=TaskResultStatus.FAILED, started_at=clock.now(), finished_at=clock.now(), traceback=LONG_ERROR
        )
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()


def sign_in(page: Page, city: str) -> None:
    page.goto(f"{city}/accounts/login/?next=/me/")
    page.get_by_label("ログイン名またはメールアドレス").fill("kanri")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url("**/me/")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_of_the_operators_is_accessible(city: str, new_page: PageMaker, width: int) -> None:
    page = new_page(width)
    sign_in(page, city)
    failed = DBTaskResult.objects.get(status=TaskResultStatus.FAILED)
    for address in ("status/", "jobs/", "jobs/?state=running", f"jobs/{failed.pk}/", "events/", "events/?page=2"):
        page.goto(f"{city}/operations/{address}")
        assert_accessible(page)
    beat(worker="w1")
    page.goto(f"{city}/operations/status/")
    assert_accessible(page)


def test_a_failed_job_is_done_again_and_tampering_comes_to_light(city: str, desk: Page) -> None:
    sign_in(desk, city)
    desk.goto(f"{city}/operations/status/")
    desk.get_by_role("link", name="失敗").click()
    expect(desk.get_by_role("table")).to_contain_text("値が正しくありません")
    desk.get_by_role("button", name="使われていないファイルの片付けをやり直す").click()
    expect(desk.get_by_role("status").filter(has_text="もう一度実行するように登録しました")).to_be_visible()

    desk.get_by_role("link", name="出来事の記録").first.click()
    expect(desk.get_by_role("table")).to_contain_text("ジョブをやり直しました")
    desk.get_by_role("button", name="いま連鎖を確かめる").click()
    expect(desk.get_by_role("heading", name="記録の連鎖に問題はありません")).to_be_visible()
    assert_accessible(desk)

    event = Event.objects.filter(key=events.SIGN_IN_REFUSED.key)[30]
    tamper(event.municipality, "UPDATE trust_event SET quantity = 7 WHERE id = %s", event.pk)
    desk.goto(f"{city}/operations/events/")
    desk.get_by_role("button", name="いま連鎖を確かめる").click()
    expect(desk.get_by_role("table")).to_contain_text(f"出来事 {event.pk} 番が、書かれたあとで変更されています")
    assert_accessible(desk)
