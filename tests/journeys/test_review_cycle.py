"""The journey of a project through its review: section, secretariat, council, re-planning, closing, the public page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.plan.models import ChangeRecord, Evaluation, Project, ReviewRound
from madoguchi.plan.selectors.frozen import verify_frozen
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for, current_municipality
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Event
from madoguchi.trust.selectors.chain import verify_chain
from madoguchi.trust.services.sealing import seal_everything
from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.plan.factories import PASSWORD, make_city, make_plan, make_staff
from tests.plan.reviewing import enter_actual

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, live_server, settings, tmp_path) -> Iterator[str]:
    """A city hall that listens, with a plan, its figures of 2024 and the people of the review; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_city(order=1)
    with acting_for(municipality):
        plan = make_plan(municipality)
        enter_actual(plan, "1", 1700)
        enter_actual(plan, "2", 27)
        lead = Project.objects.get(code="1").responsibilities.get(is_lead=True).unit
        make_staff(Role.SECTION_CHIEF, lead, login="kacho")
        make_staff(Role.SECRETARIAT, login="jimukyoku")
        make_staff(Role.COUNCIL, login="kaigi")
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()


@pytest.fixture
def people(city: str, new_page: PageMaker) -> dict[str, Page]:
    """Each person at a desk of their own, signed in."""
    return {login: signed_in(new_page(DESK), city, login) for login in ("kacho", "jimukyoku", "kaigi")}


def signed_in(page: Page, city: str, login: str) -> Page:
    page.goto(f"{city}/accounts/login/?next=/steering/reviews/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("評価の一覧")
    return page


def check_at_both_widths(page: Page) -> None:
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)


