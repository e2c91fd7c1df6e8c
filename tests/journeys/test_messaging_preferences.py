"""A parent hears of a topic by mail alone, on a phone without JavaScript; somebody signed in puts their ways in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from madoguchi.messaging.models import Delivery, Subscription
from madoguchi.messaging.registry import channels
from madoguchi.messaging.services.endpoints import add_endpoint
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, acting_for
from tests.browser import assert_accessible, small_targets
from tests.messaging.people import holder, topic
from tests.trust.people import PASSWORD, make_odawara

pytestmark = [pytest.mark.browser, pytest.mark.database]

PAGES = ("", "topics/", "ways/", "about/", "children/", "quiet/", "needs/", "why/", "end/")


@pytest.fixture
def city(transactional_db, settings, monkeypatch) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(type(channels.get("email")), "is_ready", lambda self: True)
    host_table.clear()
    cache.clear()
    municipality = make_odawara()
    with acting_for(municipality):
        topic("kids", "子育て・健診", descriptions={"ja": "健診や催しの案内。月に2回くらい。"})
        topic("bins", "ごみ・資源", descriptions={"ja": "収集日の変更。年に数回。"})
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


@pytest.fixture
def account(city: Municipality) -> Account:
    made = holder("hanako")
    mine = recipient_of(account=made)
    add_endpoint(recipient=mine, channel="email", address="hanako@example.jp", is_confirmed=True)
    add_endpoint(recipient=mine, channel="line", address="U" + "0" * 32, is_confirmed=True)
    return made


def test_a_parent_subscribes_by_mail_and_stops_without_javascript(address: str, plain: Page) -> None:
    plain.goto(f"{address}/preferences/")
    plain.get_by_role("link", name="メールアドレスを登録する").click()
    plain.get_by_role("button", name="確認のメールを受け取る").click()
    expect(plain.get_by_role("alert")).to_contain_text("1つ以上選んでください")
    plain.get_by_label("メールアドレス").fill("oya@example.jp")
    plain.get_by_label("子育て・健診").check()
    plain.get_by_role("button", name="確認のメールを受け取る").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("メールを送りました")
    path = re.search(r"/preferences/confirm/\S+", Delivery.objects.get().message.contents["ja"]["body"])
    assert path is not None
    plain.goto(address + path[0])
    plain.get_by_role("button", name="登録する").click()
    expect(plain.locator("dd").first).to_contain_text("子育て・健診")
    plain.get_by_role("link", name=re.compile("知りたい分野")).click()
    plain.get_by_label("子育て・健診").uncheck()
    plain.get_by_label("ごみ・資源").check()
    plain.get_by_role("button", name="保存する").click()
    expect(plain.locator("dd").first).to_contain_text("ごみ・資源")
    plain.get_by_role("link", name="すべてやめる").click()
    plain.get_by_role("button", name="すべてやめる").click()
    expect(plain.get_by_role("status")).to_contain_text("すべて終了しました")
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()


def test_every_page_of_preferences_is_for_everybody(address: str, phone: Page, account: Account) -> None:
    for page in ("", "guest/", "guest/sent/"):
        phone.goto(f"{address}/preferences/{page}")
        assert_accessible(phone)
    phone.goto(f"{address}/accounts/login/?next=/preferences/")
    phone.get_by_label("ログイン名またはメールアドレス").fill("hanako")
    phone.locator("[name=password]").fill(PASSWORD)
    phone.get_by_role("button", name="サインインする").click()
    phone.wait_for_url(f"{address}/preferences/")
    for page in PAGES:
        phone.goto(f"{address}/preferences/{page}")
        assert_accessible(phone)
        assert small_targets(phone) == []
    phone.goto(f"{address}/preferences/ways/")
    phone.locator("#way-email ~ form").get_by_role("button", name=re.compile("上へ")).click()
    expect(phone.get_by_role("status").first).to_contain_text("保存しました")
