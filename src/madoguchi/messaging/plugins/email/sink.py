"""
A mail server that takes everything and delivers nothing: for demonstrations, tests and benchmarks, on loopback.

It speaks SMTP (RFC 5321) with PIPELINING, SIZE, 8BITMIME, SMTPUTF8 and ENHANCEDSTATUSCODES, and misbehaves where it is asked to.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

LARGEST = 25 * 1024 * 1024
_PATH = re.compile(rb"[^:]*:\s*<([^>]*)>")
Take = Callable[[str, list[str], bytes], None]


@dataclass(slots=True)
class Mood:
    """
    How the server behaves. ``refuses`` and ``delays`` are parts of addresses it answers 550 and 451 for.

    ``closes_after`` ends each connection after so many mails, ``greets`` is its first line, ``reply_seconds`` how long it thinks
    about a mail. ``is_silent`` answers nothing after the greeting; ``hangs_after`` nothing after so many mails in all.
    """

    pipelines: bool = True
    refuses: str = "bounce"
    delays: str = "greylist"
    size: int = LARGEST
    closes_after: int = 0
    says_421_after: int = 0
    hangs_after: int = 0
    reply_seconds: float = 0.0
    greets: str = "220 sink.localhost ESMTP"
    is_silent: bool = False
    end_reply: str = ""
    utf8: bool = True
    most_connections: int = 0


class Sink:
    """The server. ``take(sender, recipients, mail)`` is called for each mail it accepts, before it says so."""

    def __init__(self, take: Take | None = None, mood: Mood | None = None) -> None:
        self.take, self.mood = take, mood or Mood()
        self.count = 0
        self.connections: set[SinkProtocol] = set()
        self.server: asyncio.Server | None = None

    async def start(self, port: int = 0, *, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> int:
        """Listen; returns the port."""
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: SinkProtocol(self), host, port, ssl=context, backlog=256)
        return int(self.server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close everything at once, as a server that dies."""
        if self.server is not None:
            self.server.close()
        for connection in list(self.connections):
            connection.transport.abort()
        for _ in range(100):
            await asyncio.sleep(0)
            if not self.connections:
                break


class SinkProtocol(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, sink: Sink) -> None:
        self.sink, self.mood = sink, sink.mood
        self.buffer = b""
        self.in_data = False
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.count = 0
        self.blocked_until = 0.0
        self.out: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream server has no other kind
        self.transport = transport
        self.sink.connections.add(self)
        if self.mood.most_connections and len(self.sink.connections) > self.mood.most_connections:
            transport.write(b"421 4.7.0 too many connections\r\n")
            transport.close()
            return
        transport.write(f"{self.mood.greets}\r\n".encode())

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.sink.connections.discard(self)

    def eof_received(self) -> bool:
        """Stay open while a reply is owed, as servers do."""
        return self.blocked_until > time.monotonic()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self.buffer += data
        if not self.mood.is_silent and self.blocked_until == 0:
            self._work()

    def _work(self) -> None:
        while self.buffer and self.blocked_until == 0 and not self.transport.is_closing():
            if self.in_data:
                if not self._take_data():
                    break
            else:
                line, found, rest = self.buffer.partition(b"\r\n")
                if not found:
                    break
                self.buffer = rest
                self._command(line)
        if self.out and not self.transport.is_closing():
            self.transport.write(b"".join(self.out))
            self.out.clear()

    def _take_data(self) -> bool:
        if self.buffer.startswith(b".\r\n"):
            mail, rest = b"", self.buffer[3:]
        else:
            mail, found, rest = self.buffer.partition(b"\r\n.\r\n")
            if not found:
                return False
        self.buffer, self.in_data = rest, False
        if mail.find(b"\n..") >= 0:
            mail = mail.replace(b"\n..", b"\n.")
        self._end(mail + b"\r\n")
        return True

    def _end(self, mail: bytes) -> None:
        mood, sink = self.mood, self.sink
        if mood.hangs_after and sink.count >= mood.hangs_after:
            self.blocked_until = float("inf")
            return
        if mood.end_reply:
            self._reset()
            self._say(mood.end_reply)
            return
        sink.count += 1
        self.count += 1
        if sink.take is not None:
            sink.take(self.sender or "", self.recipients, mail)
        self._reset()
        if mood.reply_seconds:
            self.blocked_until = time.monotonic() + mood.reply_seconds
            asyncio.get_running_loop().call_later(mood.reply_seconds, self._answer_late)
        else:
            self._accept()

    def _answer_late(self) -> None:
        self.blocked_until = 0.0
        self._accept()
        if not self.transport.is_closing():
            self._work()

    def _accept(self) -> None:
        mood = self.mood
        self._say(f"250 2.0.0 queued as {self.sink.count:X}")
        if mood.says_421_after and self.count >= mood.says_421_after:
            self._say("421 4.3.2 closing")
            self._close()
        elif mood.closes_after and self.count >= mood.closes_after:
            self._close()

    def _close(self) -> None:
        self.transport.write(b"".join(self.out))
        self.out.clear()
        self.transport.close()

    def _reset(self) -> None:
        self.sender, self.recipients = None, []

    def _say(self, line: str) -> None:
        self.out.append(line.encode() + b"\r\n")

    def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"MAIL":
            self._mail(line)
        elif word == b"RCPT":
            self._recipient(line)
        elif word == b"DATA":
            if self.recipients:
                self.in_data = True
                self._say("354 go on")
            else:
                self._say("503 5.5.1 no recipients")
        else:
            self._other(word, line)

    def _mail(self, line: bytes) -> None:
        match = _PATH.match(line)
        size = re.search(rb"SIZE=(\d+)", line)
        if match is None:
            self._say("501 5.5.4 MAIL FROM:<address>")
        elif self.sender is not None:
            self._say("503 5.5.1 nested MAIL")
        elif size is not None and int(size[1]) > self.mood.size:
            self._say("552 5.3.4 too large")
        else:
            self.sender = match[1].decode("utf-8", "replace")
            self._say("250 2.1.0 ok")

    def _recipient(self, line: bytes) -> None:
        match, mood = _PATH.match(line), self.mood
        if self.sender is None or match is None:
            self._say("503 5.5.1 MAIL first")
            return
        address = match[1].decode("utf-8", "replace")
        if mood.refuses and mood.refuses in address:
            self._say("550 5.1.1 no such user")
        elif mood.delays and mood.delays in address:
            self._say("451 4.7.1 come back later")
        else:
            self.recipients.append(address)
            self._say("250 2.1.5 ok")

    def _other(self, word: bytes, line: bytes) -> None:
        if word == b"EHLO":
            lines = ["sink.localhost", f"SIZE {self.mood.size}", "8BITMIME", "ENHANCEDSTATUSCODES"]
            lines += ["PIPELINING"] * self.mood.pipelines + ["SMTPUTF8"] * self.mood.utf8
            self._say("\r\n".join([*(f"250-{one}" for one in lines[:-1]), f"250 {lines[-1]}"]))
        elif word == b"QUIT":
            self._say("221 2.0.0 bye")
            self._close()
        elif word == b"RSET":
            self._reset()
            self._say("250 2.0.0 ok")
        elif word in {b"HELO", b"NOOP"}:
            self._say("250 2.0.0 ok")
        else:
            self._say("502 5.5.2 not known")
