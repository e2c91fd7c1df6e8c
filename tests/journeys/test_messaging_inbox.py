"""Journeys through the inbox: a resident on a phone without JavaScript, at a desk, and what everybody may read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.messaging.enums import MessageKind, MessageStatus, SubscriptionSource
from madoguchi.messaging.models import Delivery, Message, Recipient, Topic
from madoguchi.messaging.registry import InboxSource, ThreadEntry, inbox_sources
from madoguchi.messaging.rules.push import payload
from madoguchi.messaging.services.notices import notify
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.messaging.services.sending import fan_out
from madoguchi.messaging.services.subscriptions import subscribe
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, Resident, acting_for
from madoguchi.trust.enums import AccountKind, Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.trust.people import PASSWORD, make_account, make_odawara, make_staff, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.database]

TEXTS = {
    "ja": {
        "subject": "3歳児健診のお知らせ（12月10日 保健センター）",
        "body": "{{name}}様\n\n3歳児健診を次のとおり行います。\n\n"
        "- 日時：12月10日（木）13時から\n- 場所：保健センター\n- 持ち物：母子健康手帳\n\n"
        "くわしくは https://www.city.example/kenshin をご覧ください。",
        "short": "3歳児健診は12月10日です",
    },
    "ja-easy": {
        "subject": "けんしんの おしらせ",
        "body": "けんしんが あります。\n\n12月10日 ごご1時",
        "short": "けんしん",
    },
    "en": {
        "subject": "Health check for three-year-olds",
        "body": "Dear {{name}},\n\nPlease come on December 10.",
        "short": "Check",
    },
}


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
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
def hanako(city: Municipality) -> Account:
    return make_account("hanako", kind=AccountKind.RESIDENT, name="見本 花子")


@pytest.fixture
def said() -> Iterator[list[str]]:
    """A room with one matter, and what residents wrote into it."""
    written: list[str] = []

    def entries(account: Account, pk: str) -> list[ThreadEntry]:
        asked = ThreadEntry("city", "子育て支援課", clock.now(), "お子さんの名前の読みを教えてください。")
        return [asked, *(ThreadEntry("person", "あなた", clock.now(), text) for text in written)]

    source = InboxSource(
        "sample.matter", "手続", lambda account, pk: "保育所の申込み（受付番号 4K7R-20M5）", entries,
        lambda account, pk, text: written.append(text),
    )  # fmt: skip
    with inbox_sources.registered_temporarily(source.key, source):
        yield written


@pytest.fixture
def filled(hanako: Account, city: Municipality) -> dict[str, Message]:
    """An inbox with a topic's message, an emergency of a drill, and a matter of two notices."""
    now = clock.now()
    unit = make_unit("子育て支援課")
    topic = Topic.objects.create(municipality=city, code="children", names={"ja": "子育て"}, unit=unit, created_at=now)
    me = recipient_of(account=hanako)
    subscribe(recipient=me, topic=topic, source=SubscriptionSource.OWN, actor=hanako)
    made = {}
    for key, fields in {
        "health": {"contents": TEXTS, "topic": topic, "unit": unit, "audience": {"topic": ["children"]}},
        "drill": {
            "contents": {
                "ja": {"subject": "避難訓練：津波警報", "body": "高いところへ逃げてください。", "short": "津波"}
            },
            "kind": MessageKind.EMERGENCY,
            "is_drill": True,
            "audience": {"everyone": True},
        },
    }.items():
        message = Message.objects.create(
            municipality=city, created_at=now, changed_at=now, fanned_out_at=now,
            status=MessageStatus.SENT, **{"audience": {"everyone": True}, **fields},
        )  # fmt: skip
        fan_out(message=message)
        made[key] = message
    for number, subject in enumerate(
        ("「保育所の申込み」を受け付けました", "「保育所の申込み」の担当からメッセージが届きました")
    ):
        contents = {
            "ja": {"subject": subject, "body": f"{subject}。\n\n申請のページでご覧ください。", "short": subject}
        }
        made[f"notice{number}"] = notify(
            identity=f"n{number}", account=hanako, contents=contents, thread="sample.matter:7", path="/mine/", unit=unit
        )
    return made


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/?next=/inbox/")
    page.get_by_label("ログイン名またはメールアドレス").fill("hanako")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"{address}/inbox/")


