"""The agency's feeds are read politely, from the hosts an operator named, and each telegram is handed over once."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.plugins.jma_feed import FeedReader
from madoguchi.messaging.plugins.simulated_jma.server import JmaSimulator
from madoguchi.messaging.rules.jma import TelegramError, read_telegram
from madoguchi.messaging.rules.jma.reissue import MARK, reissue
from madoguchi.messaging.rules.telegram_rules import Home, match_warnings

from .telegrams import earthquake, samples

FEED = "/developer/xml/feed/eqvol.xml"


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def agency(tmp_path):
    with running(JmaSimulator(0, folder=tmp_path / "telegrams")) as server:
        yield server


def post(agency, path: str, data: bytes) -> dict:
    with urlopen(Request(agency.origin + path, data=data, method="POST")) as answer:
        return json.load(answer)


def reader(agency, tmp_path, taken: list, *feeds: str) -> FeedReader:
    addresses = [agency.origin + feed for feed in feeds or (FEED,)]
    return FeedReader(addresses, tmp_path / "feeds.json", lambda data, name: taken.append((name, data)))


def test_nothing_comes_until_somebody_gives_a_telegram(agency, tmp_path):
    taken: list = []
    assert reader(agency, tmp_path, taken).poll() == 0
    assert taken == []


def test_a_telegram_is_handed_over_once_even_by_another_process(agency, tmp_path):
    name = post(agency, "/telegrams", earthquake())["name"]
    taken: list = []
    first = reader(agency, tmp_path, taken)
    assert [first.poll(), first.poll(), reader(agency, tmp_path, taken).poll()] == [1, 0, 0]
    assert taken == [(name, earthquake())]
    assert first.problems == []


def test_one_that_cannot_be_taken_now_comes_again(agency, tmp_path):
    post(agency, "/telegrams", earthquake())

    def fail(data, name):
        raise OSError("the database is away")

    broken = FeedReader([agency.origin + FEED], tmp_path / "feeds.json", fail)
    with pytest.raises(OSError, match="away"):
        broken.poll()
    taken: list = []
    assert reader(agency, tmp_path, taken).poll() == 1


class Elsewhere(BaseHTTPRequestHandler):
    """A feed that leads to other hosts, fails, or is too big."""

    def do_GET(self):
        self.server.asked.append(self.path)
        now = clock.now().isoformat()
        entry = f"<entry><updated>{now}</updated><link href='http://127.0.0.2:1/x.xml'/></entry>"
        status, body = {
            "/links": (200, f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode()),
            "/bomb": (200, b"<!DOCTYPE a [<!ENTITY b 'c'>]><feed>&b;</feed>"),
            "/big": (200, b"<a>" + b"x" * 4_100_000),
        }.get(self.path, (302, b""))
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.2:1/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.asked, server.origin = [], f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield server


@pytest.mark.parametrize("path", ["/links", "/bomb", "/big", "/redirect"])
def test_a_feed_that_leads_elsewhere_or_is_broken_brings_nothing_and_is_noted(elsewhere, tmp_path, path):
    taken: list = []
    source = reader(elsewhere, tmp_path, taken, path)
    assert source.poll() == 0
    assert taken == []
    assert source.problems


def test_a_feed_that_is_away_is_asked_less_and_less(elsewhere, tmp_path):
    source = reader(elsewhere, tmp_path, [], "/redirect")
    start = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
    for minute in range(16):
        with clock.frozen(start + timedelta(minutes=minute)):
            source.poll()
    assert len(elsewhere.asked) == 5


@pytest.mark.shared
def test_a_real_earthquake_is_issued_again_now_and_marked():
    data = samples()["20210217190220_0_VXSE53_010000.xml"]
    now = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
    said = read_telegram(reissue(data, now=now, city=("1420600", "小田原市"), intensity="5+"))
    assert (said.report_time, said.headline[: len(MARK)]) == (now, MARK)
    assert said.event_id == "20261120115636"
    (match,) = match_warnings(said, Home("14206", "小田原市"))
    assert (match.warning.name, match.areas[0].name) == ("震度５強", "小田原市")


def test_what_is_no_telegram_is_not_put_into_the_feed(agency):
    with pytest.raises(TelegramError):
        agency.add(b"<a/>")
    assert agency.entries("eqvol") == []
