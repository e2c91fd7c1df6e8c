"""Journeys of signing in, in a real browser: passkey, keyboard, without JavaScript; every page by axe at two widths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for, add_unit, assign_duty
from madoguchi.trust.enums import AccountKind, Role, UnitKind
from madoguchi.trust.models import Event
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.trust.people import PASSWORD, make_account, make_odawara, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, live_server, settings) -> Iterator[str]:
    """A city hall that listens; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_odawara()
    municipality.is_demonstration = True
    municipality.save()
    with acting_for(municipality):
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()


def chief() -> Account:
    unit = add_unit(name="デジタル政策課", kind=UnitKind.SECTION, fiscal_year=2024)
    return make_staff("kacho", Role.SECTION_CHIEF, unit=unit, name="見本 太郎")


def device_with_fingerprint(page: Page, *, has_owner: bool = True) -> None:
    """Give the browser a device that keeps passkeys and whose owner is there, or somebody whose finger it refuses."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": has_owner,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, city: str, login: str = "kacho") -> None:
    page.goto(f"{city}/accounts/login/?next=/me/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()


def sign_out(page: Page, city: str) -> None:
    page.goto(f"{city}/accounts/logout/?next=/accounts/login/")
    page.get_by_role("button", name="サインアウトする").click()


def check_at_both_widths(page: Page) -> None:
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible(page)


def test_a_chief_registers_a_passkey_before_anything_else_and_signs_in_with_it(city, desk: Page, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    account = chief()
    device_with_fingerprint(desk)
    sign_in(desk, city)
    expect(desk.get_by_role("heading", level=1)).to_have_text("パスキーと認証方法")
    desk.get_by_role("link", name="パスキーを登録する").click()
    desk.locator("[name=password]").fill(PASSWORD)
    check_at_both_widths(desk)
    desk.get_by_role("button", name="確認する").click()
    desk.get_by_label("パスキーの名前").fill("職場のパソコン")
    check_at_both_widths(desk)
    desk.get_by_role("button", name="登録する").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("復旧コード")
    check_at_both_widths(desk)
    desk.goto(f"{city}/accounts/2fa/webauthn/")
    expect(desk.get_by_role("rowheader", name="職場のパソコン")).to_be_visible()
    check_at_both_widths(desk)
    sign_out(desk, city)
    desk.goto(f"{city}/accounts/login/?next=/me/")
    check_at_both_widths(desk)
    desk.get_by_role("button", name="パスキーでサインイン").click()
    expect(desk).to_have_url(f"{city}/me/")
    expect(desk.get_by_text("所属長（デジタル政策課）").first).to_be_visible()
    assert_accessible(desk)
    methods = [event.data["method"] for event in Event.objects.filter(key="trust.account.signed_in", actor=account)]
    assert methods == ["password", "webauthn"]


def test_at_the_citys_own_address_a_passkey_is_the_second_step_after_a_password(city, desk: Page):
    city = city.replace("localhost", "odawara.localhost")
    chief()
    device_with_fingerprint(desk)
    sign_in(desk, city)
    desk.goto(f"{city}/accounts/2fa/webauthn/add/")
    desk.locator("[name=password]").fill(PASSWORD)
    desk.get_by_role("button", name="確認する").click()
    desk.get_by_role("button", name="登録する").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("復旧コード")
    sign_out(desk, city)
    sign_in(desk, city)
    expect(desk.get_by_role("heading", level=1)).to_have_text("二つ目の確認")
    check_at_both_widths(desk)
    desk.get_by_role("button", name="パスキーを使う").click()
    expect(desk).to_have_url(f"{city}/me/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("自分のアカウント")


def test_a_device_that_refuses_is_explained_and_the_password_still_works(city, desk: Page):
    chief()
    device_with_fingerprint(desk, has_owner=False)
    desk.goto(f"{city}/accounts/login/")
    desk.get_by_role("button", name="パスキーでサインイン").click()
    expect(desk.get_by_role("alert")).to_contain_text("ほかの方法をお使いください")
    sign_in(desk, city)
    expect(desk).to_have_url(f"{city}/me/")


def test_the_sign_in_is_done_by_keyboard_alone(city, desk: Page):
    chief()
    desk.goto(f"{city}/accounts/login/?next=/me/")
    for _ in range(30):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.name") == "login":
            break
    desk.keyboard.type("kacho")
    desk.keyboard.press("Tab")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(f"{city}/me/")


def test_a_wrong_password_is_summed_up_on_top_with_the_focus_there(city, desk: Page):
    chief()
    desk.goto(f"{city}/accounts/login/")
    desk.get_by_label("ログイン名またはメールアドレス").fill("kacho")
    desk.locator("[name=password]").fill("wrong")
    desk.get_by_role("button", name="サインインする").click()
    expect(desk.locator(".error-summary")).to_be_focused()
    expect(desk.locator(".error-summary")).to_contain_text("ログイン名またはパスワードが違います")
    check_at_both_widths(desk)


def test_a_resident_registers_and_signs_in_without_javascript(city, plain: Page):
    plain.goto(f"{city}/accounts/login/")
    plain.get_by_role("link", name="利用登録をする").click()
    assert small_targets(plain) == []
    plain.get_by_label("お名前").fill("市民 花子")
    plain.get_by_label("メールアドレス").fill("hanako@example.jp")
    plain.get_by_label(re.compile("^パスワード必須")).fill(PASSWORD)
    plain.get_by_label("パスワード（確認のためもう一度）").fill(PASSWORD)
    plain.get_by_role("button", name="登録して確認のメールを受け取る").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("確認のメールを送りました")
    plain.goto(re.search(r"http://\S+/accounts/confirm-email/\S+", mail.outbox[0].body)[0])
    plain.get_by_role("button", name="確認する").click()
    sign_in(plain, city, "hanako@example.jp")
    expect(plain).to_have_url(f"{city}/me/")
    expect(plain.get_by_text("市民 花子").first).to_be_visible()
    assert small_targets(plain) == []
    sign_out(plain, city)
    plain.goto(f"{city}/me/")
    expect(plain.get_by_role("heading", level=1)).to_have_text("サインイン")


ENTRANCE = [
    "/accounts/login/", "/accounts/signup/", "/accounts/inactive/", "/accounts/confirm-email/", "/accounts/confirm-email/x/",
    "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/password/reset/key/1-x/",
    "/accounts/invitations/x/",
]  # fmt: skip
OWN = [
    "/me/", "/me/details/", "/me/sessions/", "/me/activity/", "/accounts/logout/", "/accounts/email/",
    "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/",
]  # fmt: skip
ORGANISATION = [
    "", "units/", "units/add/", "units/{unit}/", "units/{unit}/change/", "units/{unit}/rename/", "units/{unit}/merge/",
    "units/{unit}/abolish/", "staff/", "staff/?q=zzz", "staff/invite/", "staff/{person}/", "staff/{person}/change/",
    "staff/{person}/duties/add/", "staff/{person}/deactivate/", "staff/locks/", "duties/{duty}/end/", "permissions/",
]  # fmt: skip


def test_every_page_around_the_sign_in_is_accessible(city, desk: Page):
    for path in ENTRANCE:
        desk.goto(city + path)
        check_at_both_widths(desk)


@pytest.mark.parametrize("kind", [AccountKind.STAFF, AccountKind.RESIDENT])
def test_every_page_of_ones_own_account_is_accessible(city, new_page: PageMaker, kind):
    make_account("kacho", kind=kind, name="見本 太郎")
    desk = new_page(DESK)
    sign_in(desk, city)
    desk.goto(f"{city}/accounts/reauthenticate/?next=/me/")
    desk.locator("[name=password]").fill(PASSWORD)
    desk.get_by_role("button", name="確認する").click()
    for path in OWN:
        desk.goto(city + path)
        check_at_both_widths(desk)


def test_every_page_of_the_organisation_is_accessible(city, desk: Page):
    account = chief()
    duty = account.duties.get()
    assign_duty(account=make_account("kanri", name="管理 花子"), role=Role.ADMINISTRATOR, from_date=date(2024, 4, 1))
    sign_in(desk, city, "kanri")
    for path in ORGANISATION:
        desk.goto(f"{city}/organisation/" + path.format(unit=duty.unit_id, person=account.pk, duty=duty.pk))
        check_at_both_widths(desk)


def test_an_administrator_invites_somebody_who_starts_on_a_phone(city, desk: Page, phone: Page):
    unit = add_unit(name="デジタル政策課", kind=UnitKind.SECTION, fiscal_year=2024)
    assign_duty(account=make_account("kanri", name="管理 花子"), role=Role.ADMINISTRATOR, from_date=date(2024, 4, 1))
    sign_in(desk, city, "kanri")
    desk.goto(f"{city}/organisation/staff/")
    desk.get_by_role("link", name="職員を招待する").click()
    desk.get_by_label("ログイン名").fill("s.yamada")
    desk.get_by_label(re.compile("^氏名必須")).fill("山田 さくら")
    desk.get_by_label("役割").select_option("所属長")
    desk.get_by_label("組織").select_option(str(unit.pk))
    desk.get_by_role("button", name="招待する").click()
    link = desk.locator("#invitation-link").inner_text()
    check_at_both_widths(desk)
    phone.goto(link)
    assert_accessible(phone)
    phone.get_by_label(re.compile("^新しいパスワード必須")).fill("とても長い合言葉、忘れない")
    phone.get_by_label("新しいパスワード（確認のためもう一度）").fill("とても長い合言葉、忘れない")
    phone.get_by_role("button", name="設定して始める").click()
    expect(phone).to_have_url(f"{city}/me/")
    expect(phone.get_by_text("所属長（デジタル政策課）").first).to_be_visible()
