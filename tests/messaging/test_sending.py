"""Sending: one way for each person, nothing lost, nothing twice, whatever dies in between."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, time, timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, EndpointStatus, MessageKind, MessageStatus
from madoguchi.messaging.models import Delivery, Message, Subscription, Topic
from madoguchi.messaging.registry import Outcome
from madoguchi.messaging.services import sending
from madoguchi.messaging.services.notices import notify
from madoguchi.messaging.services.sending import claiming, delivering
from madoguchi.trust.api import Event
from tests.trust.people import make_account

from .conftest import NOON, make_endpoint, make_message, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def noon(city):
    with clock.frozen(NOON):
        yield


def delivered(message: Message) -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(message=message).exclude(channel="inbox").order_by("id")
    return list(rows.values_list("channel", "status"))


def begin(message: Message) -> int:
    people = sending.start_message(message_id=message.pk)
    message.refresh_from_db()
    return people


def test_a_person_is_rung_at_by_the_first_way_of_their_order(ways) -> None:
    person = make_recipient(channels=["email", "line"])
    make_endpoint(person, "line", "U1")
    make_endpoint(person, "email", "a@city.example")
    other = make_recipient()
    make_endpoint(other, "email", "b@city.example")
    make_endpoint(other, "line", "U2")
    assert begin(make_message()) == 2
    sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]
    assert ways["line"].addresses == ["U2"]


def test_a_way_outside_the_order_of_a_person_is_used_in_emergencies_alone(ways) -> None:
    person = make_recipient(channels=["email"])
    make_endpoint(person, "line", "U1")
    assert begin(make_message()) == 0
    assert begin(make_message(kind=MessageKind.EMERGENCY)) == 1
    sending.deliver_due()
    assert ways["line"].addresses == ["U1"]


def test_an_emergency_goes_by_every_way_at_once_and_to_people_in_need_first(ways) -> None:
    quick = make_recipient()
    make_endpoint(quick, "email", "a@city.example")
    make_endpoint(quick, "line", "U1")
    slow = make_recipient()
    slow.needs.create(municipality=slow.municipality, code="walking", registered_at=clock.now())
    make_endpoint(slow, "email", "b@city.example")
    begin(make_message(kind=MessageKind.EMERGENCY))
    sending.deliver_due()
    assert ways["email"].addresses == ["b@city.example", "a@city.example"]
    assert ways["line"].addresses == ["U1"]


def test_a_message_is_fanned_out_and_sent_once_however_often_the_jobs_run(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    message = make_message()
    assert begin(message) == 1
    assert begin(message) == 0
    sending.fan_out(message=message)
    sending.deliver_due()
    sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    sent = Event.objects.filter(key="messaging.delivery.sent")
    assert [(int(event.quantity), event.data["channel"]) for event in sent] == [(1, "email")]


def test_texts_are_filled_in_for_each_person_and_in_their_language(ways) -> None:
    contents = {
        "ja": {"subject": "健診", "body": "{{name}}さん", "short": "健診"},
        "en": {"subject": "Check-up", "body": "Dear {{name}}", "short": "Check-up"},
    }
    make_endpoint(make_recipient("青葉 健一"), "email", "a@city.example")
    make_endpoint(make_recipient("Anna", language="en"), "email", "b@city.example")
    begin(make_message(contents=contents))
    sending.deliver_due()
    assert [(given.subject, given.body) for given in ways["email"].given] == [
        ("健診", "青葉 健一さん"),
        ("Check-up", "Dear Anna"),
    ]


def test_the_next_way_follows_where_one_failed_and_a_bounced_address_is_not_used_again(ways) -> None:
    person = make_recipient(channels=["email", "line"])
    address = make_endpoint(person, "email", "gone@city.example")
    make_endpoint(person, "line", "U1")
    ways["email"].answers["gone@city.example"] = Outcome(
        0, DeliveryStatus.BOUNCED, error="5.1.1", endpoint=EndpointStatus.BOUNCED
    )
    message = make_message()
    begin(message)
    sending.deliver_due()
    assert delivered(message) == [("email", "bounced"), ("line", "sent")]
    address.refresh_from_db()
    assert address.status == EndpointStatus.BOUNCED
    begin(make_message())
    sending.deliver_due()
    assert (ways["email"].addresses, ways["line"].addresses) == (["gone@city.example"], ["U1", "U1"])


def test_a_busy_receiver_is_asked_again_later_and_not_before(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    ways["email"].answers["a@city.example"] = Outcome(0, DeliveryStatus.WAITING, error="421", retry_seconds=90)
    message = make_message()
    begin(message)
    sending.deliver_due()
    sending.deliver_due()
    assert delivered(message) == [("email", "waiting")]
    assert len(ways["email"].given) == 1
    ways["email"].answers.clear()
    delivering._resting.clear()
    with clock.frozen(NOON + timedelta(seconds=91)):
        sending.deliver_due()
    assert delivered(message) == [("email", "sent")]


def test_a_receiver_that_never_answers_is_given_up_and_said_so(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    ways["email"].answers["a@city.example"] = Outcome(0, DeliveryStatus.WAITING, error="421")
    message = make_message()
    begin(message)
    for hour in range(12):
        delivering._resting.clear()
        with clock.frozen(NOON + timedelta(hours=2 * hour)):
            sending.deliver_due()
    assert delivered(message) == [("email", "failed")]
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT


def test_ringing_ways_keep_quiet_at_night_but_not_in_an_emergency(ways) -> None:
    person = make_recipient(quiet_from=time(22), quiet_until=time(6, 30))
    make_endpoint(person, "line", "U1")
    late = datetime(2026, 11, 20, 23, tzinfo=clock.TOKYO)
    with clock.frozen(late):
        message = make_message()
        begin(message)
        sending.deliver_due()
        assert ways["line"].given == []
        assert Delivery.objects.get(message=message).due_at == datetime(2026, 11, 21, 6, 30, tzinfo=clock.TOKYO)
        begin(make_message(kind=MessageKind.EMERGENCY))
        sending.deliver_due()
        assert len(ways["line"].given) == 1
    with clock.frozen(datetime(2026, 11, 21, 6, 31, tzinfo=clock.TOKYO)):
        sending.deliver_due()
    assert Delivery.objects.get(message=message).attempts == 1
    assert len(ways["line"].given) == 2


def test_the_eighth_message_of_a_week_rings_at_nobody_but_stands_in_the_inbox(ways) -> None:
    person = make_recipient(account=make_account("shimin"))
    make_endpoint(person, "email", "a@city.example")
    for _number in range(7):
        begin(make_message())
    last = make_message()
    begin(last)
    sending.deliver_due()
    assert len(ways["email"].given) == 7
    assert delivered(last) == [("email", "skipped")]
    assert Delivery.objects.get(message=last, channel="email").error == "frequency_cap"
    assert Delivery.objects.filter(message=last, channel="inbox", status="delivered").count() == 1
    with clock.frozen(NOON + timedelta(days=8)):
        begin(make_message())
        sending.deliver_due()
    assert len(ways["email"].given) == 8


def test_who_unsubscribes_while_a_message_is_being_sent_does_not_get_it(ways, city) -> None:
    topic = Topic.objects.create(municipality=city, code="kosodate", names={"ja": "子育て"}, created_at=clock.now())
    people = [make_recipient() for _ in range(2)]
    for number, person in enumerate(people):
        make_endpoint(person, "email", f"p{number}@city.example")
        Subscription.objects.create(municipality=city, topic=topic, recipient=person, subscribed_at=clock.now())
    message = make_message({"topic": ["kosodate"]}, topic=topic)
    begin(message)
    Subscription.objects.filter(recipient=people[0]).update(ended_at=clock.now())
    sending.deliver_due()
    assert ways["email"].addresses == ["p1@city.example"]
    assert delivered(message) == [("email", "skipped"), ("email", "sent")]


def test_a_message_that_was_cancelled_or_has_expired_reaches_nobody_more(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    cancelled, expired = make_message(), make_message(expires_at=NOON + timedelta(minutes=1))
    begin(cancelled)
    begin(expired)
    Message.objects.filter(pk=cancelled.pk).update(status=MessageStatus.CANCELLED)
    with clock.frozen(NOON + timedelta(minutes=2)):
        sending.deliver_due()
    assert ways["email"].given == []
    assert (delivered(cancelled), delivered(expired)) == ([("email", "cancelled")], [("email", "expired")])


def test_a_message_waits_for_its_time_and_begins_then(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    message = make_message(send_at=NOON + timedelta(hours=1), status=MessageStatus.DRAFT)
    sending.queue_message(message=message)
    assert message.status == MessageStatus.SCHEDULED
    assert sending.start_due_messages() == 0
    with clock.frozen(NOON + timedelta(hours=1, minutes=1)):
        assert sending.start_due_messages() == 1
        sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]


def test_a_message_stands_in_the_inbox_whatever_ways_were_chosen_for_it(ways) -> None:
    person = make_recipient(account=make_account("shimin"))
    make_endpoint(person, "line", "U1")
    make_endpoint(person, "email", "a@city.example")
    message = make_message(channels=["email"])
    begin(message)
    sending.deliver_due()
    assert delivered(message) == [("email", "sent")]
    assert Delivery.objects.filter(message=message, channel="inbox", recipient=person).count() == 1


def test_a_scheduled_message_whose_audience_is_gone_holds_up_no_other(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    due = NOON - timedelta(minutes=1)
    broken = make_message(
        {"source": {"key": "gone.source", "values": ["1"]}}, send_at=due, status=MessageStatus.SCHEDULED
    )
    make_message(send_at=due, status=MessageStatus.SCHEDULED)
    assert sending.start_due_messages() == 1
    sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]
    broken.refresh_from_db()
    assert broken.status == MessageStatus.SCHEDULED


def test_who_does_not_read_in_time_is_rung_at_by_the_next_way(ways) -> None:
    readers = []
    for login in ("reader", "sleeper"):
        person = make_recipient(account=make_account(login), channels=["email", "sms"])
        make_endpoint(person, "email", f"{login}@city.example")
        make_endpoint(person, "sms", f"+8190{len(login):08}")
        readers.append(person)
    message = make_message(fallback_minutes=60)
    begin(message)
    sending.deliver_due()
    Delivery.objects.filter(message=message, channel="inbox", recipient=readers[0]).update(opened_at=clock.now())
    assert sending.fall_back_in_time() == 0
    with clock.frozen(NOON + timedelta(minutes=61)):
        assert sending.fall_back_in_time() == 1
        assert sending.fall_back_in_time() == 0
        sending.deliver_due()
    assert [given.address for given in ways["sms"].given] == ["+819000000007"]


def test_a_notice_is_told_once_and_to_its_person_alone(ways) -> None:
    account = make_account("shimin")
    person = make_recipient(account=account, paused_until=NOON + timedelta(days=1))
    make_endpoint(person, "email", "a@city.example")
    make_endpoint(make_recipient(), "email", "b@city.example")
    contents = {"ja": {"subject": "受け付けました", "body": "受け付けました。", "short": "受付"}}
    first = notify(identity="application:1:received", contents=contents, account=account, thread="x:1", path="/mine/1/")
    assert first is not None
    assert notify(identity="application:1:received", contents=contents, account=account) is None
    sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]
    assert Delivery.objects.filter(channel="inbox", recipient=person).count() == 1


def test_an_address_that_is_not_confirmed_gets_its_confirmation_and_nothing_else(ways) -> None:
    person = make_recipient()
    address = make_endpoint(person, "email", "new@city.example", status=EndpointStatus.UNCONFIRMED)
    contents = {"ja": {"subject": "確認", "body": "確認", "short": "確認"}}
    notify(identity="confirm:1", contents=contents, endpoint=address)
    notify(identity="welcome:1", contents=contents, endpoint=address)
    begin(make_message())
    sending.deliver_due()
    assert [given.subject for given in ways["email"].given] == ["確認"]


def claim_in_another_process(message: Message, channel: str = "email") -> None:
    """Leave the deliveries of a message in the hands of a process that is gone."""
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    claimed = claiming.claim(channel, limit=100)
    assert [row.message_id for row in claimed.rows] == [message.pk] * len(claimed.rows)
    host = claimed.token.partition(":")[0]
    Delivery.objects.filter(claimed_by=claimed.token).update(claimed_by=f"{host}:{gone.stdout.strip()}:12345/1")


def test_what_a_dead_process_held_is_asked_of_the_channel_and_the_rest_is_sent_again(ways) -> None:
    for number in range(3):
        make_endpoint(make_recipient(), "email", f"p{number}@city.example")
    message = make_message()
    begin(message)
    claim_in_another_process(message)
    first, second, _third = Delivery.objects.filter(message=message).order_by("id")
    ways["email"].known = [
        Outcome(first.pk, DeliveryStatus.SENT, provider_id="250 queued"),
        Outcome(second.pk, DeliveryStatus.BOUNCED, error="5.1.1", endpoint=EndpointStatus.BOUNCED),
    ]
    sending.deliver_due()
    assert ways["email"].addresses == ["p2@city.example"]
    assert delivered(message) == [("email", "sent"), ("email", "bounced"), ("email", "sent")]


def test_what_a_living_process_holds_is_left_alone(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    message = make_message()
    begin(message)
    claiming.claim("email", limit=100)
    assert sending.deliver_due() == 0
    assert delivered(message) == [("email", "sending")]


def test_a_channel_that_breaks_loses_nothing(ways) -> None:
    for number in range(3):
        make_endpoint(make_recipient(), "email", f"p{number}@city.example")

    def broken(batch):
        yield Outcome(batch[0].delivery_id, DeliveryStatus.SENT)
        raise OSError("gone")

    ways["email"].deliver = broken
    message = make_message()
    begin(message)
    sending.deliver_due()
    assert delivered(message) == [("email", "sent"), ("email", "waiting"), ("email", "waiting")]


def test_another_city_is_not_touched(ways, oyama) -> None:
    from madoguchi.trust.api import acting_for

    with acting_for(oyama):
        make_endpoint(make_recipient(), "email", "x@oyama.example")
    make_endpoint(make_recipient(), "email", "a@city.example")
    assert begin(make_message()) == 1
    sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]
