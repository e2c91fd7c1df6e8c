"""Journeys through the public identity services in a real browser: sign-in, signature, delegation; by axe, at 360 px."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for, add_resident, request_signature, signature_of
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.models import IdentityLink, IdentityMatch, Resident
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.identity_provider import Simulator, offered, running_simulator
from tests.trust.people import PASSWORD, make_account, make_odawara, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("identity")) as started:
        yield started


@pytest.fixture
def city(transactional_db, live_server, settings, simulator) -> Iterator[str]:
    """A city hall that listens and offers the two services; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.IDENTITY_FOLDER = simulator.folder
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = [*policy["DIRECTIVES"]["form-action"], simulator.address]
    settings.CONTENT_SECURITY_POLICY = policy
    host_table.clear()
    municipality = make_odawara()
    municipality.prefecture = "神奈川県"
    municipality.save()
    with acting_for(municipality), offered(simulator):
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()


def aoi() -> Resident:
    return add_resident(
        name="緑山 あおい",
        name_kana="ミドリヤマ アオイ",
        birth_date=date(1988, 4, 2),
        address="みどり町1-2-3",
        postal_code="250-0001",
    )


def check(page: Page, *, targets: bool = True) -> None:
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible(page)
    if targets:
        assert small_targets(page) == []


def confirm(page: Page, name: str, button: str = "確認する") -> None:
    """Answer on the service's page as somebody."""
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name=button).click()


def join(page: Page, city: str, name: str, next: str = "/me/") -> None:
    page.goto(f"{city}/accounts/login/?next={next}")
    page.get_by_role("link", name="デジタル認証アプリ").click()
    confirm(page, name)
    page.get_by_role("button", name="この内容で利用を始める").click()


def test_a_newcomer_signs_in_with_the_card_and_sees_what_the_city_knows(city, phone: Page):
    resident = aoi()
    phone.goto(f"{city}/accounts/login/?next=/me/information/")
    check(phone)
    phone.get_by_role("link", name="デジタル認証アプリ").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("デジタル認証アプリ（模擬）")
    check(phone)
    confirm(phone, "緑山 あおい")
    expect(phone.get_by_role("heading", level=1)).to_have_text("受け取った内容の確認")
    expect(phone.get_by_text("昭和63年4月2日")).to_be_visible()
    check(phone)
    assert not IdentityLink.objects.exists()
    phone.get_by_role("button", name="この内容で利用を始める").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("わたしの情報と閲覧の記録")
    expect(phone.get_by_text("みどり町1-2-3").first).to_be_visible()
    check(phone)
    resident.refresh_from_db()
    assert resident.account == IdentityLink.objects.get().account
    phone.goto(f"{city}/me/identity/")
    expect(phone.get_by_text("いま、本人確認が済んでいます")).to_be_visible()
    check(phone)
    phone.goto(f"{city}/me/")
    check(phone)


def test_it_works_without_javascript_and_a_stopped_visit_says_what_to_do(city, plain: Page):
    plain.goto(f"{city}/accounts/login/")
    plain.get_by_role("link", name="デジタル認証アプリ").click()
    plain.get_by_role("button", name="中止する").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("中止されました")
    plain.get_by_role("link", name="もう一度試す").click()
    confirm(plain, "港野 そら")
    plain.get_by_role("button", name="この内容で利用を始める").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("公的な本人確認")
    assert IdentityLink.objects.count() == 1


def test_a_provider_that_lies_is_refused_in_plain_words(city, phone: Page):
    phone.goto(f"{city}/accounts/login/")
    phone.get_by_role("link", name="デジタル認証アプリ").click()
    phone.get_by_text("わざと誤りを起こす").click()
    phone.get_by_label("ふるまい").select_option("weak_acr")
    confirm(phone, "緑山 あおい")
    expect(phone.get_by_role("heading", level=1)).to_have_text("本人確認ができませんでした")
    expect(phone.get_by_text("必要な強さの本人確認が行われませんでした。")).to_be_visible()
    check(phone)
    assert not IdentityLink.objects.exists()


