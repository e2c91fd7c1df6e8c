"""Opening a connection to a mail server: greeting, EHLO, encryption, signing in. Nothing is sent to anybody yet."""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...rules.mail.replies import BadReplyError, Reply, ReplyReader

OPENING_SECONDS = 20.0
Encrypt = Callable[[socket.socket], socket.socket]


class OpeningError(Exception):
    """No connection to the server: it does not answer, does not want us, or is not what it should be."""


@dataclass(slots=True)
class Opened:
    """
    A connection that is ready for mails. ``extensions`` maps EHLO keywords to their parameters.

    ``is_encrypted``: ``link`` leads to the reading process. ``replies`` is how many replies came through it so far.
    """

    link: socket.socket
    extensions: dict[str, str] = field(default_factory=dict)
    is_encrypted: bool = False
    replies: int = 0


class Dialogue:
    """Questions and answers, one at a time, with a limit of time."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self._reader = ReplyReader()
        self._waiting: list[Reply] = []
        self.count = 0

    def hear(self) -> Reply:
        """Return the next reply."""
        while not self._waiting:
            data = self.link.recv(65_536)
            if not data:
                raise OpeningError("the server closed the connection")
            self._waiting = self._reader.feed(data)
        self.count += 1
        return self._waiting.pop(0)

    def ask(self, command: str) -> Reply:
        """Send a command and return its reply."""
        if self._waiting:
            raise OpeningError("the server answered before it was asked")
        self.link.sendall(f"{command}\r\n".encode())
        return self.hear()


def open_connection(server: dict[str, Any], *, name: str, encrypt: Encrypt) -> Opened:
    """
    Connect to a server and come as far as it takes mails; raises ``OpeningError``.

    ``server`` as in ``SMTP_SERVER``; ``name`` is what we call ourselves; ``encrypt`` turns a connection into an encrypted one.
    """
    links: list[socket.socket] = []

    def encrypted(link: socket.socket) -> socket.socket:
        links.append(encrypt(link))
        return links[-1]

    try:
        link = socket.create_connection((server["host"], server["port"]), timeout=OPENING_SECONDS)
        links.append(link)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened = _come_in(link, server, name, encrypted)
    except (OSError, BadReplyError, OpeningError) as error:
        for link in links:
            link.close()
        raise OpeningError(_plain(error)) from error
    opened.link.setblocking(False)
    return opened


def _plain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the server does not answer"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


def _come_in(link: socket.socket, server: dict[str, Any], name: str, encrypt: Encrypt) -> Opened:
    way = server["encryption"]
    talk = _encrypted(link, encrypt) if way == "implicit" else Dialogue(link)
    _expect(talk.hear(), 220)
    extensions = _hello(talk, name)
    if way == "starttls":
        if "STARTTLS" not in extensions:
            raise OpeningError("the server does not offer STARTTLS")
        _expect(talk.ask("STARTTLS"), 220)
        talk = _encrypted(link, encrypt)
        extensions = _hello(talk, name)
    if server["user"]:
        _sign_in(talk, extensions, server["user"], server["password"])
    is_encrypted = way != "none"
    return Opened(talk.link, extensions, is_encrypted, talk.count if is_encrypted else 0)


def _encrypted(link: socket.socket, encrypt: Encrypt) -> Dialogue:
    """Encrypt; the reading process says first, in the form of a reply, whether it could."""
    talk = Dialogue(encrypt(link))
    talk.link.settimeout(OPENING_SECONDS)
    _expect(talk.hear(), 299)
    talk.count = 0
    return talk


def _expect(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise OpeningError(f"{reply.code} {reply.text}"[:200])


def _hello(talk: Dialogue, name: str) -> dict[str, str]:
    talk.link.sendall(f"EHLO {name}\r\n".encode())
    lines = _lines(talk)
    if lines is None:
        _expect(talk.ask(f"HELO {name}"), 250)
        return {}
    pairs = (line.partition(" ") for line in lines[1:])
    found = {word.upper(): rest for word, _, rest in pairs}
    for word in [word for word in found if word.startswith("AUTH=")]:
        found.setdefault("AUTH", f"{word[5:]} {found[word]}")
    return found


def _lines(talk: Dialogue) -> list[str] | None:
    """Return the lines of the reply to EHLO, None where the server does not know it."""
    data = b""
    while True:
        part = talk.link.recv(65_536)
        if not part:
            raise OpeningError("the server closed the connection")
        data += part
        lines = data.split(b"\n")
        if len(data) > 65_536 or any(not line[:3].isdigit() for line in lines[:-1]):
            raise OpeningError("no answer of a mail server")
        if data.endswith(b"\n") and lines[-2][3:4] != b"-":
            break
    talk.count += 1
    if lines[0][:3] in {b"500", b"501", b"502", b"504"}:
        return None
    if lines[0][:3] != b"250":
        raise OpeningError(data.decode("utf-8", "replace").strip()[:200])
    return [line[4:].decode("utf-8", "replace").strip() for line in lines[:-1]]


def _sign_in(talk: Dialogue, extensions: dict[str, str], user: str, password: str) -> None:
    ways = extensions.get("AUTH", "").upper().split()
    if "PLAIN" in ways:
        reply = talk.ask("AUTH PLAIN " + _coded(f"\0{user}\0{password}"))
    elif "LOGIN" in ways:
        reply = talk.ask("AUTH LOGIN")
        for answer in (user, password):
            if reply.code == 334:
                reply = talk.ask(_coded(answer))
    else:
        raise OpeningError("the server offers neither AUTH PLAIN nor AUTH LOGIN")
    _expect(reply, 235)


def _coded(text: str) -> str:
    return b64encode(text.encode()).decode()
