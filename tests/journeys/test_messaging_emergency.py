"""An emergency from the first click to the all-clear, seen by the officer and by somebody whose page was open all the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.messaging.models import Alert, Delivery, Recipient, SafetyCheck
from madoguchi.messaging.rules.tokens import sign
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services.needs import register_need
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import AccountKind, Role
from tests.browser import PageMaker, assert_accessible
from tests.trust.people import PASSWORD, make_account, make_odawara, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]
WITHIN = 5_000
"""Milliseconds within which an open page has to show an alert."""


@pytest.fixture
def hall(transactional_db: Any, live_server: Any, settings: Any, tmp_path: Any) -> Iterator[str]:
    """A city with an officer and somebody in need; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    live_table.clear()
    with acting_for(make_odawara()):
        make_staff("kiki", Role.CRISIS_MANAGER)
        somebody = recipient_of(account=make_account("hanako", name="山田 花子", kind=AccountKind.RESIDENT))
        Recipient.objects.filter(pk=somebody.pk).update(town="栄町")
        register_need(recipient=somebody, code="walking")
        yield f"http://odawara.localhost:{live_server.thread.port}"
    host_table.clear()
    live_table.clear()


def sign_in(page: Page, hall: str, path: str) -> None:
    page.goto(f"{hall}/accounts/login/?next={path}")
    page.get_by_label("ログイン名またはメールアドレス").fill("kiki")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"**{path}")


def say(page: Page, begin: str, word: str, button: str, *, look: bool = False) -> None:
    page.get_by_role("link", name=begin).click()
    page.get_by_label("何が起きていますか").select_option("flood")
    page.get_by_label("警戒レベル4 避難指示").check()
    page.get_by_role("button", name="文を確かめる").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("文を確かめる")
    if look:
        assert_accessible(page)
    page.get_by_role("button", name="発表の確認へ").click()
    if look:
        assert_accessible(page)
    page.get_by_label("確認のことば").fill(word)
    page.get_by_role("button", name=button).click()


def test_an_alert_is_said_once_and_is_on_every_open_page_within_seconds(
    hall: str, desk: Page, new_page: PageMaker
) -> None:
    visitor = new_page(width=360)
    visitor.goto(f"{hall}/")
    banner = visitor.locator("#now .emergency")
    expect(banner).to_have_count(0)
    sign_in(desk, hall, "/emergency/")
    assert_accessible(desk)

    say(desk, "訓練をする", "訓練", "訓練を始める")
    expect(desk.locator("#now .emergency[data-level=drill]")).to_be_visible()
    assert_accessible(desk)
    desk.goto(f"{hall}/emergency/")
    say(desk, "緊急情報を出す", "避難指示", "発表する")
    expect(banner).to_be_visible(timeout=WITHIN)
    assert banner.count() == 1
    assert banner.get_attribute("role") == "alert"
    assert "訓練" not in banner.inner_text()
    assert_accessible(visitor)

    assert_accessible(desk)
    visitor.get_by_role("link", name="くわしい情報を見る").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("避難指示")
    assert_accessible(visitor)

    desk.get_by_role("link", name="配慮が必要な方に電話する").click()
    expect(desk.get_by_role("row", name="山田 花子")).to_contain_text("まだ分かりません")
    desk.get_by_role("button", name="山田 花子さんを訪ねて確かめる").click()
    expect(desk.get_by_label("結果")).to_be_visible()
    assert_accessible(desk)

    alert = Alert.objects.get(status="Actual", state="issued")
    delivery = Delivery.objects.get(message=alert.message, recipient__account__login="hanako")
    visitor.goto(f"{hall}/now/ok/{sign('delivery', str(delivery.pk))}/")
    assert_accessible(visitor)
    visitor.get_by_role("button", name="確認しました").click()
    expect(visitor.get_by_text("確認の返事を受け取りました")).to_be_visible()
    check = SafetyCheck.objects.get(alert=alert, recipient=delivery.recipient)
    assert check.acknowledged_at is not None
    assert check.acknowledged_at <= clock.now()

    visitor.goto(f"{hall}/")
    desk.goto(f"{hall}/emergency/alerts/{alert.key}/end/")
    assert_accessible(desk)
    desk.get_by_label("確認のことば").fill("解除")
    desk.get_by_role("button", name="終えて、伝えた人に知らせる").click()
    expect(banner).to_have_count(0, timeout=WITHIN)


def test_the_pages_of_an_officer_fit_a_phone_and_the_page_of_an_alert_needs_no_script(
    hall: str, phone: Page, plain: Page
) -> None:
    sign_in(phone, hall, "/emergency/")
    assert_accessible(phone)
    say(phone, "緊急情報を出す", "避難指示", "発表する", look=True)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("避難指示")
    assert_accessible(phone)
    alert = Alert.objects.get()
    plain.goto(f"{hall}/now/{alert.key}/?lang=en")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Evacuation Order")
    expect(plain.get_by_text("Everybody in an area that may flood: leave now.").last).to_be_visible()
    phone.goto(f"{hall}/emergency/people/")
    assert_accessible(phone)
