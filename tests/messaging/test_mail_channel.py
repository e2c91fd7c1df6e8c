"""The e-mail channel in the house: what the server gets, what is marked, what stops it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, EndpointStatus, MessageKind
from madoguchi.messaging.models import Delivery, Endpoint, Subscription, Topic
from madoguchi.messaging.plugins.email.channel import EmailChannel
from madoguchi.messaging.registry import channels
from madoguchi.messaging.rules.mail.verp import read_return_path, verp_key
from madoguchi.messaging.rules.tokens import sign
from madoguchi.messaging.services import sending
from madoguchi.trust.api import Event

from .conftest import NOON, make_endpoint, make_message, make_recipient
from .mail_server import Server, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CONTENTS = {
    "ja": {
        "subject": "保育園の申込み（葛\U000e0100飾）",
        "body": "{{name}}さん、\n\n- 12月1日から\n- 10％割引",
        "short": "",
    },
    "en": {"subject": "Nursery", "body": "Dear {{name}}", "short": ""},
}


@pytest.fixture(autouse=True)
def noon(city: Any) -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def server(settings: Any, tmp_path: Path) -> Iterator[Server]:
    """A mail server, and the house's channel set to it."""
    channel = EmailChannel()
    with mail_server() as found, channels.registered_temporarily("email", channel):
        settings.SMTP_SERVER, settings.MAIL_FROM = found.settings(), "{city} 広報 <koho@{key}.example.jp>"
        settings.MAIL_RETURN_DOMAIN, settings.MAIL_JOURNAL = "bounce.example.jp", tmp_path / "journal"
        yield found
        channel.close()


def add_topic(code: str = "children") -> Topic:
    from madoguchi.trust.api import municipality_in_scope

    city = municipality_in_scope()
    return Topic.objects.create(
        municipality=city, code=code, names={"ja": "子育て", "en": "Children"}, created_at=clock.now()
    )


def reader(name: str, topic: Topic | None = None, **fields: Any) -> Any:
    person = make_recipient(name, **fields)
    make_endpoint(person, "email", f"{name}@example.jp")
    if topic is not None:
        Subscription.objects.create(
            municipality=person.municipality, recipient=person, topic=topic, source="own", subscribed_at=clock.now()
        )
    return person


def test_everybody_gets_one_mail_in_their_language_with_a_way_to_stop_it(server: Server, settings: Any) -> None:
    topic = add_topic()
    for number in range(30):
        reader(f"p{number}", topic, language="en" if number % 2 else "ja")
    message = make_message(contents=CONTENTS, topic=topic)
    sending.start_message(message_id=message.pk)
    sending.deliver_due()
    assert server.received() == {f"p{number}@example.jp": 1 for number in range(30)}
    rows = dict(Delivery.objects.filter(channel="email").values_list("endpoint__address", "pk"))
    assert set(Delivery.objects.filter(channel="email").values_list("status", flat=True)) == {DeliveryStatus.SENT}
    for sender, (address,), raw in server.mails:
        mail: Any = email.message_from_bytes(raw, policy=email.policy.default)
        number = int(re.findall(r"\d+", address)[0])
        assert str(mail["subject"]) == CONTENTS["en" if number % 2 else "ja"]["subject"]
        assert str(mail["from"]) == "小田原市 広報 <koho@odawara.example.jp>"
        text = mail.get_body(("plain",)).get_content()
        assert (f"Dear p{number}" if number % 2 else f"p{number}さん、") in text
        assert mail["list-unsubscribe"][1:-1] in text
        assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        html = mail.get_body(("html",)).get_content()
        assert html.startswith("<!doctype html>")
        assert number % 2 or "<li>10％割引</li>" in html
        returned = read_return_path(sender, keys=[verp_key(settings.SECRET_KEY)])
        assert returned is not None
        assert (returned.delivery, returned.municipality) == (rows[address], message.municipality_id)


