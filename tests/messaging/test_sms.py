"""Short messages: what fits, what a provider is told, and what its reports change."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.messaging.enums import ChannelKey, DeliveryStatus, EndpointStatus
from madoguchi.messaging.models import Delivery
from madoguchi.messaging.plugins.simulated_sms.reports import Reports
from madoguchi.messaging.plugins.simulated_sms.server import SmsSimulator
from madoguchi.messaging.plugins.sms import SmsChannel
from madoguchi.messaging.registry import Outgoing
from madoguchi.messaging.rules.content import units
from madoguchi.messaging.rules.sms import LONGEST, compose, filled, look_up, national, parts_of
from madoguchi.messaging.rules.webhooks import sign_report, why_refused
from tests.trust.people import events_of

from .conftest import make_endpoint, make_message, make_recipient

SECRET = "agreed"
PAGE = "https://odawara.example/inbox/m/abc/"


@given(short=st.text(max_size=900).map(lambda text: text.encode("utf-8", "ignore").decode()))
def test_a_short_message_never_is_too_long_and_never_loses_its_address(short):
    made = compose(short, PAGE)
    assert units(made) <= LONGEST
    assert made.endswith(PAGE)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", 0), ("a" * 160, 1), ("a" * 161, 2), ("[" * 80, 1), ("[" * 81, 2), ("あ" * 70, 1), ("あ" * 71, 2),
     ("𠮷" * 35, 1), ("𠮷" * 36, 2), ("あ" * 660, 10)],
)  # fmt: skip
def test_parts_are_counted_as_they_are_paid(text, parts):
    assert parts_of(text) == parts


def test_a_character_of_two_units_is_not_taken_apart():
    made = compose("𠮷" * 400, "", longest=101)
    assert made == "𠮷" * 50 + "…"


def test_fields_are_filled_once_so_that_a_text_cannot_ask_for_more():
    fields = {"to": "{to}", "body": {"text": "【市】{text}"}, "n": 1, "list": ["{sender}", "{unknown}"], "odd": "{"}
    values = {"to": "+8190", "text": "{to}{token}", "sender": "CITY"}
    assert filled(fields, values) == {
        "to": "+8190", "body": {"text": "【市】{to}{token}"}, "n": 1, "list": ["CITY", "{unknown}"], "odd": "{"
    }  # fmt: skip


def test_answers_are_read_by_path():
    answer = {"messages": [{"id": "7"}], "n": 3}
    assert look_up(answer, "messages.0.id") == "7"
    assert look_up(answer, "n") == 3
    assert look_up(answer, "messages.1.id") is None
    assert look_up(None, "a.b") is None
    assert look_up("text", "0") is None
    assert national("+819012345678") == "09012345678"
    assert national("+12025550100") == "+12025550100"


@pytest.fixture
def provider(settings) -> Iterator[SmsSimulator]:
    with SmsSimulator(0, token="token", secret=SECRET) as server:
        settings.SMS_PROVIDER = {
            "url": f"{server.origin}/v1/messages",
            "token": "token",
            "fields": {"to": "{to}", "text": "{text}", "reference": "{reference}", "report_url": "{report_url}"},
            "id_path": "id",
            "report_secret": SECRET,
        }
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def outgoing(pk: int, number: str = "+819012345678", **fields: Any) -> Outgoing:
    given = {"message_key": "01JD", "details": {}, "language": "ja", "subject": "断水", "body": "栄町で断水", "short": "栄町で断水中",
             "page": "http://127.0.0.1:9/inbox/m/x/"}  # fmt: skip
    return Outgoing(delivery_id=pk, address=number, **{**given, **fields})


def test_a_message_is_sent_once_however_often_it_is_handed_over(provider):
    channel = SmsChannel()
    for _turn in range(3):
        (outcome,) = channel.deliver([outgoing(5)])
        assert outcome.status == DeliveryStatus.SENT
        assert outcome.provider_id.startswith("sms_")
    (message,) = provider.messages
    assert message["text"] == "栄町で断水中\nhttp://127.0.0.1:9/inbox/m/x/"
    assert message["reference"] == "5"
    assert message["report_url"] == "http://127.0.0.1:9/messages/sms/report/"


def test_a_provider_that_took_it_and_fell_over_does_not_send_twice(provider):
    provider.answers = [599]
    (first,) = SmsChannel().deliver([outgoing(6)])
    (second,) = SmsChannel().deliver([outgoing(6)])
    assert (first.status, second.status) == (DeliveryStatus.WAITING, DeliveryStatus.SENT)
    assert len(provider.messages) == 1


@pytest.mark.parametrize(
    ("answer", "status", "endpoint"),
    [
        (429, "waiting", None),
        (503, "waiting", None),
        (401, "waiting", None),
        (422, "failed", EndpointStatus.BOUNCED),
        (402, "failed", None),
    ],
)
def test_what_a_provider_answers_is_understood(provider, answer, status, endpoint):
    provider.answers = [answer]
    (outcome,) = SmsChannel().deliver([outgoing(7)])
    assert (outcome.status, outcome.endpoint) == (status, endpoint)
    assert provider.messages == []


def test_a_provider_of_another_kind_is_spoken_to_as_its_contract_says(provider, settings):
    settings.SMS_PROVIDER = {
        **settings.SMS_PROVIDER, "national": True, "success": {"path": "parts", "values": [1]}, "id_path": "id",
        "fields": {"to": "{to}", "text": "【市】{text}", "from": "{sender}"}, "sender": "CITY",
    }  # fmt: skip
    (outcome,) = SmsChannel().deliver([outgoing(8, page="")])
    assert outcome.status == DeliveryStatus.SENT
    assert provider.messages[0]["to"] == "+819012345678"
    assert provider.messages[0]["from"] == "CITY"


def test_the_channel_is_off_without_a_contract_and_says_how_to_switch_it_on(settings):
    settings.SMS_PROVIDER = {}
    channel = SmsChannel()
    assert not channel.is_ready()
    assert "MADOGUCHI_SMS" in channel.check_config()[0].message
    preview = channel.preview(outgoing(1, short="あ" * 700, page=PAGE))
    assert preview.problems
    assert dict(preview.parts)["本文"].endswith(PAGE)


# Reports.
@pytest.fixture
def sent(city, settings) -> Delivery:
    settings.SMS_PROVIDER = {"url": "https://sms.example", "token": "t", "fields": {}, "report_secret": SECRET}
    person = make_recipient("花子")
    endpoint = make_endpoint(person, ChannelKey.SMS, "+819012345678")
    return Delivery.objects.create(
        municipality=city, message=make_message(), recipient=person, channel=ChannelKey.SMS, endpoint=endpoint,
        status=DeliveryStatus.SENT, provider_id="sms_1", queued_at=clock.now(), due_at=clock.now(), sent_at=clock.now(),
    )  # fmt: skip


def report(content: Any, *, secret: str = SECRET, at: Any = None, host: str = "odawara.localhost") -> int:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"SMS-Signature": sign_report(secret, body, at or clock.now())} if secret else {}
    client = Client(HTTP_HOST=host, enforce_csrf_checks=True)
    return client.post("/messages/sms/report/", body, content_type="application/json", headers=headers).status_code


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("by", [{"reference": True}, {"id": "sms_1"}])
def test_a_report_that_it_arrived_is_noted_once_and_stays(sent, by):
    found = {"reference": str(sent.pk)} if "reference" in by else by
    for _turn in range(2):
        assert report({**found, "status": "delivered", "at": clock.now().isoformat()}) == 204
    assert report({**found, "status": "failed"}) == 204
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.DELIVERED
    assert sent.delivered_at is not None
    (event,) = events_of("messaging.delivery.delivered")
    assert event.data["channel"] == "sms"
    assert event.quantity == 1


@pytest.mark.django_db
@pytest.mark.database
def test_an_unknown_number_ends_the_address_and_the_next_way_is_taken(sent, ways):
    make_endpoint(sent.recipient, ChannelKey.EMAIL, "hanako@example.jp")
    assert report({"reference": str(sent.pk), "status": "unknown_number"}) == 204
    sent.refresh_from_db()
    sent.endpoint.refresh_from_db()
    assert sent.status == DeliveryStatus.FAILED
    assert sent.endpoint.status == EndpointStatus.BOUNCED
    assert Delivery.objects.filter(recipient=sent.recipient, channel=ChannelKey.EMAIL).exists()


@pytest.mark.django_db
@pytest.mark.database
def test_a_report_is_believed_only_with_a_good_and_fresh_signature(sent):
    content = {"reference": str(sent.pk), "status": "failed"}
    late = clock.now().replace(year=clock.now().year - 1)
    assert [report(content, secret="other"), report(content, secret=""), report(content, at=late)] == [401, 401, 401]
    for odd in (
        b"",
        b"[]",
        b"{",
        b'{"status": "eaten"}',
        b'{"status": []}',
        b'{"status":"failed","at":"2026-01-01T00:00"}',
        b"[" * 9000,
    ):
        assert report(odd) == 400, odd
    assert report(b" " * 20_000) == 413
    assert report({"reference": "999999", "status": "failed"}) == 204
    assert report({"reference": "9" * 400, "status": "failed"}) == 204
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.SENT


@pytest.mark.django_db
@pytest.mark.database
def test_a_report_that_overtakes_our_own_note_is_asked_for_again(sent):
    Delivery.objects.filter(pk=sent.pk).update(status=DeliveryStatus.SENDING)
    assert report({"reference": str(sent.pk), "status": "delivered"}) == 503
    Delivery.objects.filter(pk=sent.pk).update(status=DeliveryStatus.WAITING, sent_at=None)
    assert report({"reference": str(sent.pk), "status": "delivered"}) == 204
    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.DELIVERED
    assert sent.sent_at is not None


class Customer(BaseHTTPRequestHandler):
    """Takes reports and judges their signatures, as the city does."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        why = why_refused(self.headers["SMS-Signature"], body, secrets=[SECRET], now=clock.now())
        self.server.taken.append((json.loads(body)["status"], why))  # type: ignore[attr-defined]
        self.send_response(204 if not why else 401)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_the_simulator_reports_late_twice_never_or_wrongly_as_it_is_asked():
    reports = Reports(SECRET, late_seconds=0.01)
    with ThreadingHTTPServer(("127.0.0.1", 0), Customer) as customer:
        customer.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=customer.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        message = {"id": "sms_1", "reference": "1", "report_url": f"http://127.0.0.1:{customer.server_address[1]}/"}
        assert reports.send(message, "delivered", "lost") is None
        for fault in ("", "late", "duplicate", "reversed", "wrong_signature"):
            future = reports.send(message, "delivered", fault)
            assert future is not None
            future.result(timeout=10)
        customer.shutdown()
    good = ["delivered", "delivered", "delivered", "delivered", "failed", "delivered"]
    assert customer.taken == [*((status, "") for status in good), ("delivered", "wrong")]  # type: ignore[attr-defined]
    reports.stop()
