"""The browsers of the simulated push service: their keys, and what they could read."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ...rules.push import encode


@dataclass(slots=True)
class SimulatedBrowser:
    """
    One browser that subscribed: its private key, the key it trusts, and its messages in order.

    ``answer`` is the status the service gives instead of taking a message (404, 410, 429, 503), for ``answers_left`` messages
    (-1: for ever).
    """

    id: str
    server_key: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes
    answer: int = 0
    answers_left: int = 0
    retry_after: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        """The public key as browsers say it."""
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return encode(point)

    def open(self, body: bytes) -> bytes:
        """Return what a message says; raises ``http_ece.ECEException`` or ``ValueError`` where this browser could not read it."""
        opened = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        return bytes(opened)

    def take(self, message: dict[str, Any]) -> bool:
        """Keep a message in place of an undelivered one with the same topic (RFC 8030 §5.4); tell whether it replaced one."""
        topic = message["topic"]
        place = next((i for i, one in enumerate(self.messages) if topic and one["topic"] == topic), None)
        if place is None:
            self.messages.append(message)
            return False
        self.messages[place] = message | {"replaced": self.messages[place]["replaced"] + 1}
        return True

    def next_answer(self) -> int:
        """Return the status to give instead of taking the next message, 0 for none."""
        if not self.answer or self.answers_left == 0:
            return 0
        if self.answers_left > 0:
            self.answers_left -= 1
        return self.answer


class Browsers:
    """All browsers of the simulated service."""

    def __init__(self) -> None:
        self._known: dict[str, SimulatedBrowser] = {}
        self.lock = threading.Lock()

    def add(self, server_key: str) -> SimulatedBrowser:
        """Let a browser subscribe for messages of the holder of a key."""
        made = SimulatedBrowser(
            secrets.token_urlsafe(24), server_key, ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        )
        with self.lock:
            self._known[made.id] = made
        return made

    def find(self, key: str) -> SimulatedBrowser | None:
        """Return a browser, None where there is none."""
        return self._known.get(key)

    def remove(self, key: str) -> bool:
        """Let a browser unsubscribe; tell whether there was one."""
        with self.lock:
            return self._known.pop(key, None) is not None
