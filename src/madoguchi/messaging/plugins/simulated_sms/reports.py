"""Delivery reports of the simulated provider: signed, tried again, and late, lost or doubled where somebody asked for it."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx

from ...rules.webhooks import sign_report

RETRIES = (0.5, 2.0, 5.0, 30.0)
LATE_SECONDS = 5.0
FAULTS = {
    "late": "5秒遅れて届く",
    "duplicate": "同じ通知が2回届く",
    "lost": "通知が届かない",
    "wrong_signature": "署名が違う",
    "reversed": "失敗の通知のあとに到達の通知が届く",
}


class Reports:
    """Sends reports to the customer in the background, again until they are taken."""

    def __init__(self, secret: str, *, late_seconds: float = LATE_SECONDS) -> None:
        self._secret, self._late_seconds = secret, late_seconds
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="report")
        self._stopped = threading.Event()
        self.log: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any], status: str, fault: str = "") -> Future[None] | None:
        """Report the status of a message, with a fault if one is asked for."""
        if fault == "lost" or not message.get("report_url"):
            return None
        statuses = ["failed", "delivered"] if fault == "reversed" else [status]
        copies = 2 if fault == "duplicate" else 1
        secret = "not the agreed secret" if fault == "wrong_signature" else self._secret
        delay = self._late_seconds if fault == "late" else 0.0
        return self._pool.submit(
            self._all, message, [one for one in statuses for _copy in range(copies)], secret, delay
        )

    def stop(self) -> None:
        """Stop sending."""
        self._stopped.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _all(self, message: dict[str, Any], statuses: list[str], secret: str, delay: float) -> None:
        if delay and self._stopped.wait(delay):
            return
        for status in statuses:
            self._one(message, status, secret)

    def _one(self, message: dict[str, Any], status: str, secret: str) -> None:
        body = json.dumps(
            {
                "id": message["id"],
                "reference": message.get("reference", ""),
                "status": status,
                "at": datetime.now(UTC).isoformat(),
                "error": "" if status == "delivered" else "simulated",
            }
        ).encode()
        for pause in (0.0, *RETRIES):
            if self._stopped.wait(pause):
                return
            code = self._post(str(message["report_url"]), body, secret)
            self.log.append({"id": message["id"], "status": status, "answer": code})
            # Refused for good: what is not believed now will not be later.
            if 200 <= code < 300 or 400 <= code < 500:
                return

    def _post(self, address: str, body: bytes, secret: str) -> int:
        headers = {"Content-Type": "application/json", "SMS-Signature": sign_report(secret, body, datetime.now(UTC))}
        url = httpx.URL(address)
        if url.host.endswith(".localhost"):
            # Names below localhost are known to browsers, not to every resolver.
            headers["Host"] = url.netloc.decode()
            url = url.copy_with(host="127.0.0.1")
        try:
            return httpx.post(url, content=body, headers=headers, timeout=10, trust_env=False).status_code
        except httpx.HTTPError:
            return 0
