"""What people send who mean no good: refused with a word, nothing kept, nobody told, nowhere called."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus
from madoguchi.messaging.models import Delivery, Endpoint, LineEvent, Link, Need, Recipient, SafetyCheck, SignageAsset
from madoguchi.messaging.rules.push import is_allowed
from madoguchi.messaging.rules.tokens import sign
from madoguchi.messaging.services import sending
from madoguchi.messaging.services.line import take_events
from madoguchi.messaging.services.preferences import pause
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.trust.api import Account, Event, StoredFile, issue_token, open_file
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import make_account, make_staff

from .conftest import NOON, make_endpoint, make_message, make_recipient
from .test_odd_addresses import rows, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOSTS = ("fcm.googleapis.com", "*.push.apple.com", "updates.push.services.mozilla.com")
NOT_PUSH = [
    "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://2130706433/x", "https://0x7f000001/x", "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x", "https://169.254.169.254/latest", "https://localhost/x", "https://fcm.googleapis.com:22/x",
    "https://user@fcm.googleapis.com/x", "https://fcm.googleapis.com@evil.example/x", "https://evil.example#fcm.googleapis.com",
    "https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x", "https://push.apple.com/x",
    "https://evil.example\\.push.apple.com/x", "https://evil.example%2f.push.apple.com/x", "https://evil.example\t.push.apple.com/",
    "https://ｅvil.push.apple.com/x", "https://.push.apple.com/x", "https://a..push.apple.com/x", "https://fcm.googleapis.com/\ud800",
    "https://fcm.googleapis.com:99999/x", "file:///etc/passwd", "gopher://fcm.googleapis.com/", "//fcm.googleapis.com/x",
    "https:///fcm.googleapis.com/x", "https://fcm.googleapis.com\\@evil.example/", "", "x" * 5000,
]  # fmt: skip
HOSTILE = [
    "a\x00b",
    "9" * 400,
    "'\"><script>alert(1)</script>",
    "𠮷" * 300,
    "2026-13-45",
    "-1",
    "NaN",
    "\r\nBcc: x@example.jp",
]


@pytest.fixture(autouse=True)
def noon(city, ways, settings, tmp_path) -> Iterator[None]:
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    cache.clear()
    with clock.frozen(NOON):
        yield
    cache.clear()


@pytest.fixture
def hanako(city) -> Account:
    return make_account("hanako", kind=AccountKind.RESIDENT)


def keys() -> dict[str, str]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": base64.urlsafe_b64encode(raw).decode(), "auth": base64.urlsafe_b64encode(b"a" * 16).decode()}


@pytest.mark.parametrize("address", NOT_PUSH)
def test_nothing_but_a_known_push_service_is_ever_called(address: str, hanako) -> None:
    assert not is_allowed(address, hosts=HOSTS)
    body = json.dumps({"endpoint": address, "keys": keys()})
    answer = visitor(hanako).post("/inbox/push/subscribe/", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert not Endpoint.objects.exists()


def test_bodies_that_are_no_subscription_are_refused(hanako) -> None:
    client = visitor(hanako)
    for body in (
        b"",
        b"\xff",
        b"[" * 100_000,
        b"null",
        b'{"endpoint": 1}',
        b'{"endpoint": null}',
        b"x" * 20_000,
    ):
        for door in ("subscribe", "unsubscribe"):
            answer = client.post(f"/inbox/push/{door}/", body, content_type="application/json")
            assert answer.status_code == 400, (door, body[:40])
    assert client.post("/inbox/push/subscribe/", {"endpoint": "x"}).status_code == 400
    assert not Endpoint.objects.exists()


def test_a_counted_link_leads_where_the_message_said_and_nowhere_else(city) -> None:
    body = "https://city.example/a javascript:alert(1) //evil.example data:text/html,x"
    message = make_message(contents={"ja": {"subject": "案内", "body": body, "short": "案内"}})
    sending.start_message(message_id=message.pk)
    assert [link.address for link in Link.objects.all()] == ["https://city.example/a"]
    key = Link.objects.get().key
    for query in ("", "?u=https://evil.example", "?next=//evil.example&c=%0d%0aLocation:x", "?c=" + "x" * 900):
        answer = visitor().get(f"/l/{key}{query}")
        assert (answer.status_code, answer.headers["Location"]) == (302, "https://city.example/a")


def test_a_token_opens_one_door_of_one_city(city, oyama) -> None:
    person = make_recipient()
    make_endpoint(person, "email", "a@city.example")
    message = make_message()
    sending.start_message(message_id=message.pk)
    pk = str(Delivery.objects.get().pk)
    before = rows()
    right = {"/preferences/stop/": sign("stop", pk), "/inbox/m/": sign("delivery", pk)}
    doors = [
        "/preferences/stop/",
        "/preferences/confirm/",
        "/preferences/guest/",
        "/now/ok/",
        "/inbox/m/",
        "/line/read/",
    ]
    tokens = [sign(purpose, pk) for purpose in ("stop", "delivery", "feed", "guest.manage", "endpoint.confirm", "")]
    tokens += [
        right["/preferences/stop/"][:-1] + "A",
        "~.0.x",
        "..",
        "1.0.",
        f"{pk}.0.",
        sign("stop", "x" * 300),
        sign("stop", "9" * 30),
    ]
    for door in doors:
        for token in tokens:
            if token in (right.get(door), sign("delivery", pk) if door == "/line/read/" else None):
                continue
            for method in ("get", "post"):
                answer = getattr(visitor(), method)(f"{door}{token}/")
                assert answer.status_code in (302, 404, 405, 410), (door, token, method)
    abroad = Client(headers={"host": "oyama.localhost"}, raise_request_exception=False)
    for door, token in right.items():
        assert abroad.get(f"{door}{token}/").status_code == 404
        assert abroad.post(f"{door}{token}/").status_code in (404, 405)
    assert rows() == before


@pytest.mark.parametrize("odd", HOSTILE)
def test_forms_of_a_resident_survive_whatever_is_typed(odd: str, hanako) -> None:
    client, mine = visitor(hanako), recipient_of(account=hanako)
    fields = dict.fromkeys(
        [
            "address",
            "town",
            "name",
            "birth_date",
            "language",
            "quiet_from",
            "quiet_until",
            "pause",
            "paused_until",
            "note",
            "codes",
            "topics",
            "code",
            "way",
            "step",
            "year_0",
            "month_0",
            "children",
            "births",
            "consent",
            "sorting",
            "ids",
            "what",
            "body",
            "channels",
        ],
        odd,
    )
    for page in (
        "topics/",
        "about/",
        "children/",
        "quiet/",
        "needs/",
        "ways/order/",
        "ways/add/email/",
        "ways/add/sms/",
        "guest/",
    ):
        status = client.post(f"/preferences/{page}", fields).status_code
        assert status < 500, (page, status)
    assert client.post("/inbox/sort/", fields).status_code < 500
    assert not Need.objects.exclude(code__in=["walking"]).exists()
    assert not Endpoint.objects.filter(recipient=mine, status="active").exists()


@pytest.mark.parametrize("odd", HOSTILE)
def test_forms_of_staff_survive_whatever_is_typed(odd: str) -> None:
    staff = make_staff("koho", Role.PUBLISHER, Role.CRISIS_MANAGER)
    client = visitor(staff)
    client.post("/messages/new/")
    fields = dict.fromkeys(
        [
            "code",
            "name",
            "name_en",
            "text",
            "order",
            "event_code",
            "event_name",
            "headline",
            "stage",
            "instruction",
            "description",
            "ja-headline",
            "ja-instruction",
            "evacuation_level",
            "areas",
            "hazard",
            "kind",
            "area",
            "level",
            "action",
            "intensity",
            "alert_level",
            "layer",
            "place",
            "expires_at",
            "hours",
            "until",
            "number",
            "groups",
            "seconds",
            "start",
            "end",
            "days",
            "contents",
            "template",
            "screens",
            "playlist",
            "turn",
            "on",
        ],
        odd,
    )
    for page in ("messages/topics/new/", "emergency/new/", "emergency/drill/", "emergency/rules/add/", "emergency/rules/place/",
                 "emergency/rules/try/", "office/signage/new/", "office/signage/pair/", "office/signage/override/",
                 "office/signage/playlists/new/", "office/signage/schedules/new/", "office/signage/assets/new/"):  # fmt: skip
        status = client.post(f"/{page}", fields).status_code
        assert status < 500, (page, status)


def test_files_that_lie_are_not_taken_and_pictures_tell_nothing_of_their_maker(city) -> None:
    client = visitor(make_staff("koho", Role.PUBLISHER))
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    lies = [("a.png", script), ("a.svg", script), ("a.png", b"MZ" + b"\0" * 500), ("a.jpg", b""), ("a.mp4", b"<html>"),
            ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50), ("../../a.png", b"GIF89a")]  # fmt: skip
    for name, content in lies:
        answer = client.post(
            "/office/signage/assets/new/", {"name": "x", "alt": "x", "file": SimpleUploadedFile(name, content)}
        )
        assert answer.status_code in (200, 400, 422), name
    assert not SignageAsset.objects.exists()
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "himitsu"
    Image.new("RGB", (640, 360), "red").save(picture, "JPEG", exif=exif)
    assert b"himitsu" in picture.getvalue()
    upload = SimpleUploadedFile("a.jpg", picture.getvalue(), content_type="image/jpeg")
    client.post("/office/signage/assets/new/", {"name": "x", "alt": "x", "file": upload})
    with open_file(StoredFile.objects.get()) as kept:
        assert b"himitsu" not in kept.read()


BILLION = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><alert>&b;</alert>'
CAP = [b"", b"<", b"\xff\xfe", BILLION, b"<alert/>", b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>", b"{}",
       b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', b"<a>" * 5000]  # fmt: skip


def test_what_is_no_cap_message_is_refused_and_nothing_is_drafted(city) -> None:
    _token, secret = issue_token(
        name="県", scopes=("alerts.write",), expires_on=NOON.date() + timedelta(days=30), actor=None, system=True
    )[:2]
    before = rows()
    for data in CAP:
        for header in (f"Bearer {secret}", "Bearer ", "Bearer x", "Basic x", ""):
            answer = visitor().post("/cap/in/", data, content_type="application/xml", headers={"Authorization": header})
            assert answer.status_code in ((400, 403) if header.endswith(secret) else (401, 429)), (data[:40], header)
        cache.clear()
    assert visitor().generic("POST", "/cap/in/", b"x", CONTENT_LENGTH="9" * 30).status_code in (400, 401, 413)
    assert rows() == before


def test_what_line_passes_on_is_kept_without_what_no_database_keeps(city) -> None:
    text = {"type": "message", "webhookEventId": "01H\x00E", "message": {"type": "text", "te\ud800xt": "a\x00b\udfff"}}
    assert take_events([text, {"type": 1, "webhookEventId": []}, {}]) == 1
    assert LineEvent.objects.get().payload["message"] == {"type": "text", "text": "ab"}


def test_nobody_fills_the_record_with_unsigned_reports(city) -> None:
    for _ in range(65):
        answer = visitor().post("/messages/sms/report/", b"{}", content_type="application/json")
        assert answer.status_code == 401
    assert Event.objects.filter(key="messaging.sms.report_refused").count() <= 60


@pytest.mark.parametrize("kind", ["broadcast", "notice", "emergency"])
def test_whoever_pauses_while_it_waits_gets_no_broadcast_but_what_concerns_them(kind: str, ways) -> None:
    person = make_recipient()
    make_endpoint(person, "email", "a@city.example")
    message = make_message(kind=kind)
    sending.start_message(message_id=message.pk)
    pause(recipient=Recipient.objects.get(pk=person.pk), until=NOON + timedelta(days=9))
    sending.deliver_due()
    assert bool(ways["email"].given) == (kind != "broadcast")
    expected = DeliveryStatus.SKIPPED if kind == "broadcast" else DeliveryStatus.SENT
    assert Delivery.objects.get().status == expected


def test_an_alert_is_answered_by_its_own_people_alone(city) -> None:
    person = make_recipient()
    make_endpoint(person, "email", "a@city.example")
    sending.start_message(message_id=make_message().pk)
    answer: Any = visitor().post(f"/now/ok/{sign('delivery', str(Delivery.objects.get().pk))}/")
    assert answer.status_code == 404
    assert not SafetyCheck.objects.exists()
