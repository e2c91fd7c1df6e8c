"""Every meter of messages moves when the real thing happens, and drills move none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertStatus, DeliveryStatus, EndpointStatus, MessageKind, SubscriptionSource
from madoguchi.messaging.models import Delivery, Link, Message, Need
from madoguchi.messaging.registry import Outcome
from madoguchi.messaging.selectors.own_meters import OWN_METERS
from madoguchi.messaging.services import sending
from madoguchi.messaging.services.alerts import draft_alert, issue_alert
from madoguchi.messaging.services.inbox import open_delivery
from madoguchi.messaging.services.line.friends import follow, unfollow
from madoguchi.messaging.services.messages import follow_link
from madoguchi.messaging.services.needs import confirm_need, end_need, register_need
from madoguchi.messaging.services.subscriptions import subscribe, unsubscribe
from madoguchi.trust.api import meters, read_meter
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import make_account, make_staff

from .conftest import NOON, make_endpoint, make_message, make_recipient
from .people import topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TODAY = NOON.date()
CONTENTS = {
    "ja": {"headline": "大津波警報", "description": "津波が来ます。", "instruction": "高い所へ逃げてください。"}
}


@pytest.fixture(autouse=True)
def noon(city):
    with clock.frozen(NOON):
        yield


def value(key: str, on: date = TODAY, dimension: str = "") -> Decimal | None:
    return read_meter(f"messaging.{key}", on, on, dimension=dimension)


def send(message: Message) -> Message:
    sending.start_message(message_id=message.pk)
    sending.deliver_due()
    message.refresh_from_db()
    return message


def test_every_meter_is_registered_and_sound() -> None:
    assert [problem for meter in OWN_METERS for problem in meters.get(meter.key).check_config()] == []


def test_subscribers_are_people_not_subscriptions_and_go_down_again() -> None:
    person = make_recipient()
    topics = [topic("children", "子育て"), topic("waste", "ごみ")]
    assert value("subscribers") == 0
    for one in topics:
        subscribe(recipient=person, topic=one, source=SubscriptionSource.OWN)
    assert value("subscribers") == 1
    tomorrow = NOON + timedelta(days=1)
    with clock.frozen(tomorrow):
        for one in topics:
            unsubscribe(recipient=person, topic=one, source=SubscriptionSource.OWN)
        assert value("subscribers", tomorrow.date()) == 0
    assert value("subscribers") == 1


def test_friends_of_the_line_account_count_also_when_they_block_it() -> None:
    assert value("line_friends") == 0
    follow(user="U" + "1" * 32, at=NOON)
    follow(user="U" + "2" * 32, at=NOON)
    assert value("line_friends") == 2
    unfollow(user="U" + "2" * 32, at=NOON + timedelta(minutes=1))
    assert value("line_friends") == 2


def test_what_was_sent_and_delivered_counts_by_its_way(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    make_endpoint(make_recipient(), "line", "U1")
    ways["line"].answers["U1"] = Outcome(0, DeliveryStatus.DELIVERED)
    send(make_message())
    assert (value("sent"), value("sent", dimension="email"), value("sent", dimension="line")) == (2, 1, 1)
    assert (value("delivered"), value("delivered", dimension="line")) == (1, 1)


def test_opening_counts_once_and_following_a_link_each_time(ways) -> None:
    account = make_account("shimin", kind=AccountKind.RESIDENT)
    make_recipient(account=account)
    body = "https://city.example/a をご覧ください。"
    message = send(make_message(contents={"ja": {"subject": "お知らせ", "body": body, "short": "x"}}))
    entry = Delivery.objects.get(message=message, channel="inbox")
    assert (value("opened"), value("clicked")) == (None, None) or (value("opened"), value("clicked")) == (0, 0)
    assert open_delivery(delivery=entry, actor=account)
    assert not open_delivery(delivery=entry, actor=account)
    link = Link.objects.get(message=message)
    follow_link(link=link, channel="email")
    follow_link(link=link, channel="line")
    assert (value("opened"), value("clicked"), value("clicked", dimension="email")) == (1, 2, 1)


def test_the_share_of_unreached_people_counts_those_without_any_way_and_those_whose_ways_failed(ways) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    make_endpoint(make_recipient(), "email", "gone@city.example")
    make_recipient()
    make_endpoint(make_recipient(), "email", "b@city.example")
    ways["email"].answers["gone@city.example"] = Outcome(0, DeliveryStatus.BOUNCED, endpoint=EndpointStatus.BOUNCED)
    send(make_message())
    assert value("unreached_share") == 50


def test_an_alert_takes_the_seconds_until_the_last_person_and_a_drill_counts_nowhere(ways) -> None:
    officer = make_staff("kiki", Role.CRISIS_MANAGER)
    make_endpoint(make_recipient(), "email", "a@city.example")
    drill = draft_alert(
        actor=officer, event_code="tsunami", event_name="津波", contents=CONTENTS, status=AlertStatus.EXERCISE
    )
    issue_alert(alert=drill, actor=officer)
    sending.deliver_due()
    assert value("sent") in (None, 0)
    assert value("alert_seconds") is None
    alert = draft_alert(actor=officer, event_code="tsunami", event_name="津波", contents=CONTENTS)
    issue_alert(alert=alert, actor=officer)
    with clock.frozen(NOON + timedelta(seconds=40)):
        sending.deliver_due()
    assert Message.objects.get(alert=alert).kind == MessageKind.EMERGENCY
    assert value("alert_seconds") == 40
    assert value("sent") == 1


def test_people_in_need_are_counted_once_and_confirmed_apart() -> None:
    officer = make_staff("kiki", Role.CRISIS_MANAGER)
    person, other = make_recipient(), make_recipient()
    first = register_need(recipient=person, code="walking")
    register_need(recipient=person, code="alone")
    register_need(recipient=other, code="hearing")
    assert (value("people_in_need"), value("people_in_need_confirmed")) == (2, 0)
    confirm_need(need=first, actor=officer)
    assert (value("people_in_need"), value("people_in_need_confirmed")) == (2, 1)
    tomorrow = NOON + timedelta(days=1)
    with clock.frozen(tomorrow):
        for need in Need.objects.filter(recipient=person):
            end_need(need=need)
        assert value("people_in_need", tomorrow.date()) == 1
