"""Journeys of paying: a resident on a phone, with and without JavaScript, at a provider that runs as a process of its own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from madoguchi.kit import clock
from madoguchi.ledger.api import Receivable, pay_path, raise_receivable, take_cash, waive_receivable
from madoguchi.ledger.models import Discrepancy, PaymentSession, Settlement
from madoguchi.ledger.plugins.hosted_page import HostedPageProvider
from madoguchi.ledger.registry import payment_providers
from madoguchi.ledger.services import ask_session, ask_silent_sessions, compare_settlement
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, acting_for
from madoguchi.trust.enums import Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.ledger.provider import API_KEY, SECRET, Desk, running_simulator
from tests.trust.people import PASSWORD, make_odawara, make_staff, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    with running_simulator() as address:
        yield address


@pytest.fixture
def own_database(transactional_db, tmp_path) -> Iterator[None]:
    """A file instead of SQLite's memory: browser and provider call at the same moment, each on a connection of its own."""
    if connection.vendor == "postgresql":
        yield
        return
    memory, path = connection.settings_dict["NAME"], tmp_path / "journey.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(memory, uri=True)) as holder:
        with closing(sqlite3.connect(path)) as file:
            holder.backup(file)
        connection.settings_dict["NAME"] = str(path)
        connection.close()
        yield
        connections.close_all()
        connection.settings_dict["NAME"] = memory
        connection.ensure_connection()


@pytest.fixture
def city(own_database, settings, simulator, tmp_path) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.HOME = tmp_path
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**directives, "form-action": [*directives["form-action"], simulator]}
    }
    host_table.clear()
    provider = HostedPageProvider(
        key="simulator", label="模擬", url=simulator, api_key=API_KEY, webhook_secrets=[SECRET], timeout=5
    )
    with payment_providers.registered_temporarily("simulator", provider), acting_for(make_odawara()) as made:
        yield made
    host_table.clear()


@pytest.fixture
def address(city: Municipality) -> Iterator[str]:
    server = LiveServer("localhost")
    yield f"http://localhost:{server.thread.port}"
    server.stop()


@pytest.fixture
def cashier(city: Municipality) -> Account:
    return make_staff("cashier", Role.CASHIER, name="収納 一郎")


def owe(amount: int = 300, **changes: Any) -> Receivable:
    usual: dict[str, Any] = {
        "subject": make_unit(f"市民課{amount}"),
        "purpose": "certificate",
        "title": "住民票の写し（1通） 交付手数料",
        "payer": None,
        "payer_name": "小田原 花子",
        "due_on": clock.today() + timedelta(days=14),
        "fiscal_year": 2026,
    }
    return raise_receivable(amount=amount, **usual | changes)


def pay_by_card(page: Page, simulator: str, *, number: str = "4242 4242 4242 4242", fault: str = "") -> None:
    page.wait_for_url(re.compile(re.escape(simulator)))
    page.get_by_label("カード番号").fill(number)
    page.get_by_label("有効期限").fill("12/30")
    page.get_by_label("セキュリティコード").fill("123")
    if fault:
        page.get_by_text("試験：結果の通知のしかた").first.click()
        page.get_by_label("通知", exact=True).first.select_option(fault)
    page.get_by_role("button", name="円をカードで支払う").click()


def test_a_resident_pays_by_card_on_a_phone(address: str, simulator: str, phone: Page) -> None:
    phone.goto(address + pay_path(owe()))
    assert_accessible(phone)
    assert small_targets(phone) == []
    phone.get_by_role("button", name="300円を支払う").click()
    phone.wait_for_url(re.compile(re.escape(simulator)))
    assert_accessible(phone)
    pay_by_card(phone, simulator, number="4000 0000 0000 0002")
    expect(phone.get_by_role("alert")).to_contain_text("承認しませんでした")
    assert_accessible(phone)
    pay_by_card(phone, simulator, number="４０００ ００００ ００００ ３２２０")
    phone.get_by_label("認証コード").fill("123456")
    assert_accessible(phone)
    phone.get_by_role("button", name="認証する").click()
    expect(phone.get_by_role("heading", name="お支払いが済んでいます")).to_be_visible(timeout=30_000)
    assert_accessible(phone)
    phone.get_by_role("link", name="領収書を見る").click()
    expect(phone.get_by_role("heading", name="領収書", level=1)).to_be_visible()
    assert_accessible(phone)
    assert Receivable.objects.get().status == "paid"


