"""
The whole house in one journey, on a real plan: passkey, actual, approval, review, order, publication, PDF, event chain.

A second journey reads what came of it as a resident does: without JavaScript, by keyboard alone, in three languages.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.plan.api import Indicator, Plan, Project, import_data_file, link_sections, publish_draft
from madoguchi.plan.models import Evaluation, ReviewRound
from madoguchi.plan.selectors.frozen import verify_frozen
from madoguchi.plan.services import reviews
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Event, acting_for, current_municipality, seal_everything, verify_chain
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Account
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, overflow, small_targets
from tests.journeys.test_sign_in import device_with_fingerprint
from tests.plan.factories import PASSWORD, make_city, make_staff
from tests.plan.printed import Printed

pytestmark = [pytest.mark.browser, pytest.mark.database]

PROJECT, INDICATOR, YEAR = "1-1", "オンライン手続き数", 2025
REASON = "手続の整理が半年遅れました。来年度の第1四半期に追いつきます。"
ORDER = "遅れている手続の名前と、受付を始める月を示すこと。"
ANSWER = "残りの手続は6月に受付を始めます。"


@pytest.fixture
def city(transactional_db, live_server, settings, tmp_path: Path) -> Iterator[str]:
    """A city hall that listens, with the shipped plan of Isehara and the people of its review; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_city("isehara", order=1, is_demonstration=True)
    with acting_for(municipality):
        data = (resources.files("madoguchi.plan") / "data" / "plans" / "isehara.json").read_bytes()
        plans = publish_draft(draft=import_data_file(name="isehara.json", data=data), actor=None, system=True)
        link_sections(plan=plans[-1])
        make_staff(Role.SECTION_CHIEF, project().responsibilities.get(is_lead=True).unit, login="kacho")
        make_staff(Role.SECRETARIAT, login="jimukyoku")
        make_staff(Role.COUNCIL, login="kaigi")
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()


def project() -> Project:
    return Project.objects.get(code=PROJECT)


def indicator() -> Indicator:
    return Indicator.objects.get(project__code=PROJECT, label=INDICATOR)


def check_at_both_widths(page: Page) -> None:
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        return bytes(answer.read())


