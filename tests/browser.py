"""A real Chromium for the journeys, and what every page must pass: axe, no overflow, no console error, no other host.

Fixtures (imported by ``tests/conftest.py``): ``browser`` (one per run), ``phone`` and ``desk`` (a fresh context of 360 or
1280 px), ``plain`` (360 px without JavaScript), ``new_page`` (a factory). Chromium is taken from the variable
``CHROMIUM`` or the search path.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, sync_playwright

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESK = 360, 1280
PageMaker = Callable[..., Page]


class Watched:
    """What went wrong on a page since it was opened: console errors, exceptions, requests to other hosts."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        self.page = page
        page.on("console", self._console)
        page.on("pageerror", self._exception)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx by design; the browser writes that to its console too.
        if message.type == "error" and "status of 4" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _exception(self, error: Error) -> None:
        self.problems.append(f"exception: {error}")

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if host and host not in ("localhost", "127.0.0.1") and not host.endswith(".localhost"):
            self.problems.append(f"other host: {request.url}")


_watched: dict[Page, Watched] = {}


def chromium() -> str:
    """Return the path of Chromium; fails the test that asked when there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("Chromium is missing: set CHROMIUM to its path or install the package chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in the test's own thread, where Django would refuse the ORM and, not finding the connections
    # it keeps for threads without a loop, open others that no fixture has prepared.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    prepared = {alias: connections[alias] for alias in connections}
    with sync_playwright() as playwright:
        for alias, connection in prepared.items():
            connections[alias] = connection
        started = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[PageMaker]:
    contexts: list[BrowserContext] = []

    def make(width: int = DESK, *, javascript: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740 if width < 600 else 900},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            java_script_enabled=javascript,
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        _watched[page] = Watched(page)
        return page

    yield make
    _watched.clear()
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_page: PageMaker) -> Page:
    return new_page(PHONE, has_touch=True)


@pytest.fixture
def desk(new_page: PageMaker) -> Page:
    return new_page(DESK)


@pytest.fixture
def plain(new_page: PageMaker) -> Page:
    return new_page(PHONE, javascript=False)


def violations(page: Page) -> list[str]:
    """Return what axe finds by WCAG 2.2 AA, one line per rule and element."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(TAGS))
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} — {' '.join(map(str, node['target']))} {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with axe's findings, with a page wider than its window, or with anything the console complained about."""
    found = [*violations(page), *overflow(page), *_watched[page].problems]
    assert not found, f"{page.url}\n" + "\n".join(found)


def overflow(page: Page) -> list[str]:
    """Return the elements that make the page wider than its window."""
    # A click returns when the address has changed; the document behind it may still be empty.
    page.wait_for_load_state()
    return list(
        page.evaluate(
            """() => {
              const room = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= room) return [];
              const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1);
              return wide.slice(0, 5).map((e) => `wider than ${room}px: ${e.outerHTML.slice(0, 160)}`);
            }"""
        )
    )


def small_targets(page: Page, minimum: int = 44) -> list[str]:
    """Return controls lower or narrower than a resident's finger needs; links inside sentences are exempt (WCAG 2.5.8)."""
    page.wait_for_load_state()
    return list(
        page.evaluate(
            """(minimum) => {
              const inline = (e) => getComputedStyle(e).display === "inline";
              const controls = "a[href], button, summary, select, input:not([type=hidden]), textarea";
              const area = (e) => (e.matches("input[type=radio], input[type=checkbox]") && e.labels[0]) || e;
              return [...document.querySelectorAll(controls)]
                .filter((e) => e.checkVisibility() && !inline(e) && !e.matches(".visually-hidden, .skip"))
                .map((e) => [area(e).getBoundingClientRect(), e])
                .filter(([box]) => box.height > 0 && box.height < minimum - 0.5)
                .map(([box, e]) => `${Math.round(box.width)}×${Math.round(box.height)}: ${e.outerHTML.slice(0, 160)}`);
            }""",
            minimum,
        )
    )
