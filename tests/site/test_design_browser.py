"""The catalogue in a real browser: axe, keyboard, phone, without JavaScript, on paper, in forced colours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from madoguchi.site.design import shapes
from madoguchi.site.middleware import host_table
from tests.browser import DESK, PHONE, assert_accessible, overflow, small_targets, violations
from tests.trust.people import make_odawara

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def site(transactional_db, live_server, settings) -> str:
    settings.DEMONSTRATION = True
    host_table.clear()
    make_odawara()
    return f"http://localhost:{live_server.thread.port}/design/"


def test_the_judge_finds_what_is_planted(desk: Page) -> None:
    desk.set_content(
        '<html lang="ja"><title>悪い例</title><body><main><h1>悪い例</h1><img src="data:,"><input>'
        '<p style="color:#999">薄い文字</p><button style="height:20px">押す</button><div style="width:3000px">広い</div></main>'
    )
    rules = {line.split(" ", 1)[0] for line in violations(desk)}
    assert {"image-alt", "label", "color-contrast"} <= rules
    assert overflow(desk)
    assert small_targets(desk)
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(desk)


@pytest.mark.parametrize(("width", "density"), [(PHONE, "resident"), (DESK, "resident"), (DESK, "staff")])
def test_every_component_is_accessible_in_every_state(site, new_page, width, density) -> None:
    page = new_page(width)
    page.goto(f"{site}all/?density={density}")
    assert_accessible(page)
    if density == "resident":
        assert small_targets(page) == []


def test_every_shape_of_page_is_accessible_on_a_phone(site, phone) -> None:
    for shape in shapes.SHAPES:
        phone.goto(f"{site}pages/{shape.key}/?state=long")
        assert_accessible(phone)


def test_the_other_pages_are_accessible(site, desk) -> None:
    for path in ("", "tokens/", "shells/staff/", "shells/steering/", "errors/404/", "?lang=en"):
        desk.goto(site + path)
        assert_accessible(desk)


def test_without_javascript_menus_trees_and_explanations_still_open(site, plain) -> None:
    plain.goto(f"{site}shells/resident/")
    plain.get_by_text("メニュー", exact=True).click()
    expect(plain.get_by_role("link", name="実績の入力").first).to_be_visible()
    plain.goto(f"{site}components/tree/")
    leaf = plain.get_by_role("link", name="電子申請の対象を広げる")
    expect(leaf).to_be_visible()
    plain.locator("#sample-tree summary").nth(1).click()
    expect(leaf).to_be_hidden()
    expect(plain.locator("[data-needs-script]").first).to_be_hidden()


def test_the_keyboard_reaches_the_contents_first_and_always_shows_where_it_is(site, desk) -> None:
    desk.goto(f"{site}shells/resident/")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="本文へ移動")).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    focused = desk.evaluate(
        "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineWidth]"
    )
    assert focused == ["編集する", "4px"]


def test_a_work_list_is_walked_with_j_and_k_and_marked_with_x(site, desk) -> None:
    desk.goto(f"{site}pages/worklist/")
    for key, name in [("j", "オンライン申請の割合"), ("j", "窓口の待ち時間"), ("k", "オンライン申請の割合")]:
        desk.keyboard.press(key)
        expect(desk.get_by_role("link", name=name)).to_be_focused()
    desk.keyboard.press("x")
    expect(desk.get_by_role("checkbox", name="オンライン申請の割合を選ぶ")).to_be_checked()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="キーボードでの操作")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_unsaved_answers_are_kept_until_the_reader_agrees_to_leave(site, desk) -> None:
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto(f"{site}pages/step/")
    desk.get_by_label("住所").fill("荻窪300番地")
    desk.goto(site)
    assert asked == ["beforeunload"]


def test_paper_carries_the_contents_and_not_the_controls(site, desk) -> None:
    desk.goto(f"{site}shells/steering/")
    desk.emulate_media(media="print")
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    for control in (".site-header", ".breadcrumbs", ".button"):
        expect(desk.locator(control).first).to_be_hidden()
    assert "これはサンプルです" in desk.locator("body").inner_text()
    assert desk.evaluate("getComputedStyle(document.body).page") == "sheet"


def test_text_at_twice_the_size_and_forced_colours_lose_nothing(site, new_page) -> None:
    page = new_page(PHONE, forced_colors="active", reduced_motion="reduce")
    page.goto(f"{site}pages/start/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == []
    expect(page.get_by_role("link", name="申請を始める")).to_be_visible()
