"""Journeys through LINE: somebody adds the city as a friend and links their account; staff look at the channel."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.messaging.models import Endpoint, Topic
from madoguchi.messaging.plugins.line.handling import handle_waiting
from madoguchi.messaging.plugins.line.richmenu import publish_menus
from madoguchi.messaging.plugins.line.simulator.server import Simulator
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for
from madoguchi.trust.enums import AccountKind, Role
from tests.browser import PHONE, PageMaker, assert_accessible, small_targets
from tests.messaging.line_city import SEED
from tests.trust.people import PASSWORD, make_account, make_odawara, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = make_odawara()
    with acting_for(municipality):
        Topic.objects.create(
            municipality=municipality, code="bosai", names={"ja": "防災", "en": "Safety"}, created_at=clock.now()
        )
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


@pytest.fixture
def simulator(city, settings, address) -> Iterator[Simulator]:
    """LINE, which tells the city of what friends do."""
    settings.DOCUMENT_ADDRESS = address
    with Simulator(0, seed=SEED) as made:
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.LINE_CHANNELS, settings.LINE_SIMULATOR = {}, {"url": made.base_url, "seed": SEED}
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(made.base_url)
        settings.CONTENT_SECURITY_POLICY = policy
        made.store.bot(city.key).webhook = f"{address}/line/webhook"
        yield made
        made.shutdown()


def sign_in(page: Page, address: str, login: str, path: str) -> None:
    page.goto(f"{address}/accounts/login/?next={path}")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"{address}{path}")


def answered(simulator: Simulator, page: Page) -> None:
    """Wait until the city knows, let it answer, and look at the chat again."""
    for _turn in range(200):
        if simulator.webhooks.is_idle():
            break
        page.wait_for_timeout(20)
    handle_waiting()
    page.get_by_role("link", name="更新").click()


def test_somebody_adds_the_city_chooses_a_topic_and_links_their_account_without_javascript(
    plain: Page, phone: Page, address: str, simulator: Simulator
) -> None:
    make_account("hanako", name="山田花子", kind=AccountKind.RESIDENT)
    make_account("taro", name="山田太郎", kind=AccountKind.RESIDENT)
    publish_menus()
    sign_in(plain, address, "hanako", "/line/link/")
    expect(plain.get_by_role("heading", level=1)).to_have_text("LINEとの連携")
    expect(plain.get_by_role("img", name="友だち追加のQRコード")).to_be_visible()

    plain.get_by_role("link", name="LINEで友だちに追加").click()
    plain.get_by_label("LINEでの名前").fill("はなこ")
    plain.get_by_role("button", name="追加").click()
    answered(simulator, plain)
    plain.get_by_role("button", name="日本語", exact=True).click()
    answered(simulator, plain)
    expect(plain.get_by_role("img", name="リッチメニュー")).to_be_visible()
    plain.get_by_role("button", name="受け取る分野").first.click()
    answered(simulator, plain)
    plain.get_by_role("button", name="防災").click()
    answered(simulator, plain)
    expect(plain.get_by_text("「防災」のお知らせを送ります")).to_be_visible()

    plain.get_by_role("button", name="アカウント連携").first.click()
    answered(simulator, plain)
    plain.get_by_role("link", name="サインインへ進む").click()
    expect(plain.get_by_role("heading", name="このアカウントとLINEをつなぎますか")).to_be_visible()
    agreeing = plain.url
    plain.get_by_role("button", name="つなぐ").click()
    plain.get_by_role("link", name="トークに戻る").click()
    answered(simulator, plain)
    expect(plain.get_by_text("連携しました")).to_be_visible()
    chat = plain.url
    assert Endpoint.objects.get(channel="line").recipient.account.name == "山田花子"
    plain.goto(f"{address}/line/link/")
    expect(plain.get_by_text("LINEと連携しています")).to_be_visible()

    sign_in(phone, address, "taro", "/line/link/")
    for page in (f"{address}/line/link/", agreeing, chat.partition("#")[0]):
        phone.goto(page)
        assert_accessible(phone)
        assert small_targets(phone) == []


def test_staff_see_how_the_channel_is_and_publish_the_menu(
    new_page: PageMaker, desk: Page, address: str, simulator: Simulator, city: Municipality
) -> None:
    make_staff("koho", Role.PUBLISHER)
    bot = simulator.store.bot(city.key)
    simulator.webhooks.follow(bot, simulator.store.add_friends(bot, 3))
    sign_in(desk, address, "koho", "/line/office/")
    for _turn in range(300):
        if simulator.webhooks.is_idle():
            break
        desk.wait_for_timeout(20)
    handle_waiting()
    simulator.webhooks.unfollow(bot, list(bot.friends.values())[:1])
    for _turn in range(300):
        if simulator.webhooks.is_idle():
            break
        desk.wait_for_timeout(20)
    handle_waiting()
    desk.reload()
    expect(desk.get_by_role("heading", level=1)).to_have_text("LINE公式アカウント")
    expect(desk.get_by_text("33.3")).to_be_visible()
    desk.get_by_role("img", name="メニュー：").first.scroll_into_view_if_needed()
    assert_accessible(desk)
    desk.get_by_role("button", name="メニューを公開する").click()
    expect(desk.get_by_text("メニューの公開を始めました")).to_be_visible()
    narrow = new_page(PHONE)
    sign_in(narrow, address, "koho", "/line/office/")
    expect(narrow.get_by_role("heading", level=1)).to_have_text("LINE公式アカウント")
    assert_accessible(narrow)
