"""Journeys through surveys: a resident on a phone without JavaScript, a clerk with the keyboard alone, the desk of opinions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.procedures.api import load_demonstration_surveys
from madoguchi.procedures.models import CommentReply, Survey, SurveyAnswer
from madoguchi.procedures.services import surveys
from madoguchi.procedures.services.survey_samples import sample_surveys
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for, add_municipality
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Resident
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.trust.people import PASSWORD, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = add_municipality(key="hiratsuka", code="142034", name="平塚市", order=1, phone="03-1234-5678")
    with acting_for(municipality):
        load_demonstration_surveys()
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


@pytest.fixture
def running(city: Municipality) -> Survey:
    """A survey of a drawn sample that takes answers."""
    registrar = make_staff("jumin", Role.REGISTRAR, Role.SECTION_STAFF)
    Resident.objects.bulk_create(
        Resident(
            municipality=city,
            name=f"見本 {n}",
            name_key=f"見本{n}",
            name_print=f"見本 {n}",
            postal_code="254-0041",
            address=f"神奈川県平塚市浅間町{n}",
            birth_date=date(1940 + 2 * n, 6, 1),
        )
        for n in range(30)
    )
    document = next(document for _kind, document in sample_surveys(city) if document["code"] == "digital-needs")
    made = surveys.create_survey(code="needs", kind="survey", document={**document, "code": "needs"}, actor=registrar)
    fields = {"closes_on": clock.today() + timedelta(days=20), "minimum_age": 16, "weight_by": "age"}
    surveys.save_survey(survey=made, seen_revision=0, actor=registrar, **fields)
    surveys.draw_survey(survey=made, size=20, seed="種", actor=registrar)
    return surveys.open_survey(survey=Survey.objects.get(pk=made.pk), actor=registrar)


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/accounts/login/?next=/office/surveys/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"{address}/office/surveys/")


def test_a_resident_answers_by_the_code_of_a_letter_on_a_phone_without_javascript(
    address: str, plain: Page, running: Survey
) -> None:
    plain.goto(f"{address}/surveys/")
    plain.get_by_role("link", name=re.compile("使いやすさ")).first.click()
    plain.goto(f"{address}/surveys/needs/")
    plain.get_by_label(re.compile("回答コード")).fill("0000 0000")
    plain.get_by_role("button", name="回答を始める").click()
    expect(plain.get_by_role("alert")).to_contain_text("見つかりません")
    plain.get_by_label(re.compile("回答コード")).fill(surveys.code_of(running, number=1).lower().replace("-", " "))
    plain.get_by_role("button", name="回答を始める").click()
    plain.get_by_label("30～39歳").check()
    plain.get_by_role("button", name="次へ進む").click()
    plain.get_by_role("button", name="次へ進む").click()
    expect(plain.get_by_role("alert")).to_be_visible()
    plain.get_by_label("はい", exact=True).check()
    plain.get_by_role("button", name="次へ進む").click()
    plain.get_by_label("とても使いやすかった").check()
    plain.get_by_role("button", name="次へ進む").click()
    plain.get_by_role("button", name="前に戻る").click()
    expect(plain.get_by_label("とても使いやすかった")).to_be_checked()
    plain.get_by_role("button", name="次へ進む").click()
    plain.get_by_role("button", name="次へ進む").click()
    expect(plain.locator("main")).to_contain_text("30～39歳")
    assert not small_targets(plain)
    plain.get_by_role("button", name="回答を送る").click()
    expect(plain.locator("main")).to_contain_text("回答を受け付けました")
    found = SurveyAnswer.objects.get(survey=running)
    assert found.answers == {"age": "age_30_39", "online_used": True, "online_ease": "very_easy"}


def test_a_clerk_types_in_sheets_without_touching_the_mouse(address: str, new_page: PageMaker, running: Survey) -> None:
    page = new_page(DESK)
    sign_in(page, address, "jumin")
    page.goto(f"{address}/office/surveys/needs/entry/")
    expect(page.locator("#a-age")).to_be_focused()
    # A digit goes on by itself where it says everything, Enter elsewhere; after the last one the next sheet is there.
    page.keyboard.type("32")
    expect(page.locator("#a-online_ease")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("1,3")
    page.keyboard.press("Enter")
    expect(page.locator("#a-wish")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_sheet")).to_have_value("2")
    expect(page.locator(".entry-last")).to_contain_text("1")
    assert SurveyAnswer.objects.get(survey=running).answers == {
        "age": "age_30_39",
        "online_used": False,
        "reasons": ["no_need", "difficult"],
    }
    assert_accessible(page)


def test_opinions_are_dragged_to_their_gist(address: str, new_page: PageMaker, city: Municipality) -> None:
    make_staff("tanto", Role.SECTION_STAFF)
    page = new_page(DESK)
    sign_in(page, address, "tanto")
    page.goto(f"{address}/office/surveys/digital-plan-opinions/desk/")
    page.get_by_label("意見1を選ぶ").check()
    page.get_by_label(re.compile("新しい要旨")).fill("不慣れな人への支援")
    page.get_by_role("button", name="まとめる").click()
    page.locator("[data-opinion]").first.drag_to(page.locator("[data-gist]").first)
    expect(page.locator("[data-gist]")).to_contain_text("意見2件")
    assert len(CommentReply.objects.get().opinions) == 2
    assert_accessible(page)


RESIDENT_PAGES = (
    "/surveys/",
    "/surveys/needs/",
    "/surveys/digital-plan-opinions/",
    "/surveys/ict-2020/results/",
)
STAFF_PAGES = (
    "/office/surveys/",
    "/office/surveys/new/",
    "/office/surveys/needs/",
    "/office/surveys/needs/settings/",
    "/office/surveys/needs/draw/",
    "/office/surveys/digital-plan-opinions/desk/",
    "/office/surveys/ict-2020/results/",
    "/office/surveys/ict-2020/results/cross/?question=internet&by=age",
)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_pages_are_accessible_and_fit(address: str, new_page: PageMaker, running: Survey, width: int) -> None:
    page = new_page(width)
    for path in RESIDENT_PAGES:
        page.goto(address + path)
        assert_accessible(page)
    sign_in(page, address, "jumin")
    for path in STAFF_PAGES:
        page.goto(address + path)
        assert_accessible(page)
    draft = surveys.create_survey(
        code="draft", kind="survey", document={**running.document, "code": "draft"}, actor=running.created_by
    )
    page.goto(f"{address}/office/surveys/{draft.code}/questions/?at=form.steps.1.fields.1")
    assert_accessible(page)
    page.goto(f"{address}/office/surveys/{draft.code}/preview/?all=1")
    assert_accessible(page)
