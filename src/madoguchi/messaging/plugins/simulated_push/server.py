"""The process of the simulated push service: HTTP on loopback (RFC 8030)."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece

from madoguchi.kit import clock

from ...rules.push import encode
from .browsers import Browsers, SimulatedBrowser
from .vapid import why_refused

LARGEST_MESSAGE = 4096
LARGEST_BODY = 100_000
URGENCIES = ("very-low", "low", "normal", "high")
FAULTS = (404, 410, 413, 429, 500, 503)


class PushSimulator(ThreadingHTTPServer):
    """The push service with its browsers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.browsers = Browsers()


class Handler(BaseHTTPRequestHandler):
    """One request: ``/push/<browser>`` is the service, ``/browsers`` stands for the browsers themselves."""

    server: PushSimulator
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer a GET."""
        self._dispatch("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._dispatch("POST")

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._dispatch("DELETE")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the terminal belongs to whoever started us."""

    def _dispatch(self, method: str) -> None:
        path = [part for part in self.path.split("?")[0].split("/") if part]
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))
        try:
            match (method, path):
                case ("GET", ["healthz"]):
                    self._json({"ok": True})
                case ("POST", ["push", key]):
                    self._push(key, body)
                case ("POST", ["browsers"]):
                    self._subscribe(json.loads(body))
                case ("GET", ["browsers", key]):
                    self._show(key)
                case ("POST", ["browsers", key, "answer"]):
                    self._answer(key, json.loads(body))
                case ("DELETE", ["browsers", key]):
                    self._json({}, 200 if self.server.browsers.remove(key) else 404)
                case _:
                    self._json({"error": "there is no such thing here"}, 404)
        except (ValueError, KeyError, TypeError) as error:
            self._json({"error": f"cannot read this ({error})"}, 400)

    # What a browser does.
    def _subscribe(self, content: dict[str, Any]) -> None:
        made = self.server.browsers.add(str(content["applicationServerKey"]))
        keys = {"p256dh": made.p256dh, "auth": encode(made.auth)}
        self._json({"id": made.id, "endpoint": f"{self.server.origin}/push/{made.id}", "keys": keys}, 201)

    def _show(self, key: str) -> None:
        found = self.server.browsers.find(key)
        if found is None:
            self._json({"error": "no such browser"}, 404)
            return
        self._json({"messages": found.messages, "refused": found.refused})

    def _answer(self, key: str, content: dict[str, Any]) -> None:
        found = self.server.browsers.find(key)
        status = int(content["status"])
        if found is None or (status and status not in FAULTS):
            self._json({"error": f"status must be one of {FAULTS}, or 0"}, 400)
            return
        found.answer, found.answers_left = status, int(content.get("times", -1))
        found.retry_after = int(content.get("retry_after", 0))
        self._json({})

    # What the city's server asks.
    def _push(self, key: str, body: bytes) -> None:
        found = self.server.browsers.find(key)
        if found is None:
            self._json({"error": "no such subscription"}, 404)
            return
        if fault := found.next_answer():
            self._json({"error": "asked for"}, fault, retry_after=found.retry_after)
            return
        status, why = self._judge(found, body)
        if why:
            found.refused.append({"status": status, "why": why})
            self._json({"error": why}, status)
            return
        self._take(found, body)

    def _judge(self, browser: SimulatedBrowser, body: bytes) -> tuple[int, str]:
        header = self.headers.get("Authorization", "")
        now = clock.now().timestamp()
        if why := why_refused(header, origin=self.server.origin, server_key=browser.server_key, now=now):
            return 403, why
        if len(body) > LARGEST_MESSAGE:
            return 413, "more than 4096 bytes"
        ttl, topic = self.headers.get("TTL", ""), self.headers.get("Topic", "")
        if not (ttl.isascii() and ttl.isdecimal()):
            return 400, "TTL is missing"
        if self.headers.get("Content-Encoding") != "aes128gcm":
            return 400, "Content-Encoding is not aes128gcm"
        if self.headers.get("Urgency", "normal") not in URGENCIES:
            return 400, "Urgency is unknown"
        if len(topic) > 32 or not all(c.isascii() and (c.isalnum() or c in "-_") for c in topic):
            return 400, "Topic is not 32 characters of base64url at most"
        return 0, ""

    def _take(self, browser: SimulatedBrowser, body: bytes) -> None:
        try:
            text = browser.open(body).decode()
        except (http_ece.ECEException, ValueError) as error:
            browser.refused.append({"status": 201, "why": f"the browser could not open it ({type(error).__name__})"})
            self._json({}, 201)
            return
        message = {
            "text": text,
            "ttl": int(self.headers["TTL"]),
            "urgency": self.headers.get("Urgency", "normal"),
            "topic": self.headers.get("Topic", ""),
            "bytes": len(body),
            "at": time.time(),
            "replaced": 0,
        }
        with self.server.browsers.lock:
            browser.take(message)
        self._json({}, 201)

    def _json(self, content: Any, status: int = 200, *, retry_after: int = 0) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)


def serve(port: int) -> None:
    """Serve until the process is stopped; raises ``OSError`` where the port is taken."""
    with PushSimulator(port) as server:
        server.serve_forever(poll_interval=0.2)
