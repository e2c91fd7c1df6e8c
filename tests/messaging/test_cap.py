"""The Common Alerting Protocol, judged by the schema of its authors: what it refuses, the check refuses; what we write, it takes."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from madoguchi.messaging.rules.cap import (
    CapAlert,
    CapArea,
    CapError,
    CapInfo,
    cap_time,
    check_cap,
    read_cap,
    to_bytes,
    write_cap,
)
from madoguchi.messaging.rules.cap.signing import SignatureError, make_key_pair, sign_cap, verify_cap
from tests.shared import shared_path

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
ORDINARY = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)


@cache
def schema(version: str) -> etree.XMLSchema:
    name = "cap12_extended.xsd" if version == "1.2" else "cap11.xsd"
    return etree.XMLSchema(etree.parse(str(shared_path("data", "cap") / name)))


def sample(name: str) -> bytes:
    return (shared_path("data", "cap") / name).read_bytes()


def errors(data: bytes) -> list[str]:
    return [finding.message for finding in check_cap(data) if finding.is_error]


def accepts(data: bytes) -> bool:
    root = etree.fromstring(data)
    version = "1.2" if root.tag.startswith("{urn:oasis:names:tc:emergency:cap:1.2}") else "1.1"
    return bool(schema(version).validate(root))


def message(**changes: Any) -> CapAlert:
    info = CapInfo(
        language="ja",
        categories=("Geo", "Met"),
        event="土砂災害",
        urgency="Immediate",
        severity="Severe",
        certainty="Likely",
        response_types=("Evacuate",),
        event_codes=(("madoguchi:event", "landslide"),),
        effective=NOW,
        onset=NOW,
        expires=NOW.replace(hour=9),
        sender_name="見本市",
        headline="警戒レベル4 避難指示",
        description="がけの近く <危険> & 川",
        instruction="逃げてください",
        web="https://city.example/now/1/",
        contact="0465-00-0000",
        parameters=(("jp:evacuation-level", "4"), ("empty", "")),
        areas=(
            CapArea("見本市栄町", polygons=("35,139 35,140 36,140 35,139",), circles=("35.2,139.1 3.5",)),
            CapArea("見本市", geocodes=(("JISX0402", "142069"),), altitude="100", ceiling="900"),
        ),
    )
    fields = {
        "identifier": "JP142069.1",
        "sender": "city.example",
        "sent": NOW,
        "status": "Actual",
        "msg_type": "Alert",
    }
    return CapAlert(**{**fields, "infos": (info,), **changes})


@pytest.mark.shared
@pytest.mark.parametrize("name", ["canada.cap", "earthquake.cap", "no_optional_fields.cap", "weather.cap"])
def test_the_published_messages_are_read_without_a_fault(name: str) -> None:
    assert accepts(sample(name))
    assert errors(sample(name)) == []
    assert read_cap(sample(name)).identifier


@pytest.mark.shared
def test_the_published_faulty_message_is_refused_and_told_why() -> None:
    assert not accepts(sample("invalid.cap"))
    (finding,) = check_cap(sample("invalid.cap"))
    assert "scope" in finding.message
    assert finding.line == 2
    with pytest.raises(CapError):
        read_cap(sample("invalid.cap"))


@pytest.mark.shared
def test_what_we_write_is_taken_by_the_schema_signed_or_not() -> None:
    key, certificate = make_key_pair(name="見本市", common_name="CAP", now=NOW)
    plain = write_cap(message(references=f"city.example,JP142069.0,{cap_time(NOW)}", msg_type="Update"))
    signed = sign_cap(plain, key=key, certificate=certificate)
    for root in (plain, signed):
        assert accepts(to_bytes(root)), schema("1.2").error_log
        assert check_cap(to_bytes(root)) == []
    said = read_cap(to_bytes(signed))
    assert said.infos == message().infos
    assert said.references.startswith("city.example,JP142069.0,2026-11-20T12:00:00+09:00")


@pytest.mark.shared
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(
    headline=ORDINARY,
    identifier=st.from_regex(r"[A-Za-z0-9.\-]{1,40}", fullmatch=True),
    seconds=st.integers(0, 4_000_000_000),
)
def test_whatever_is_said_is_written_and_read_again(headline: str, identifier: str, seconds: int) -> None:
    sent = datetime.fromtimestamp(seconds, UTC)
    info = message().infos[0]
    written = message(identifier=identifier, sent=sent, infos=(_with(info, headline=f"い{headline}い"),))
    data = to_bytes(write_cap(written))
    assert accepts(data)
    again = read_cap(data)
    assert (again.identifier, again.sent, again.infos[0].headline) == (identifier, sent, f"い{headline}い")


def _with(info: CapInfo, **changes: Any) -> CapInfo:
    import dataclasses

    return dataclasses.replace(info, **changes)


BAD_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "Actual ",
        "actual",
        "2026-11-20",
        "2026-11-20T09:00:00Z",
        "2026-11-20T09:00:00,09:00",
        "2026-13-20T09:00:00+09:00",
        "2026-02-30T09:00:00+09:00",
        "2026-11-20T25:00:00+09:00",
        "2026-11-20T09:00:00+15:00",
        "2026-11-20T09:00:00.5+09:00",
        "0000-01-01T00:00:00+00:00",
        "a b",
        "a,b",
        "a&b",
        "-1",
        "1e3",
        "%zz",
        "http://[",
        "ja_JP",
        "toolonglanguage",
        "35.0 139.0",
        "999,999 1",
        "あ",
    ]
)


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A sound message with one to three things done to it that a careless sender might do."""
    root = write_cap(message())
    for _time in range(draw(st.integers(1, 3))):
        elements = [element for element in root.iter() if element is not root]
        element = draw(st.sampled_from(elements))
        parent = element.getparent()
        what = draw(
            st.sampled_from(["drop", "twice", "text", "move", "rename", "foreign", "child", "attribute", "stray"])
        )
        if what == "drop":
            parent.remove(element)
        elif what == "twice":
            parent.append(deepcopy(element))
        elif what == "text" and not len(element):
            element.text = draw(BAD_TEXTS)
        elif what == "move":
            parent.insert(draw(st.integers(0, len(parent))), element)
        elif what == "rename":
            element.tag = f"{{{etree.QName(element).namespace}}}{draw(st.sampled_from(['scope', 'area', 'unknown']))}"
        elif what == "foreign":
            etree.SubElement(parent, "{urn:example}more")
        elif what == "child":
            etree.SubElement(element, element.tag)
        elif what == "attribute":
            element.set("lang", "ja")
        else:
            element.tail = "stray"
    return to_bytes(root)


