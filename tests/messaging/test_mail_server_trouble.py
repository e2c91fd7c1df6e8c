"""The mail client against servers as they are: slow, dying, strict, old, encrypted."""

from __future__ import annotations

import datetime
import gc
import ipaddress
import socket
import ssl
import warnings
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from madoguchi.messaging.plugins.email import connection as connection_module
from madoguchi.messaging.plugins.email import opening
from tests.messaging.mail_server import fates, fleet_for, mail_server, mails_to

TEN = [f"p{number}@example.jp" for number in range(10)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journals"


@pytest.mark.parametrize("pipelines", [True, False])
def test_mails_arrive_as_they_were_written(folder: Path, pipelines: bool) -> None:
    text = "a\r\n.\r\n..b\r\n.c"
    with mail_server(pipelines=pipelines) as server, fleet_for(server, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN, text=text))).values()) == {"sent"}
        assert server.received() == dict.fromkeys(TEN, 1)
        assert {mail for _, _, mail in server.mails} == {f"Subject: x\r\n\r\n{text}\r\n".encode()}


@pytest.mark.parametrize("pipelines", [True, False])
def test_what_is_refused_says_what_it_is_and_the_others_arrive(folder: Path, pipelines: bool) -> None:
    people = ["bounce1@example.jp", *TEN, "greylist@example.jp", "bounce2@example.jp", "last@example.jp"]
    with mail_server(pipelines=pipelines) as server, fleet_for(server, folder) as fleet:
        found = fates(fleet.send(mails_to(*people)))
        assert server.received() == dict.fromkeys([*TEN, "last@example.jp"], 1)
    assert [found[0], found[11], found[12], found[13]] == ["bounced", "later", "bounced", "sent"]


@pytest.mark.parametrize(
    "mood", [{"closes_after": 3}, {"says_421_after": 3}, {"most_connections": 2}, {"closes_after": 1}]
)
def test_a_server_that_sets_limits_gets_everything_in_the_end(folder: Path, mood: dict[str, Any]) -> None:
    people = [f"p{number}@example.jp" for number in range(60)]
    with mail_server(**mood) as server, fleet_for(server, folder) as fleet:
        found = fates(fleet.send(mails_to(*people)))
        assert set(found.values()) == {"sent"}
        assert server.received() == dict.fromkeys(people, 1)


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        ("552 5.3.4 too big", "refused"),
        ("452 4.3.1 no room", "later"),
        ("550 5.1.1 nobody", "bounced"),
        ("554 spam", "refused"),
    ],
)
def test_a_mail_refused_after_its_text_is_not_sent(folder: Path, reply: str, fate: str) -> None:
    with mail_server(end_reply=reply) as server, fleet_for(server, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN))).values()) == {fate}
        assert server.mails == []


@pytest.mark.parametrize("greeting", ["554 go away", "421 busy", "HTTP/1.1 400 Bad Request"])
def test_a_server_that_does_not_want_us_is_told_of_later(folder: Path, greeting: str) -> None:
    with mail_server(greets=greeting) as server, fleet_for(server, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN))).values()) == {"later"}
        assert fleet.connections == {}


def test_a_dead_server_costs_nothing_and_is_left_alone_for_a_while(folder: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        server = {
            "host": "127.0.0.1",
            "port": nobody.getsockname()[1],
            "encryption": "none",
            "user": "",
            "ca": "",
            "connections": 5,
        }
        with fleet_for(server, folder) as fleet:
            assert set(fates(fleet.send(mails_to(*TEN))).values()) == {"later"}
            assert fleet.down_until > 0


def test_a_server_that_dies_in_the_middle_leaves_the_rest_for_later(folder: Path) -> None:
    people = [f"p{number}@example.jp" for number in range(300)]
    with mail_server(reply_seconds=0.003) as server, fleet_for(server, folder) as fleet:
        found = {}
        for number, (delivery, verdict) in enumerate(fleet.send(mails_to(*people))):
            found[delivery] = str(verdict.fate)
            if number == 50:
                server.stop()
        assert len(found) == 300
        assert {"sent", "later"} == set(found.values())
        told = {people[number] for number, fate in found.items() if fate == "sent"}
        assert told <= set(server.received())


def test_a_server_that_falls_silent_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "END_SECONDS", 0.3)
    monkeypatch.setattr(connection_module, "REPLY_SECONDS", 0.3)
    monkeypatch.setattr(opening, "OPENING_SECONDS", 0.3)
    with mail_server(hangs_after=4) as server, fleet_for(server, folder) as fleet:
        found = fates(fleet.send(mails_to(*TEN)))
        assert sorted(found.values()).count("sent") == 4
        assert sorted(found.values()).count("later") == 6
    with mail_server(is_silent=True) as server, fleet_for(server, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN))).values()) == {"later"}


def test_international_addresses_need_a_server_that_knows_them(folder: Path) -> None:
    for knows, fate in ((True, "sent"), (False, "refused")):
        with mail_server(utf8=knows) as server, fleet_for(server, folder / str(knows)) as fleet:
            found = fates(fleet.send(mails_to("太郎@xn--r8jz45g.jp", needs_utf8=True)))
            assert found == {0: fate}
            assert list(server.received()) == (["太郎@xn--r8jz45g.jp"] if knows else [])


