"""LINE's webhooks: believed only where they are signed, taken once, answered in the friend's language."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import EndpointStatus, LineEventState
from madoguchi.messaging.models import Child, Endpoint, LineEvent, Recipient, Subscription, Topic
from madoguchi.messaging.plugins.line.client import LineBusyError
from madoguchi.messaging.plugins.line.handling import handle_waiting
from madoguchi.messaging.rules.line import sign
from madoguchi.messaging.selectors.line import count_friends, friends_by_day, friends_on, webhook_health
from madoguchi.messaging.services.line import follow
from madoguchi.trust.api import Event, municipality_in_scope
from tests.trust.people import make_account

from .conftest import make_recipient
from .line_city import LineCity, line_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def line(city, settings) -> Iterator[LineCity]:
    with line_of(city.key, settings) as made:
        yield made


@pytest.fixture
def friend(line):
    """Somebody who has added the account and chosen Japanese."""
    made = line.simulator.store.add_friends(line.bot, 1)[0]
    line.simulator.webhooks.follow(line.bot, [made])
    assert line.hand_over() == [200]
    handle_waiting()
    return made


def press(line: LineCity, friend, label: str, **params: str) -> None:
    """Press a button of the last message."""
    data = line.buttons(friend)[label]["data"]
    line.simulator.webhooks.postback(line.bot, friend, data, params)
    assert line.hand_over() == [200]
    handle_waiting()


def write(line: LineCity, friend, text: str) -> None:
    line.simulator.webhooks.message(line.bot, friend, text)
    assert line.hand_over() == [200]
    handle_waiting()


def signed(line: LineCity, content: object) -> tuple[dict[str, str], bytes]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"X-Line-Signature": sign(line.bot.account["channel_secret"], body)}, body


def webhook_of(line: LineCity, *events: dict) -> tuple[dict[str, str], bytes]:
    return signed(line, {"destination": line.bot.account["bot_user_id"], "events": list(events)})


def topic(code: str, name: str) -> Topic:
    return Topic.objects.create(
        municipality=municipality_in_scope(), code=code, names={"ja": name, "en": code}, created_at=clock.now()
    )


def test_somebody_who_adds_the_account_becomes_a_guest_and_is_asked_for_the_language(line, friend) -> None:
    endpoint = Endpoint.objects.get(channel="line")
    assert (endpoint.status, endpoint.address) == (EndpointStatus.ACTIVE, friend.user)
    assert endpoint.recipient.account_id is None
    assert endpoint.recipient.name == ""
    assert list(line.buttons(friend)) == ["日本語", "やさしい日本語", "English"]
    press(line, friend, "English")
    assert Recipient.objects.get().language == "en"
    assert line.bot.account["bot_user_id"] not in str(LineEvent.objects.values_list("payload", flat=True))


def test_a_block_is_noted_and_coming_back_too(line, friend, city) -> None:
    line.simulator.webhooks.unfollow(line.bot, [friend])
    line.hand_over()
    handle_waiting()
    assert Endpoint.objects.get().status == EndpointStatus.BLOCKED
    assert count_friends().blocked_share == 1.0
    assert friends_on(city, clock.today()) == 0
    line.simulator.webhooks.follow(line.bot, [friend])
    line.hand_over()
    handle_waiting()
    assert Endpoint.objects.get().status == EndpointStatus.ACTIVE
    assert friends_on(city, clock.today()) == 1
    assert friends_on(city, clock.today() - timedelta(days=1)) == 0
    assert friends_by_day(3) == [
        (clock.today() - timedelta(days=2), 0),
        (clock.today() - timedelta(days=1), 0),
        (clock.today(), 1),
    ]


def test_news_that_are_older_than_what_is_known_change_nothing(line, friend) -> None:
    late = {
        "type": "unfollow",
        "mode": "active",
        "timestamp": int((time.time() - 3600) * 1000),
        "source": {"type": "user", "userId": friend.user},
        "webhookEventId": "01AAAAAAAAAAAAAAAAAAAAAAAA",
        "deliveryContext": {"isRedelivery": True},
    }
    assert line.bring(*webhook_of(line, late)) == 200
    handle_waiting()
    assert Endpoint.objects.get().status == EndpointStatus.ACTIVE
    assert LineEvent.objects.get(event_id=late["webhookEventId"]).state == LineEventState.IGNORED


def test_an_event_that_comes_twice_is_handled_and_answered_once(line) -> None:
    made = line.simulator.store.add_friends(line.bot, 1)[0]
    line.fault("webhook", "duplicate")
    line.simulator.webhooks.follow(line.bot, [made])
    assert line.hand_over(2) == [200, 200]
    handle_waiting()
    handle_waiting()
    assert LineEvent.objects.count() == Endpoint.objects.count() == 1
    assert len(line.told(made)) == 1


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        (lambda headers, body: ({}, body), 401, "signature"),
        (lambda headers, body: (headers, body + b" "), 401, "signature"),
        (lambda headers, body: ({"X-Line-Signature": "あ"}, body), 401, "signature"),
        (lambda headers, body: (headers, b"{" * 3_000_000), 413, "too_large"),
    ],
)
def test_what_is_not_signed_by_line_changes_nothing_and_is_noted(line, change, status, reason) -> None:
    headers, body = webhook_of(line, {"type": "follow", "webhookEventId": "01B", "source": {"type": "user"}})
    changed_headers, changed_body = change(headers, body)
    answer = line.client.post("/line/webhook", changed_body, content_type="application/json", headers=changed_headers)
    assert answer.status_code == status
    assert LineEvent.objects.count() == 0
    refused = Event.objects.filter(key="trust.permission.refused").latest("id")
    assert refused.data["action"] == f"messaging.line.webhook.{reason}"


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b'{"events": 3}', b'{"events": [1]}', b"[" * 100_000])
def test_what_is_signed_but_unreadable_is_refused(line, content) -> None:
    assert line.bring(*signed(line, content)) == 400
    assert LineEvent.objects.count() == 0


def test_a_webhook_for_another_account_is_refused(line) -> None:
    assert line.bring(*signed(line, {"destination": "U" + "0" * 32, "events": []})) == 400


def test_the_other_city_does_not_take_it(line, oyama) -> None:
    headers, body = webhook_of(line, {"type": "follow", "webhookEventId": "01C", "source": {"type": "user"}})
    answer = line.client.post(
        "/line/webhook", body, content_type="application/json", headers={**headers, "host": "oyama.localhost"}
    )
    assert answer.status_code == 401


def test_an_event_of_a_kind_nobody_knows_is_noted_and_left(line) -> None:
    strange = {"type": "videoPlayComplete", "webhookEventId": "01D", "source": {"type": "group", "groupId": "C1"}}
    broken = {"type": "postback", "webhookEventId": "01E", "source": {"type": "user", "userId": "U" + "a" * 32}}
    assert line.bring(*webhook_of(line, strange, broken, {"no": "id"})) == 200
    handle_waiting()
    assert list(LineEvent.objects.values_list("state", flat=True)) == [LineEventState.IGNORED, LineEventState.FAILED]
    assert webhook_health().failed == 1


def test_a_topic_is_subscribed_and_stopped_by_its_button(line, friend) -> None:
    topic("bosai", "防災")
    topic("kosodate", "子育て")
    write(line, friend, "分野")
    press(line, friend, "防災")
    assert "「防災」のお知らせを送ります" in line.last(friend)["text"]
    assert list(line.buttons(friend)) == ["✓ 防災", "子育て", "メニュー"]
    assert Subscription.objects.filter(ended_at__isnull=True).get().source == "line"
    press(line, friend, "✓ 防災")
    assert Subscription.objects.filter(ended_at__isnull=True).count() == 0


def test_more_topics_than_fit_are_shown_by_pages(line, friend) -> None:
    for number in range(13):
        topic(f"topic-{number:02}", f"分野{number:02}")
    write(line, friend, "topics")
    assert len(line.buttons(friend)) == 12
    press(line, friend, "ほかの分野")
    assert list(line.buttons(friend)) == ["分野10", "分野11", "分野12", "メニュー"]


def test_a_town_is_chosen_by_writing_a_part_of_its_name(line, friend) -> None:
    for town in ("栄町", "城山", "南鴨宮"):
        make_recipient(town=town)
    write(line, friend, "鴨宮")
    press(line, friend, "南鴨宮")
    assert Endpoint.objects.get(channel="line").recipient.town == "南鴨宮"
    write(line, friend, "地区")
    press(line, friend, "町名を消す")
    assert Endpoint.objects.get(channel="line").recipient.town == ""


def test_a_town_that_nobody_knows_is_not_taken(line, friend) -> None:
    line.simulator.webhooks.postback(line.bot, friend, "do=town&v=%3Cscript%3E", {})
    line.hand_over()
    handle_waiting()
    assert Endpoint.objects.get().recipient.town == ""


def test_a_child_is_told_of_by_the_day_of_birth_and_forgotten_on_request(line, friend) -> None:
    write(line, friend, "子ども")
    birth = clock.today() - timedelta(days=1000)
    press(line, friend, "誕生日を選ぶ", date=birth.isoformat())
    assert Child.objects.get().birth_date == birth
    assert Child.objects.get().is_declared
    press(line, friend, "登録を消す")
    assert Child.objects.count() == 0


def test_a_day_of_birth_to_come_is_not_taken(line, friend) -> None:
    write(line, friend, "子ども")
    press(line, friend, "誕生日を選ぶ", date=date(2100, 1, 1).isoformat())
    assert Child.objects.count() == 0


@pytest.mark.parametrize("word", ["停止", "ＳＴＯＰ", "解除"])
def test_stop_asks_and_then_ends_every_subscription(line, friend, word) -> None:
    for code in ("bosai", "kosodate"):
        topic(code, code)
    write(line, friend, "分野")
    press(line, friend, "bosai")
    write(line, friend, word)
    assert Subscription.objects.filter(ended_at__isnull=True).count() == 1
    press(line, friend, "すべて止める")
    assert Subscription.objects.filter(ended_at__isnull=True).count() == 0


@pytest.mark.parametrize("text", ["ごみの日はいつ？", "こんにちは", "<b>", "ヘルプ"])
def test_whatever_somebody_writes_the_menu_comes_back(line, friend, text) -> None:
    write(line, friend, text)
    assert {"受け取る分野", "配信を止める", "アカウント連携"} <= set(line.buttons(friend))


def test_an_answer_that_could_not_be_sent_is_sent_when_line_is_back(line, friend) -> None:
    line.fault("reply", "error_before")
    line.simulator.webhooks.message(line.bot, friend, "ヘルプ")
    line.hand_over()
    before = len(line.told(friend))
    with pytest.raises(LineBusyError):
        handle_waiting()
    assert len(line.told(friend)) == before
    assert handle_waiting() == (1, 0)
    assert len(line.told(friend)) == before + 1


def test_an_account_is_linked_through_line_and_the_guest_becomes_the_person(line, friend, settings) -> None:
    topic("bosai", "防災")
    write(line, friend, "分野")
    press(line, friend, "防災")
    guest = Endpoint.objects.get().recipient
    account = make_account("hanako", name="花子")
    write(line, friend, "連携")
    address = line.last(friend)["contents"]["footer"]["contents"][0]["action"]["uri"]
    path = address.removeprefix("http://odawara.localhost")
    line.client.force_login(account)
    assert "つなぐ" in line.client.get(path).content.decode()
    answer = line.client.post("/line/link/", {"linkToken": path.partition("=")[2]})
    assert answer.status_code == 302
    assert answer.url.startswith(f"{line.simulator.base_url}/dialog/bot/accountLink?linkToken=")
    query = dict(part.split("=", 1) for part in answer.url.partition("?")[2].split("&"))
    bot, user = line.simulator.store.use_link(query["linkToken"])
    line.simulator.webhooks.account_link(bot, bot.friends[user], query["nonce"])
    line.hand_over()
    handle_waiting()
    endpoint = Endpoint.objects.get()
    assert endpoint.recipient.account == account
    assert Subscription.objects.get(ended_at__isnull=True).recipient == endpoint.recipient
    guest.refresh_from_db()
    assert guest.ended_at is not None
    assert "連携しました" in line.last(friend)["text"]
    # The number is good once.
    line.simulator.webhooks.account_link(bot, bot.friends[user], query["nonce"])
    line.hand_over()
    handle_waiting()
    assert Endpoint.objects.get().recipient.account == account
    line.client.post("/line/link/", {"unlink": "1"})
    assert Endpoint.objects.get().recipient.account is None


def test_a_forged_nonce_links_nobody(line, friend) -> None:
    make_account("hanako")
    line.simulator.webhooks.account_link(line.bot, friend, "a" * 43)
    line.hand_over()
    handle_waiting()
    assert Endpoint.objects.get().recipient.account_id is None


def test_a_friend_from_before_is_met_when_they_write(line) -> None:
    old = line.simulator.store.add_friends(line.bot, 1)[0]
    old.is_following = True
    write(line, old, "メニュー")
    assert Endpoint.objects.get().address == old.user
    assert follow(user=old.user, at=clock.now()) is not None
    assert Event.objects.filter(key="messaging.line.followed").count() == 1
