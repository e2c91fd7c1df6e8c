"""Every kind of question in a real browser: on a phone and a desk, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from madoguchi.procedures.services.definitions import create_procedure, publish
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for
from tests.browser import DESK, PHONE, assert_accessible, small_targets
from tests.trust.people import make_odawara

from .forms_shared import ask, every_component
from .residents import png

pytestmark = [pytest.mark.browser, pytest.mark.database]
Start = Callable[..., Any]


@pytest.fixture
def start(transactional_db, live_server, settings, tmp_path) -> Start:
    """Publish a form and open its only step in a browser."""
    settings.MEDIA_ROOT = tmp_path / "files"
    host_table.clear()
    city = make_odawara()

    def begin(page: Page, *fields: dict[str, Any]) -> None:
        document = {
            "name": "すべての質問",
            "assurance": "none",
            "form": {"steps": [{"code": "all", "title": "質問", "fields": list(fields)}]},
        }
        with acting_for(city):
            version = create_procedure(code="everything", document=document, actor=None, system=True)
            publish(version=version, actor=None, system=True)
        page.goto(f"http://localhost:{live_server.thread.port}/procedures/everything/apply/")
        page.get_by_role("button", name="申請を始める").click()
        expect(page.locator("form.form-step")).to_be_visible()

    yield begin
    host_table.clear()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_kind_of_question_is_accessible_empty_wrong_and_answered(start, new_page, width: int) -> None:
    page = new_page(width)
    start(page, *every_component())
    assert_accessible(page)
    assert small_targets(page) == []
    page.get_by_role("button", name="次へ進む").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert_accessible(page)
    for link in summary.locator("a").all():
        target = (link.get_attribute("href") or "#")[1:]
        assert page.locator(f'[id="{target}"]').count() == 1, target
    summary.locator("a", has_text="質問 person_name").click()
    expect(page.locator('[id="id_person_name"]')).to_be_focused()


def test_without_javascript_rows_look_ups_and_conditions_work(start, plain) -> None:
    start(
        plain,
        ask("pet", "yes_no", label="動物を飼っていますか"),
        ask("kind", label="動物の種類", visible_if="pet = true"),
        ask("home", "address", label="住所"),
        ask("account", "bank_account", label="振込先"),
        ask("kids", "group", label="お子さん", required=False, fields=[ask("age", "integer", label="年齢")]),
    )
    expect(plain.get_by_label("動物の種類")).to_have_count(0)
    plain.get_by_label("郵便番号").fill("２５４００４１")
    plain.get_by_role("button", name="住所をさがす").click()
    expect(plain.get_by_label("都道府県")).to_have_value("神奈川県")
    expect(plain.get_by_label("町名")).to_have_value("浅間町")
    plain.get_by_label("金融機関").fill("平塚")
    plain.get_by_role("button", name="さがす", exact=True).first.click()
    plain.get_by_label(re.compile("^平塚信金")).check()
    plain.get_by_role("button", name="さがす", exact=True).first.click()
    expect(plain.get_by_label("金融機関")).to_have_value("1286")
    plain.get_by_role("button", name="追加する").click()
    plain.get_by_role("button", name="追加する").click()
    plain.get_by_label("年齢").nth(1).fill("７")
    plain.get_by_role("button", name=re.compile("^この行を消す")).first.click()
    expect(plain.get_by_label("年齢")).to_have_value("7")
    plain.get_by_label("はい").check()
    plain.get_by_role("button", name="次へ進む").click()
    expect(plain.get_by_label("動物の種類")).to_be_visible()
    expect(plain.get_by_label("町名")).to_have_value("浅間町")


def test_with_javascript_the_page_follows_what_is_typed(start, desk) -> None:
    start(
        desk,
        ask("pet", "yes_no", label="動物を飼っていますか"),
        ask("kind", label="動物の種類", visible_if="pet = true"),
        ask("count", "integer", label="頭数"),
        ask("fee", "calculated", label="手数料", calculation="count * 3000", unit="円"),
        ask("born", "birth_date", label="生年月日"),
        ask("home", "address", label="住所"),
        ask("account", "bank_account", label="振込先"),
        ask("kids", "group", label="お子さん", required=False, fields=[ask("age", "integer", label="年齢")]),
    )
    desk.evaluate("window.stays = true")
    desk.get_by_label("はい").check()
    expect(desk.get_by_label("動物の種類")).to_be_visible()
    desk.get_by_label("頭数").fill("2")
    desk.get_by_label("頭数").press("Tab")
    expect(desk.locator('[data-calculated="fee"]')).to_have_text("6,000円")
    desk.get_by_label("年号").select_option("昭和")
    desk.get_by_label("年", exact=True).fill("60")
    expect(desk.locator("[data-era-hint]").first).to_have_text("昭和60年＝1985年")
    desk.get_by_label("郵便番号").fill("254-0041")
    expect(desk.get_by_label("町名")).to_have_value("浅間町")
    desk.get_by_label("金融機関").fill("みずほ")
    desk.get_by_role("button", name="みずほ（0001）").click()
    expect(desk.get_by_label("金融機関")).to_have_value("0001")
    desk.get_by_role("button", name="追加する").click()
    expect(desk.get_by_label("年齢")).to_have_count(1)
    expect(desk.locator('[id="id_kids.0"]')).to_be_focused()
    desk.get_by_label("年齢").fill("7")
    desk.get_by_role("button", name=re.compile("^この行を消す")).click()
    expect(desk.get_by_label("年齢")).to_have_count(0)
    expect(desk.get_by_label("町名")).to_have_value("浅間町")
    assert desk.evaluate("window.stays") is True
    # What lies half under the edge of the window has no full target: the judge looks at the page from its top.
    desk.evaluate("window.scrollTo(0, 0)")
    assert_accessible(desk)


def test_going_on_while_the_server_still_answers_is_not_refused_and_sends_a_file_once(start, desk) -> None:
    start(
        desk,
        ask("proof", "file", label="証明"),
        ask("pet", "yes_no", label="動物を飼っていますか"),
        ask("kind", label="動物の種類", visible_if="pet = true"),
    )
    held, statuses = [], []
    desk.route(
        "**/all/**", lambda route: held.append(route) if route.request.resource_type == "fetch" else route.continue_()
    )
    desk.on("response", lambda response: statuses.append(response.status))
    desk.set_input_files("input[type=file]", {"name": "証明.png", "mimeType": "image/png", "buffer": png()})
    with desk.expect_request(lambda request: request.resource_type == "fetch"):
        desk.get_by_label("はい").check()
    desk.get_by_role("button", name="次へ進む").click(no_wait_after=True)
    expect(desk.locator("form[aria-busy]")).to_be_visible()
    held[0].continue_()
    expect(desk.locator(".error-summary")).to_contain_text("動物の種類")
    expect(desk.locator(".attached li")).to_have_count(1)
    desk.get_by_label("動物の種類").fill("犬")
    desk.get_by_role("button", name="次へ進む").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("内容を確認して送信")
    expect(desk.get_by_text("証明.png")).to_have_count(1)
    assert 409 not in statuses
