"""Read results as JSON: the form in which drafts are stored, corrected and shipped."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from . import draft
from .draft import ReadResult

T = TypeVar("T")

PARAGRAPHS = frozenset({"summary", "effects", "note", "opinion", "philosophy"})
"""Fields that hold running text of the document: files that travel without the document leave them out."""


def to_json(value: Any, *, paragraphs: bool = True) -> Any:
    """Return the JSON form of a read result or a part of it; empty fields are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: to_json(getattr(value, item.name), paragraphs=paragraphs)
            for item in fields(value)
            if _is_told(item, getattr(value, item.name)) and (paragraphs or item.name not in PARAGRAPHS)
        }
    if isinstance(value, tuple | list):
        return [to_json(item, paragraphs=paragraphs) for item in value]
    return _plain_number(value)


def from_json(data: dict[str, Any]) -> ReadResult:
    """Return the read result of its JSON form; raises ``TypeError`` or ``KeyError`` on a foreign form."""
    return _build(ReadResult, data)


def without_source(result: ReadResult) -> dict[str, Any]:
    """Return what may travel without the document: plans without paragraphs, and how many rows went where."""
    return {
        "reader": result.reader,
        "rows": {
            "placed": len(result.placed),
            "ignored": len(result.ignored),
            "unplaced": len(result.unplaced),
        },
        "plans": [to_json(plan, paragraphs=False) for plan in result.plans],
    }


def _is_told(item: Any, value: Any) -> bool:
    if item.default is not MISSING:
        return bool(value != item.default)
    return True


def _plain_number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _build(kind: type[T], data: dict[str, Any]) -> T:
    hints = _hints(kind)
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]  # always one of our dataclasses
    values = {name: _value(hints[name], value) for name, value in data.items() if name in known}
    return kind(**values)


def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, vars(draft))


def _value(hint: Any, value: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item) for item in value)
    if origin in (types.UnionType, typing.Union):
        inner = next((arm for arm in typing.get_args(hint) if is_dataclass(arm)), None)
        return value if inner is None or value is None else _build(inner, value)  # type: ignore[arg-type]  # a class
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, value)
    return value
