"""Notifications of browsers: only known services are called, what is said is encrypted for one browser, and endings are noticed."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import http_ece
import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.messaging.enums import ChannelKey, DeliveryStatus, EndpointStatus
from madoguchi.messaging.models import Delivery, Endpoint, Recipient
from madoguchi.messaging.plugins.simulated_push.server import PushSimulator
from madoguchi.messaging.plugins.simulated_sms.server import SmsSimulator
from madoguchi.messaging.plugins.web_push import WebPushChannel, public_key
from madoguchi.messaging.plugins.web_push.requests import Browser, encrypted
from madoguchi.messaging.registry import Outcome, Outgoing
from madoguchi.messaging.rules.push import LARGEST_PAYLOAD, is_allowed, payload, seconds_to_live, topic_of
from madoguchi.messaging.services.notices import notify
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.messaging.services.sending import deliver_due
from madoguchi.trust.api import Account
from madoguchi.trust.enums import AccountKind
from tests.trust.people import make_account

from .conftest import NOON, make_endpoint, make_message, make_recipient

HOSTS = ["fcm.googleapis.com", "*.notify.windows.com"]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://FCM.googleapis.com:443/x", True),
        ("https://db5.notify.windows.com/w/?token=x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://notify.windows.com/x", False),
        ("https://xnotify.windows.com/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("https://localhost/x", False),
        ("http://127.0.0.1:9001/push/x", True),
        ("http://127.0.0.1:9002/push/x", False),
        ("http://127.0.0.1:9001.evil.example/x", False),
        ("https://fcm.googleapis.com:port/x", False),
        ("https://fcm.googleapis.com/\r\nHost: x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_nobody_but_a_listed_push_service_or_the_simulator_is_called(address, allowed):
    assert is_allowed(address, hosts=HOSTS, simulator="http://127.0.0.1:9001") is allowed


@given(text=st.text(max_size=5000), title=st.text(max_size=300))
def test_what_a_browser_is_told_is_small_enough_and_keeps_its_address(text, title):
    text = text.encode("utf-8", "replace").decode()
    title = title.encode("utf-8", "replace").decode()
    address = "https://city.example/inbox/m/" + "t" * 90
    made = payload(title=title, text=text, address=address, tag="k" * 26, language="ja-easy", is_emergency=True)
    said = json.loads(made)
    assert len(made) <= LARGEST_PAYLOAD
    assert said["url"] == address
    assert said["lang"] == "ja"
    assert text.startswith(said["body"].removesuffix("…").rstrip()) or said["body"] == text


def test_a_message_lives_until_it_expires_and_no_longer_than_a_service_keeps_it():
    now = clock.now()
    assert seconds_to_live(now + timedelta(hours=1), now) == 3600
    assert seconds_to_live(now - timedelta(hours=1), now) == 0
    assert seconds_to_live(now + timedelta(days=400), now) == 28 * 86400
    assert len(topic_of("x" * 26)) == 32
    assert topic_of("a") != topic_of("b")


def outgoing(pk: int = 1, **fields: Any) -> Outgoing:
    given = {
        "delivery_id": pk,
        "message_key": "01JD0000000000000000000000",
        "address": "",
        "details": {},
        "language": "ja",
        "subject": "断水のお知らせ",
        "body": "栄町で断水しています。",
        "short": "栄町で断水",
        "page": "https://city.example/inbox/m/x/",
    }
    return Outgoing(**{**given, **fields})


def opened_by_the_standard(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Open a message by RFC 8291 and RFC 8188 alone, with none of the libraries that closed it."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), body[21 : 21 + length])
    own = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = private.exchange(ec.ECDH(), sender)
    info = b"WebPush: info\x00" + own + body[21 : 21 + length]
    ikm = HKDF(hashes.SHA256(), 32, auth, info).derive(secret)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(ikm)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(ikm)
    record = body[21 + length :]
    assert len(record) <= size
    return AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")[:-1]


def test_a_message_is_encrypted_as_the_standard_says_and_anew_each_time():
    private, auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (point, auth)]
    first, second = (encrypted(Browser(outgoing(), "https://x", *keys)) for _turn in range(2))
    assert first != second
    assert len(first) < 4096
    said = json.loads(opened_by_the_standard(first, private, auth))
    assert said["title"] == "断水のお知らせ"
    assert said["body"] == "栄町で断水"
    assert said["url"].endswith("/x/")


def test_the_simulated_browser_opens_the_example_of_the_standard():
    # RFC 8291, appendix A.
    body = base64.urlsafe_b64decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    number = int.from_bytes(base64.urlsafe_b64decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94="), "big")
    private = ec.derive_private_key(number, ec.SECP256R1())
    auth = base64.urlsafe_b64decode("BTBZMqHH6r4Tts7J_aSIgg==")
    plain = http_ece.decrypt(body, private_key=private, auth_secret=auth, version="aes128gcm")
    assert plain == b"When I grow up, I want to be a watermelon" == opened_by_the_standard(body, private, auth)


@pytest.fixture
def service(settings, tmp_path) -> Iterator[PushSimulator]:
    with PushSimulator(0) as server:
        settings.HOME = tmp_path
        settings.PUSH_SIMULATOR, settings.PUSH_HOSTS = server.origin, []
        settings.PUSH_CONTACT = "mailto:push@city.example"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def browser(service: PushSimulator) -> dict[str, Any]:
    return dict(httpx.post(f"{service.origin}/browsers", json={"applicationServerKey": public_key()}).json())


def shown(service: PushSimulator, one: dict[str, Any]) -> dict[str, Any]:
    return dict(httpx.get(f"{service.origin}/browsers/{one['id']}").json())


def to_browser(one: dict[str, Any], pk: int = 1, **fields: Any) -> Outgoing:
    return outgoing(pk, address=one["endpoint"], details=one["keys"], **fields)


@pytest.fixture
def channel(city, service) -> WebPushChannel:
    return WebPushChannel()


@pytest.mark.django_db
@pytest.mark.database
def test_a_browser_reads_what_was_sent_and_sent_again_it_is_there_once(channel, service):
    one = browser(service)
    until = clock.now() + timedelta(hours=2)
    sent = to_browser(one, is_emergency=True, is_drill=True, expires_at=until)
    for _turn in range(2):
        assert [outcome.status for outcome in channel.deliver([sent])] == [DeliveryStatus.SENT]
    found = shown(service, one)
    (message,) = found["messages"]
    assert message["replaced"] == 1
    assert message["urgency"] == "high"
    assert 7000 < message["ttl"] <= 7200
    said = json.loads(message["text"])
    assert said["emergency"]
    assert said["drill"]
    assert said["tag"] == sent.message_key
    assert found["refused"] == []


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize(
    ("answer", "status", "endpoint"),
    [
        (404, DeliveryStatus.FAILED, EndpointStatus.ENDED),
        (410, DeliveryStatus.FAILED, EndpointStatus.ENDED),
        (429, DeliveryStatus.WAITING, None),
        (503, DeliveryStatus.WAITING, None),
        (413, DeliveryStatus.FAILED, None),
    ],
)
def test_what_a_service_answers_is_understood(channel, service, answer, status, endpoint):
    one = browser(service)
    httpx.post(f"{service.origin}/browsers/{one['id']}/answer", json={"status": answer, "retry_after": 90})
    (outcome,) = channel.deliver([to_browser(one)])
    assert (outcome.status, outcome.endpoint) == (status, endpoint)
    assert outcome.retry_seconds == (90 if status == DeliveryStatus.WAITING else 0)


@pytest.mark.django_db
@pytest.mark.database
def test_a_dead_service_lets_messages_wait_and_a_forbidden_one_is_never_called(channel, service, settings):
    one = browser(service)
    dead = {**one, "endpoint": "http://127.0.0.1:9/push/x"}
    settings.PUSH_SIMULATOR = "http://127.0.0.1:9"
    (outcome,) = channel.deliver([to_browser(dead)])
    assert outcome.status == DeliveryStatus.WAITING
    (outcome,) = channel.deliver([to_browser(one)])
    assert outcome == Outcome(1, DeliveryStatus.FAILED, error="host_not_allowed")
    assert shown(service, one)["messages"] == []


@pytest.mark.django_db
@pytest.mark.database
def test_another_city_cannot_send_to_a_browser_that_trusts_this_one(channel, service, settings, tmp_path):
    one = browser(service)
    settings.HOME = tmp_path / "other"
    (outcome,) = channel.deliver([to_browser(one)])
    assert outcome.status == DeliveryStatus.FAILED
    assert outcome.error == "refused_403"
    assert "not the one" in shown(service, one)["refused"][0]["why"]


@pytest.mark.django_db
@pytest.mark.database
def test_keys_that_are_none_end_the_browser_without_a_call(channel, service):
    one = browser(service)
    for keys in ({}, {"p256dh": "BB", "auth": "xx"}, {"p256dh": "B" + "A" * 86, "auth": one["keys"]["auth"]}):
        (outcome,) = channel.deliver([to_browser({**one, "keys": keys})])
        assert (outcome.status, outcome.endpoint) == (DeliveryStatus.FAILED, EndpointStatus.BOUNCED), keys


@pytest.mark.django_db
@pytest.mark.database
def test_every_browser_of_a_person_is_reached_and_one_that_ended_is_named(channel, service):
    person, browsers = make_recipient("花子"), [browser(service) for _number in range(3)]
    for number, one in enumerate(browsers):
        make_endpoint(person, ChannelKey.WEB_PUSH, one["endpoint"], details=one["keys"], digest=f"d{number}")
    httpx.post(f"{service.origin}/browsers/{browsers[0]['id']}/answer", json={"status": 410})
    delivery = Delivery.objects.create(
        municipality=person.municipality, message=make_message(), recipient=person, channel=ChannelKey.WEB_PUSH,
        queued_at=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    outcomes = list(channel.deliver([to_browser(browsers[2], delivery.pk)]))
    assert sorted(str(outcome.status) for outcome in outcomes) == ["failed", "sent", "sent"]
    (gone,) = [outcome for outcome in outcomes if outcome.status == DeliveryStatus.FAILED]
    assert gone.address == browsers[0]["endpoint"]
    assert gone.endpoint == EndpointStatus.ENDED
    assert [len(shown(service, one)["messages"]) for one in browsers] == [0, 1, 1]


def signed_in(account: Account) -> Client:
    client = Client(HTTP_HOST="odawara.localhost")
    client.force_login(account, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def subscription(one: dict[str, Any]) -> dict[str, Any]:
    return {"endpoint": one["endpoint"], "expirationTime": None, "keys": one["keys"]}


@pytest.mark.django_db
@pytest.mark.database
def test_a_browser_subscribes_is_notified_and_lets_go(channel, service):
    account = make_account("hanako", kind=AccountKind.RESIDENT)
    client, one = signed_in(account), browser(service)
    assert client.get("/inbox/push/key/").json()["key"] == public_key()
    answer = client.post("/inbox/push/subscribe/", subscription(one), content_type="application/json")
    assert answer.status_code == 204
    endpoint = Endpoint.objects.get(channel=ChannelKey.WEB_PUSH)
    assert endpoint.status == EndpointStatus.ACTIVE
    assert endpoint.recipient == recipient_of(account=account)
    (outcome,) = channel.deliver([outgoing(address=endpoint.address, details=endpoint.details)])
    assert outcome.status == DeliveryStatus.SENT
    client.post("/inbox/push/unsubscribe/", {"endpoint": one["endpoint"]}, content_type="application/json")
    endpoint.refresh_from_db()
    assert endpoint.ended_at is not None


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"endpoint": "https://169.254.169.254/latest/meta-data"}, 422),
        ({"endpoint": "http://127.0.0.1:1/push/x"}, 422),
        ({"keys": {"p256dh": "xx", "auth": "yy"}}, 422),
        ({"keys": None}, 400),
        ({"endpoint": 7}, 400),
        ({"endpoint": "x\x00"}, 400),
        ({"more": "x" * 9000}, 400),
    ],
)
def test_a_subscription_that_names_another_address_or_no_keys_is_refused(channel, service, change, status):
    client = signed_in(make_account("hanako", kind=AccountKind.RESIDENT))
    sent = {**subscription(browser(service)), **change}
    answer = client.post("/inbox/push/subscribe/", sent, content_type="application/json")
    assert answer.status_code == status
    assert answer.json()["message"]
    assert not Endpoint.objects.exists()


@pytest.mark.django_db
@pytest.mark.database
def test_nobody_subscribes_without_signing_in_and_the_key_is_there_only_while_it_is_on(channel, service, settings):
    visitor = Client(HTTP_HOST="odawara.localhost")
    answer = visitor.post("/inbox/push/subscribe/", subscription(browser(service)), content_type="application/json")
    assert answer.status_code == 401
    assert not Recipient.objects.exists()
    assert visitor.post("/inbox/push/subscribe/", b"[" * 4000, content_type="application/json").status_code == 401
    settings.PUSH_CONTACT = ""
    assert visitor.get("/inbox/push/key/").status_code == 404
    assert [problem.key for problem in channel.check_config()] == ["messaging.web_push"]


@pytest.mark.django_db
@pytest.mark.database
def test_a_notice_goes_to_the_browser_and_once_that_is_gone_by_short_message(channel, service, settings):
    with SmsSimulator(0, token="t", secret="s") as provider:
        threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        fields = {"to": "{to}", "text": "{text}"}
        settings.SMS_PROVIDER = {
            "url": f"{provider.origin}/v1/messages",
            "token": "t",
            "fields": fields,
            "id_path": "id",
        }
        account = make_account("hanako", kind=AccountKind.RESIDENT)
        person, one = recipient_of(account=account), browser(service)
        client = signed_in(account)
        client.post("/inbox/push/subscribe/", subscription(one), content_type="application/json")
        make_endpoint(person, ChannelKey.SMS, "+819012345678")
        contents = {
            "ja": {
                "subject": "結果が決まりました",
                "body": "申請のページでご覧ください。",
                "short": "結果が決まりました",
            }
        }
        with clock.frozen(NOON):
            notify(identity="one", account=account, contents=contents)
            deliver_due()
            (message,) = shown(service, one)["messages"]
            assert json.loads(message["text"])["title"] == "結果が決まりました"
            assert provider.messages == []
            httpx.post(f"{service.origin}/browsers/{one['id']}/answer", json={"status": 410})
            notify(identity="two", account=account, contents=contents)
            deliver_due()
            deliver_due()
        (short,) = provider.messages
        assert short["to"] == "+819012345678"
        assert short["text"].startswith("結果が決まりました\n")
        page = Client(HTTP_HOST="odawara.localhost").get(urlsplit(short["text"].split("\n")[1]).path)
        assert "申請のページでご覧ください" in page.content.decode()
        provider.shutdown()
    assert Endpoint.objects.get(channel=ChannelKey.WEB_PUSH).status == EndpointStatus.ENDED
    assert Delivery.objects.filter(channel=ChannelKey.SMS, status=DeliveryStatus.SENT).count() == 1
