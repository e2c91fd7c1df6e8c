"""Journeys of an applicant: on a phone without JavaScript in plain Japanese, and at a desk with an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.procedures.models import Application, Correction, ProcedureVersion
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for, add_resident
from madoguchi.trust.enums import AccountKind
from tests.browser import assert_accessible, overflow, small_targets
from tests.procedures.residents import png, publish
from tests.trust.people import PASSWORD, make_account, make_odawara, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, settings, tmp_path) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_odawara()
    with acting_for(municipality):
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


@pytest.fixture
def version(city: Municipality) -> ProcedureVersion:
    return publish(make_unit("市民課"))


def check(page: Page) -> None:
    """The page is no wider than the phone, and its controls are large enough for a thumb."""
    assert not overflow(page), page.url
    assert not small_targets(page), page.url


def test_a_newcomer_applies_on_a_phone_without_javascript_in_plain_japanese(
    version: ProcedureVersion, address: str, plain: Page
) -> None:
    plain.goto(f"{address}/procedures/sample-grant/apply/")
    check(plain)
    plain.get_by_label("やさしい日本語").check()
    plain.locator("form.form button[type=submit]").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("もうしこむ ひと")
    check(plain)

    plain.locator("button[name=go][value=next]").click()
    expect(plain.locator(".error-summary a")).to_have_count(2)
    check(plain)
    for place, text in (
        ("family", "グエン"), ("given", "アン"), ("family_kana", "ｸﾞｴﾝ"), ("given_kana", "あん"),
    ):  # fmt: skip
        plain.locator(f'[id="id_name.{place}"]').fill(text)
    plain.locator('[id="id_birth_date.year"]').fill("１９９０")
    plain.locator('[id="id_birth_date.month"]').fill("5")
    plain.locator('[id="id_birth_date.day"]').fill("1")
    plain.locator("button[name=go][value=save]").click()
    check(plain)
    code = plain.locator("#resume-code").inner_text()

    plain.context.clear_cookies()
    plain.goto(f"{address}/procedures/apply/resume/?lang=ja-easy")
    plain.locator("#id_code").fill(code.lower())
    plain.locator("form.form button[type=submit]").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("かぞく")
    check(plain)
    plain.locator('input[name=has_children][value="yes"]').check()
    plain.locator("button[name=go][value=next]").click()
    plain.locator('[id="id_children.0.nickname"]').fill("リン")
    plain.locator('[id="id_children.0.age"]').fill("３")
    plain.set_input_files("input[type=file]", {"name": "証明.png", "mimeType": "image/png", "buffer": png()})
    plain.locator("button[name=go][value=next]").click()
    plain.locator("#id_agreed").check()
    plain.locator("button[name=go][value=next]").click()
    check(plain)

    expect(plain.locator(".review__rows")).to_have_count(3)
    plain.locator("button[value=send]").click()
    expect(plain.locator("#id_declared-error")).to_be_visible()
    plain.locator("#id_declared").check()
    plain.locator("button[value=send]").click()
    number = plain.locator("#receipt-number").inner_text()
    check(plain)
    application = Application.objects.get()
    assert application.number == number
    assert application.language == "ja-easy"
    assert application.answers["children"] == [{"nickname": "リン", "age": 3}]
    assert application.answers["name"]["family_kana"] == "グエン"

    plain.goto(f"{address}/mine/{number}/")
    check(plain)
    plain.locator("#id_text").fill("いつ わかりますか")
    plain.locator("form.form button[type=submit]").click()
    expect(plain.locator(".conversation__text")).to_have_text("いつ わかりますか")


def test_a_resident_applies_at_a_desk_corrects_and_withdraws(
    version: ProcedureVersion, address: str, desk: Page
) -> None:
    hanako = make_account("hanako", kind=AccountKind.RESIDENT, name="見本 花子")
    add_resident(
        name="見本 花子", name_kana="ミホン ハナコ", birth_date=clock.today().replace(year=1990), account=hanako
    )
    desk.goto(f"{address}/accounts/login/?next=/procedures/sample-grant/apply/")
    desk.get_by_label(re.compile("ログイン名")).fill("hanako")
    desk.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    desk.get_by_role("button", name="サインインする").click()
    assert_accessible(desk)
    desk.get_by_label("入れることに同意する").check()
    desk.get_by_role("button", name="申請を始める").click()
    expect(desk.locator(".field__origin").first).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="次へ進む").click()
    desk.get_by_role("radio", name="いいえ").check()
    assert_accessible(desk)
    # The same button stands on both pages: the second is pressed on the second.
    with desk.expect_navigation():
        desk.get_by_role("button", name="次へ進む").click()
    desk.get_by_role("button", name="次へ進む").click()
    expect(desk.locator(".error-summary")).to_be_focused()
    assert_accessible(desk)
    desk.get_by_label(re.compile("同意します")).check()
    desk.get_by_role("button", name="次へ進む").click()
    assert_accessible(desk)

    desk.locator('a[href$="id_birth_date"]').click()
    desk.locator('[id="id_birth_date.day"]').fill("2")
    desk.get_by_role("button", name="確認ページに戻る").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("内容を確認して送信")
    desk.get_by_label(re.compile("間違いがない")).check()
    desk.get_by_role("button", name="この内容で申請する").click()
    expect(desk.locator("#receipt-number")).to_be_visible()
    assert_accessible(desk)

    application = Application.objects.get()
    assert "birth_date" not in application.origins
    assert application.origins["name"]["key"] == "person.name"
    Correction.objects.create(
        municipality=application.municipality, application=application, fields=["birth_date"],
        notes={"birth_date": "日が違うようです。"}, message="生年月日をご確認ください。",
        due_on=clock.today() + timedelta(days=10), requested_at=clock.now(),
    )  # fmt: skip
    desk.goto(f"{address}/mine/")
    assert_accessible(desk)
    desk.get_by_role("link", name="直す", exact=True).click()
    assert_accessible(desk)
    expect(desk.locator(".correction")).to_have_count(1)
    desk.locator('[id="id_birth_date.day"]').fill("3")
    desk.get_by_role("button", name="直した内容を送る").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("見本の給付の申請")
    assert_accessible(desk)
    assert Application.objects.get().answers["birth_date"].endswith("-03")

    base = f"{address}/mine/{application.number}/"
    for path in (f"{base}answers/", f"{base}receipt/", f"{address}/mine/calendar/", f"{address}/mine/follow/"):
        desk.goto(path)
        assert_accessible(desk)
    desk.goto(f"{base}withdraw/")
    assert_accessible(desk)
    desk.get_by_role("button", name="申請を取り下げる").click()
    expect(desk.locator(".matter__status")).to_have_text(re.compile("取り下げました"))
    desk.goto(f"{address}/mine/?show=archive")
    expect(desk.get_by_role("link", name="見本の給付の申請")).to_be_visible()
    assert_accessible(desk)