def look(page: Page) -> None:
    """Check a page as every page is checked."""
    assert_accessible(page)
    assert small_targets(page) == []


def test_a_resident_reads_sorts_and_answers_on_a_phone_without_javascript(
    address: str, new_page: PageMaker, filled: dict[str, Message], said: list[str]
) -> None:
    plain = new_page(PHONE, javascript=False)
    checked = new_page(PHONE, has_touch=True)
    sign_in(plain, address)
    sign_in(checked, address)
    look(checked)
    rows = plain.locator(".inbox__row")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("訓練")
    expect(plain.locator(".site-header .badge")).to_contain_text("4")
    plain.get_by_role("link", name=re.compile("3歳児健診")).click()
    expect(plain.get_by_role("main")).to_contain_text("見本 花子様")
    checked.goto(plain.url)
    look(checked)
    plain.get_by_role("link", name="English", exact=True).last.click()
    expect(plain.get_by_role("main")).to_contain_text("Please come on December 10.")
    plain.get_by_role("link", name="印刷用のページ").click()
    expect(plain.get_by_role("main")).to_contain_text("Please come")
    plain.goto(f"{address}/inbox/")
    expect(plain.locator(".site-header .badge")).to_contain_text("3")

    plain.get_by_role("link", name=re.compile("担当からメッセージ")).click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("保育所の申込み")
    plain.get_by_label(re.compile("返信の内容")).fill("「ハナ」です。")
    plain.get_by_role("button", name="返信を送る").click()
    expect(plain.get_by_role("status")).to_contain_text("返信を送りました")
    assert said == ["「ハナ」です。"]
    checked.goto(f"{address}/inbox/thread/sample.matter:7/")
    look(checked)

    plain.goto(f"{address}/inbox/")
    plain.get_by_role("button", name="しまう").click()
    expect(plain.get_by_role("alert")).to_contain_text("選ばれていません")
    plain.get_by_label(re.compile("担当からメッセージ")).check()
    plain.get_by_role("button", name="しまう").click()
    expect(rows).to_have_count(2)
    plain.get_by_role("button", name="元に戻す").click()
    expect(rows).to_have_count(3)
    plain.get_by_label("お知らせを探す").fill("december")
    plain.get_by_role("button", name="検索する").click()
    expect(rows).to_have_count(1)


def test_a_resident_stops_a_topic_from_its_message_and_makes_a_secret_feed(
    address: str, desk: Page, filled: dict[str, Message]
) -> None:
    sign_in(desk, address)
    assert_accessible(desk)
    desk.get_by_role("button", name="全部選ぶ").click()
    expect(desk.locator("input[name=id]:checked")).to_have_count(3)
    desk.get_by_role("link", name=re.compile("3歳児健診")).click()
    assert_accessible(desk)
    desk.get_by_role("button", name="「子育て」のお知らせを止める").click()
    expect(desk.get_by_role("status").first).to_contain_text("止めました")
    desk.goto(f"{address}/inbox/feed/")
    assert_accessible(desk)
    desk.get_by_role("button", name=re.compile("アドレスをつくる")).click()
    first = desk.locator("#feed-address").inner_text()
    assert_accessible(desk)
    answer = desk.request.get(first)
    assert answer.ok
    assert "3歳児健診のお知らせ" in answer.text()
    assert "母子健康手帳" not in answer.text()
    desk.get_by_role("button", name="新しいアドレスにする").click()
    assert desk.locator("#feed-address").inner_text() != first
    assert desk.request.get(first).status == 404


