"""
What a screen shows at a moment, from its manifest alone: the player (``frontend/js/signage/choose.js``) asks the same question.

A manifest holds ``schedules`` (``playlist``, ``priority``, ``window``), ``playlists`` (id → item ids), ``items`` (id → ``window``,
``slides``), ``house`` (slides), ``override`` (``playlist``, ``until``) and ``closed`` (dates on which the office is closed).
A window has ``days`` (0 Monday), ``from`` and ``until`` (minutes of the day), ``starts`` and ``ends`` (milliseconds since 1970)
and ``open_days``; what is null or empty does not limit. All hours are Japan's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

Document = Mapping[str, Any]
HOUSE = "house"
_JAPAN = timedelta(hours=9)
_NEVER: Document = {}


def is_within(window: Document, at: int, closed: Collection[str]) -> bool:
    """Tell whether a moment (milliseconds since 1970) lies in a window; hours that end before they begin end next morning."""
    starts, ends = window.get("starts"), window.get("ends")
    if (starts is not None and at < starts) or (ends is not None and at >= ends):
        return False
    local = datetime.fromtimestamp(at / 1000, UTC) + _JAPAN
    day = _day_of(window, local)
    if day is None:
        return False
    days = window.get("days")
    return (not days or day.weekday() in days) and not (window.get("open_days") and day.isoformat() in closed)


def _day_of(window: Document, local: datetime) -> date | None:
    """Return the day whose hours are on at a moment, None when none are."""
    begin, end = window.get("from"), window.get("until")
    minute, today = local.hour * 60 + local.minute, local.date()
    if begin is None and end is None:
        return today
    first, last = begin or 0, 24 * 60 if end is None else end
    if first < last:
        return today if first <= minute < last else None
    if minute >= first:
        return today
    return today - timedelta(days=1) if minute < last else None


def choose(
    manifest: Document, at: int, is_ready: Callable[[Document], bool] = lambda slide: True
) -> list[tuple[str, int]]:
    """
    Return the slides of a moment as (item id or ``house``, number of the slide), in order; never empty while the house has some.

    An override goes first, then the schedules of the highest priority that have something to show. ``is_ready`` leaves out slides
    whose files have not arrived yet.
    """
    override = manifest.get("override")
    if override and at < override["until"]:
        found = _of_playlists(manifest, [str(override["playlist"])], at, is_ready)
        if found:
            return found
    due = [entry for entry in manifest["schedules"] if is_within(entry["window"], at, manifest["closed"])]
    due.sort(key=lambda entry: -entry["priority"])
    for _priority, entries in groupby(due, key=lambda entry: entry["priority"]):
        playlists = dict.fromkeys(str(entry["playlist"]) for entry in entries)
        found = _of_playlists(manifest, list(playlists), at, is_ready)
        if found:
            return found
    return _slides(HOUSE, manifest["house"], at, manifest["closed"], is_ready)


def _of_playlists(
    manifest: Document, playlists: list[str], at: int, is_ready: Callable[[Document], bool]
) -> list[tuple[str, int]]:
    found = []
    for playlist in playlists:
        for key in manifest["playlists"].get(playlist, []):
            item = manifest["items"].get(str(key))
            if item and is_within(item["window"], at, manifest["closed"]):
                found += _slides(str(key), item["slides"], at, manifest["closed"], is_ready)
    return found


def _slides(
    key: str, slides: list[Document], at: int, closed: Collection[str], is_ready: Callable[[Document], bool]
) -> list[tuple[str, int]]:
    return [
        (key, place)
        for place, slide in enumerate(slides)
        if is_within(slide.get("window") or _NEVER, at, closed) and is_ready(slide)
    ]
