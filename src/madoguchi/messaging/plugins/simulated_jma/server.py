"""The process of the simulated feed: Atom and telegrams over HTTP on loopback, silent until somebody gives it a telegram."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from datetime import datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from madoguchi.kit import clock

from ...rules.jma import TelegramError, read_telegram
from ...rules.jma.reissue import reissue

LARGEST_BODY = 4_000_000
FEEDS = ("eqvol", "extra", "regular")
_PATH = re.compile(r"^/developer/xml/(feed/(eqvol|extra|regular)\.xml|data/([0-9A-Za-z_.-]{1,120}\.xml))$")
PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>気象庁の配信の模擬</title>
<h1>気象庁の配信の模擬</h1>
<p>電文を渡すと、配信に載ります。このアドレスからは、だれにも何も届きません。</p>
<pre>curl --data-binary @電文.xml {origin}/telegrams
curl --data-binary @電文.xml "{origin}/reissue"                                 今の時刻で出し直す（模擬の印が付きます）
curl --data-binary @地震.xml "{origin}/reissue?city=1420600&amp;name=小田原市&amp;intensity=5%2B"   揺れた市と震度を置き換える</pre>
<p>フォルダー {folder} に置いた .xml も配信に載ります。</p><ul>{rows}</ul></html>"""


class JmaSimulator(ThreadingHTTPServer):
    """The feed: telegrams given to it, and those in its folder."""

    daemon_threads = True

    def __init__(self, port: int, *, folder: Path) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.folder = folder
        self.lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, data: bytes) -> str:
        """Put a telegram into the folder under a name like the agency's; ``TelegramError`` for what is none."""
        telegram = read_telegram(data)
        digest = hashlib.sha256(data).hexdigest()[:8]
        name = f"{clock.now():%Y%m%d%H%M%S}_{digest}_{telegram.kind or 'VXXX99'}.xml"
        with self.lock:
            (self.folder / name).write_bytes(data)
        return name

    def entries(self, feed: str) -> list[tuple[str, datetime, str, str]]:
        """Return (name, time, title, headline) of the telegrams of a feed, the newest first."""
        found = []
        for path in sorted(self.folder.glob("*.xml")):
            try:
                telegram = read_telegram(path.read_bytes(), name=path.name)
            except (OSError, TelegramError):
                continue
            if _feed_of(telegram.kind) == feed:
                at = datetime.fromtimestamp(path.stat().st_mtime, clock.TOKYO)
                found.append((path.name, at, telegram.title, telegram.headline))
        return sorted(found, key=lambda entry: entry[1], reverse=True)

    def atom(self, feed: str) -> bytes:
        """Return a feed as Atom."""
        entries = self.entries(feed)
        rows = "".join(
            f"<entry><title>{escape(title)}</title><id>{self.origin}/developer/xml/data/{escape(name)}</id>"
            f"<updated>{at.isoformat()}</updated><author><name>気象庁（模擬）</name></author>"
            f'<link type="application/xml" href="{self.origin}/developer/xml/data/{escape(name)}"/>'
            f'<content type="text">{escape(headline)}</content></entry>'
            for name, at, title, headline in entries
        )
        updated = entries[0][1] if entries else datetime(2000, 1, 1, tzinfo=clock.TOKYO)
        return (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">'
            f"<title>{feed}（模擬）</title><updated>{updated.isoformat()}</updated>"
            f"<id>{self.origin}/developer/xml/feed/{feed}.xml</id>{rows}</feed>"
        ).encode()


def _feed_of(kind: str) -> str:
    """Return in which feed a kind of telegram comes: earthquakes and volcanoes, what comes at any time, what comes by the clock."""
    if kind[:2] in {"VX", "VT", "VF", "VY", "VZ"} and not kind.startswith(("VXWW", "VXKO")):
        return "eqvol"
    return "regular" if kind[:4] in {"VPFD", "VPFW", "VPFG", "VGSK"} else "extra"


class Handler(BaseHTTPRequestHandler):
    """One request: under ``/developer/xml`` it is the agency, the rest is for whoever tries it."""

    server: JmaSimulator
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer a GET."""
        path = urlsplit(self.path).path
        match = _PATH.match(path)
        if path == "/healthz":
            self._json({"ok": True})
        elif path == "/":
            self._page()
        elif match and match.group(2):
            self._cached(self.server.atom(match.group(2)), "application/atom+xml")
        elif match and (self.server.folder / match.group(3)).is_file():
            self._write(200, "application/xml", (self.server.folder / match.group(3)).read_bytes())
        else:
            self._json({"error": "there is no such thing here"}, 404)

    def do_POST(self) -> None:
        """Take a telegram in, as it is or issued again with the times of now."""
        parts = urlsplit(self.path)
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            if parts.path == "/telegrams":
                self._json({"name": self.server.add(body)}, 201)
            elif parts.path == "/reissue":
                city = (asked["city"], asked.get("name", "")) if asked.get("city") else None
                data = reissue(body, now=clock.local(clock.now()), city=city, intensity=asked.get("intensity", ""))
                self._json({"name": self.server.add(data)}, 201)
            else:
                self._json({"error": "there is no such thing here"}, 404)
        except (TelegramError, ValueError) as error:
            self._json({"error": str(error)}, 422)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the terminal belongs to whoever started us."""

    def _page(self) -> None:
        rows = "".join(
            f"<li>{at:%m-%d %H:%M:%S} {escape(title)} {escape(headline[:80])} <small>{escape(name)}</small></li>"
            for feed in FEEDS
            for name, at, title, headline in self.server.entries(feed)[:50]
        )
        page = PAGE.replace("{origin}", self.server.origin).replace("{folder}", escape(str(self.server.folder)))
        self._write(
            200, "text/html; charset=utf-8", page.replace("{rows}", rows or "<li>まだありません。</li>").encode()
        )

    def _cached(self, body: bytes, media_type: str) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            self._write(304, media_type, b"", tag)
        else:
            self._write(200, media_type, body, tag)

    def _json(self, content: Any, status: int = 200) -> None:
        self._write(status, "application/json; charset=utf-8", json.dumps(content, ensure_ascii=False).encode())

    def _write(self, status: int, media_type: str, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Date", format_datetime(clock.now(), usegmt=True))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)


def serve(port: int, *, folder: Path) -> None:
    """Serve until the process is stopped; raises ``OSError`` where the port is taken."""
    with JmaSimulator(port, folder=folder) as server:
        server.serve_forever(poll_interval=0.2)
