"""
Which characters the printed books can show: what the fonts' own character maps (OpenType ``cmap``) say.

A character that the fonts lack is printed as its nearest form (𠮷 as 吉), else as 〓 (ゲタ), the mark with which Japanese
printing has always said "a type is missing here"; the colophon lists what was meant. So a rare name or an emoji neither
stops a book nor vanishes from it.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.kit.kanji import shrink_steps

GETA = "〓"
_SPACES = frozenset("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f")
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class BrokenFontError(Exception):
    """A font file is not what its name says."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters a set of fonts has in common, and the ideographic variations (IVS) they know."""

    characters: frozenset[int]
    variations: frozenset[tuple[int, int]]

    def has(self, text: str) -> bool:
        """Tell whether every character of a text can be shown."""
        return all(ord(character) in self.characters for character in text)


@dataclass(slots=True)
class Typesetter:
    """Makes texts printable and remembers, in order, what had to be replaced and by what."""

    coverage: Coverage
    missing: dict[str, str] = field(default_factory=dict)

    def printable(self, value: Any) -> Any:
        """Return a value of dicts, lists and texts in which every text can be printed; other values as they are."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.printable(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.printable(item) for item in value]
        return value

    def text(self, text: str) -> str:
        """
        Return a text in characters the fonts have.

        Line breaks become ``\\n``, other controls and unpaired surrogates go, an unknown variation selector leaves its base
        character, a mark is joined to its letter (か + ゙ → が), a kanji the fonts lack becomes the nearest they have, and
        anything else 〓.
        """
        if text.isascii() and text.isprintable():
            return text
        found: list[str] = []
        for character in text.replace("\r\n", "\n"):
            before = found[-1] if found else ""
            if joined := self._joined(before, character):
                found[-1] = joined
            else:
                found.append(self._character(character, before))
        return "".join(found)

    def _joined(self, before: str, mark: str) -> str:
        if not before or not unicodedata.combining(mark):
            return ""
        joined = unicodedata.normalize("NFC", before + mark)
        return joined if len(joined) == 1 and self.coverage.has(joined) else ""

    def _character(self, character: str, before: str) -> str:
        code = ord(character)
        if character in _LINE_BREAKS:
            return "\n"
        if _is_selector(code):
            return character if before and (ord(before[-1]), code) in self.coverage.variations else ""
        if character == "\t" or character in _SPACES:
            return " "
        if unicodedata.category(character) in {"Cc", "Cs", "Cf"}:
            return ""
        return character if code in self.coverage.characters else self._stand_in(character)

    def _stand_in(self, character: str) -> str:
        """Return what is printed instead: the nearest form of the character the fonts have, else 〓."""
        if character not in self.missing:
            forms = (unicodedata.normalize("NFKC", character), *shrink_steps(character))
            known = (form.strip() for form in forms)
            self.missing[character] = next((form for form in known if form and self.coverage.has(form)), GETA)
        return self.missing[character]

    def notes(self) -> list[dict[str, str]]:
        """Return what was replaced: the character printed, and code point and name of the one that is meant."""
        return [
            {"printed": printed, "code": f"U+{ord(character):04X}", "name": unicodedata.name(character, "")}
            for character, printed in self.missing.items()
        ]


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


@lru_cache(maxsize=4)
def coverage_of(fonts: tuple[Path, ...]) -> Coverage:
    """Return what all of the fonts can show; raises ``BrokenFontError`` for a file that is not a font."""
    maps = [_read(path) for path in fonts]
    characters = frozenset.intersection(*(characters for characters, _ in maps)) if maps else frozenset()
    variations = frozenset.intersection(*(variations for _, variations in maps)) if maps else frozenset()
    return Coverage(characters, variations)


def _read(path: Path) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    data = path.read_bytes()
    found: dict[int, list[int]] = {}
    try:
        for offset in _subtables(data, _table(data, b"cmap")):
            found.setdefault(struct.unpack_from(">H", data, offset)[0], []).append(offset)
        # The table of all planes holds what the older one of the first plane holds.
        characters = frozenset(code for offset in found.get(12, []) for code in _format_12(data, offset)) or frozenset(
            code for offset in found.get(4, []) for code in _format_4(data, offset)
        )
        variations = frozenset(pair for offset in found.get(14, []) for pair in _format_14(data, offset))
    except (struct.error, IndexError) as error:
        raise BrokenFontError(f"{path.name}: {error}") from error
    if not characters:
        raise BrokenFontError(path.name)
    return characters, variations


def _table(data: bytes, name: bytes) -> int:
    count = struct.unpack_from(">H", data, 4)[0]
    for index in range(count):
        tag, _checksum, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag == name:
            return int(offset)
    raise IndexError(name.decode())


def _subtables(data: bytes, start: int) -> Iterable[int]:
    count = struct.unpack_from(">H", data, start + 2)[0]
    for index in range(count):
        yield start + struct.unpack_from(">HHI", data, start + 4 + 8 * index)[2]


def _format_4(data: bytes, offset: int) -> Iterable[int]:
    segments = struct.unpack_from(">H", data, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", data, offset + 14)
    starts = struct.unpack_from(f">{segments}H", data, offset + 16 + 2 * segments)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)


def _format_12(data: bytes, offset: int) -> Iterable[int]:
    for index in range(struct.unpack_from(">I", data, offset + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", data, offset + 16 + 12 * index)
        yield from range(first, min(last, 0x10FFFF) + 1)


def _format_14(data: bytes, offset: int) -> Iterable[tuple[int, int]]:
    for index in range(struct.unpack_from(">I", data, offset + 6)[0]):
        record = offset + 10 + 11 * index
        selector = int.from_bytes(data[record : record + 3], "big")
        default, other = struct.unpack_from(">II", data, record + 3)
        if default:
            for entry in range(struct.unpack_from(">I", data, offset + default)[0]):
                place = offset + default + 4 + 4 * entry
                first = int.from_bytes(data[place : place + 3], "big")
                yield from ((code, selector) for code in range(first, first + data[place + 3] + 1))
        if other:
            for entry in range(struct.unpack_from(">I", data, offset + other)[0]):
                place = offset + other + 4 + 5 * entry
                yield int.from_bytes(data[place : place + 3], "big"), selector