def test_a_mail_larger_than_the_server_takes_is_not_sent(folder: Path) -> None:
    with mail_server(size=500) as server, fleet_for(server, folder) as fleet:
        assert fates(fleet.send(mails_to("a@example.jp", text="x" * 600))) == {0: "refused"}
        assert server.mails == []


def test_a_large_mail_goes_through_in_pieces(folder: Path) -> None:
    text = ("y" * 76 + "\r\n") * 100_000
    with mail_server() as server, fleet_for(server, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN[:3], text=text))).values()) == {"sent"}
        assert [len(mail) for _, _, mail in server.mails] == [len(text) + 16] * 3


def test_connections_are_kept_between_batches_and_one_that_ended_is_not_used(folder: Path) -> None:
    with mail_server() as server, fleet_for(server, folder) as fleet:
        list(fleet.send(mails_to("a@example.jp")))
        first = list(fleet.connections)
        list(fleet.send(mails_to("b@example.jp")))
        assert list(fleet.connections) == first
        for one in list(server.sink.connections):
            server.run(_abort(one))
        assert set(fates(fleet.send(mails_to("c@example.jp"))).values()) == {"sent"}
        assert server.received() == dict.fromkeys(["a@example.jp", "b@example.jp", "c@example.jp"], 1)


async def _abort(one: Any) -> None:
    one.transport.close()


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context, str(folder / "ca.pem")


def test_an_encrypted_server_gets_everything_and_an_unknown_certificate_nothing(tmp_path: Path, folder: Path) -> None:
    context, ca = make_certificate(tmp_path / "tls")
    people = [f"p{number}@example.jp" for number in range(200)]
    with mail_server(context) as server:
        with fleet_for(server.settings(encryption="implicit", ca=ca), folder) as fleet:
            assert set(fates(fleet.send(mails_to(*people, text="x" * 30_000))).values()) == {"sent"}
        assert server.received() == dict.fromkeys(people, 1)
        server.mails.clear()
        with fleet_for(server.settings(encryption="implicit"), folder) as fleet:
            assert set(fates(fleet.send(mails_to(*TEN))).values()) == {"later"}
            assert "certificate" in fleet.fault
        assert server.mails == []


class Keeper:
    """A foreign server's handler."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes, str | None]] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        login = session.auth_data.login.decode() if session.authenticated else None
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content, login))
        return "250 taken"


def _authenticate(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data == LoginPassword(b"city", "鍵".encode())
    return AuthResult(success=is_right, handled=False, auth_data=data)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[tuple[Keeper, dict[str, Any]]]:
    """A server of other people: STARTTLS and signing in are demanded."""
    context, ca = make_certificate(tmp_path / "tls")
    keeper = Keeper()
    controller = Controller(
        keeper, hostname="127.0.0.1", port=free_port(), server_kwargs={
            "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _authenticate,
            "enable_SMTPUTF8": True, "auth_exclude_mechanism": [],
        },
    )  # fmt: skip
    controller.start()
    port = controller.port
    yield (
        keeper,
        {
            "host": "127.0.0.1",
            "port": port,
            "encryption": "starttls",
            "user": "city",
            "password": "鍵",
            "ca": ca,
            "connections": 3,
        },
    )
    controller.stop()
    with warnings.catch_warnings(action="ignore"):
        gc.collect()  # the foreign server leaves its connections to the collector


def test_a_foreign_server_takes_our_mail_after_starttls_and_signing_in(foreign: Any, folder: Path) -> None:
    keeper, server = foreign
    with fleet_for(server, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN, text=".\r\nx"))).values()) == {"sent"}
    assert sorted(mail[1][0] for mail in keeper.mails) == sorted(TEN)
    assert {mail[2] for mail in keeper.mails} == {b"Subject: x\r\n\r\n.\r\nx\r\n"}
    assert {mail[3] for mail in keeper.mails} == {"city"}


def test_a_wrong_password_is_told_and_nothing_is_sent(foreign: Any, folder: Path) -> None:
    keeper, server = foreign
    with fleet_for({**server, "password": "wrong"}, folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN))).values()) == {"later"}
        assert fleet.fault.startswith("535")
    assert keeper.mails == []


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(folder: Path) -> None:
    with mail_server() as server, fleet_for(server.settings(encryption="starttls"), folder) as fleet:
        assert set(fates(fleet.send(mails_to(*TEN))).values()) == {"later"}
        assert "STARTTLS" in fleet.fault
        assert server.mails == []


def test_a_batch_that_is_not_finished_is_known_to_recovery(folder: Path) -> None:
    from madoguchi.messaging.plugins.email.journal import recover_outcomes

    with mail_server() as server, fleet_for(server, folder) as fleet:
        batch = fleet.send(mails_to(*TEN))
        next(batch)
        batch.close()
        known = {delivery for delivery, verdict in recover_outcomes(folder) if str(verdict.fate) == "sent"}
        assert {f"p{delivery}@example.jp" for delivery in known} == set(server.received())
        rest = deque(mail for mail in mails_to(*TEN) if mail.delivery not in known)
        assert set(fates(fleet.send(rest)).values()) <= {"sent"}
        assert server.received() == dict.fromkeys(TEN, 1)
