"""What changed between two documents, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .errors import MISSING
from .paths import Path, code_of, join_path


@dataclass(frozen=True, slots=True)
class Change:
    """
    One difference. ``path`` is a place in the newer document, for what was taken away in the older one.

    A moved item has its places (from 1) as ``before`` and ``after``.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    path: str
    before: Any = None
    after: Any = None


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return the differences of two full documents in the order of the newer one; empty for equal ones."""
    return list(_objects((), (), before, after))


def _values(old: Path, new: Path, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(old, new, before, after)
    elif isinstance(before, list) and isinstance(after, list) and _is_of_objects(before) and _is_of_objects(after):
        yield from _lists(old, new, before, after)
    else:
        yield Change("changed", join_path(new), before, after)


def _objects(old: Path, new: Path, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for key, value in after.items():
        if key not in before:
            yield Change("added", join_path((*new, key)), None, value)
        else:
            yield from _values((*old, key), (*new, key), before[key], value)
    for key, value in before.items():
        if key not in after:
            yield Change("removed", join_path((*old, key)), value, None)


def _lists(old: Path, new: Path, before: list[Any], after: list[Any]) -> Iterator[Change]:
    pairs = dict(_pairs(before, after))
    kept = sorted(pairs.values())
    for number, item in enumerate(after):
        origin = pairs.get(number, MISSING)
        if not isinstance(origin, int):
            yield Change("added", join_path((*new, number)), None, item)
            continue
        place = list(pairs).index(number)
        if kept[place] != origin:
            yield Change("moved", join_path((*new, number)), origin + 1, number + 1)
        yield from _values((*old, origin), (*new, number), before[origin], item)
    for number, item in enumerate(before):
        if number not in pairs.values():
            yield Change("removed", join_path((*old, number)), item, None)


def _pairs(before: list[Any], after: list[Any]) -> Iterator[tuple[int, int]]:
    """Yield which item of the newer list is which of the older one: by code, else by equality, else by place."""
    free = list(range(len(before)))
    found: dict[int, int] = {}
    for number, item in enumerate(after):
        code = code_of(item)
        match = next((n for n in free if (code is not None and code_of(before[n]) == code) or before[n] == item), None)
        if match is not None:
            found[number] = match
            free.remove(match)
    if len(before) == len(after):
        for number, item in enumerate(after):
            if number not in found and number in free and code_of(item) is None:
                found[number] = number
                free.remove(number)
    yield from sorted(found.items())


def _is_of_objects(items: list[Any]) -> bool:
    return all(isinstance(item, dict | list) for item in items) and bool(items)
