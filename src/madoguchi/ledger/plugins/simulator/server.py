"""The process of the simulated provider: HTTP on loopback, nothing but the standard library around it."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from . import pages
from .checkout import Checkout, Problem, choose_fault
from .delivery import Delivery
from .store import LIVE, RefusedRequestError, Session, Store

LARGEST_BODY = 1_000_000
STALL_SECONDS = 20.0


class Simulator(ThreadingHTTPServer):
    """The provider: its store, its webhooks, and the passwords agreed with the customer."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, *, api_key: str, secret: str, file: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}"
        self.api_key = api_key
        self.store = Store(file)
        self.delivery = Delivery(secret, self.base_url)
        self.checkout = Checkout(self.store, self.delivery)
        self._stopped = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._stopped.wait(1.0):
            self.checkout.expire()

    def server_close(self) -> None:
        """Stop listening and delivering."""
        self._stopped.set()
        self.delivery.stop()
        super().server_close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Simulator
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer a GET."""
        self._dispatch("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._dispatch("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the terminal belongs to whoever started us."""

    def _dispatch(self, method: str) -> None:
        parts = urlsplit(self.path)
        path = [part for part in parts.path.split("/") if part]
        query = dict(parse_qsl(parts.query))
        try:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))
            place = path[0] if path else ""
            if place == "v1":
                self._api(method, path[1:], query, body)
            elif place == "admin":
                self._admin(method, path[1:], body)
            else:
                self._page(method, path, body)
        except RefusedRequestError as error:
            self._json({"error": str(error)}, error.status)
        except (KeyError, ValueError, TypeError) as error:
            self._json({"error": f"依頼を読めません（{error}）。"}, 400)

    # What the customer's server asks.
    def _api(self, method: str, path: list[str], query: dict[str, str], body: bytes) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.server.api_key}":
            raise RefusedRequestError(401, "接続の鍵が違います。")
        store = self.server.store
        match (method, path):
            case ("POST", ["sessions"]):
                self._do("create_session", lambda: self._created(json.loads(body)))
            case ("GET", ["sessions"]):
                self._do("get_session", lambda: (store.by_reference(query["reference"]), 200))
            case ("GET", ["sessions", session_id]):
                self._do("get_session", lambda: (store.get(session_id), 200))
            case ("POST", ["sessions", session_id, "cancel"]):
                self._do("cancel_session", lambda: self._cancelled(store.get(session_id)))
            case ("POST", ["sessions", session_id, "refunds"]):
                self._do("refund", lambda: self._refunded(store.get(session_id), json.loads(body)))
            case ("GET", ["settlements", day]):
                self._settlement(date.fromisoformat(day), query.get("municipality", ""))
            case _:
                raise RefusedRequestError(404, "この依頼はありません。")

    def _do(self, place: str, work: Any) -> None:
        """Do a thing; as asked for, fail before it, after it, or answer far too late."""
        fault = self.server.store.fault(place)
        if fault == "error_before":
            self._json({"error": "一時的な障害です。"}, 503)
            return
        session, status = work()
        if fault == "timeout_after":
            time.sleep(STALL_SECONDS)
        if fault in ("error_after", "timeout_after"):
            self._json({"error": "一時的な障害です。"}, 500)
            return
        self._json(session.message(self.server.base_url), status)

    def _created(self, content: dict[str, Any]) -> tuple[Session, int]:
        session, is_new = self.server.store.create(content)
        return session, 201 if is_new else 200

    def _cancelled(self, session: Session) -> tuple[Session, int]:
        self.server.checkout.cancel(session)
        return session, 200

    def _refunded(self, session: Session, content: dict[str, Any]) -> tuple[Session, int]:
        _refund, is_new = self.server.store.refund(session, str(content["reference"]), content["amount"])
        if is_new:
            self.server.delivery.send(session, "refund.succeeded")
        return session, 201 if is_new else 200

    def _settlement(self, day: date, municipality: str) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, ["kind", "session_id", "reference", "amount", "fee"], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.server.store.settlement(day, municipality))
        self._send(200, "text/csv; charset=utf-8", text.getvalue().encode())

    # What a tester asks.
    def _admin(self, method: str, path: list[str], body: bytes) -> None:
        store, checkout = self.server.store, self.server.checkout
        content = json.loads(body) if body else {}
        match (method, path):
            case ("GET", ["sessions"]):
                self._json({"sessions": [one.message(self.server.base_url) for one in store.sessions.values()]})
            case ("GET", ["deliveries"]):
                self._json({"deliveries": self.server.delivery.log})
            case ("POST", ["reset"]):
                store.forget()
                self._json({})
            case ("POST", ["faults"]):
                store.faults |= {str(key): [str(one) for one in value] for key, value in content.items()}
                self._json({})
            case ("POST", ["settlement"]):
                store.settlement_changes = list(content["changes"])
                self._json({})
            case ("POST", ["sessions", session_id, "pay"]):
                session = store.get(session_id)
                session.faults = list(content.get("faults", session.faults))
                checkout.finish(session, content.get("method", "card"), amount=content.get("amount"))
                self._json(session.message(self.server.base_url))
            case ("POST", ["sessions", session_id, "refund"]):
                session = store.get(session_id)
                store.refund(session, "", content["amount"])
                self.server.delivery.send(session, "refund.succeeded")
                self._json(session.message(self.server.base_url))
            case _:
                raise RefusedRequestError(404, "この操作はありません。")

    # What the payer sees.
    def _page(self, method: str, path: list[str], body: bytes) -> None:
        if path == ["style.css"]:
            self._send(200, "text/css; charset=utf-8", pages.STYLE.encode())
            return
        if path == ["healthz"]:
            self._send(200, "text/plain; charset=utf-8", b"ok")
            return
        session = self.server.store.sessions.get(path[1]) if len(path) in (2, 3) and path[0] == "pay" else None
        if session is None:
            self._html(pages.missing(), 404)
        elif method == "GET":
            self._show(session, path[2] if len(path) == 3 else "")
        else:
            answers = {key: values[0] for key, values in parse_qs(body.decode("utf-8"), keep_blank_values=True).items()}
            self._step(session, path[2] if len(path) == 3 else "", answers)

    def _show(self, session: Session, step: str) -> None:
        if session.status not in LIVE:
            self._html(pages.over(session))
        elif session.store_number:
            self._html(pages.shop(session))
        else:
            self._html({"challenge": pages.challenge, "code": pages.app}.get(step, pages.checkout)(session))

    def _step(self, session: Session, step: str, answers: dict[str, str]) -> None:
        if session.status not in LIVE:
            self._redirect(session.return_url if session.status == "captured" else f"/pay/{session.id}")
            return
        choose_fault(session, answers.get("fault", ""))
        steps = {
            "card": self._card,
            "challenge": self._challenge,
            "store": self._shop,
            "shop-paid": lambda session, answers: self._finish(session, "store"),
            "code": lambda session, answers: self._redirect(f"/pay/{session.id}/code"),
            "code-approve": lambda session, answers: self._finish(session, "code"),
            "cancel": self._cancel,
        }
        if step not in steps:
            self._html(pages.missing(), 404)
            return
        steps[step](session, answers)

    def _card(self, session: Session, answers: dict[str, str]) -> None:
        result = self.server.checkout.card(session, answers)
        if isinstance(result, list):
            self._html(pages.checkout(session, result, answers), 422)
            return
        self._redirect(f"/pay/{session.id}/challenge" if result == "challenge" else session.return_url)

    def _challenge(self, session: Session, answers: dict[str, str]) -> None:
        problems: list[Problem] = self.server.checkout.challenge(session, answers.get("code", ""))
        if problems:
            self._html(pages.challenge(session, problems), 422)
            return
        self._redirect(session.return_url)

    def _shop(self, session: Session, answers: dict[str, str]) -> None:
        self.server.checkout.shop(session)
        self._redirect(f"/pay/{session.id}")

    def _finish(self, session: Session, method: str) -> None:
        self.server.checkout.finish(session, method)
        self._redirect(session.return_url)

    def _cancel(self, session: Session, answers: dict[str, str]) -> None:
        self.server.checkout.cancel(session)
        self._redirect(session.return_url)

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(content, ensure_ascii=False).encode())

    def _html(self, text: str, status: int = 200) -> None:
        self._send(status, "text/html; charset=utf-8", text.encode())

    def _redirect(self, address: str) -> None:
        self.send_response(303)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)


def serve(port: int, *, api_key: str, secret: str, file: Path | None = None) -> None:
    """Run the provider until it is stopped; port 0 takes a free one. Says on standard output where it listens."""
    with Simulator(port, api_key=api_key, secret=secret, file=file) as server:
        print(f"まどぐち決済（模擬）: {server.base_url}", flush=True)  # noqa: T201 - the process's one word to its starter
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            return