def test_an_address_that_does_not_exist_is_not_written_to_again(server: Server) -> None:
    gone, busy = reader("bounce"), reader("greylist")
    for _ in range(2):
        message = make_message()
        sending.start_message(message_id=message.pk)
        sending.deliver_due()
    assert Endpoint.objects.get(recipient=gone).status == EndpointStatus.BOUNCED
    assert Endpoint.objects.get(recipient=busy).status == EndpointStatus.ACTIVE
    assert list(Delivery.objects.filter(recipient=gone).values_list("status", flat=True)) == [DeliveryStatus.BOUNCED]
    waiting = Delivery.objects.filter(recipient=busy)
    assert {row.status for row in waiting} == {DeliveryStatus.WAITING}
    assert all(row.due_at > clock.now() for row in waiting)
    assert server.mails == []


def test_an_emergency_can_not_be_stopped_by_its_mail(server: Server) -> None:
    reader("a")
    message = make_message(kind=MessageKind.EMERGENCY)
    sending.start_message(message_id=message.pk)
    sending.deliver_due()
    (_, _, raw), = server.mails  # fmt: skip
    assert b"List-Unsubscribe" not in raw
    assert b"X-Priority: 1" in raw


@pytest.fixture
def waiting(server: Server) -> Delivery:
    """A mail about a topic that waits to be sent, and another of the same topic."""
    topic = add_topic()
    reader("a", topic)
    for _ in range(2):
        sending.start_message(message_id=make_message(topic=topic).pk)
    return Delivery.objects.filter(channel="email").order_by("pk")[0]


def page_of(delivery: Delivery) -> str:
    return f"/preferences/stop/{sign('stop', str(delivery.pk))}/"


def test_looking_at_the_page_stops_nothing(waiting: Delivery, server: Server) -> None:
    answer = Client(headers={"host": "localhost"}).get(page_of(waiting))
    assert answer.status_code == 200
    assert "「子育て」を止める" in answer.content.decode()
    assert Subscription.objects.get().ended_at is None
    sending.deliver_due()
    assert len(server.mails) == 2


def test_one_post_of_a_mail_program_stops_the_topic_and_what_waits(waiting: Delivery, server: Server) -> None:
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    for _ in range(2):
        answer = client.post(page_of(waiting), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
    assert Subscription.objects.get().ended_at is not None
    assert not Subscription.objects.get().recipient.paused_until
    sending.deliver_due()
    assert server.mails == []
    assert set(Delivery.objects.values_list("status", "error")) == {("skipped", "unsubscribed")}
    assert Event.objects.filter(key="messaging.topic.unsubscribed").count() == 1


def test_what_was_stopped_by_mistake_is_taken_back(waiting: Delivery) -> None:
    client = Client(headers={"host": "localhost"})
    for what in ("topic", "everything"):
        assert "お知らせを止めました" in client.post(page_of(waiting), {"what": what}).content.decode()
        assert "お知らせを止めました" not in client.post(page_of(waiting), {"what": "undo"}).content.decode()
        assert Subscription.objects.filter(ended_at__isnull=True).count() == 1
        waiting.recipient.refresh_from_db()
        assert waiting.recipient.paused_until is None


def test_a_message_about_no_topic_stops_everything_but_emergencies(server: Server) -> None:
    reader("a")
    sending.start_message(message_id=make_message().pk)
    Client(headers={"host": "localhost"}).post(page_of(Delivery.objects.get()), {"List-Unsubscribe": "One-Click"})
    assert sending.start_message(message_id=make_message().pk) == 0
    assert sending.start_message(message_id=make_message(kind=MessageKind.EMERGENCY).pk) == 1
    sending.deliver_due()
    assert len(server.mails) == 1


@pytest.mark.parametrize("token", ["x", "MQ.0.AAAAAAAAAAAAAAAAAAAAAA", ""])
def test_a_link_that_is_not_ours_stops_nothing(waiting: Delivery, token: str) -> None:
    forged = token or sign("delivery", str(waiting.pk))
    answer = Client(headers={"host": "localhost"}).post(
        f"/preferences/stop/{forged}/", {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 404
    assert Subscription.objects.get().ended_at is None
