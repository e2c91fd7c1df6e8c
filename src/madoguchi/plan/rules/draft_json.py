"""Read results as JSON: the form in which drafts are stored, corrected and shipped."""

from __future__ import annotations

import math
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from ..errors import DocumentError
from . import draft
from .draft import ReadResult

T = TypeVar("T")

_PLAIN: dict[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "文字列"),
    bool: ((bool,), "true か false "),
    int: ((int,), "整数"),
    float: ((int, float), "数"),
}
_SHOWN = 40

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


def from_json(data: Any) -> ReadResult:
    """Return the read result of its JSON form; raises ``DocumentError`` naming the place that does not fit."""
    return _build(ReadResult, data, "")


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


def _build(kind: type[T], data: Any, path: str) -> T:
    if not isinstance(data, dict):
        raise _foreign(path, "項目の組（{ }）", data)
    hints = _hints(kind)
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]  # always one of our dataclasses
    missing = [name for name, item in known.items() if _is_needed(item) and name not in data]
    if missing:
        raise DocumentError(f"{path or '全体'}: 「{'」「'.join(missing)}」がありません。")
    values = {name: _value(hints[name], value, _below(path, name)) for name, value in data.items() if name in known}
    return kind(**values)


def _is_needed(item: Any) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _below(path: str, step: str | int) -> str:
    return f"{path}/{step}" if path else str(step)


def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, vars(draft))


def _value(hint: Any, value: Any, path: str) -> Any:
    origin = typing.get_origin(hint)
    if origin is tuple:
        return _items(typing.get_args(hint)[0], value, path)
    if origin is typing.Literal:
        return _one_of(typing.get_args(hint), value, path)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else _value(_present(hint), value, path)
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, value, path)
    return _plain(hint, value, path)


def _items(inner: Any, value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _foreign(path, "並び（[ ]）", value)
    return tuple(_value(inner, item, _below(path, number)) for number, item in enumerate(value))


def _one_of(choices: tuple[Any, ...], value: Any, path: str) -> Any:
    if value not in choices:
        raise _foreign(path, "、".join(repr(item) for item in choices) + " のどれか", value)
    return value


def _present(hint: Any) -> Any:
    """Return the arm of an optional field that is not None."""
    return next(arm for arm in typing.get_args(hint) if arm is not types.NoneType)


def _plain(hint: Any, value: Any, path: str) -> Any:
    kinds, words = _PLAIN[hint]
    # A bool is an int to Python, but 「はい」 is no number.
    if not isinstance(value, kinds) or (isinstance(value, bool) and hint is not bool):
        raise _foreign(path, words, value)
    if isinstance(value, float) and not math.isfinite(value):
        raise _foreign(path, words, value)
    return value


def _foreign(path: str, wanted: str, value: Any) -> DocumentError:
    found = repr(value)
    found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
    return DocumentError(f"{path or '全体'}: {wanted}を書いてください（今は {found}）。")
