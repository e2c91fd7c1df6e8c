"""Mails written by hand read, with the standard library and with a foreign verifier, as what was meant."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from madoguchi.messaging.rules.mail.addresses import AddressError, wire_address
from madoguchi.messaging.rules.mail.dkim import KeyUnusableError, Signer, load_signer
from madoguchi.messaging.rules.mail.headers import encode_mailbox, encode_text, one_line
from madoguchi.messaging.rules.mail.mime import MailFrame, compose
from madoguchi.messaging.rules.mail.verp import Returned, read_return_path, return_path, verp_key

DATE = "Fri, 20 Nov 2026 12:00:00 +0900"
HARD = [
    "葛\U000e0100飾区\U000e0101の👨‍👩‍👧‍👦と🇯🇵",
    "件名" * 60,
    "a\r\nBcc: victim@example.jp\r\n\r\nbody",
    "=?utf-8?B?44GC?= と ほか",
    "x" * 300,
    "\u2028改行\x85に見えるもの\x00",
    "  前後の空白  ",
]
texts = st.text(st.characters(codec="utf-8"), max_size=400)


def frame(**more: object) -> MailFrame:
    told = {"html_head": "<html><body>", "html_foot": "</body></html>", **more}
    sender = encode_mailbox("小田原市", "koho@city.example.jp")
    return MailFrame(key="01K", sender=sender, domain="city.example.jp", language="ja", **told)  # type: ignore[arg-type]


def write(subject: str = "お知らせ", text: str = "本文", *, made: MailFrame | None = None, **more: str) -> bytes:
    html = f"<p>{len(text)}</p>"
    return compose(
        made or frame(), delivery=7, to="a@example.jp", date=DATE, subject=subject, text=text, html=html, **more
    )


def parse(mail: bytes) -> EmailMessage:
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert b"\r" not in mail.replace(b"\r\n", b"")
    assert max(len(line) for line in mail.split(b"\r\n")) <= 998
    found = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    for part in found.walk():
        assert not part.defects
    return found


@given(subject=texts, text=texts)
@settings(max_examples=120, deadline=None)
@example(subject=HARD[0], text=HARD[0])
@example(subject=HARD[1], text=HARD[2])
@example(subject=HARD[2], text=".\r\n.\r\n")
@example(subject=HARD[3], text=HARD[5])
@example(subject=HARD[4], text="")
@example(subject=HARD[5], text="\r\n\r\n")
@example(subject=HARD[6], text="a\rb\nc\r\nd")
def test_any_subject_and_text_come_out_as_they_went_in(subject: str, text: str) -> None:
    mail = write(subject, text)
    found = parse(mail)
    assert "".join(str(found["subject"]).split()) == "".join(one_line(subject).split())
    assert set(found.keys()) == {
        "Message-ID", "Date", "To", "Subject", "From", "MIME-Version", "Content-Type",
    }  # fmt: skip
    plain = found.get_body(("plain",))
    assert plain is not None
    raw = plain.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert raw.decode() == text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    html = found.get_body(("html",))
    assert html is not None
    assert html.get_content().replace(" ", "").strip().startswith("<html><body>")
    assert max(len(line) for line in mail.split(b"\r\n")) <= 78


def test_a_mail_says_who_it_is_from_and_how_it_is_stopped() -> None:
    mail = parse(write(unsubscribe="https://city.example.jp/preferences/stop/abc/"))
    assert str(mail["from"]) == "小田原市 <koho@city.example.jp>"
    assert mail["message-id"] == "<7.01k@city.example.jp>"
    assert mail["list-unsubscribe"] == "<https://city.example.jp/preferences/stop/abc/>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"


def test_attachments_keep_their_names_and_their_bytes() -> None:
    files = (
        (
            "令和8年度 保育園 申込みの案内（" + "とても長い名前" * 12 + "）.pdf",
            "application/pdf",
            bytes(range(256)) * 10,
        ),
        ('a"b\r\nX: y.csv', "text/csv\r\nX: y", b"1,2\r\n"),
        ("", "image/png", b""),
    )
    mail = parse(write(made=frame(attachments=files)))
    assert mail.get_content_type() == "multipart/mixed"
    assert mail["x"] is None
    found = list(mail.iter_attachments())
    assert [one.get_filename() for one in found] == [files[0][0], 'a"b X: y.csv', "file"]
    assert [one.get_content_type() for one in found] == ["application/pdf", "application/octet-stream", "image/png"]
    assert [one.get_payload(decode=True) for one in found] == [data for _, _, data in files]


@pytest.mark.parametrize(
    ("given_address", "written", "needs_utf8"),
    [
        ("taro@example.jp", "taro@example.jp", False),
        (" taro+x@EXAMPLE.jp ", "taro+x@example.jp", False),
        ("ta..ro.@docomo.ne.jp", '"ta..ro."@docomo.ne.jp', False),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp", False),
        ("太郎@例え.jp", "太郎@xn--r8jz45g.jp", True),
    ],
)
def test_addresses_stand_in_commands_as_servers_know_them(given_address: str, written: str, needs_utf8: bool) -> None:
    assert wire_address(given_address) == (written, needs_utf8)


@pytest.mark.parametrize(
    "bad", ["", "taro", "@example.jp", "taro@", "a@b\r\nRCPT TO:<c@d>", "a b@example.jp", "a>@example.jp", "a@-x.jp", "a@b..jp",
            "x" * 65 + "@example.jp", "a@" + "b" * 300, "a\x00@example.jp"],
)  # fmt: skip
def test_what_is_no_address_never_comes_near_a_server(bad: str) -> None:
    with pytest.raises(AddressError):
        wire_address(bad)


@given(st.text(max_size=80))
def test_no_text_makes_a_command_of_its_own(text: str) -> None:
    try:
        written, _ = wire_address(text)
    except AddressError:
        return
    assert not set(written) & set("\r\n<>\x00 ")


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**31))
def test_a_return_path_leads_back_to_its_mail_whatever_its_case(delivery: int, municipality: int) -> None:
    keys = [verp_key("new"), verp_key("old")]
    path = return_path(delivery, municipality, domain="bounce.example.jp", key=keys[1])
    assert len(path.partition("@")[0]) <= 64
    assert read_return_path(f"<{path.upper()}>", keys=keys) == Returned(delivery, municipality)
    assert read_return_path(path, keys=[verp_key("else")]) is None


def test_a_return_path_that_was_invented_leads_nowhere() -> None:
    key = verp_key("x")
    local = return_path(10, 1, domain="example.jp", key=key).partition("@")[0]
    _, delivery, municipality, mac = local.split("-")
    for forged in (
        f"b-b-{municipality}-{mac}",
        f"b-{delivery}-2-{mac}",
        f"b-{delivery}-{municipality}-{'a' * 20}",
        "b-1",
        "",
    ):
        assert read_return_path(f"{forged}@example.jp", keys=[key]) is None


def rsa_signer() -> Signer:
    return Signer("s1", "city.example.jp", rsa.generate_private_key(public_exponent=65537, key_size=2048))


def verifies(mail: bytes, signer: Signer) -> bool:
    record = signer.record().encode()
    return bool(
        dkim.verify(mail, dnsfunc=lambda name, timeout=5: record if name == b"s1._domainkey.city.example.jp." else b"")
    )


def test_signatures_hold_for_a_foreign_verifier_and_break_with_any_change() -> None:
    signer = rsa_signer()
    mail = signer.sign(write(HARD[1], HARD[0], unsubscribe="https://city.example.jp/stop/x/"))
    parse(mail)
    assert verifies(mail, signer)
    for old, new in (
        (b"To: a@", b"To: b@"),
        (b"stop/x/", b"stop/y/"),
        (b"\r\nSubject: ", b"\r\nSubject: x\r\nSubject: "),
    ):
        changed = mail.replace(old, new, 1)
        assert changed != mail
        assert not verifies(changed, signer)
    assert not verifies(mail[:-3] + b"x\r\n", signer)


@pytest.mark.parametrize("text", ["", "\n\n", "x\n\n\n"])
def test_signatures_hold_whatever_a_mail_ends_with(text: str) -> None:
    signer = rsa_signer()
    assert verifies(
        signer.sign(b"From: a@city.example.jp\r\nSubject:  a   b\r\n\r\n" + text.replace("\n", "\r\n").encode()), signer
    )


def test_an_ed25519_signature_is_that_of_the_same_headers() -> None:
    key = Ed25519PrivateKey.generate()
    signer = Signer("s1", "city.example.jp", key)
    signed = signer.sign(write())
    assert b"a=ed25519-sha256" in signed
    assert signer.record().startswith("v=DKIM1; k=ed25519; p=")


def test_keys_of_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(*plain))
    with pytest.raises(KeyUnusableError):
        load_signer("s1", "city.example.jp", str(path))
    path.write_bytes(b"-----BEGIN")
    with pytest.raises(KeyUnusableError):
        load_signer("s1", "city.example.jp", str(path))
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(*plain))
    assert load_signer("s1", "city.example.jp", str(path)).selector == "s1"


def test_the_names_of_senders_are_written_as_they_are_read() -> None:
    for name in ("Odawara City", "小田原市 広報広聴課", 'O"da\\wara, (City)', "a\r\nBcc: x@y.jp", ""):
        header = f"From: {encode_mailbox(name, 'koho@city.example.jp')}\r\n\r\n"
        found = email.message_from_bytes(header.encode(), policy=email.policy.default)
        assert found.keys() == ["From"]
        assert found["from"].addresses[0].addr_spec == "koho@city.example.jp"
        assert found["from"].addresses[0].display_name == one_line(name)


def test_short_ascii_is_left_as_it_is() -> None:
    assert encode_text("Notice 1") == "Notice 1"
