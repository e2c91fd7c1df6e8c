"""Answers out of a form's POST: plain inputs with dotted names (``name.family``, ``kids.0.birth_date.year``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..definition import Component, FormField, Step
from .normalising import normalise
from .parts import DATE_PARTS, FILE_PARTS, PARTS, ROWS, is_empty, row_fields

Data = Mapping[str, Sequence[str]]

_MOST_ROWS = 50
_LONGEST = 40_000
"""Characters kept of one input: twice what any field takes, so that the check still names it as too long."""
_LONGEST_CODE = 200

_REFRESH = "refresh"
_ACTION = re.compile(r"(add|remove|find|detach):([a-z0-9_.\-]{1,120})(?::([0-9A-Za-z_\-]{1,64}))?")
_DATES = frozenset({Component.DATE, Component.BIRTH_DATE})


@dataclass(frozen=True, slots=True)
class RowAction:
    """
    What a button inside the form asks for besides going on.

    ``add`` a row to the group at ``path``; ``remove`` the row ``index`` of it; ``find`` what was typed into the look-up at
    ``path`` (a postal code, a bank); ``detach`` the ``file`` from the field at ``path``; ``refresh`` only draws the page anew
    with what was answered, so that fields whose conditions changed come and go.
    """

    kind: Literal["add", "remove", "find", "detach", "refresh"]
    path: str
    index: int | None = None
    file: str = ""


def parse_step(step: Step, data: Data, language: str = "ja") -> dict[str, Any]:
    """
    Return the answers of a step out of POST data; never raises.

    Only fields that were on the page are in the result: None for one that was left empty. What cannot be read stays as it
    was typed. Uploaded files are not here: who stores them adds their answer. ``language`` does not change how they are read
    (people type eras in English pages too); it is here so that a component may need it.
    """
    del language
    found: dict[str, Any] = {}
    names = _first_parts(data)
    for field in step.fields:
        if field.asks and field.component is not Component.FILE and field.code in names:
            found[field.code] = normalise(field, _raw(field, field.code, data))
    return found


def row_action(data: Data) -> RowAction | None:
    """Return what the pressed button ``do`` asks for (``add:kids``, ``remove:kids.0``, ``find:home``), or None."""
    pressed = _one(data, "do")
    if pressed == _REFRESH:
        return RowAction("refresh", "")
    match = _ACTION.fullmatch(pressed or "")
    if match is None:
        return None
    kind, path, file = match[1], match[2].strip("."), match[3] or ""
    if kind == "remove":
        path, _dot, index = path.rpartition(".")
        return RowAction("remove", path, int(index)) if path and re.fullmatch(r"[0-9]{1,3}", index) else None
    if kind == "detach":
        return RowAction("detach", path, None, file) if file else None
    return RowAction("add" if kind == "add" else "find", path)


def change_rows(step: Step, answers: Mapping[str, Any], action: RowAction) -> dict[str, Any]:
    """Return the answers with a row added to or removed from a group, or a file taken off; others as they are."""
    changed = dict(answers)
    code, _dot, rest = action.path.partition(".")
    field = next((item for item in step.fields if item.code == code), None)
    if field is not None and action.kind not in {"find", "refresh"}:
        changed[code] = _changed(field, changed.get(code), rest, action)
    return changed


def _changed(field: FormField, value: Any, rest: str, action: RowAction) -> Any:
    rows = list(value) if isinstance(value, list) else []
    if rest and field.component in ROWS:
        index, _dot, deeper = rest.partition(".")
        code, _dot, more = deeper.partition(".")
        inner = next((item for item in row_fields(field) if item.code == code), None)
        if inner is not None and index.isdigit() and int(index) < len(rows) and isinstance(rows[int(index)], dict):
            row = rows[int(index)]
            rows[int(index)] = row | {code: _changed(inner, row.get(code), more, action)}
        return rows
    if action.kind == "detach":
        return [item for item in rows if not (isinstance(item, dict) and str(item.get("file")) == action.file)] or None
    if field.component not in ROWS:
        return value
    if action.kind == "add":
        return [*rows, {}] if len(rows) < field.maximum_rows else rows
    return [row for number, row in enumerate(rows) if number != action.index] or None


def file_inputs(step: Step, answers: Mapping[str, Any]) -> Iterator[tuple[str, FormField, str]]:
    """Yield (path of the field, field, name of its file input) for everything of a step that takes an upload."""
    for field in step.fields:
        yield from _file_inputs(field, field.code, answers.get(field.code))


def _file_inputs(field: FormField, path: str, value: Any) -> Iterator[tuple[str, FormField, str]]:
    if field.component is Component.FILE:
        yield path, field, path
    elif field.component is Component.SIGNATURE:
        yield path, field, f"{path}.image"
    elif field.component in ROWS:
        rows = value if isinstance(value, list) else []
        for index in range(max(len(rows), 1)):
            row = rows[index] if index < len(rows) and isinstance(rows[index], dict) else {}
            for inner in row_fields(field):
                yield from _file_inputs(inner, f"{path}.{index}.{inner.code}", row.get(inner.code))


def _first_parts(data: Data) -> set[str]:
    return {name.split(".", 1)[0] for name in data}


def _one(data: Data, name: str) -> str | None:
    values = data.get(name)
    if isinstance(values, str):
        return values[:_LONGEST]
    return values[-1][:_LONGEST] if values else None


def _all(data: Data, name: str) -> list[str]:
    values = data.get(name)
    several = [values] if isinstance(values, str) else values or []
    return [value[:_LONGEST_CODE] for value in several if value]


def _raw(field: FormField, name: str, data: Data) -> Any:
    if field.component in ROWS:
        return _raw_rows(field, name, data)
    if field.component is Component.FILE:
        return _raw_files(name, data)
    if field.component is Component.CHOICES:
        return _all(data, name)
    if field.component in _DATES:
        parts = _parts(name, DATE_PARTS, data)
        return parts if parts else _one(data, name)
    if field.component in PARTS:
        return _parts(name, tuple(part.code for part in PARTS[field.component]), data)
    return _one(data, name)


def _parts(name: str, codes: Sequence[str], data: Data) -> dict[str, str]:
    found = ((code, _one(data, f"{name}.{code}")) for code in codes)
    return {code: value for code, value in found if value is not None}


def _raw_rows(field: FormField, name: str, data: Data) -> list[dict[str, Any]]:
    rows = []
    for index in _indexes(name, data):
        place = f"{name}.{index}"
        inner = {item.code: _raw(item, f"{place}.{item.code}", data) for item in row_fields(field) if item.asks}
        rows.append({code: value for code, value in inner.items() if not is_empty(value)})
    return rows


def _raw_files(name: str, data: Data) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = []
    for index in _indexes(name, data):
        parts: dict[str, Any] = _parts(f"{name}.{index}", tuple(part.code for part in FILE_PARTS), data)
        size = _one(data, f"{name}.{index}.size") or ""
        files.append(parts | ({"size": int(size)} if re.fullmatch(r"[0-9]{1,12}", size) else {}))
    return files


def _indexes(name: str, data: Data) -> list[int]:
    pattern = re.compile(rf"{re.escape(name)}\.([0-9]{{1,3}})(?:\.|$)")
    found = {int(match[1]) for key in data if (match := pattern.match(key))}
    return sorted(found)[:_MOST_ROWS]
