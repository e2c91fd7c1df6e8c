"""Journeys to the right procedures: a newcomer on a phone without JavaScript, by keyboard, at the counter, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from madoguchi.procedures.api import load_demonstration_procedures
from madoguchi.procedures.models import Checklist
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for
from madoguchi.trust.enums import Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.plan.factories import PASSWORD, make_city, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]

TRUTH = {
    "household": ["1歳から小学校入学前の子ども"],
    "dog": ["はい"],
    "my_number_card": ["はい"],
    "daycare": ["はい"],
    "working_parents": ["はい"],
    "insurance": ["会社などの健康保険には入らない"],
    "water": ["はい"],
    "moped": ["いいえ"],
}
"""What a family with a two-year-old and a dog answers; all else it does not know."""


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_city(phone="03-1234-5678")
    with acting_for(municipality):
        load_demonstration_procedures()
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


def answer_all(page: Page) -> list[str]:
    """Answer what is asked, by what stands on the page alone; returns the questions."""
    asked: list[str] = []
    while page.locator("form.finder-question").count():
        code = page.locator("input[name=asked]").get_attribute("value")
        assert code
        assert code not in asked
        asked.append(code)
        if code not in TRUTH:
            page.get_by_role("button", name="わからない").click()
            continue
        for label in TRUTH[code]:
            page.get_by_label(label, exact=True).check()
        page.get_by_role("button", name="次へ").click()
    return asked


def test_a_newcomer_finds_seven_procedures_on_a_phone_without_javascript(address: str, plain: Page) -> None:
    plain.goto(address)
    plain.get_by_role("link", name="引っ越し・住民票・証明書").click()
    plain.get_by_role("link", name=re.compile("質問に答えて手続リストを作る.*市外から")).click()
    asked = answer_all(plain)
    assert len(asked) <= 9
    plain.get_by_label(re.compile("引っ越してきた日")).fill("2026-11-10")
    plain.get_by_role("button", name="期限を出す").click()
    certain = plain.locator(".finder-item", has_text="必要な手続です")
    assert certain.count() >= 7
    for name in (
        "転入届",
        "児童手当",
        "子ども医療費",
        "犬の登録の変更届",
        "国民健康保険の加入",
        "保育所等の入所",
        "マイナンバーカード",
    ):
        expect(certain.filter(has_text=name).first).to_be_visible()
    expect(plain.locator(".finder-item").first).to_contain_text("転入届")
    expect(plain.locator(".finder-item").first).to_contain_text("11月24日")
    plain.get_by_role("button", name="リストを保存する").click()
    number = plain.locator(".finder-ticket__number").inner_text()
    plain.get_by_label(re.compile("済んだ.*転入届")).check()
    plain.get_by_role("button", name="済んだ手続を保存する").click()
    expect(plain.get_by_label(re.compile("済んだ.*転入届"))).to_be_checked()
    assert Checklist.objects.get().number == number
    plain.get_by_role("button", name="まとめて申請を始める").click()
    expect(plain).to_have_url(re.compile("/apply/"))


def test_an_answer_can_be_changed_and_the_list_follows(address: str, plain: Page) -> None:
    plain.goto(f"{address}/procedures/find/?event=moving-in&dog=yes&result=1")
    expect(plain.locator(".finder-item", has_text="犬の登録の変更届")).to_be_visible()
    plain.get_by_role("link", name=re.compile("変更する.*犬を飼っていますか")).click()
    plain.get_by_label("いいえ").check()
    plain.get_by_role("button", name="次へ").click()
    plain.goto(plain.url + "&result=1")
    expect(plain.locator(".finder-item", has_text="犬の登録の変更届")).to_have_count(0)
    plain.get_by_text(re.compile("当てはまらなかった手続とその理由")).click()
    expect(plain.get_by_text("犬を飼っている方の届け出です。")).to_be_visible()


def test_a_question_without_an_answer_leads_back_to_it(address: str, plain: Page) -> None:
    plain.goto(f"{address}/procedures/find/?event=moving-in&household=none")
    plain.get_by_role("button", name="次へ").click()
    expect(plain.get_by_role("alert")).to_contain_text("答えを選んでください")
    expect(plain).to_have_title(re.compile("^入力の誤り"))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_of_the_finder_is_accessible(address: str, new_page: PageMaker, width: int) -> None:
    page = new_page(width)
    paths = (
        "/",
        "/procedures/",
        "/procedures/?q=どこにもない言葉",
        "/procedures/events/moves/",
        "/procedures/events/moving-in/",
        "/procedures/find/",
        "/procedures/find/?event=moving-in",
        "/procedures/find/?event=moving-in&dog=yes&asked=household",
        "/procedures/find/?event=moving-in&dog=yes&result=1",
        "/procedures/child-allowance/",
        "/procedures/birth-notification/?day=2026-11-01",
    )
    for path in paths:
        page.goto(address + path)
        assert_accessible(page)
        if width == PHONE:
            assert not small_targets(page), path
    page.goto(f"{address}/procedures/find/?event=moving-in&dog=yes&result=1")
    page.get_by_role("button", name="リストを保存する").click()
    page.wait_for_url(re.compile("/procedures/list/"))
    assert_accessible(page)


def test_the_list_prints_on_one_page_and_its_code_leads_back(address: str, desk: Page, tmp_path) -> None:
    query = "event=moving-in&household=none&household=toddler&dog=yes&insurance=none&my_number_card=yes&daycare=yes"
    desk.goto(f"{address}/procedures/find/?{query}&working_parents=yes&water=yes&moped=yes&result=1")
    desk.get_by_role("button", name="リストを保存する").click()
    desk.wait_for_url(re.compile("/procedures/list/"))
    picture = tmp_path / "code.png"
    desk.locator(".finder-ticket__code").screenshot(path=picture)
    found = zxingcpp.read_barcodes(Image.open(picture))
    assert [code.text for code in found] == [desk.url]
    file = tmp_path / "list.pdf"
    desk.pdf(path=file, prefer_css_page_size=True, print_background=True)
    with pikepdf.open(file) as printed:
        assert len(printed.pages) == 1


def test_staff_open_the_list_by_its_number_and_see_the_coverage(address: str, desk: Page, plain: Page) -> None:
    plain.goto(f"{address}/procedures/find/?event=birth&result=1")
    plain.get_by_role("button", name="リストを保存する").click()
    number = plain.locator(".finder-ticket__number").inner_text()
    make_staff(Role.SECTION_STAFF, login="madoguchi")
    desk.goto(f"{address}/accounts/login/?next=/procedures/checklists/")
    desk.get_by_label(re.compile("ログイン名")).fill("madoguchi")
    desk.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    desk.get_by_role("button", name="サインインする").click()
    desk.get_by_label(re.compile("手続リストの番号")).fill(number)
    assert_accessible(desk)
    desk.get_by_role("button", name="開く").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("手続リスト")
    desk.goto(f"{address}/builder/coverage/")
    expect(desk.locator("tr", has_text="子どもが生まれた")).to_contain_text("出生届")
    assert_accessible(desk)
