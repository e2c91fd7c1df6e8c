"""LINE: the same words go to 500 friends in one request, each request is taken once, and nobody's name is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, EndpointStatus, LineChunkState, MessageKind
from madoguchi.messaging.models import Delivery, Endpoint, LineChunk
from madoguchi.messaging.plugins.line.channel import LineChannel
from madoguchi.messaging.registry import Outgoing
from madoguchi.messaging.services import sending
from madoguchi.messaging.services.sending import delivering

from .conftest import NOON, make_endpoint, make_message, make_recipient
from .line_city import LineCity, line_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def line(city, settings) -> Iterator[LineCity]:
    with clock.frozen(NOON), line_of(city.key, settings) as made:
        yield made


def statuses(deliveries: list[Delivery]) -> set[str]:
    return {str(delivery.status) for delivery in deliveries}


def again(message) -> list[Delivery]:
    """Let the time of waiting go by and send what is due."""
    delivering._resting.clear()
    Delivery.objects.filter(status=DeliveryStatus.WAITING).update(due_at=clock.now())
    sending.deliver_due()
    return list(Delivery.objects.filter(message=message, channel="line").order_by("id"))


def test_friends_who_get_the_same_words_are_reached_by_few_requests(line) -> None:
    friends = line.friends(1203)
    deliveries = line.deliver(make_message())
    assert statuses(deliveries) == {"sent"}
    assert len({delivery.provider_id for delivery in deliveries}) == 3
    assert line.bot.requests == 3
    assert all(len(line.told(friend)) == 2 for friend in friends)


def test_no_name_is_told_to_line(line) -> None:
    friend = line.friends(1)[0]
    line.deliver(make_message())
    assert "みなさま" in line.told(friend)[0]["text"]
    assert friend.name not in json.dumps(line.told(friend), ensure_ascii=False)
    assert friend.name.split()[0] not in json.dumps(line.told(friend), ensure_ascii=False)


def test_everybody_is_written_to_in_their_own_language(line) -> None:
    japanese, english = line.friends(2), line.friends(3, language="en")
    contents = {
        "ja": {"subject": "断水", "body": "断水します。", "short": "断水"},
        "en": {"subject": "No water", "body": "Water stops.", "short": "No water"},
    }
    line.deliver(make_message(contents=contents))
    assert {line.told(friend)[0]["text"] for friend in japanese} == {"断水\n\n断水します。"}
    assert {line.told(friend)[0]["text"] for friend in english} == {"No water\n\nWater stops."}
    assert line.bot.requests == 2


def test_the_card_leads_to_a_page_that_anybody_who_got_it_can_read(line) -> None:
    friend = line.friends(2)[0]
    line.deliver(make_message())
    address = line.last(friend)["contents"]["footer"]["contents"][0]["action"]["uri"]
    assert address.startswith("http://odawara.localhost/line/read/")
    page = line.client.get(address.removeprefix("http://odawara.localhost"), follow=True)
    assert page.status_code == 200
    assert "お知らせ" in page.content.decode()
    assert line.client.get("/line/read/forged.0.xxxxx/").status_code == 404


def test_an_emergency_comes_with_a_red_band_first(line) -> None:
    friend = line.friends(1)[0]
    line.deliver(make_message(kind=MessageKind.EMERGENCY))
    first = line.told(friend)[0]
    assert first["altText"].startswith("【緊急】")
    assert first["contents"]["header"]["contents"][0]["text"] == "緊急"


def test_a_long_text_is_split_into_at_most_five_messages(line) -> None:
    friend = line.friends(1)[0]
    long = {"ja": {"subject": "長い", "body": "これは長い文です。" * 4000, "short": "長い"}}
    line.deliver(make_message(contents=long))
    assert len(line.told(friend)) == 5
    assert all(len(message["text"]) <= 5000 for message in line.told(friend)[:4])


@pytest.mark.parametrize("fault", ["error_after", "cut_after"])
def test_a_chunk_whose_answer_was_lost_is_sent_again_as_it_was_and_counted_once(line, fault) -> None:
    friends = line.friends(40)
    line.fault("send", fault)
    message = make_message()
    assert statuses(line.deliver(message)) == {"waiting"}
    chunk = LineChunk.objects.get()
    assert chunk.state == LineChunkState.PENDING
    assert statuses(again(message)) == {"sent"}
    assert all(len(line.told(friend)) == 2 for friend in friends)
    assert LineChunk.objects.get().state == LineChunkState.ACCEPTED
    assert line.bot.requests == 1


def test_a_chunk_that_line_never_saw_is_sent_later_without_whoever_has_left(line) -> None:
    friends = line.friends(3)
    line.fault("send", "busy")
    message = make_message()
    waiting = line.deliver(message)
    assert statuses(waiting) == {"waiting"}
    assert all(timedelta(seconds=5) < delivery.due_at - clock.now() < timedelta(minutes=10) for delivery in waiting)
    Endpoint.objects.filter(address=friends[0].user).update(status=EndpointStatus.BLOCKED)
    assert [delivery.status for delivery in again(message)] == ["skipped", "sent", "sent"]
    assert [len(line.told(friend)) for friend in friends] == [0, 2, 2]


def test_a_process_that_died_before_it_noted_the_answer_is_not_sent_for_twice(line) -> None:
    friends = line.friends(5)
    message = make_message()
    deliveries = line.deliver(message)
    Delivery.objects.filter(message=message).update(status=DeliveryStatus.WAITING, provider_id="")
    assert {delivery.provider_id for delivery in again(message)} == {LineChunk.objects.get().request_id}
    assert all(len(line.told(friend)) == 2 for friend in friends)
    Delivery.objects.filter(pk=deliveries[0].pk).update(status=DeliveryStatus.SENDING)
    assert [outcome.delivery_id for outcome in LineChannel().recover()] == [deliveries[0].pk]


def test_a_chunk_too_old_to_be_known_to_line_is_rather_failed_than_sent_twice(line) -> None:
    friend = line.friends(1)[0]
    line.fault("send", "error_after")
    message = make_message()
    line.deliver(message)
    with clock.frozen(NOON + timedelta(hours=25)):
        assert statuses(again(message)) == {"failed"}
    assert len(line.told(friend)) == 2


def test_a_friend_whose_number_is_wrong_does_not_keep_the_others_from_it(line) -> None:
    friends = line.friends(4)
    make_endpoint(make_recipient(channels=["line"]), "line", "Unonsense")
    deliveries = line.deliver(make_message())
    assert [delivery.status for delivery in deliveries] == ["sent"] * 4 + ["failed"]
    assert Endpoint.objects.get(address="Unonsense").status == EndpointStatus.BOUNCED
    assert all(len(line.told(friend)) == 2 for friend in friends)


def test_the_limit_of_the_month_is_told_and_not_tried_again(line) -> None:
    line.friends(3)
    line.bot.limit = 2
    deliveries = line.deliver(make_message())
    assert statuses(deliveries) == {"failed"}
    assert "上限" in deliveries[0].error


def test_a_key_that_line_does_not_take_waits_for_the_operator(line) -> None:
    line.friends(2)
    line.fault("send", "denied")
    deliveries = line.deliver(make_message())
    assert statuses(deliveries) == {"waiting"}
    assert "MADOGUCHI_LINE" in deliveries[0].error


def test_a_text_line_refuses_is_failed_with_its_words(line) -> None:
    friend = line.friends(1)[0]
    broken = Outgoing(1, "K" * 26, friend.user, {}, "ja", "件名", "本文", "短い", "ftp://city.example/")
    outcome = next(iter(LineChannel().deliver([broken])))
    assert outcome.status == DeliveryStatus.FAILED
    assert "invalid uri scheme" in outcome.error
    assert LineChunk.objects.get().state == LineChunkState.REFUSED
    assert LineChunk.objects.get().request == {}


def test_without_an_account_the_way_is_not_offered(line, settings) -> None:
    settings.LINE_SIMULATOR = {}
    assert LineChannel().is_ready() is False
    outgoing = Outgoing(1, "K" * 26, "U" + "0" * 32, {}, "ja", "件名", "本文", "短い", "")
    assert [one.status for one in LineChannel().deliver([outgoing])] == [DeliveryStatus.WAITING]


def test_settings_that_cannot_work_are_told_to_the_operator(line, settings) -> None:
    settings.LINE_CHANNELS = {"odawara": {"channel_id": "1", "channel_secret": "short", "base_url": "http://line"}}
    problems = [problem.message for problem in LineChannel().check_config()]
    assert [any(word in one for one in problems) for word in ("channel_secret", "base_url", "friend_url")] == [True] * 3


def test_a_preview_shows_the_balloons_and_says_that_names_are_not_sent(line) -> None:
    outgoing = Outgoing(1, "K" * 26, "", {}, "ja", "件名", "本文" * 11000, "短い", "https://city.example/", "x")
    shown = LineChannel().preview(outgoing)
    assert [heading for heading, _text in shown.parts][-2:] == ["カード", "お名前"]
    assert len(shown.problems) == 1