def test_without_javascript_and_without_the_providers_word_the_payment_is_found(
    address: str, simulator: str, plain: Page
) -> None:
    plain.goto(address + pay_path(owe()))
    plain.get_by_role("button", name="300円を支払う").click()
    pay_by_card(plain, simulator, fault="lost")
    expect(plain.get_by_role("heading", name="お支払いの結果を確認しています")).to_be_visible()
    assert Receivable.objects.get().status == "pending"
    PaymentSession.objects.update(created_at=clock.now() - timedelta(minutes=6))
    assert ask_silent_sessions() == 1
    # The page asks again by itself, without JavaScript.
    expect(plain.get_by_role("heading", name="お支払いが済んでいます")).to_be_visible(timeout=20_000)
    assert Receivable.objects.get().status == "paid"


def test_a_shop_is_paid_at_later_and_the_number_is_found_again(address: str, simulator: str, plain: Page) -> None:
    receivable = owe()
    plain.goto(address + pay_path(receivable))
    plain.get_by_role("button", name="300円を支払う").click()
    plain.get_by_role("button", name="払込番号を発行する").click()
    expect(plain.get_by_role("heading", name="お店でお支払いください")).to_be_visible()
    number = plain.locator(".number").inner_text()
    plain.get_by_role("link", name="手続の画面に戻る").click()
    plain.wait_for_url(re.compile("/return/"))
    expect(plain.get_by_role("heading", name="お店でお支払いください")).to_be_visible(timeout=20_000)
    plain.get_by_role("link", name="お支払いのページへ").click()
    expect(plain.get_by_role("heading", name="お店でのお支払いをお待ちしています")).to_be_visible()
    plain.get_by_role("button", name="払込番号を見る").click()
    assert plain.locator(".number").inner_text() == number
    plain.get_by_role("button", name="お店で支払ったことにする").click()
    expect(plain.get_by_role("heading", name="お支払いが済んでいます")).to_be_visible(timeout=20_000)
    assert Receivable.objects.get().method == "store"


def test_two_tabs_and_a_double_click_make_one_payment(address: str, simulator: str, new_page: PageMaker) -> None:
    receivable = owe()
    first, second = new_page(PHONE), new_page(PHONE)
    for page in (first, second):
        page.goto(address + pay_path(receivable))
    for page in (first, second):
        page.get_by_role("button", name="300円を支払う").dblclick()
        page.wait_for_url(re.compile(re.escape(simulator)))
    assert first.url == second.url
    pay_by_card(first, simulator)
    pay_by_card(second, simulator)
    expect(second.get_by_role("heading", name="お支払いが済んでいます")).to_be_visible(timeout=30_000)
    receivable.refresh_from_db()
    assert (receivable.paid_amount, PaymentSession.objects.count()) == (300, 1)


def test_every_page_of_the_office_is_accessible(
    address: str, simulator: str, new_page: PageMaker, cashier: Account
) -> None:
    desk = Desk(simulator)
    desk.ask("reset")
    paid, open_one = take_cash(receivable=owe(500), actor=cashier), owe(200)
    waive_receivable(receivable=owe(400), reason="生活保護を受けているため", actor=cashier)
    wrong = owe(700)
    page = new_page(DESK)
    page.goto(address + pay_path(wrong))
    page.get_by_role("button", name="700円を支払う").click()
    page.wait_for_url(re.compile(re.escape(simulator)))
    session = PaymentSession.objects.select_related("receivable").get()
    desk.pay(session.provider_session_id, amount=900, faults=["lost"])
    ask_session(session=session)
    settlement: Settlement = compare_settlement(provider="simulator", day=clock.today())
    paths = [
        "/ledger/",
        "/ledger/?q=nobody",
        "/ledger/new/",
        "/ledger/approvals/",
        f"/ledger/receivables/{paid.number}/",
        f"/ledger/receivables/{open_one.number}/",
        f"/ledger/receivables/{wrong.number}/",
        "/ledger/till/",
        "/ledger/books/",
        "/ledger/books/accounts/1110/",
        f"/ledger/books/entries/{settlement.entry_id}/",
        "/ledger/reconciliation/",
        f"/ledger/reconciliation/days/{settlement.pk}/",
        f"/ledger/reconciliation/items/{Discrepancy.objects.first().pk}/",
    ]
    for width in (DESK, PHONE):
        page = new_page(width)
        page.goto(f"{address}/accounts/login/")
        page.locator("input[name=login]").fill("cashier")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form[action*=login] button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"^(?!.*login)"))
        for path in paths:
            page.goto(address + path)
            assert_accessible(page)
