"""Webhooks of the simulated provider: signed, retried, and wrong in every way somebody asked for."""

from __future__ import annotations

import json
import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from madoguchi.ledger.plugins.simulator.store import Session
from madoguchi.ledger.rules.signatures import sign

RETRIES = (1.0, 5.0, 30.0)
LATE_SECONDS = 8.0
WEBHOOK_FAULTS = {
    "late": "8秒遅れて通知する",
    "duplicate": "同じ通知を2回送る",
    "lost": "通知を送らない",
    "reordered": "通知の順序を逆にする",
    "wrong_signature": "署名を誤る",
    "wrong_amount": "金額を誤って通知する",
}


class Delivery:
    """Sends events to the customer's address in the background, trying again when it is not taken."""

    def __init__(self, secret: str, base_url: str) -> None:
        self._secret = secret
        self._base_url = base_url
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="webhook")
        self._stopped = threading.Event()
        self.log: list[dict[str, Any]] = []

    def send(self, session: Session, *kinds: str) -> list[Future[None]]:
        """Send the events of these kinds about a session as it is now, in order unless a fault says otherwise."""
        faults = set(session.faults)
        if "lost" in faults:
            return []
        events = [self._event(session, kind, faults) for kind in kinds]
        if "reordered" in faults:
            events.reverse()
        if "duplicate" in faults:
            events = [event for event in events for _copy in range(2)]
        delay = LATE_SECONDS if "late" in faults else 0.0
        secret = "not-the-agreed-secret" if "wrong_signature" in faults else self._secret
        return [self._pool.submit(self._deliver_all, session.callback_url, events, secret, delay)]

    def _event(self, session: Session, kind: str, faults: set[str]) -> bytes:
        message = session.message(self._base_url)
        if kind == "payment.authorised":
            message |= {"status": "authorised", "amount_captured": 0, "captured_at": None, "refunds": []}
        if "wrong_amount" in faults and message["amount_captured"]:
            message["amount_captured"] += 100
        event = {
            "id": f"evt_{secrets.token_hex(10)}",
            "type": kind,
            "created": datetime.now(UTC).isoformat(),
            "data": {"session": message},
        }
        return json.dumps(event, ensure_ascii=False).encode()

    def _deliver_all(self, address: str, bodies: list[bytes], secret: str, delay: float) -> None:
        if delay:
            self._stopped.wait(delay)
        for body in bodies:
            self._deliver(address, body, secret)

    def _deliver(self, address: str, body: bytes, secret: str) -> None:
        for pause in (0.0, *RETRIES):
            if self._stopped.wait(pause):
                return
            headers = {
                "Content-Type": "application/json",
                "Payment-Signature": sign(secret, body, datetime.now(UTC)),
            }
            try:
                place, host = reachable(address)
                status = httpx.post(place, content=body, headers={**headers, **host}, timeout=10).status_code
            except httpx.HTTPError as error:
                status = 0
                self.log.append({"event": json.loads(body)["id"], "error": type(error).__name__})
            self.log.append({"event": json.loads(body)["id"], "type": json.loads(body)["type"], "status": status})
            if 200 <= status < 300:
                return

    def stop(self) -> None:
        """Give up what has not been delivered."""
        self._stopped.set()
        self._pool.shutdown(wait=False, cancel_futures=True)


def reachable(address: str) -> tuple[str, dict[str, str]]:
    """
    Return an address to connect to, and the Host header where that is another name.

    Browsers take every name under ``.localhost`` for this machine (RFC 6761), the resolver of most systems does not.
    """
    parts = urlsplit(address)
    if not (parts.hostname or "").endswith(".localhost"):
        return address, {}
    port = "" if parts.port is None else f":{parts.port}"
    return urlunsplit(parts._replace(netloc=f"127.0.0.1{port}")), {"Host": parts.netloc}
