"""A mail server in a thread of the test, which keeps what it took, and helpers around it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from madoguchi.messaging.plugins.email.connection import Mail
from madoguchi.messaging.plugins.email.fleet import Fleet
from madoguchi.messaging.plugins.email.sink import Mood, Sink


class Server:
    """A running sink: ``mails`` are (sender, recipients, bytes)."""

    def __init__(self, mood: Mood, context: ssl.SSLContext | None = None) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.mood = mood
        self.sink = Sink(lambda *mail: self.mails.append(mail), mood)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port: int = self.run(self.sink.start(context=context))

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def stop(self) -> None:
        if self._loop.is_closed():
            return
        self.run(self.sink.stop())
        self.run(asyncio.sleep(0.01))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def received(self) -> Counter[str]:
        return Counter(recipient for _, recipients, _ in self.mails for recipient in recipients)

    def settings(self, **more: Any) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "encryption": "none",
            "user": "",
            "password": "",
            "ca": "",
            "connections": 5,
            **more,
        }


@contextmanager
def mail_server(context: ssl.SSLContext | None = None, **mood: Any) -> Iterator[Server]:
    server = Server(Mood(**mood), context)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def fleet_for(server: Server | dict[str, Any], folder: Path) -> Iterator[Fleet]:
    told = server.settings() if isinstance(server, Server) else server
    fleet = Fleet(told, root=folder, name="test.example.jp")
    try:
        yield fleet
    finally:
        fleet.abandon()


def mails_to(*addresses: str, text: str = "x", **more: Any) -> deque[Mail]:
    return deque(
        Mail(number, "b-1-1-x@example.jp", address, lambda text=text: f"Subject: x\r\n\r\n{text}\r\n".encode(), **more)  # type: ignore[misc]
        for number, address in enumerate(addresses)
    )


def fates(decided: Iterable[tuple[int, Any]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for delivery, verdict in decided:
        assert delivery not in found, "a mail has one outcome"
        found[delivery] = str(verdict.fate)
    return found
