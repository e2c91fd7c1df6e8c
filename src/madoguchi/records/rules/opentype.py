"""
What a font file can show, read from its own tables: character map (OpenType ``cmap``), variations (IVS), family name.

Only the formats that fonts of today have are read: 4 and 12 for characters, 14 for variations; collections (``ttcf``) too.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


class BrokenFontError(Exception):
    """A file is not a font."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face of a font file: its family, the characters it has, and the variations (base, selector) it knows."""

    family: str
    characters: frozenset[int]
    variations: frozenset[tuple[int, int]]

    def has(self, cluster: str) -> bool:
        """Tell whether a character, alone or with a variation selector after it, can be shown as it is meant."""
        if len(cluster) == 2 and is_selector(cluster[1]):
            return (ord(cluster[0]), ord(cluster[1])) in self.variations
        return all(ord(character) in self.characters for character in cluster)


def is_selector(character: str) -> bool:
    """Tell whether a character is a variation selector."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


@lru_cache(maxsize=32)
def faces_of(path: Path) -> tuple[Face, ...]:
    """Return the faces of a font file; raises ``BrokenFontError``."""
    data = path.read_bytes()
    try:
        return tuple(_face(data, start) for start in _starts(data))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BrokenFontError(f"{path.name}: {error}") from error


def _starts(data: bytes) -> list[int]:
    if data[:4] != b"ttcf":
        return [0]
    count = struct.unpack_from(">I", data, 8)[0]
    return list(struct.unpack_from(f">{count}I", data, 12))


def _face(data: bytes, start: int) -> Face:
    tables = _tables(data, start)
    if b"cmap" not in tables or b"name" not in tables:
        raise IndexError("cmap, name")
    found: dict[int, list[int]] = {}
    for offset in _subtables(data, tables[b"cmap"]):
        found.setdefault(struct.unpack_from(">H", data, offset)[0], []).append(offset)
    characters = frozenset(code for offset in found.get(12, []) for code in _format_12(data, offset)) or frozenset(
        code for offset in found.get(4, []) for code in _format_4(data, offset)
    )
    variations = frozenset(pair for offset in found.get(14, []) for pair in _format_14(data, offset, characters))
    return Face(_family(data, tables[b"name"]), characters, variations)


def _tables(data: bytes, start: int) -> dict[bytes, int]:
    count = struct.unpack_from(">H", data, start + 4)[0]
    entries = (struct.unpack_from(">4sIII", data, start + 12 + 16 * index) for index in range(count))
    return {tag: offset for tag, _checksum, offset, _length in entries}


def _family(data: bytes, start: int) -> str:
    """Return the English family name (typographic where there is one), under which the typesetter knows the font."""
    count, storage = struct.unpack_from(">HH", data, start + 2)
    names: dict[int, str] = {}
    for index in range(count):
        platform, _encoding, language, name, length, offset = struct.unpack_from(">6H", data, start + 6 + 12 * index)
        if platform == 3 and language == 0x409 and name in (1, 16):
            place = start + storage + offset
            names[name] = data[place : place + length].decode("utf-16-be")
    return names.get(16) or names.get(1, "")


def _subtables(data: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">H", data, start + 2)[0]
    for index in range(count):
        yield start + int(struct.unpack_from(">HHI", data, start + 4 + 8 * index)[2])


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


def _format_14(data: bytes, offset: int, characters: frozenset[int]) -> Iterable[tuple[int, int]]:
    for index in range(struct.unpack_from(">I", data, offset + 6)[0]):
        record = offset + 10 + 11 * index
        selector = int.from_bytes(data[record : record + 3], "big")
        default, other = struct.unpack_from(">II", data, record + 3)
        if default:
            yield from _default_ranges(data, offset + default, selector, characters)
        if other:
            for entry in range(struct.unpack_from(">I", data, offset + other)[0]):
                place = offset + other + 4 + 5 * entry
                yield int.from_bytes(data[place : place + 3], "big"), selector


def _default_ranges(data: bytes, start: int, selector: int, characters: frozenset[int]) -> Iterable[tuple[int, int]]:
    for entry in range(struct.unpack_from(">I", data, start)[0]):
        place = start + 4 + 4 * entry
        first = int.from_bytes(data[place : place + 3], "big")
        yield from ((code, selector) for code in range(first, first + data[place + 3] + 1) if code in characters)
