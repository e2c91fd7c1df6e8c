"""What is shown, as pieces of HTML the player only has to put in place; staff's previews show the same pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation

from madoguchi.trust.api import municipality_in_scope

from ...enums import SignageKind
from ...models import PlaylistItem, Screen, SignageAsset
from ...registry import SignagePage, signage_sources
from ...rules.signage.texts import pages_of

MOST_TEXT = 150
"""Half-width characters of a text on one page: seven lines that can be read at five metres."""
MOST_ROWS = 6
LANGUAGES = ("ja", "ja-easy", "en")
AssetAddress = Callable[[SignageAsset], str]


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of a playlist: its HTML, how long, in which span of time, and the asset it needs."""

    html: str
    seconds: int
    language: str
    starts: datetime | None = None
    ends: datetime | None = None
    asset: SignageAsset | None = None

    def is_true(self, at: datetime) -> bool:
        """Tell whether what it says holds at a moment."""
        return (self.starts is None or self.starts <= at) and (self.ends is None or at < self.ends)

    def as_json(self) -> dict[str, Any]:
        """Return the slide for the player."""
        window = {"starts": milliseconds(self.starts), "ends": milliseconds(self.ends)}
        return {
            "html": self.html,
            "seconds": self.seconds,
            "language": self.language,
            "window": {name: value for name, value in window.items() if value is not None},
            "asset": self.asset.pk if self.asset else None,
        }


@dataclass(frozen=True, slots=True)
class Stage:
    """For whom slides are made: in which languages, and where files and pages are to be found from there."""

    languages: tuple[str, ...]
    asset_address: AssetAddress
    site: str
    screen: Screen | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def milliseconds(moment: datetime | None) -> int | None:
    """Return a moment in milliseconds since 1970."""
    return None if moment is None else int(moment.timestamp() * 1000)


def languages_of(screen: Screen) -> tuple[str, ...]:
    """Return the languages of a screen the house knows, Japanese where none was chosen."""
    return tuple(language for language in screen.languages if language in LANGUAGES) or ("ja",)


def slides_of(item: PlaylistItem, stage: Stage) -> list[Slide]:
    """Return the slides of an item; an item of one language is for screens that speak it."""
    if item.language and item.language not in stage.languages:
        return []
    makers: dict[str, Callable[[PlaylistItem, Stage], Iterable[Slide]]] = {
        SignageKind.IMAGE: _of_asset,
        SignageKind.VIDEO: _of_asset,
        SignageKind.TEXT: _of_text,
        SignageKind.LIVE: _of_source,
        SignageKind.PAGE: _of_page,
    }
    return list(makers[item.kind](item, stage))


def house_slides(stage: Stage) -> list[Slide]:
    """Return what is shown when nothing else is to be shown: the city, the day and the hours."""
    source = signage_sources.get("messaging.clock")
    found = []
    for language in stage.languages:
        with translation.override(language):
            found += [_page_slide(page, language, 20) for page in source.pages(stage.screen)]
    # Without a span of time, for a screen that has been alone for longer than the days that were told.
    with translation.override(stage.languages[0]):
        found.append(Slide(_render("plain", stage.languages[0]), 20, stage.languages[0]))
    return found


def _of_asset(item: PlaylistItem, stage: Stage) -> Iterable[Slide]:
    asset = item.asset
    if asset is not None and asset.removed_at is None:
        language = item.language or "ja"
        html = _render(item.kind, language, asset=asset, address=stage.asset_address(asset))
        yield Slide(html, item.seconds, language, asset=asset)


def _texts(item: PlaylistItem, stage: Stage) -> Iterable[tuple[str, dict[str, str]]]:
    found = [(language, item.contents[language]) for language in stage.languages if item.contents.get(language)]
    if not found and item.contents:
        first = "ja" if "ja" in item.contents else next(iter(item.contents))
        found = [(first, item.contents[first])]
    return found


def _of_text(item: PlaylistItem, stage: Stage) -> Iterable[Slide]:
    for language, texts in _texts(item, stage):
        pages = pages_of(texts.get("body", ""), MOST_TEXT) or [""]
        for number, page in enumerate(pages, start=1):
            html = _render("text", language, title=texts.get("title", ""), body=page, number=number, total=len(pages))
            yield Slide(html, item.seconds, language)


def _of_page(item: PlaylistItem, stage: Stage) -> Iterable[Slide]:
    address = f"{stage.site}{item.path}"
    code = segno.make(address, error="m", micro=False).svg_data_uri(border=4, omitsize=True)
    for language, texts in _texts(item, stage):
        body = (pages_of(texts.get("body", ""), MOST_TEXT) or [""])[0]
        html = _render("page", language, title=texts.get("title", ""), body=body, code=code, address=address)
        yield Slide(html, item.seconds, language)


def _of_source(item: PlaylistItem, stage: Stage) -> Iterable[Slide]:
    source = signage_sources.find(item.source)
    if source is None:
        return
    for language in stage.languages:
        with translation.override(language):
            for page in source.pages(stage.screen):
                yield from _page_slides(page, language, item.seconds)


def _page_slides(page: SignagePage, language: str, seconds: int) -> Iterable[Slide]:
    if page.style == "list":
        for first in range(0, len(page.rows), MOST_ROWS):
            part = page.rows[first : first + MOST_ROWS]
            html = _render("list", language, page=page, rows=part)
            yield Slide(html, seconds, language, page.starts, page.ends)
        return
    texts = pages_of(page.text, MOST_TEXT) or [""]
    for text in texts:
        html = _render(page.style, language, page=page, text=text)
        yield Slide(html, seconds, language, page.starts, page.ends)


def _page_slide(page: SignagePage, language: str, seconds: int) -> Slide:
    return next(iter(_page_slides(page, language, seconds)))


def _render(kind: str, language: str, **context: Any) -> str:
    city = municipality_in_scope()
    name = city.name_en if language == "en" and city.name_en else city.name
    with translation.override(language if language in LANGUAGES else "ja"):
        return render_to_string(
            "messaging/signage/_slide.html",
            {"kind": kind, "language": "ja" if language.startswith("ja") else language, "city": name, **context},
        ).strip()
