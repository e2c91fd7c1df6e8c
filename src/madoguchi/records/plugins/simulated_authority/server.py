"""
The simulated authority over HTTP, on loopback.

``POST /tsa`` (RFC 3161), ``POST /ocsp`` (RFC 6960), ``GET /crl``, ``GET /root.pem``, ``POST /enrol`` (a PEM signing request;
answers certificate and issuer), ``POST /revoke/<serial in hexadecimal>``, ``GET /health``, and ``POST /outage/<seconds>``,
after which every service but health answers 503 for so long.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from .pki import SimulatedAuthority

LARGEST = 1024 * 1024
Answer = tuple[int, str, bytes]


class AuthorityServer(ThreadingHTTPServer):
    """Serves one authority; ``out_until`` (monotonic seconds) ends an outage that was asked for."""

    daemon_threads = True
    # A hundred workers may knock at once.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], authority: SimulatedAuthority) -> None:
        super().__init__(address, _Handler)
        self.authority = authority
        self.out_until = 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers are small: without this each waits for the acknowledgement of the one before.
    disable_nagle_algorithm = True
    server: AuthorityServer
    quiet: ClassVar[bool] = True

    def do_GET(self) -> None:
        gets: dict[str, Callable[[], Answer]] = {
            "/health": lambda: (200, "text/plain", b"ok"),
            "/crl": lambda: (200, "application/pkix-crl", self.server.authority.revocation_list()),
            "/root.pem": lambda: (200, "application/x-pem-file", self.server.authority.root_pem()),
        }
        self._answer(gets.get(self.path))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self._send((413, "text/plain", b"too large"))
            return
        body = self.rfile.read(length)
        authority = self.server.authority
        posts: dict[str, Callable[[], Answer]] = {
            "/tsa": lambda: (200, "application/timestamp-reply", authority.timestamp(body)),
            "/ocsp": lambda: (200, "application/ocsp-response", authority.status(body)),
            "/enrol": lambda: (200, "application/x-pem-file", authority.issue(body)),
        }
        name, _slash, argument = self.path.removeprefix("/").partition("/")
        if argument and name == "revoke":
            self._answer(lambda: self._revoke(argument))
        elif argument and name == "outage":
            self._answer(lambda: self._begin_outage(argument), works_in_outage=True)
        else:
            self._answer(posts.get(self.path))

    def _revoke(self, serial: str) -> Answer:
        self.server.authority.revoke(int(serial, 16))
        return 200, "text/plain", b"revoked"

    def _begin_outage(self, seconds: str) -> Answer:
        self.server.out_until = time.monotonic() + float(seconds)
        return 200, "text/plain", b"ok"

    def _answer(self, make: Callable[[], Answer] | None, *, works_in_outage: bool = False) -> None:
        if make is None:
            self._send((404, "text/plain", b"not here"))
        elif not works_in_outage and self.path != "/health" and time.monotonic() < self.server.out_until:
            self._send((503, "text/plain", b"out of order"))
        else:
            try:
                self._send(make())
            except (ValueError, KeyError, TypeError) as error:
                self._send((400, "text/plain", str(error).encode()))

    def _send(self, answer: Answer) -> None:
        status, kind, body = answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request."""


def make_server(authority: SimulatedAuthority, port: int, host: str = "127.0.0.1") -> AuthorityServer:
    """Return a server that is bound and not yet running; port 0 takes a free one."""
    return AuthorityServer((host, port), authority)


def serve(server: AuthorityServer) -> None:
    """Serve until interrupted."""
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
