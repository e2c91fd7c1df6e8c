"""Placeholders: ``{{name}}``, ``{{name|みなさま}}`` with what stands there for somebody without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .problems import N_

PLACEHOLDERS: dict[str, str] = {
    "name": N_("呼び名"),
    "town": N_("町の名前"),
    "city": N_("市区町村の名前"),
    "unit": N_("担当の課"),
    "phone": N_("担当の電話番号"),
}
"""What can stand in a text, and its name for people."""

_NOBODY = {"ja": "みなさま", "ja-easy": "みなさん", "en": "resident"}
_PLACEHOLDER = re.compile(r"\{\{[ \t]*([a-z_]{1,30})[ \t]*(?:\|([^{}|\n]{0,60}))?\}\}")
_HONORIFIC = re.compile(r"[ \u3000]?(?:様|さま|さん|殿)")
_BRACES = re.compile(r"\{\{[^{}\n]{0,40}\}?\}?|\}\}|｛｛[^{}｛｝\n]{0,40}(?:｝｝)?|(?<!\{)\{[A-Za-z_]{2,30}\}(?!\})")
LONGEST_VALUE = 80
_UNFIT = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]|://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to be filled: a value with ``after`` behind it, or ``fallback`` where there is none."""

    name: str
    fallback: str
    after: str = ""


def parse(text: str, language: str = "ja") -> list[str | Slot]:
    """
    Return a text as pieces of plain text and slots; what is no placeholder is plain text.

    An honorific behind ``{{name}}`` belongs to the name: somebody without one is not called みなさま様.
    """
    pieces: list[str | Slot] = []
    place = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > place:
            pieces.append(text[place : match.start()])
        slot, place = _slot(match, text, language)
        pieces.append(slot)
    if place < len(text):
        pieces.append(text[place:])
    return pieces


def _slot(match: re.Match[str], text: str, language: str) -> tuple[Slot, int]:
    name, given = match[1], match[2]
    if name != "name":
        return Slot(name, (given or "").strip()), match.end()
    honorific = _HONORIFIC.match(text, match.end())
    nobody = _NOBODY.get(language, _NOBODY["ja" if language.startswith("ja") else "en"])
    fallback = nobody if given is None else given.strip()
    if honorific is None:
        return Slot(name, fallback), match.end()
    return Slot(name, fallback, honorific[0]), honorific.end()


def names_in(text: str) -> set[str]:
    """Return the placeholders a text has, known or not."""
    return {match[1] for match in _PLACEHOLDER.finditer(text)}


def malformed_in(text: str) -> list[str]:
    """Return what looks like a placeholder and is none, as it stands there."""
    rest = _PLACEHOLDER.sub("\x00", text)
    return list(dict.fromkeys(match[0] for match in _BRACES.finditer(rest)))


def placed_in_links(text: str) -> Iterator[str]:
    """Yield the placeholders that stand inside an address, where they would break it."""
    for match in re.finditer(r"https?://[^\s\u3000-\u9fff]*?\{\{[ \t]*([a-z_]+)", text):
        yield match[1]


def fit(value: str) -> str:
    """
    Return a value as it may stand in a text: one line, not endless, and no address that could be followed.

    Values are partly what people said of themselves (their name): nobody may send links through the city's mail.
    """
    if _UNFIT.search(value):
        value = " ".join(value.split())
        if _UNFIT.search(value):
            return ""
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


def fill(slot: Slot, values: Mapping[str, str]) -> str:
    """Return what stands in a slot."""
    value = values.get(slot.name)
    fitting = fit(value) if value else ""
    return fitting + slot.after if fitting else slot.fallback
