"""CAP with others: the feed and the files everybody reads, and what other authorities send."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from lxml import etree

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertState, AlertStatus
from madoguchi.messaging.models import Alert, Message
from madoguchi.messaging.rules.cap import CapAlert, CapArea, CapInfo, to_bytes, write_cap
from madoguchi.messaging.rules.cap.signing import make_key_pair, sign_cap
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services import alerts
from madoguchi.trust.api import issue_token
from madoguchi.trust.enums import Role
from tests.trust.people import make_staff

from .conftest import NOON
from .test_alert_pages import browser
from .test_alerts import draft, issued

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(city, settings, tmp_path):
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    settings.CAP_TRUSTED = []
    live_table.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


@pytest.fixture
def officer(city):
    return make_staff("kiki", Role.CRISIS_MANAGER)


def test_the_feed_lists_what_is_meant_and_drills_apart(officer, ways) -> None:
    alert, drill = issued(officer), issued(officer, status=AlertStatus.EXERCISE)
    feed = browser().get("/cap/feed")
    root = etree.fromstring(feed.content)
    links = root.xpath(
        "//a:entry/a:link[@type='application/cap+xml']/@href", namespaces={"a": "http://www.w3.org/2005/Atom"}
    )
    assert [link.rsplit("/", 1)[1] for link in links] == [f"{alert.key}.xml"]
    assert browser().get("/cap/feed", headers={"If-None-Match": feed["ETag"]}).status_code == 304
    assert drill.key in browser().get("/cap/drills").content.decode()
    document = browser().get(f"/cap/{alert.key}.xml")
    assert document["Content-Type"] == "application/cap+xml"
    assert "immutable" in document["Cache-Control"]
    first = document.content
    alerts.cancel_alert(alert=alert, actor=officer)
    assert browser().get(f"/cap/{alert.key}.xml").content == first
    assert b"BEGIN CERTIFICATE" in browser().get("/cap/certificate.pem").content
    assert browser().get(f"/cap/{draft(officer, event_key='x').key}.xml").status_code == 404


def other_authority(**changes) -> bytes:
    info = CapInfo(
        language="ja-JP",
        categories=("Geo",),
        event="火山の噴火",
        urgency="Immediate",
        severity="Extreme",
        certainty="Observed",
        expires=NOON + timedelta(hours=6),
        headline="噴火警報",
        instruction="逃げてください",
        areas=(CapArea("見本市"),),
    )
    fields = {"identifier": "A-1", "sender": "pref.example", "sent": NOON, "status": "Actual", "msg_type": "Alert"}
    return to_bytes(write_cap(CapAlert(**{**fields, "infos": (info,), **changes})))


@pytest.fixture
def token(city) -> str:
    _token, secret = issue_token(
        name="県", scopes=["alerts.write"], expires_on=date(2027, 3, 31), actor=None, system=True
    )
    return secret


def send(data: bytes, secret: str = "") -> tuple[int, dict]:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    answer = browser().post("/cap/in/", data, content_type="application/cap+xml", headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_what_another_authority_sends_is_a_draft_once_and_nobody_is_told(token, ways) -> None:
    status, said = send(other_authority(), token)
    assert (status, said["outcome"]) == (202, "draft")
    assert send(other_authority(), token)[1]["outcome"] == "known"
    alert = Alert.objects.get()
    assert (alert.state, alert.severity, alert.contents["ja"]["headline"]) == ("draft", "Extreme", "噴火警報")
    assert Message.objects.count() == 0
    reference = "pref.example,A-1,2026-11-20T12:00:00+09:00"
    later = other_authority(identifier="A-2", msg_type="Update", references=reference)
    assert send(later, token)[1]["outcome"] == "draft"
    alert.refresh_from_db()
    assert alert.state == AlertState.DISCARDED
    assert Alert.objects.get(state="draft").event_key == alert.event_key
    end = other_authority(identifier="A-3", msg_type="Cancel", references=reference.replace("A-1", "A-2"))
    assert send(end, token)[1]["outcome"] == "withdrawn"
    assert not Alert.objects.filter(state="draft").exists()


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
def test_what_is_not_meant_leads_to_nothing(token, status) -> None:
    assert send(other_authority(status=status), token)[1]["outcome"] == "none"
    assert Alert.objects.count() == 0


def test_a_sender_without_right_or_with_a_broken_file_is_refused(token, settings, tmp_path) -> None:
    assert send(other_authority())[0] == 401
    assert send(other_authority(), "mdg_nonsense")[0] == 401
    _token, other = issue_token(
        name="別", scopes=["messages.read"], expires_on=date(2027, 3, 31), actor=None, system=True
    )
    assert send(other_authority(), other)[0] == 403
    status, said = send(other_authority().replace(b"<scope>Public</scope>", b""), token)
    assert status == 400
    assert any("scope" in finding["message"] for finding in said["findings"])
    assert send(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', token)[0] == 400
    key, certificate = make_key_pair(name="県", common_name="CAP", now=NOON)
    stranger_key, stranger = make_key_pair(name="他", common_name="CAP", now=NOON)
    (tmp_path / "trusted.pem").write_bytes(certificate)
    settings.CAP_TRUSTED = [tmp_path / "trusted.pem"]
    root = etree.fromstring(other_authority())
    assert send(other_authority(), token)[0] == 403
    assert send(to_bytes(sign_cap(root, key=stranger_key, certificate=stranger)), token)[0] == 403
    assert Alert.objects.count() == 0
    root = etree.fromstring(other_authority())
    assert send(to_bytes(sign_cap(root, key=key, certificate=certificate)), token)[0] == 202