@pytest.mark.shared
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=mutations())
def test_what_the_schema_refuses_the_check_refuses(data: bytes) -> None:
    if not accepts(data):
        assert errors(data), data.decode()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (b"36,140 35,139", b"36,140 35,138", "閉じていません"),
        (b"35,139 35,140 36,140 35,139", b"35,139 35,139", "4つ以上"),
        (b"35,139 35,140", b"95,139 35,140", "緯度"),
        (b"<altitude>100</altitude>", b"", "altitude"),
        (b">Public<", b">Private<", "addresses"),
        (b">Public<", b">Restricted<", "restriction"),
        ("<event>土砂災害</event>".encode(), b"<event> </event>", "空には"),
    ],
)
def test_rules_the_schema_cannot_tell_are_kept_too(old: bytes, new: bytes, word: str) -> None:
    data = to_bytes(write_cap(message()))
    assert old in data
    changed = data.replace(old, new)
    assert accepts(changed)
    assert any(word in text for text in errors(changed))


def test_an_update_without_what_it_updates_is_warned_of() -> None:
    findings = check_cap(to_bytes(write_cap(message(msg_type="Update"))))
    assert [finding.severity for finding in findings] == ["warning"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<alert/>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]>'
        b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&d;</identifier></alert>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE alert SYSTEM "file:///etc/passwd">'
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>'.encode("utf-16"),
        b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.0"/>',
        b"<a>" * 5000,
        b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">' + b" " * 2_000_001 + b"</alert>",
    ],
)
def test_hostile_huge_and_old_files_are_refused_with_a_reason(data: bytes) -> None:
    (finding,) = check_cap(data)
    assert finding.is_error
    assert finding.message


def test_a_bomb_of_entities_is_refused_before_it_grows() -> None:
    layers = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 30))
    bomb = f'<!DOCTYPE alert [<!ENTITY l0 "boom">{layers}]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&l29;</alert>'
    assert len(check_cap(bomb.encode())) == 1


def test_a_signature_holds_for_the_whole_message_and_for_its_signer_alone() -> None:
    key, certificate = make_key_pair(name="見本市", common_name="CAP", now=NOW)
    _other_key, other = make_key_pair(name="他市", common_name="CAP", now=NOW)
    data = to_bytes(sign_cap(write_cap(message()), key=key, certificate=certificate))
    assert verify_cap(data, certificates=[other, certificate], now=NOW).tag.endswith("alert")
    with pytest.raises(SignatureError):
        verify_cap(data, certificates=[other], now=NOW)
    with pytest.raises(SignatureError):
        verify_cap(data.replace("避難指示".encode(), "安全です".encode()), certificates=[certificate], now=NOW)
    with pytest.raises(SignatureError):
        verify_cap(to_bytes(write_cap(message())), certificates=[certificate], now=NOW)
    wrapped = data.replace(b"<identifier>", b"<identifier>evil</identifier><identifier>", 1)
    with pytest.raises(SignatureError):
        verify_cap(wrapped, certificates=[certificate], now=NOW)
