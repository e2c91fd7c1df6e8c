"""The simulated provider as a real process, and a postbox for what it reports, so that a test decides when and in which order."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from django.test import Client

API_KEY = "test-key-of-the-simulator"
SECRET = "test-secret-of-the-simulator"
START = f"from madoguchi.ledger.plugins.simulator.server import serve; serve(0, api_key={API_KEY!r}, secret={SECRET!r})"


@contextmanager
def running_simulator() -> Iterator[str]:
    """Run the provider as a process of its own; yields its address."""
    process = subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rpartition(" ")[2]
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


class Postbox:
    """Takes the provider's webhooks and keeps them until a test hands them over."""

    def __init__(self) -> None:
        self._letters: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        letters = self._letters

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                letters.put((dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def take(self, number: int) -> list[tuple[dict[str, str], bytes]]:
        """Return the next letters; fails when they do not come within ten seconds."""
        return [self._letters.get(timeout=10) for _place in range(number)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Desk:
    """What a tester can do at the provider."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, path: str, **content: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.address}/admin/{path}", json=content, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    def sessions(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.address}/admin/sessions").json()["sessions"])

    def pay(self, session_id: str, **how: Any) -> dict[str, Any]:
        return self.ask(f"sessions/{session_id}/pay", **how)


def hand_over(letter: tuple[dict[str, str], bytes], host: str = "odawara.localhost", **headers: str) -> Any:
    """Bring a webhook to our door and return the answer."""
    given, body = letter
    signature = headers.get("signature", given.get("Payment-Signature", ""))
    return Client(headers={"host": host}).post(
        "/webhooks/payments/simulator/",
        data=body,
        content_type="application/json",
        headers={"Payment-Signature": signature} if signature else {},
    )


def kind_of(letter: tuple[dict[str, str], bytes]) -> str:
    return str(json.loads(letter[1])["type"])
