"""A journey of a message: written in three languages for parents of three-year-olds in one town, approved, followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.messaging.enums import MessageStatus
from madoguchi.messaging.models import Delivery, Message, Recipient, Topic
from madoguchi.messaging.services import sending
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for, add_municipality
from madoguchi.trust.enums import AccountKind, Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.trust.people import PASSWORD, make_account, make_staff, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.database]
TOWNS = ("栄町", "本町", "浅間町")


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    municipality = add_municipality(key="hiratsuka", code="142034", name="平塚市", order=1, phone="03-1234-5678")
    with acting_for(municipality):
        unit = make_unit("健康課")
        make_staff("tanto", Role.SECTION_STAFF, unit=unit)
        make_staff("kacho", Role.SECTION_CHIEF, unit=unit)
        Topic.objects.create(
            municipality=municipality, code="child", names={"ja": "子育て"}, unit=unit, created_at=clock.now()
        )
        for number in range(24):
            _parent(municipality, number)
        yield municipality
    host_table.clear()


def _parent(municipality: Municipality, number: int) -> None:
    account = make_account(f"parent{number}", kind=AccountKind.RESIDENT)
    recipient, _is_new = Recipient.objects.update_or_create(
        account=account,
        defaults={
            "municipality": municipality,
            "name": f"親{number}",
            "town": TOWNS[number % 3],
            "language": ("ja", "en", "ja-easy")[number % 4 % 3],
            "created_at": clock.now(),
        },
    )
    years = 3 if number < 18 else 8
    born = clock.today() - timedelta(days=365 * years + 100)
    recipient.children.create(municipality=municipality, birth_date=born, is_declared=True)


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/accounts/login/?next=/messages/")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"{address}/messages/")


def write(page: Page, code: str, subject: str, body: str, short: str = "") -> None:
    page.locator(f"#id_subject_{code}").fill(subject)
    page.locator(f"#id_body_{code}").fill(body)
    page.locator(f"#id_short_{code}").fill(short)


def test_parents_of_three_year_olds_in_one_town_are_written_to_in_three_languages(
    address: str, new_page: PageMaker, city: Municipality
) -> None:
    clerk = new_page(DESK)
    sign_in(clerk, address, "tanto")
    clerk.get_by_role("link", name="お知らせをつくる").first.click()
    clerk.get_by_role("button", name="白紙から書く").click()
    write(
        clerk, "ja", "3歳児健診のご案内", "{{name}}様\n\n持ち物\n- 母子手帳\n\nhttps://city.example/k", "3歳児健診です"
    )
    write(clerk, "ja-easy", "3さいの けんしん", "{{name}}さん\n\nこどもの けんしんに きてください。")
    write(clerk, "en", "Check-up for children of 3", "Dear {{name}},\n\nplease bring your handbook.")
    # The preview follows while one types.
    expect(clerk.locator("#live")).to_contain_text("見本 花子様")
    clerk.locator("#add-kind").select_option("town")
    clerk.get_by_role("button", name="足す", exact=True).click()
    clerk.get_by_label("栄町").check()
    clerk.locator("#add-kind").select_option("child_age")
    clerk.get_by_role("button", name="足す", exact=True).click()
    clerk.get_by_label("何歳から").fill("3")
    clerk.get_by_label("何歳まで").fill("3")
    expect(clerk.locator(".audience-count__number")).to_have_text("6")
    expect(clerk.locator("#live")).to_contain_text("栄町")
    clerk.get_by_label("分野", exact=True).select_option("child")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="保存して承認へ進む").click()
    expect(clerk.locator("main")).to_contain_text("送られるもの")
    assert_accessible(clerk)
    clerk.get_by_role("button", name="承認を求める").click()
    expect(clerk.locator("main")).to_contain_text("承認待ち")
    message = Message.objects.get()
    assert (message.status, Delivery.objects.count()) == (MessageStatus.WAITING, 0)

    chief = new_page(PHONE)
    sign_in(chief, address, "kacho")
    assert_accessible(chief)
    chief.get_by_role("link", name="3歳児健診のご案内").first.click()
    expect(chief.locator("main")).to_contain_text("母子手帳")
    assert_accessible(chief)
    chief.get_by_role("button", name="この内容で承認する").click()
    expect(chief.locator("main")).to_contain_text(re.compile("送信中|送り始めました"))
    sending.start_message(message_id=message.pk)
    sending.finish_messages()
    assert Delivery.objects.filter(message=message, channel="inbox").count() == 6

    clerk.reload()
    expect(clerk.locator(".message-figures")).to_contain_text("6")
    expect(clerk.locator("main")).to_contain_text("受信箱")
    assert_accessible(clerk)
    chief.goto(f"{address}/messages/{message.key}/")
    assert_accessible(chief)


def test_without_javascript_the_composer_previews_adds_conditions_and_saves(
    address: str, plain: Page, city: Municipality
) -> None:
    sign_in(plain, address, "tanto")
    plain.get_by_role("link", name="お知らせをつくる").first.click()
    plain.get_by_role("button", name="白紙から書く").click()
    write(plain, "ja", "試し", "{{name}}様")
    plain.locator("#add-kind").select_option("town")
    plain.get_by_role("button", name="足す", exact=True).click()
    plain.get_by_label("本町").check()
    plain.get_by_role("button", name="プレビュー").last.click()
    expect(plain.locator("#live")).to_contain_text("見本 花子様")
    expect(plain.locator(".audience-count__number")).to_have_text("8")
    assert Message.objects.get().revision == 0
    plain.get_by_role("button", name="保存する", exact=True).click()
    assert Message.objects.get().audience == {"all": [{"town": ["本町"]}]}
