"""The process of the simulated provider of short messages: HTTP on loopback."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ...rules.addresses import AddressError, normalise_phone
from ...rules.content import units
from ...rules.sms import LONGEST, parts_of
from .reports import FAULTS, Reports

LARGEST_BODY = 200_000
UNKNOWN_ENDING = "0000"
"""Numbers with this ending do not exist; with 0001 the phone is switched off for good, with 0002 nothing is ever reported."""

OUTCOMES = {"0000": "unknown_number", "0001": "failed"}
PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>SMSの模擬</title><h1>SMSの模擬（届きません）</h1>
<p>末尾 0000 は使われていない番号、0001 は届かない番号、0002 は到達通知のない番号です。</p>{rows}</html>"""


class SmsSimulator(ThreadingHTTPServer):
    """The provider: its messages, its reports, the token agreed with the customer."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, *, token: str, secret: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.token = token
        self.reports = Reports(secret)
        self.lock = threading.Lock()
        self.messages: list[dict[str, Any]] = []
        self.by_key: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []
        self.answers: list[int] = []

    def server_close(self) -> None:
        """Stop listening and reporting."""
        self.reports.stop()
        super().server_close()

    def take(self, content: dict[str, Any], key: str) -> tuple[dict[str, Any], bool]:
        """Take a message in, once for a key; return it and whether it is new. Raises ``ValueError`` with what is wrong."""
        number, text = normalise_phone(str(content["to"])), str(content["text"])
        if not text.strip() or units(text) > LONGEST:
            raise ValueError(f"text must have 1 to {LONGEST} characters")
        with self.lock:
            if key and key in self.by_key:
                return self.by_key[key], False
            made = {
                "id": f"sms_{secrets.token_hex(8)}",
                "to": number,
                "text": text,
                "from": str(content.get("from", "")),
                "reference": str(content.get("reference", "")),
                "report_url": str(content.get("report_url", "")),
                "parts": parts_of(text),
            }
            self.messages.append(made)
            if key:
                self.by_key[key] = made
        return made, True


class Handler(BaseHTTPRequestHandler):
    """One request: ``/v1/messages`` is the provider, ``/admin`` and ``/`` are for whoever tries it."""

    server: SmsSimulator
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer a GET."""
        match self.path.split("?")[0]:
            case "/healthz":
                self._json({"ok": True})
            case "/admin/messages":
                self._json({"messages": self.server.messages, "reports": self.server.reports.log})
            case "/":
                self._html()
            case _:
                self._json({"error": "there is no such thing here"}, 404)

    def do_POST(self) -> None:
        """Answer a POST."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))
        try:
            content = json.loads(body or b"{}")
            match self.path.split("?")[0]:
                case "/v1/messages":
                    self._send(content)
                case "/admin/faults":
                    self._faults(content)
                case _:
                    self._json({"error": "there is no such thing here"}, 404)
        except (AddressError, ValueError, KeyError, TypeError, AttributeError) as error:
            self._json({"error": f"cannot take this ({error})"}, 422)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the terminal belongs to whoever started us."""

    def _send(self, content: dict[str, Any]) -> None:
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            self._json({"error": "wrong token"}, 401)
            return
        answer = self.server.answers.pop(0) if self.server.answers else 0
        if answer and answer != 599:
            self._json({"error": "asked for"}, answer)
            return
        message, is_new = self.server.take(content, self.headers.get("Idempotency-Key", ""))
        if is_new and not message["to"].endswith("0002"):
            fault = self.server.faults.pop(0) if self.server.faults else ""
            self.server.reports.send(message, OUTCOMES.get(message["to"][-4:], "delivered"), fault)
        # 599: taken, and the customer never learns of it.
        self._json({"id": message["id"], "parts": message["parts"]}, 500 if answer == 599 else 201 if is_new else 200)

    def _faults(self, content: dict[str, Any]) -> None:
        reports, answers = list(content.get("reports", [])), [int(one) for one in content.get("answers", [])]
        if not all(one in FAULTS or one == "" for one in reports):
            raise ValueError(f"reports must be of {sorted(FAULTS)}")
        self.server.faults += reports
        self.server.answers += answers
        self._json({})

    def _html(self) -> None:
        rows = "".join(
            f"<h2>{escape(one['to'])}（{one['parts']}通分）</h2><pre>{escape(one['text'])}</pre>"
            for one in reversed(self.server.messages[-100:])
        )
        self._write(200, "text/html; charset=utf-8", PAGE.replace("{rows}", rows or "<p>まだありません。</p>").encode())

    def _json(self, content: Any, status: int = 200) -> None:
        self._write(status, "application/json; charset=utf-8", json.dumps(content, ensure_ascii=False).encode())

    def _write(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(port: int, *, token: str, secret: str) -> None:
    """Serve until the process is stopped; raises ``OSError`` where the port is taken."""
    with SmsSimulator(port, token=token, secret=secret) as server:
        server.serve_forever(poll_interval=0.2)