def test_anybody_reads_what_went_to_everybody(address: str, new_page: PageMaker, filled: dict[str, Message]) -> None:
    for width in (PHONE, DESK):
        page = new_page(width)
        page.goto(f"{address}/inbox/public/")
        assert_accessible(page)
        expect(page.get_by_role("main")).not_to_contain_text("保育所")
        page.get_by_role("link", name=re.compile("3歳児健診")).click()
        expect(page.get_by_role("main")).to_contain_text("みなさま")
        assert_accessible(page)


def test_a_notification_is_shown_by_the_worker_that_watches_over_the_inbox_alone(
    address: str, new_page: PageMaker, filled: dict[str, Message]
) -> None:
    page = new_page(DESK)
    page.context.grant_permissions(["notifications"], origin=address)
    sign_in(page, address)
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            one["registrationId"] for one in event["registrations"] if one["scopeURL"] == f"{address}/inbox/"
        ),
    )
    devtools.send("ServiceWorker.enable")
    scope = page.evaluate(
        """async () => {
          const made = await navigator.serviceWorker.register("/inbox/push-worker.js", { scope: "/inbox/" });
          await navigator.serviceWorker.ready;
          return made.scope;
        }"""
    )
    assert scope == f"{address}/inbox/"
    refused = page.evaluate(
        """() => navigator.serviceWorker.register("/inbox/push-worker.js", { scope: "/" }).then(() => "", (e) => e.name)"""
    )
    assert refused == "SecurityError"
    said = payload(title="避難指示", text="高台へ", address="/inbox/", tag="k1", language="ja", is_emergency=True)
    for _turn in range(2):
        event = {"origin": address, "registrationId": found[-1], "data": said.decode()}
        devtools.send("ServiceWorker.deliverPushMessage", event)
    shown = page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.ready;
          for (let turn = 0; turn < 100; turn += 1) {
            const found = await registration.getNotifications();
            if (found.length) return found.map((one) => [one.title, one.body, one.tag, one.requireInteraction]);
            await new Promise((done) => setTimeout(done, 50));
          }
          return [];
        }"""
    )
    assert shown == [["避難指示", "高台へ", "k1", True]]


def test_staff_post_letters_and_note_what_came_back(address: str, desk: Page, city: Municipality) -> None:
    make_staff("koho", Role.PUBLISHER)
    for name, home in (("見本 一郎", "小田原市本町1"), ("見本 二郎", "")):
        resident = Resident.objects.create(
            municipality=city, name=name, name_key=name, name_print=name, postal_code="2500012", address=home
        )
        Recipient.objects.create(municipality=city, resident=resident, created_at=clock.now())
    now = clock.now()
    message = Message.objects.create(
        municipality=city, created_at=now, changed_at=now, fanned_out_at=now, status=MessageStatus.SENT,
        contents=TEXTS, audience={"everyone": True}, channels=["post"],
    )  # fmt: skip
    fan_out(message=message)
    page = f"{address}/messages/{message.key}/post/"
    desk.goto(f"{address}/accounts/login/?next=/messages/{message.key}/post/")
    desk.get_by_label("ログイン名またはメールアドレス").fill("koho")
    desk.locator("[name=password]").fill(PASSWORD)
    desk.get_by_role("button", name="サインインする").click()
    desk.wait_for_url(page)
    assert_accessible(desk)
    expect(desk.get_by_role("main")).to_contain_text("見本 二郎")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="手紙のPDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    desk.get_by_role("button", name="発送済みにする").click()
    expect(desk.get_by_role("alert")).to_contain_text("確かめて")
    assert_accessible(desk)
    desk.get_by_label("1通をすべて発送しました").check()
    desk.get_by_role("button", name="発送済みにする").click()
    expect(desk.get_by_role("status").first).to_contain_text("1通を発送済み")
    letter = Delivery.objects.get(message=message, status="sent")
    desk.get_by_label(re.compile("手紙の番号")).fill(f"No. {letter.pk}")
    desk.get_by_role("button", name="戻ってきたことを記録する").click()
    expect(desk.get_by_role("status").first).to_contain_text("戻ってきた")
    assert_accessible(desk)
