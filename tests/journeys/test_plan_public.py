"""Journeys through the plans: a resident on a phone without JavaScript, by keyboard alone, and an office at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualStatus
from madoguchi.plan.models import Actual, Goal, Indicator, Measure, Plan, Project
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for
from madoguchi.trust.enums import Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.plan.factories import PASSWORD, make_city, make_plan, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_city(phone="03-1234-5678")
    with acting_for(municipality):
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


@pytest.fixture
def plan(city: Municipality) -> Plan:
    made = make_plan(city)
    for label, year, value in (
        ("オンライン申請の件数", 2024, 1600),
        ("オンライン申請の件数", 2025, 1800),
        ("平均の待ち時間", 2025, 25),
    ):
        Actual.objects.create(
            municipality=city, indicator=Indicator.objects.get(label=label), fiscal_year=year, value=value,
            text=f"{value}", status=ActualStatus.APPROVED, entered_at=clock.now(), approved_at=clock.now(),
        )  # fmt: skip
    return made


def public_pages(plan: Plan) -> list[str]:
    base = f"/plan/{plan.code}/"
    return [
        "/plan/",
        base,
        f"{base}projects/?class=A",
        f"{base}indicators/",
        f"{base}goals/{Goal.objects.get().pk}/",
        f"{base}measures/{Measure.objects.get().pk}/",
        f"{base}projects/{Project.objects.get(code='1').pk}/",
        f"{base}indicators/{Indicator.objects.get(label='オンライン申請の件数').pk}/",
        f"{base}timeline/",
        f"{base}portfolio/",
        f"{base}history/",
        "/plan/search/?q=窓口",
        "/plan/search/?q=どこにもない言葉",
        "/plan/compare/",
        "/plan/compare/online_applications/",
    ]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_public_page_is_accessible(plan: Plan, address: str, new_page: PageMaker, width: int) -> None:
    page = new_page(width)
    for path in public_pages(plan):
        page.goto(address + path)
        assert_accessible(page)
        if width == PHONE:
            assert not small_targets(page), path


def test_a_resident_finds_a_result_without_javascript(plan: Plan, address: str, plain: Page) -> None:
    plain.goto(f"{address}/plan/")
    plain.get_by_role("link", name=plan.title).click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(plan.title)
    plain.get_by_role("navigation", name="計画のページ").get_by_role("link", name="事業", exact=True).click()
    plain.get_by_label("区分").select_option("A")
    plain.get_by_role("button", name="表示する").click()
    expect(plain.get_by_role("status")).to_have_text("1件")
    plain.get_by_role("link", name="電子申請の拡大").click()
    plain.get_by_role("link", name="オンライン申請の件数").click()
    expect(plain.get_by_role("img", name=re.compile("年度ごとの実績と目標"))).to_be_visible()
    expect(plain.locator("#years tr", has_text="令和7年度")).to_contain_text("1,800")
    expect(plain.get_by_text("情報課").or_(plain.get_by_text("市民課")).first).to_be_visible()
    expect(plain.get_by_role("link", name="03-1234-5678").first).to_be_visible()


def test_the_tree_opens_and_the_search_answers_by_keyboard_alone(plan: Plan, address: str, desk: Page) -> None:
    desk.goto(f"{address}/plan/{plan.code}/")
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_have_text("本文へ移動")
    desk.keyboard.press("Enter")
    goal = desk.locator("details.plan-tree__goal")
    expect(goal).to_have_attribute("open", "")
    reach(desk, "summary", "行かなくてよい市役所")
    desk.keyboard.press("Enter")
    expect(goal).not_to_have_attribute("open", "")
    desk.keyboard.press("Space")
    reach(desk, "a", "電子申請の拡大")
    assert focus_is_visible(desk)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("電子申請の拡大")
    desk.goto(f"{address}/plan/")
    reach(desk, "input[type=search]", "")
    desk.keyboard.type("待ち時間")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("件見つかりました")


def reach(page: Page, selector: str, text: str) -> None:
    """Press Tab until an element that matches has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(
            "([s, t]) => document.activeElement.matches(s) && document.activeElement.textContent.includes(t)",
            [selector, text],
        ):
            return
    pytest.fail(f"the keyboard does not reach {selector} {text}")


def focus_is_visible(page: Page) -> bool:
    return bool(page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"))


def test_charts_hold_at_twice_the_text_size_and_in_forced_colours(
    plan: Plan, address: str, new_page: PageMaker
) -> None:
    page = new_page(DESK, forced_colors="active")
    pk = Indicator.objects.get(label="オンライン申請の件数").pk
    page.goto(f"{address}/plan/{plan.code}/indicators/{pk}/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    chart = page.locator("svg.chart").first
    expect(chart).to_be_visible()
    box, room = chart.bounding_box(), page.viewport_size
    assert box is not None
    assert room is not None
    assert box["x"] + box["width"] <= room["width"]


def test_a_plan_prints_with_its_tables_and_without_menus(plan: Plan, address: str, desk: Page) -> None:
    desk.goto(f"{address}/plan/{plan.code}/")
    desk.emulate_media(media="print")
    expect(desk.get_by_role("navigation", name="計画のページ")).to_be_hidden()
    expect(desk.locator("svg.chart").first).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_steering_page_is_accessible(plan: Plan, address: str, new_page: PageMaker, width: int) -> None:
    make_staff(Role.SECRETARIAT, login="office")
    page = new_page(width)
    page.goto(f"{address}/accounts/login/?next=/steering/")
    page.get_by_label(re.compile("ログイン名")).fill("office")
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("計画の進み具合")
    code = plan.code
    for path in ("", "attention/", "tree/", "indicators/", f"portfolio/{code}/", f"timeline/{code}/", "compare/"):
        page.goto(f"{address}/steering/{path}")
        assert_accessible(page)


def test_the_steering_overview_prints_on_one_a3(plan: Plan, address: str, desk: Page, tmp_path) -> None:
    make_staff(Role.SECRETARIAT, login="office")
    desk.goto(f"{address}/accounts/login/?next=/steering/")
    desk.get_by_label(re.compile("ログイン名")).fill("office")
    desk.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    desk.get_by_role("button", name="サインインする").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("計画の進み具合")
    file = tmp_path / "overview.pdf"
    desk.pdf(path=file, prefer_css_page_size=True, print_background=True)
    with pikepdf.open(file) as printed:
        assert len(printed.pages) == 1
        box = [float(side) for side in printed.pages[0].mediabox]
    assert box[2] == pytest.approx(1191, abs=3)
    assert box[3] == pytest.approx(842, abs=3)
