"""The day of a clerk and of a designer: the work list by keyboard, a record, and a workflow drawn, tried and published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from madoguchi.cases.api import Case, open_case
from madoguchi.cases.registry import service_tasks
from madoguchi.kit import clock
from madoguchi.kit.names import search_key
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import Role
from tests.browser import PageMaker, assert_accessible
from tests.cases.services import KEYS, Recorder
from tests.trust.people import PASSWORD, make_odawara, make_staff, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def hall(transactional_db: Any, live_server: Any, settings: Any) -> Iterator[str]:
    """A city hall that listens, with a section, its people and six cases; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    recorder, kept = Recorder(), dict(service_tasks._items)
    service_tasks._items.update({key: recorder.service(key) for key in KEYS})
    with acting_for(make_odawara()):
        unit = make_unit("市民課")
        make_staff("tanto", Role.SECTION_STAFF, unit=unit)
        make_staff("kacho", Role.SECTION_CHIEF, unit=unit)
        make_staff("sekkei", Role.DESIGNER)
        for number in range(6):
            open_case(
                kind="tests.subject",
                subject_id=number,
                title=f"住民票の写しの交付（{number + 1}）",
                person="緑山 健一",
                search_key=search_key("緑山健一"),
                unit=unit,
                due_on=clock.today() + timedelta(days=number * 3 - 3),
                variables={"payment": "none", "fee": 0, "needs_approval": True},
            )
        yield f"http://odawara.localhost:{live_server.thread.port}"
    service_tasks._items.clear()
    service_tasks._items.update(kept)
    host_table.clear()


def sign_in(page: Page, hall: str, login: str, path: str) -> None:
    page.goto(f"{hall}/accounts/login/?next={path}")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"**{path}")


def test_a_clerk_works_through_the_list_by_keyboard(hall: str, new_page: PageMaker) -> None:
    page = new_page(1600)
    sign_in(page, hall, "tanto", "/work/")
    assert_accessible(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-row] input:checked")).to_have_count(1)
    page.keyboard.press("Enter")
    pane = page.locator("[data-pane-place]")
    expect(pane.get_by_role("heading", name="住民票の写しの交付（2）")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    page.get_by_role("button", name="私が担当する").click()
    expect(page.get_by_text("1件を担当にしました。")).to_be_visible()
    page.get_by_role("link", name="私の担当", exact=True).click()
    expect(page.locator("[data-row]")).to_have_count(1)

    page.locator("[data-row] a").first.click()
    pane.get_by_role("button", name="受理する").click()
    expect(page.get_by_text("「受付審査」を「受理する」で終えました。")).to_be_visible()
    expect(page.get_by_text("1分のあいだ元に戻せます")).to_be_visible()
    page.get_by_text("業務フローの図", exact=True).click()
    expect(page.locator('.flow-drawing [data-element="approve"]')).to_have_attribute("data-state", "now")
    assert_accessible(page)

    chief = new_page()
    sign_in(chief, hall, "kacho", "/work/")
    chief.goto(page.url)
    expect(chief.get_by_text("さんも、いま見ています。")).to_be_visible()
    chief.get_by_role("button", name="承認する").click()
    expect(chief.get_by_text("「決裁」を「承認する」で終えました。")).to_be_visible()
    assert Case.objects.get(title__contains="（2）").outcome == "completed"


def test_the_list_and_the_record_fit_a_phone_and_work_without_scripts(hall: str, phone: Page, plain: Page) -> None:
    sign_in(phone, hall, "tanto", "/work/")
    assert_accessible(phone)
    phone.locator("[data-row] a").first.click()
    expect(phone.get_by_role("heading", name="経緯")).to_be_visible()
    assert_accessible(phone)

    sign_in(plain, hall, "tanto", "/work/")
    plain.locator("[data-row] a").first.click()
    plain.get_by_role("button", name="却下する").click()
    expect(plain.get_by_text("「却下する」には、理由を書いてください。")).to_be_visible()


def test_a_designer_draws_tries_and_publishes_a_workflow(hall: str, desk: Page, phone: Page) -> None:
    sign_in(desk, hall, "sekkei", "/work/workflows/new/")
    desk.locator("#id_name").fill("介護の業務フロー")
    desk.locator("#id_key").fill("kaigo")
    desk.get_by_role("button", name="加える").click()
    expect(desk.locator(".djs-element").first).to_be_visible()
    expect(desk.locator(".bjs-powered-by")).to_be_visible()
    expect(desk.get_by_text("すべてそのまま動かせます")).to_be_visible()
    assert_accessible(desk)

    desk.get_by_label("要素を選ぶ").select_option("review")
    desk.get_by_label("名前", exact=True).fill("書類の確認")
    desk.get_by_label("名前", exact=True).press("Tab")
    desk.get_by_label("要素を選ぶ").select_option("issue")
    desk.get_by_label("サービス", exact=True).select_option("")
    expect(desk.get_by_text("動かせない要素が1個あります。")).to_be_visible()
    desk.get_by_role("button", name="交付物の作成").click()
    desk.get_by_label("サービス", exact=True).select_option("procedures.issue")
    expect(desk.get_by_text("すべてそのまま動かせます")).to_be_visible()

    desk.get_by_text("試しに動かす").click()
    desk.get_by_role("button", name="はじめから試す").click()
    desk.get_by_role("button", name="受理する").click()
    desk.get_by_role("button", name="承認する").click()
    desk.get_by_role("button", name="知らせ「payment.received」が届く").click()
    expect(desk.get_by_text("終わりました（結果: completed）。")).to_be_visible()
    assert_accessible(desk)

    desk.get_by_role("button", name="保存する").click()
    expect(desk.get_by_text("保存しました。")).to_be_visible()
    desk.get_by_role("link", name="公開・版へ").click()
    desk.get_by_role("button", name="この下書きを公開する").click()
    expect(desk.get_by_text(re.compile("第1版を公開しました"))).to_be_visible()
    expect(desk.locator(".flow-drawing").get_by_text("書類の確認")).to_be_visible()
    assert_accessible(desk)

    sign_in(phone, hall, "sekkei", "/work/workflows/kaigo/edit/")
    expect(phone.locator(".djs-element").first).to_be_visible()
    assert_accessible(phone)
