"""Life events (ライフイベント), the doors they stand behind, and the categories of procedures, from ``data/vocabulary``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

from ..definition.text import Text


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens to people; ``words`` are what they type when they look for it.

    ``dates`` are the fields of forms that mean the day it happened: deadlines that count from them can be computed
    once ``day`` (how that day is called) was asked."""

    code: str
    label: Text
    words: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    day: Text | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """One of the six doors of the home page: the life events behind it."""

    code: str
    label: Text
    icon: str
    events: tuple[str, ...]


_DATA = json.loads(resources.files("madoguchi.procedures").joinpath("data/vocabulary/events.json").read_text("utf-8"))
LIFE_EVENTS: dict[str, LifeEvent] = {
    row["code"]: LifeEvent(
        row["code"],
        Text(**row["label"]),
        tuple(row["words"]),
        tuple(row["dates"]),
        Text(**row["day"]) if "day" in row else None,
    )
    for row in _DATA["life_events"]
}
DOORS: tuple[Door, ...] = tuple(
    Door(row["code"], Text(**row["label"]), row["icon"], tuple(row["events"])) for row in _DATA["doors"]
)
CATEGORIES: dict[str, Text] = {row["code"]: Text(**row["label"]) for row in _DATA["categories"]}


def event_label(code: str) -> Text:
    """Return the name of a life event; one that a municipality made up is named by its code."""
    event = LIFE_EVENTS.get(code)
    return event.label if event else Text(ja=code)


def category_label(code: str) -> Text:
    """Return the name of a category; one that a municipality made up is its own name."""
    return CATEGORIES.get(code) or Text(ja=code)


def door_of(event: str) -> Door | None:
    """Return the door a life event stands behind."""
    return next((door for door in DOORS if event in door.events), None)