def test_a_business_signs_in_with_gbizid(city, phone: Page):
    phone.goto(f"{city}/accounts/login/")
    phone.get_by_role("link", name="GビズID").click()
    confirm(phone, "みほん商店株式会社")
    expect(phone.get_by_text("7123456789012")).to_be_visible()
    check(phone)
    phone.get_by_role("button", name="この内容で利用を始める").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("公的な本人確認")


def test_a_person_signs_a_document_with_the_card(city, phone: Page):
    join(phone, city, "港野 そら")
    account = Account.objects.get(kind=AccountKind.RESIDENT)
    request = RequestFactory().get("/")
    request.session, request.user = {}, account  # type: ignore[attr-defined]
    digest = hashlib.sha256(b"application").digest()
    path = request_signature(request=request, document_digest=digest, subject=account, next="/me/", title="転入届")
    phone.goto(city + path)
    expect(phone.get_by_text(digest.hex())).to_be_visible()
    check(phone)
    phone.get_by_role("button", name="署名に進む").click()
    expect(phone.get_by_text(digest.hex())).to_be_visible()
    confirm(phone, "港野 そら", "署名する")
    expect(phone.get_by_text("電子署名を確かめました。")).to_be_visible()
    assert signature_of(subject=account, digest=digest) is not None


def test_a_registrar_settles_what_did_not_agree(city, phone: Page, new_page: PageMaker):
    resident = aoi()
    Resident.objects.filter(pk=resident.pk).update(address="みどり町9-9")
    join(phone, city, "緑山 あおい", "/me/identity/")
    expect(phone.get_by_text("住民の情報との照合を待っています")).to_be_visible()
    make_staff("jumin", Role.REGISTRAR)
    desk = new_page(DESK)
    desk.goto(f"{city}/accounts/login/?next=/office/identity/")
    desk.get_by_label("ログイン名またはメールアドレス").fill("jumin")
    desk.locator("[name=password]").fill(PASSWORD)
    desk.get_by_role("button", name="サインインする").click()
    check(desk, targets=False)
    desk.get_by_role("link", name="緑山 あおい").click()
    expect(desk.get_by_text("異なる").first).to_be_visible()
    check(desk, targets=False)
    desk.get_by_role("radio", name="緑山 あおい").check()
    desk.get_by_label("判断の理由").fill("転居届を確認")
    desk.get_by_role("button", name="判断を記録する").click()
    expect(desk.get_by_text("判断を記録しました。")).to_be_visible()
    resident.refresh_from_db()
    assert resident.account == IdentityMatch.objects.get().account


def test_a_mother_lets_her_daughter_act_and_takes_it_back(city, phone: Page, new_page: PageMaker):
    make_account("haha", kind=AccountKind.RESIDENT, name="緑山 はるか")
    make_account("musume", kind=AccountKind.RESIDENT, name="緑山 みのり")
    sign_in(phone, city, "haha")
    phone.get_by_role("link", name="代理を頼む").click()
    check(phone)
    phone.get_by_role("radio", name="家族").check()
    phone.get_by_label("いつまで").fill((clock.today() + timedelta(days=30)).isoformat())
    phone.get_by_role("button", name="招待コードをつくる").click()
    code = phone.locator("#delegation-code").inner_text()
    check(phone)
    other = new_page(PHONE)
    sign_in(other, city, "musume")
    check(other)
    other.get_by_role("link", name="招待コードで引き受ける").click()
    other.get_by_label("招待コード").fill(code.lower())
    other.get_by_role("button", name="内容を見る").click()
    expect(other.get_by_text("緑山 はるか")).to_be_visible()
    check(other)
    other.get_by_role("button", name="引き受ける").click()
    expect(other.get_by_text("代わりにできるようになりました")).to_be_visible()
    check(other)
    phone.goto(f"{city}/me/delegations/")
    phone.get_by_role("link", name="緑山 みのり").click()
    phone.get_by_role("button", name="代理を取り消す").click()
    expect(phone.get_by_text("今から、この代理では何もできません。")).to_be_visible()


def sign_in(page: Page, city: str, login: str) -> None:
    page.goto(f"{city}/accounts/login/?next=/me/delegations/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
