"""The journey of a value: a section chief enters it with evidence, the secretariat approves it, everybody sees it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from madoguchi.plan.models import Actual, Indicator
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for
from madoguchi.trust.enums import Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.plan.factories import PASSWORD, make_city, make_plan, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, live_server, settings, tmp_path) -> Iterator[str]:
    """A city hall that listens, with a plan and two people; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_city(order=1)
    with acting_for(municipality):
        make_plan(municipality)
        lead = applications().project.responsibilities.get(is_lead=True).unit  # type: ignore[union-attr]
        make_staff(Role.SECTION_CHIEF, lead, login="kacho")
        make_staff(Role.SECRETARIAT, login="jimukyoku")
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()


def applications() -> Indicator:
    return Indicator.objects.get(label="オンライン申請の件数")


def sign_in(page: Page, city: str, login: str) -> None:
    page.goto(f"{city}/accounts/login/?next=/steering/actuals/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url("**/steering/actuals/")


def table_of_numbers(path: Path) -> Path:
    made = path / "集計表.csv"
    made.write_text("月,件数\r\n4月,160\r\n", encoding="utf-8")
    return made


def published(city: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{city}/api/plan/indicators") as answer:
        items = json.load(answer)["items"]
    return next(item["actuals"] for item in items if item["label"] == "オンライン申請の件数")


def test_a_value_goes_from_the_section_through_approval_to_the_public(
    city: str, desk: Page, new_page: PageMaker, tmp_path: Path
) -> None:
    sign_in(desk, city, "kacho")
    assert_accessible(desk)
    desk.get_by_role("link", name="オンライン申請の件数の実績を入力する").click()
    assert_accessible(desk)
    desk.get_by_label("実績値").fill("たくさん")
    desk.get_by_role("button", name="入力して承認を依頼する").click()
    expect(desk.locator(".error-summary")).to_be_visible()
    expect(desk.get_by_label("実績値")).to_have_value("たくさん")
    assert_accessible(desk)
    desk.get_by_label("実績値").fill("１，９５０")
    desk.get_by_label("根拠資料", exact=False).first.set_input_files(table_of_numbers(tmp_path))
    desk.get_by_role("button", name="入力して承認を依頼する").click()
    expect(desk.get_by_text("承認されると公開されます")).to_be_visible()
    assert_accessible(desk)
    assert published(city) == []

    office = new_page(DESK)
    sign_in(office, city, "jimukyoku")
    office.get_by_role("link", name=re.compile("承認待ち")).click()
    assert_accessible(office)
    office.get_by_label("オンライン申請の件数を選ぶ").check()
    office.get_by_role("button", name="選んだ実績を承認する").click()
    expect(office.get_by_text("1件の実績を承認しました")).to_be_visible()
    assert_accessible(office)
    assert [(item["fiscal_year"], item["value"]) for item in published(city)] == [(2025, 1950)]

    office.goto(f"{city}/plan/ict-2024/indicators/{applications().pk}/")
    expect(office.get_by_text("1,950件").first).to_be_visible()
    office.goto(f"{city}/steering/indicators/{applications().pk}/")
    with office.expect_download() as download:
        office.get_by_role("link", name="根拠資料").click()
    assert download.value.suggested_filename == "集計表.csv"


def test_a_value_is_entered_by_keyboard_alone_and_without_javascript(city: str, plain: Page) -> None:
    sign_in(plain, city, "kacho")
    plain.goto(f"{city}/steering/indicators/{applications().pk}/enter/?fiscal_year=2025")
    plain.get_by_label("実績値").focus()
    plain.keyboard.type("1960")
    reason = plain.get_by_label("根拠資料を付けられない理由")
    for _press in range(30):
        if reason.evaluate("element => element === document.activeElement"):
            break
        plain.keyboard.press("Tab")
    plain.keyboard.type("原本は紙で保管")
    plain.keyboard.press("Enter")
    plain.wait_for_url(f"**/steering/indicators/{applications().pk}/")
    assert Actual.objects.get().value == 1960


PAGES = (
    "actuals/", "actuals/?whose=all", "actuals/approvals/", "actuals/csv/", "owners/", "lint/",
    "indicators/{pk}/", "indicators/{pk}/enter/", "indicators/{pk}/binding/", "indicators/{pk}/tokens/",
    "indicators/{pk}/owner/",
)  # fmt: skip


def test_every_page_of_actual_values_is_accessible_at_both_widths(city: str, desk: Page) -> None:
    sign_in(desk, city, "jimukyoku")
    for place in PAGES:
        desk.goto(f"{city}/steering/{place.format(pk=applications().pk)}")
        for width in (PHONE, DESK):
            desk.set_viewport_size({"width": width, "height": 800})
            assert_accessible(desk)


def test_a_csv_is_looked_at_row_by_row_on_a_phone_before_it_counts(city: str, phone: Page, tmp_path: Path) -> None:
    sign_in(phone, city, "kacho")
    phone.goto(f"{city}/steering/actuals/csv/")
    filled = tmp_path / "実績.csv"
    pk = applications().pk
    filled.write_text(f"指標番号,年度,実績\r\n{pk},2024,1520\r\n{pk},2025,-1\r\n", encoding="utf-8")
    phone.get_by_label("入力したCSVファイル").set_input_files(filled)
    phone.get_by_role("button", name="内容を確かめる").click()
    expect(phone.get_by_text("直す必要のある行が1行あります")).to_be_visible()
    assert_accessible(phone)
    filled.write_text(f"指標番号,年度,実績\r\n{pk},2024,1520\r\n{pk},2025,1960\r\n", encoding="utf-8")
    phone.goto(f"{city}/steering/actuals/csv/")
    phone.get_by_label("入力したCSVファイル").set_input_files(filled)
    phone.get_by_role("button", name="内容を確かめる").click()
    assert_accessible(phone)
    phone.get_by_role("button", name="2件を登録して承認を依頼する").click()
    expect(phone.get_by_text("2件の実績を入力しました")).to_be_visible()
    assert [actual.value for actual in Actual.objects.order_by("fiscal_year")] == [1520, 1960]


def test_a_binding_is_tried_and_its_number_leads_to_the_events_behind_it(city: str, desk: Page) -> None:
    sign_in(desk, city, "jimukyoku")
    desk.goto(f"{city}/steering/indicators/{applications().pk}/binding/")
    desk.get_by_label("自動計測（業務のシステムが数えた値）").check()
    desk.get_by_label("計算式", exact=False).first.fill("trust.sign_ins")
    desk.get_by_role("button", name="試算する").click()
    expect(desk.get_by_role("heading", name="試算の結果")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("単位の違いを確かめました").check()
    desk.get_by_label("変更する理由").fill("自動で数える")
    desk.get_by_role("button", name="保存する").click()
    expect(desk.get_by_text("実績の取り方を変えました")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="数の内訳").click()
    expect(desk.get_by_role("rowheader", name="サインインしました")).to_have_count(
        Account.objects.filter(login="jimukyoku").count()
    )
    assert_accessible(desk)
