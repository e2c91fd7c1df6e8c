"""
The agency's feeds (Atom): asked every minute for what is new, politely, and no further than the hosts an operator named.

What is known of a feed (``ETag``, ``Last-Modified``, entries seen, failures) stands in a file of the data folder. An entry is noted
after its telegram has been handed over, so that nothing is lost where a process dies; taking one twice does nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from madoguchi.kit import clock

from ..rules.jma.xml import MAX_BYTES, children, parse, text
from ..rules.telegram import TelegramError

LARGEST_FEED = MAX_BYTES
OLDEST = timedelta(hours=24)
MOST_ENTRIES = 300
MOST_TRIES = 5
LONGEST_WAIT = timedelta(minutes=30)
AGENT = "Madoguchi (municipal messaging; feed reader)"


@dataclass(slots=True)
class FeedState:
    """What is known of one feed between two looks at it."""

    etag: str = ""
    modified: str = ""
    failures: int = 0
    wait_until: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed: its address and when it was updated."""

    address: str
    updated: datetime


class FeedError(Exception):
    """A feed or a telegram could not be fetched; the message says why."""


class FeedReader:
    """Reads feeds and hands each new telegram over once (``take(data, name)``)."""

    def __init__(
        self, feeds: list[str], file: Path, take: Callable[[bytes, str], Any], *, timeout: float = 10.0
    ) -> None:
        self._feeds = feeds
        self._file = file
        self._take = take
        self._timeout = timeout
        self._hosts = {(urlsplit(feed).scheme, urlsplit(feed).netloc) for feed in feeds}
        self._states = self._load()
        self.problems: list[str] = []

    def poll(self) -> int:
        """Look at every feed once; return how many telegrams were handed over. Never raises for a feed that is away."""
        taken = 0
        with httpx.Client(timeout=self._timeout, follow_redirects=False, headers={"User-Agent": AGENT}) as client:
            for feed in self._feeds:
                state = self._states.setdefault(feed, FeedState())
                if state.wait_until and clock.now() < datetime.fromisoformat(state.wait_until):
                    continue
                try:
                    taken += self._read(client, feed, state)
                except (FeedError, TelegramError, httpx.HTTPError) as error:
                    self._note_failure(feed, state, error)
                else:
                    state.failures, state.wait_until = 0, ""
                self._save()
        return taken

    def _read(self, client: httpx.Client, feed: str, state: FeedState) -> int:
        asked = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
        status, headers, body = self._get(client, feed, {name: value for name, value in asked.items() if value})
        if status == 304:
            return 0
        entries = sorted(_entries(body, feed), key=lambda entry: entry.updated)[-MOST_ENTRIES:]
        fresh = [one for one in entries if one.address not in state.seen and one.updated > clock.now() - OLDEST]
        taken, errors = 0, []
        for entry in fresh:
            try:
                taken += self._fetch(client, entry, state)
            except Exception as error:
                state.tries[entry.address] = state.tries.get(entry.address, 0) + 1
                errors.append(error)
        known = {entry.address for entry in entries}
        state.seen = {address: at for address, at in state.seen.items() if address in known}
        state.tries = {address: tries for address, tries in state.tries.items() if address in known}
        if not state.tries:
            # As long as something is to be fetched again, the feed is asked for in full.
            state.etag, state.modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        self._save()
        if errors:
            raise errors[0]
        return taken

    def _fetch(self, client: httpx.Client, entry: Entry, state: FeedState) -> bool:
        """Fetch one telegram and hand it over; one that fails again and again is given up."""
        parts = urlsplit(entry.address)
        if (parts.scheme, parts.netloc) not in self._hosts:
            self.problems.append(f"{entry.address}: another host than the feed's")
            state.seen[entry.address] = "refused"
            return False
        try:
            _status, _headers, body = self._get(client, entry.address, {})
            self._take(body, parts.path.rpartition("/")[2])
        except TelegramError as error:
            self.problems.append(f"{entry.address}: {error}")
            state.seen[entry.address] = "unreadable"
            return False
        except (FeedError, httpx.HTTPError) as error:
            self.problems.append(f"{entry.address}: {error}")
            state.tries[entry.address] = state.tries.get(entry.address, 0) + 1
            if state.tries[entry.address] >= MOST_TRIES:
                state.tries.pop(entry.address)
                state.seen[entry.address] = "given up"
            return False
        state.tries.pop(entry.address, None)
        state.seen[entry.address] = clock.now().isoformat()
        self._save()
        return True

    def _get(self, client: httpx.Client, address: str, headers: dict[str, str]) -> tuple[int, httpx.Headers, bytes]:
        with client.stream("GET", address, headers=headers) as response:
            if response.status_code == 304:
                return 304, response.headers, b""
            if response.status_code != 200:
                raise FeedError(f"HTTP {response.status_code}")
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_FEED:
                    raise FeedError("too big")
            return 200, response.headers, bytes(body)

    def _note_failure(self, feed: str, state: FeedState, error: Exception) -> None:
        state.failures += 1
        wait = min(timedelta(minutes=2 ** min(state.failures - 1, 5)), LONGEST_WAIT)
        state.wait_until = (clock.now() + wait - timedelta(seconds=5)).isoformat()
        self.problems.append(f"{feed}: {error}")

    def _load(self) -> dict[str, FeedState]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
            return {feed: FeedState(**state) for feed, state in found.items() if feed in self._feeds}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
        found = {
            feed: {name: getattr(state, name) for name in FeedState.__slots__} for feed, state in self._states.items()
        }
        temporary.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
        temporary.replace(self._file)


def _entries(body: bytes, feed: str) -> Iterator[Entry]:
    """Yield the entries of an Atom feed; one without an address or a time is left out."""
    root = parse(body)
    for element in children(root, "entry"):
        link = next((one.get("href") for one in children(element, "link") if one.get("href")), "") or text(
            element, "id"
        )
        try:
            updated = datetime.fromisoformat(text(element, "updated"))
        except ValueError:
            continue
        if link and updated.tzinfo is not None:
            yield Entry(urljoin(feed, link), updated)