def open_round(page: Page) -> None:
    page.get_by_role("link", name="港市デジタル計画").click()
    page.get_by_label("対象の年度").select_option("2024")
    page.get_by_label("自己評価の期限").fill((clock.today() + timedelta(days=7)).isoformat())
    page.get_by_label("採点規則").select_option(label="相模原市（○△×）（第1版）")
    assert_accessible(page)
    page.get_by_role("button", name="評価を開始する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("令和6年度（年間）")
    check_at_both_widths(page)


def open_sheet(page: Page, city: str, title: str) -> None:
    page.goto(f"{city}/steering/reviews/")
    page.get_by_role("link", name="令和6年度（年間）").click()
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def go_on(page: Page, city: str, link: str) -> None:
    page.goto(f"{city}/steering/reviews/{ReviewRound.objects.get().pk}/")
    page.get_by_role("link", name=link).click()
    assert_accessible(page)
    page.get_by_role("button", name=link).click()


def test_a_project_goes_through_its_review_to_the_public_page(city: str, people: dict[str, Page]) -> None:
    chief, secretariat, council = people["kacho"], people["jimukyoku"], people["kaigi"]
    open_round(secretariat)
    self_evaluate(chief, city)
    go_on(secretariat, city, "次の段階へ進む")
    score(secretariat, city)
    go_on(secretariat, city, "次の段階へ進む")
    decide_and_order(council, city)
    replan_and_answer(chief, city)
    accept(council, city)
    go_on(secretariat, city, "評価を確定する")
    verify(secretariat)
    read_in_public(chief, city)
    seal_everything()
    assert verify_chain(current_municipality()) == []
    assert verify_frozen(ReviewRound.objects.get()).is_whole
    closed = Event.objects.get(key="plan.round.closed")
    assert closed.data["digest"] == ReviewRound.objects.get().digest


def self_evaluate(chief: Page, city: str) -> None:
    open_sheet(chief, city, "電子申請の拡大")
    chief.get_by_label("○　計画どおり進んだ").check()
    chief.get_by_role("button", name="提出する").click()
    expect(chief.get_by_text("自己評価を提出しました")).to_be_visible()
    open_sheet(chief, city, "窓口の待ち時間を短くする")
    chief.get_by_label("△　進みが滞っている").check()
    chief.get_by_role("button", name="提出する").click()
    expect(chief.locator(".error-summary")).to_contain_text("進捗を△とするときは、理由を書いてください。")
    check_at_both_widths(chief)
    chief.get_by_label("理由").fill("発券機の調達が半年遅れました。来年度の第1四半期に入れます。")
    chief.get_by_role("button", name="提出する").click()
    expect(chief.get_by_role("list", name="評価の経過")).to_contain_text("発券機の調達が半年遅れました。")
    check_at_both_widths(chief)


def score(secretariat: Page, city: str) -> None:
    page = secretariat
    for title, computed in (("電子申請の拡大", "○"), ("窓口の待ち時間を短くする", "△")):
        open_sheet(page, city, title)
        expect(page.get_by_role("radio", name=computed, exact=True)).to_be_checked()
        page.get_by_label("意見").fill("実績と理由を確かめました。")
        page.get_by_role("button", name="この評価を記録する").click()
        expect(page.get_by_text("事務局の評価を記録しました")).to_be_visible()
    check_at_both_widths(page)


def decide_and_order(council: Page, city: str) -> None:
    page = council
    page.goto(f"{city}/steering/reviews/{ReviewRound.objects.get().pk}/meeting/")
    expect(page.get_by_role("heading", level=1)).to_have_text("電子申請の拡大")
    check_at_both_widths(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("窓口の待ち時間を短くする")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("電子申請の拡大")
    page.get_by_role("button", name="この評価に決める").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("窓口の待ち時間を短くする")
    page.get_by_role("button", name="この評価に決める").click()
    page.get_by_text("改善を指示する").first.click()
    page.get_by_label("改善の指示").fill("発券機の導入の日程と、それまでの混雑対策を示すこと。")
    page.get_by_label("対応の期限").fill((clock.today() + timedelta(days=30)).isoformat())
    check_at_both_widths(page)
    page.get_by_role("button", name="改善を指示する").click()
    expect(page.get_by_text("改善指示を出しました")).to_be_visible()


def replan_and_answer(chief: Page, city: str) -> None:
    page = chief
    page.goto(f"{city}/steering/reviews/orders/?mine=1")
    assert_accessible(page)
    page.get_by_role("link", name="発券機の導入の日程").click()
    check_at_both_widths(page)
    page.get_by_role("link", name="計画を見直す").click()
    page.get_by_label("平均の待ち時間の令和8年度の目標値").fill("12分")
    page.get_by_label("見直しの理由").fill("発券機の導入が半年遅れるため、最終年度の目標を改めます。")
    check_at_both_widths(page)
    page.get_by_role("button", name="見直しを保存する").click()
    expect(page.get_by_role("row", name="令和8年度の目標値")).to_contain_text("12分")
    page.get_by_label("対応の内容").fill("6月に発券機を入れます。それまでは予約を案内します。")
    page.get_by_role("button", name="対応を提出する").click()
    expect(page.get_by_text("対応を提出しました")).to_be_visible()
    change = ChangeRecord.objects.get(subject_type="indicator")
    assert (change.before, change.after) == ("10分", "12分")
    assert change.order is not None


def accept(council: Page, city: str) -> None:
    council.goto(f"{city}/steering/reviews/orders/?status=answered")
    council.get_by_role("link", name="発券機の導入の日程").click()
    expect(council.get_by_text("6月に発券機を入れます。").first).to_be_visible()
    check_at_both_widths(council)
    council.get_by_role("button", name="確認済みにする").click()
    expect(council.get_by_text("対応は確認済みです。")).to_be_visible()


def verify(secretariat: Page) -> None:
    expect(secretariat.get_by_role("heading", level=1)).to_have_text("確定した内容")
    expect(secretariat.locator("#digest")).to_have_text(ReviewRound.objects.get().digest)
    secretariat.get_by_role("link", name="いまの数値と照合する").click()
    expect(secretariat.get_by_role("heading", name="確定したときから変わっていません")).to_be_visible()
    check_at_both_widths(secretariat)


def read_in_public(page: Page, city: str) -> None:
    project = Project.objects.get(code="2")
    page.goto(f"{city}/plan/{project.plan.code}/projects/{project.pk}/")
    result = page.get_by_role("article").filter(has_text="令和6年度")
    expect(result).to_contain_text("△")
    expect(result).to_contain_text("発券機の導入の日程と、それまでの混雑対策を示すこと。")
    check_at_both_widths(page)


def test_a_section_chief_submits_with_the_keyboard_alone(city: str, people: dict[str, Page]) -> None:
    open_round(people["jimukyoku"])
    page = people["kacho"]
    page.goto(f"{city}/steering/reviews/{ReviewRound.objects.get().pk}/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="電子申請の拡大")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("窓口の待ち時間を短くする")
    tab_to(page, "progress")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("△　進みが滞っている")).to_be_checked()
    tab_to(page, "reason")
    page.keyboard.type("発券機の調達が遅れました。")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="提出する")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("自己評価を提出しました")).to_be_visible()
    one = Evaluation.objects.get(project__code="2")
    assert (one.progress, one.reason) == ("△", "発券機の調達が遅れました。")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a field of the self-evaluation has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == f"submit-{name}":
            if name == "progress":
                page.keyboard.press("Space")
            return
    pytest.fail(f"Tab never reaches the field {name}")


def test_a_self_evaluation_works_without_javascript_on_a_phone(city: str, people: dict[str, Page], plain: Page) -> None:
    open_round(people["jimukyoku"])
    page = signed_in(plain, city, "kacho")
    page.get_by_role("link", name="令和6年度（年間）").click()
    page.get_by_role("link", name="電子申請の拡大").click()
    page.get_by_label("○　計画どおり進んだ").check()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("自己評価を提出しました")).to_be_visible()
    assert Evaluation.objects.get(project__code="1").progress == "○"
