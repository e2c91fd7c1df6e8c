"""Answers as flat columns, and back: one text per cell, the same text for the same answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..definition import Component, Definition, FormField
from ..forms import ROWS, is_empty, row_fields
from ..forms.parts import FILE_PARTS, PARTS

SEPARATOR = "|"
_FILE_WORDS = {"file": "番号", "name": "名前", "media_type": "形式", "size": "大きさ"}
_SIGNATURE_WORDS = {"typed": "お名前", "file": "画像"}
_FILE_KEYS = (*(part.code for part in FILE_PARTS), "size")
_NUMBERS = frozenset({Component.INTEGER, Component.NUMBER, Component.MONEY})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where the answer stands (``children.0.age``), the heading people read (unique), what kind of answer it is."""

    path: str
    heading: str
    component: Component
    part: str = ""


def columns_of(definition: Definition, applications: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Return the columns for some applications' answers: repeated rows have as many as the longest of them needs."""
    kept = list(applications)
    found = [
        column
        for field in definition.form.fields()
        if field.component is not Component.NOTE
        for column in _columns(field, field.code, field.label.ja, [answers.get(field.code) for answers in kept])
    ]
    headings: dict[str, int] = {}
    for column in found:
        headings[column.heading] = headings.get(column.heading, 0) + 1
    return [
        column
        if headings[column.heading] == 1
        else Column(column.path, f"{column.heading}（{column.path}）", column.component, column.part)
        for column in found
    ]


def _columns(field: FormField, path: str, label: str, values: list[Any]) -> Iterator[Column]:
    name = label or field.code
    if field.component in ROWS:
        for number in range(_longest(values)):
            rows = [value[number] for value in values if isinstance(value, list) and number < len(value)]
            for inner in row_fields(field):
                if inner.component is not Component.NOTE:
                    inside = [row.get(inner.code) for row in rows if isinstance(row, Mapping)]
                    words = f"{name} {number + 1} {inner.label.ja or inner.code}"
                    yield from _columns(inner, f"{path}.{number}.{inner.code}", words, inside)
        return
    if field.component is Component.FILE:
        for number in range(_longest(values)):
            for key in _FILE_KEYS:
                yield Column(f"{path}.{number}.{key}", f"{name} {number + 1} {_FILE_WORDS[key]}", field.component, key)
        return
    if field.component in PARTS:
        for part in PARTS[field.component]:
            label_of_part = _SIGNATURE_WORDS if field.component is Component.SIGNATURE else {part.code: part.label.ja}
            title = label_of_part.get(part.code) or part.code
            yield Column(f"{path}.{part.code}", f"{name} {title}", field.component, part.code)
        return
    yield Column(path, name, field.component)


def _longest(values: list[Any]) -> int:
    return max((len(value) for value in values if isinstance(value, list)), default=0)


def flatten(columns: Iterable[Column], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return path → text of the answers; "" where there is none."""
    return {column.path: _written(column, _at(answers, column.path)) for column in columns}


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _written(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.component is Component.CALCULATED:
        return _written_freely(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _written_freely(value: Any) -> str:
    """Write a calculated value: a text as it is, unless it would be read as something else."""
    if isinstance(value, str) and value and not isinstance(_parsed(value), _NotJson):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _NotJson:
    """What a text gives that is no JSON."""


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NotJson()


def unflatten(columns: Iterable[Column], cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers that were written into cells (path → text); empty parts are absent (``without_empty``)."""
    answers: dict[str, Any] = {}
    for column in columns:
        text = cells.get(column.path, "")
        if text != "":
            _put(answers, column.path.split("."), _read(column, text))
    return {code: _listed(value) for code, value in answers.items()}


def _put(target: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        target = target.setdefault(step, {})
    target[steps[-1]] = value


def _listed(value: Any) -> Any:
    """Turn objects whose keys are numbers into lists: codes of fields never begin with a digit."""
    if not isinstance(value, dict):
        return value
    inside = {key: _listed(item) for key, item in value.items()}
    if inside and all(key.isdecimal() for key in inside):
        return [inside[key] for key in sorted(inside, key=int)]
    return inside


def _read(column: Column, text: str) -> Any:
    if column.component is Component.CALCULATED:
        parsed = _parsed(text)
        return text if isinstance(parsed, _NotJson) else parsed
    if column.component in (Component.YES_NO, Component.CONSENT):
        return {"1": True, "0": False}.get(text, text)
    if column.component is Component.CHOICES:
        return text.split(SEPARATOR)
    if column.component in _NUMBERS or (column.component is Component.FILE and column.part == "size"):
        parsed = _parsed(text)
        return text if isinstance(parsed, _NotJson) else parsed
    return text


def without_empty(value: Any) -> Any:
    """Return answers without empty parts, which a table cannot tell from parts that are not there."""
    if isinstance(value, Mapping):
        return {key: without_empty(item) for key, item in value.items() if not is_empty(item)}
    return [without_empty(item) for item in value if not is_empty(item)] if isinstance(value, list) else value
