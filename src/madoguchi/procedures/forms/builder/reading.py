"""Reading what the builder's pages post: names are ``v.<path>``, with ``~part`` for the parts of a condition and the like."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit.feel import FeelError, compile_expression
from madoguchi.kit.text import normalise_digits

from ...rules.definition import LANGUAGES, Component
from ...rules.editing import OPERATORS, WITH_OPTIONS, Clause, Operator, all_fields, find, parse_path, write_condition
from .properties import property_at

PREFIX = "v."
Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a posted value cannot be taken, and where."""

    path: str
    message: str


def read_values(posted: Posted, document: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a posted page by path, and what cannot be read; places that do not exist are left out."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for path in _places(posted):
        found = property_at(path)
        if found is None or _is_nowhere(document, path):
            continue
        try:
            values |= READERS[found.kind](posted, path, document)
        except ValueError as error:
            faults.append(Fault(path, str(error)))
    return values, faults


def _places(posted: Posted) -> list[str]:
    """Return the places of properties, each once: languages and parts belong to theirs."""
    names = (name[len(PREFIX) :].partition("~")[0] for name in posted if name.startswith(PREFIX))
    return list(dict.fromkeys(re.sub(rf"\.({'|'.join(LANGUAGES)})$", "", name) for name in names))


def _is_nowhere(document: dict[str, Any], path: str) -> bool:
    above = parse_path(path)[:-1]
    found = find(document, above) if above else document
    return not isinstance(found, dict | list) or (isinstance(found, list) and int(parse_path(path)[-1]) >= len(found))


def _last(posted: Posted, name: str) -> str:
    values = posted.get(PREFIX + name) or [""]
    return values[-1].replace("\r\n", "\n").strip()


def _line(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    return {path: " ".join(_last(posted, path).split())}


def _area(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    return {path: _last(posted, path)}


def _text(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    languages = [language for language in LANGUAGES if f"{PREFIX}{path}.{language}" in posted]
    return {f"{path}.{language}": _last(posted, f"{path}.{language}") for language in languages}


def whole_number(text: str) -> int:
    """Return a whole number however it was typed; raises ``ValueError`` with what to do."""
    plain = normalise_digits(text).replace(",", "").replace("，", "").replace("−", "-").strip()
    if not re.fullmatch(r"-?\d{1,9}", plain):
        raise ValueError(_("「%(text)s」は数ではありません。整数で書いてください。") % {"text": text[:40]})
    return int(plain)


def _integer(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    return {path: whole_number(_last(posted, path))}


def _optional(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    text = _last(posted, path)
    return {path: whole_number(text) if text else None}


def _yes(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    return {path: _last(posted, path) == "on"}


def _checks(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    return {path: list(dict.fromkeys(value for value in posted.get(PREFIX + path, []) if value))}


def _tags(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    words = re.split(r"[、,，\n]+", _last(posted, path))
    return {path: list(dict.fromkeys(word.strip() for word in words if word.strip()))}


def _date(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    text = _last(posted, path)
    try:
        return {path: date.fromisoformat(text).isoformat() if text else None}
    except ValueError:
        raise ValueError(_("日付は 2026-04-01 のように書いてください。")) from None


def _json(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    try:
        value = json.loads(_last(posted, path) or "{}")
    except (ValueError, RecursionError) as error:
        raise ValueError(_("JSONとして読めません（%(detail)s）。") % {"detail": error}) from None
    if not isinstance(value, dict):
        raise ValueError(_("項目のコードと値の組（{ … }）で書いてください。"))
    return {path: value}


ROWS = 12
"""Clauses a condition made by choosing may have."""


def _condition(posted: Posted, path: str, document: dict[str, Any]) -> dict[str, Any]:
    """Read the FEEL text where somebody changed it, else the rows of clauses."""
    text = " ".join(_last(posted, f"{path}~feel").split())
    has_rows = f"{PREFIX}{path}~0.field" in posted
    if text != _last(posted, f"{path}~was") or not has_rows:
        problem = feel_problem(text)
        if problem:
            raise ValueError(problem)
        return {path: text}
    clauses = [clause for number in range(ROWS) if (clause := read_clause(posted, f"{path}~{number}", document))]
    return {path: write_condition(clauses, "or" if _last(posted, f"{path}~join") == "or" else "and")}


def unfinished_conditions(posted: Posted, document: dict[str, Any]) -> list[str]:
    """Return the conditions with a clause that still lacks its value: they are shown again as they stand."""
    found = []
    for path in _places(posted):
        known = property_at(path)
        if known is None or known.kind != "condition":
            continue
        clauses = [read_clause(posted, f"{path}~{number}", document) for number in range(ROWS)]
        if any(clause is not None and not clause.is_complete for clause in clauses):
            found.append(path)
    return found


def read_clause(posted: Posted, name: str, document: dict[str, Any]) -> Clause | None:
    """Return one row of a condition; None for one that is not filled in."""
    field, operator = _last(posted, f"{name}.field"), _last(posted, f"{name}.operator") or "="
    known = next((item for item in OPERATORS if item == operator), None)
    if not field or known is None:
        return None
    found = next((item for _path, item in all_fields(document) if item["code"] == field), None)
    if found is not None and found["component"] in WITH_OPTIONS:
        known = _fitting(known, found["component"])
    return Clause(field, known, typed_value(_last(posted, f"{name}.value"), found))


def _fitting(operator: Operator, component: str) -> Operator:
    """Return the comparison that means the same for one choice or for several."""
    several: dict[Operator, Operator] = {"=": "contains", "!=": "lacks"}
    single: dict[Operator, Operator] = {"contains": "=", "lacks": "!="}
    return (several if component == Component.CHOICES else single).get(operator, operator)


def typed_value(text: str, field: dict[str, Any] | None) -> Any:
    """Return a typed value for the field it is compared with; the first answer where none of a fixed list was chosen."""
    component = field["component"] if field else ""
    if component in (Component.YES_NO, Component.CONSENT):
        return text != "false"
    if field is not None and component in WITH_OPTIONS:
        codes = [option["code"] for option in field["options"]]
        return text if text in codes or not codes else codes[0]
    if component in (Component.INTEGER, Component.NUMBER, Component.MONEY, Component.CALCULATED):
        plain = normalise_digits(text).replace(",", "")
        if re.fullmatch(r"-?\d{1,15}", plain):
            return int(plain)
        return float(plain) if re.fullmatch(r"-?\d{1,15}\.\d{1,9}", plain) else text
    if component in (Component.DATE, Component.BIRTH_DATE):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return ""
    return text


def feel_problem(text: str) -> str:
    """Return what is wrong with a FEEL expression; empty for nothing."""
    if not text:
        return ""
    try:
        compile_expression(text)
    except FeelError as error:
        return _("式を読めません。%(detail)s") % {"detail": error}
    return ""


_LIMITS = (("minimum", True), ("maximum", True), ("minLength", True), ("maxLength", True), ("pattern", False))


def _limits(posted: Posted, path: str, document: dict[str, Any]) -> dict[str, Any]:
    kept = find(document, parse_path(path))
    limits = dict(kept) if isinstance(kept, dict) else {}
    for key, is_number in _LIMITS:
        if f"{PREFIX}{path}~{key}" not in posted:
            continue
        text = _last(posted, f"{path}~{key}")
        limits.pop(key, None)
        if text:
            limits[key] = whole_number(text) if is_number else _pattern(text)
    return {path: limits}


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError(_("文字の決まり（正規表現）を読めません。")) from None
    return text


def _expect(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    """Read what a test expects: only what was filled in counts."""
    part = {key: _last(posted, f"{path}~{key}") for key in ("valid", "fee", "eligible", "visible", "hidden", "errors")}
    expect: dict[str, Any] = {}
    if part["valid"]:
        expect["valid"] = part["valid"] == "yes"
    if part["fee"]:
        expect["fee"] = whole_number(part["fee"])
    if part["eligible"]:
        expect["eligible"] = part["eligible"]
    for key in ("visible", "hidden", "errors"):
        words = [word for word in re.split(r"[、,\s]+", part[key]) if word]
        if words:
            expect[key] = words
    kept = find(_document, parse_path(path))
    for key in ("documents", "calculated"):
        if isinstance(kept, dict) and key in kept:
            expect[key] = kept[key]
    return {path: expect}


def _values(posted: Posted, path: str, _document: dict[str, Any]) -> dict[str, Any]:
    """Read named values of an example; each is written as JSON or as plain text."""
    start = f"{PREFIX}{path}~"
    found = {}
    for name in posted:
        if name.startswith(start) and _last(posted, name[len(PREFIX) :]):
            found[name[len(start) :]] = plain_value(_last(posted, name[len(PREFIX) :]))
    return {path: found}


def plain_value(text: str) -> Any:
    """Return a number, truth value or quoted text for what was typed, else the text itself."""
    plain = normalise_digits(text)
    try:
        value = json.loads(plain)
    except ValueError:
        return text
    return value if isinstance(value, str | int | float | bool) else text


READERS = {
    "line": _line, "area": _area, "text": _text, "texts": _text, "integer": _integer, "optional": _optional, "yes": _yes,
    "select": _line, "checks": _checks, "tags": _tags, "date": _date, "json": _json, "condition": _condition, "test": _line,
    "limits": _limits, "expect": _expect, "values": _values,
}  # fmt: skip