def sign_in(page: Page, city: str, login: str) -> None:
    page.goto(f"{city}/accounts/login/?next=/steering/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("計画の進み具合")


def sign_in_with_a_passkey(page: Page, city: str) -> None:
    device_with_fingerprint(page)
    sign_in(page, city, "kacho")
    page.goto(f"{city}/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="確認する").click()
    page.get_by_label("パスキーの名前").fill("職場のパソコン")
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("復旧コード")
    page.goto(f"{city}/accounts/logout/?next=/accounts/login/")
    page.get_by_role("button", name="サインアウトする").click()
    page.goto(f"{city}/accounts/login/?next=/steering/")
    page.get_by_role("button", name="パスキーでサインイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("計画の進み具合")
    check_at_both_widths(page)


def enter_with_evidence(page: Page, tmp_path: Path) -> None:
    evidence = tmp_path / "手続の一覧.csv"
    evidence.write_text("手続,開始\r\n住民票の写し,2025-06\r\n", encoding="utf-8")
    page.get_by_role("link", name="実績", exact=True).click()
    page.get_by_role("link", name=f"{INDICATOR}の実績を入力する").click()
    page.goto(re.sub(r"\?.*|$", f"?fiscal_year={YEAR}", page.url, count=1))
    page.get_by_label("実績値").fill("１１３")
    page.get_by_label("根拠資料", exact=False).first.set_input_files(evidence)
    check_at_both_widths(page)
    page.get_by_role("button", name="入力して承認を依頼する").click()
    expect(page.get_by_text("承認されると公開されます")).to_be_visible()


def approve(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/actuals/approvals/")
    check_at_both_widths(page)
    page.get_by_label(f"{INDICATOR}を選ぶ").check()
    page.get_by_role("button", name="選んだ実績を承認する").click()
    expect(page.get_by_text("1件の実績を承認しました")).to_be_visible()


def open_round(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/reviews/")
    page.get_by_role("link", name=Plan.objects.get().title).click()
    page.get_by_label("対象の年度").select_option(str(YEAR))
    page.get_by_label("自己評価の期限").fill((clock.today() + timedelta(days=7)).isoformat())
    page.get_by_label("採点規則").select_option(label="相模原市（○△×）（第1版）")
    check_at_both_widths(page)
    page.get_by_role("button", name="評価を開始する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("令和7年度（年間）")
    check_at_both_widths(page)


def go_on(page: Page, city: str, link: str, reason: str = "") -> None:
    page.goto(f"{city}/steering/reviews/{ReviewRound.objects.get().pk}/")
    page.get_by_role("link", name=link).click()
    if reason:
        page.get_by_label("未提出を残して進む理由").fill(reason)
    page.get_by_role("button", name=link).click()


def self_evaluate(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/reviews/evaluations/{sheet().pk}/")
    page.get_by_label("△　進みが滞っている").check()
    page.get_by_label("理由").fill(REASON)
    check_at_both_widths(page)
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("自己評価を提出しました")).to_be_visible()


def sheet() -> Evaluation:
    return Evaluation.objects.get(project__code=PROJECT)


def score(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/reviews/evaluations/{sheet().pk}/")
    page.get_by_role("radio", name="△", exact=True).check()
    page.get_by_label("意見").fill("実績と理由を確かめました。")
    page.get_by_role("button", name="この評価を記録する").click()
    expect(page.get_by_text("事務局の評価を記録しました")).to_be_visible()
    check_at_both_widths(page)


def settle_the_others(step: Any, login: str, mark: str, comment: str) -> None:
    """Take the projects that the journey does not follow through a stage, so that the round can go on."""
    actor = Account.objects.get(login=login)
    for one in Evaluation.objects.exclude(project__code=PROJECT):
        step(evaluation=one, **{mark: "○"}, comment=comment, version=one.version, actor=actor)


def decide_and_order(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/reviews/evaluations/{sheet().pk}/")
    page.get_by_role("button", name="この評価に決める").click()
    page.goto(f"{city}/steering/reviews/evaluations/{sheet().pk}/")
    page.get_by_text("改善を指示する").first.click()
    page.get_by_label("改善の指示").fill(ORDER)
    page.get_by_label("対応の期限").fill((clock.today() + timedelta(days=30)).isoformat())
    check_at_both_widths(page)
    page.get_by_role("button", name="改善を指示する").click()
    expect(page.get_by_text("改善指示を出しました")).to_be_visible()


def answer(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/reviews/orders/?mine=1")
    page.get_by_role("link", name=ORDER[:10]).click()
    page.get_by_label("対応の内容").fill(ANSWER)
    check_at_both_widths(page)
    page.get_by_role("button", name="対応を提出する").click()
    expect(page.get_by_text("対応を提出しました")).to_be_visible()


def accept(page: Page, city: str) -> None:
    page.goto(f"{city}/steering/reviews/orders/?status=answered")
    page.get_by_role("link", name=ORDER[:10]).click()
    page.get_by_role("button", name="確認済みにする").click()
    expect(page.get_by_text("対応は確認済みです。")).to_be_visible()
    check_at_both_widths(page)


def read_in_public(page: Page, city: str) -> None:
    base = f"{city}/plan/{Plan.objects.get().code}"
    page.goto(f"{base}/indicators/{indicator().pk}/")
    expect(page.locator("#years tr", has_text="令和7年度")).to_contain_text("113")
    check_at_both_widths(page)
    page.goto(f"{base}/projects/{project().pk}/")
    result = page.get_by_role("article").filter(has_text="令和7年度")
    for text in ("△", ORDER, ANSWER):
        expect(result).to_contain_text(text)
    check_at_both_widths(page)
    items = json.loads(fetch(f"{city}/api/plan/indicators?limit=500"))["items"]
    actuals = next(item["actuals"] for item in items if item["label"] == INDICATOR)
    assert [(item["fiscal_year"], item["value"]) for item in actuals] == [(YEAR, 113)]
    report = Printed(fetch(f"{base}/report.pdf?fiscal_year={YEAR}"))
    for text in (INDICATOR, "113", ORDER, ANSWER, "確定"):
        assert text in report.squeezed
    assert len(report.bookmarks()) > 1


def test_a_value_goes_from_a_passkey_to_the_report_and_the_chain_holds(
    city: str, new_page: PageMaker, tmp_path: Path
) -> None:
    chief, secretariat, council = (new_page(DESK) for _ in range(3))
    sign_in_with_a_passkey(chief, city)
    sign_in(secretariat, city, "jimukyoku")
    sign_in(council, city, "kaigi")
    enter_with_evidence(chief, tmp_path)
    approve(secretariat, city)
    open_round(secretariat, city)
    self_evaluate(chief, city)
    go_on(secretariat, city, "次の段階へ進む", reason="ほかの事業は書面で確かめました。")
    score(secretariat, city)
    settle_the_others(reviews.score_evaluation, "jimukyoku", "score", "書面で確かめました。")
    go_on(secretariat, city, "次の段階へ進む")
    decide_and_order(council, city)
    settle_the_others(reviews.decide_evaluation, "kaigi", "decision", "")
    answer(chief, city)
    accept(council, city)
    go_on(secretariat, city, "評価を確定する")
    expect(secretariat.get_by_role("heading", level=1)).to_have_text("確定した内容")
    check_at_both_widths(secretariat)
    read_in_public(chief, city)
    seal_everything()
    assert verify_chain(current_municipality()) == []
    assert verify_frozen(ReviewRound.objects.get()).is_whole
    kinds = set(Event.objects.values_list("key", flat=True))
    assert kinds >= {
        "plan.plan.published", "trust.account.signed_in", "plan.actual.entered", "plan.actual.approved",
        "plan.round.closed",
    }  # fmt: skip


def looks_right(page: Page) -> None:
    # axe needs JavaScript; the same pages pass it in test_plan_public.
    assert [*small_targets(page), *overflow(page)] == [], page.url


def test_a_resident_reads_the_plan_without_javascript_in_three_languages(city: str, plain: Page) -> None:
    for place in ("/", "/plan/"):
        plain.goto(city + place)
        looks_right(plain)
    plain.get_by_role("searchbox").fill("オンライン手続き")
    plain.get_by_role("button", name="探す").click()
    expect(plain.get_by_role("status")).to_contain_text("見つかりました")
    looks_right(plain)
    plain.get_by_role("link", name=INDICATOR).click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(INDICATOR)
    expect(plain.locator("#years tr", has_text="令和6年度")).to_contain_text("120")
    looks_right(plain)
    plain.get_by_role("navigation", name="現在位置").get_by_role("link", name="行政手続きのオンライン化の拡大").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("行政手続きのオンライン化の拡大")
    looks_right(plain)
    for language, words in (("English", "Who answers for this page"), ("やさしい日本語", "このページの 係")):
        plain.get_by_role("link", name=language, exact=True).click()
        expect(plain.get_by_text(words).first).to_be_visible()
        looks_right(plain)
    for place in ("/accessibility/", "/tour/", "/api/", "/plan/compare/"):
        plain.goto(city + place)
        looks_right(plain)


def test_a_resident_finds_an_indicator_with_the_keyboard_alone(city: str, desk: Page) -> None:
    desk.goto(city + "/plan/")
    press_until(desk, "input[type=search]")
    desk.keyboard.type("オンライン手続き")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("見つかりました")
    press_until(desk, f"a[href$='/indicators/{indicator().pk}/']")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(INDICATOR)
    press_until(desk, f"main a[href$='/projects/{project().pk}/']")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(project().title)


def press_until(page: Page, selector: str) -> None:
    """Press Tab until an element that matches has the focus, which must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
            return
    pytest.fail(f"the keyboard does not reach {selector} on {page.url}")
