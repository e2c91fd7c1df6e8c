"""
Conditions made by choosing: a list of clauses (field, comparison, value) joined by "and" or "or", as FEEL and back.

``write_condition`` gives FEEL; ``read_condition`` reads exactly what it writes (whatever the spaces), so that a condition
somebody wrote by hand is shown as text instead of being misunderstood.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Join = Literal["and", "or"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "contains", "lacks", "empty", "filled"]
OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=", "contains", "lacks", "empty", "filled")
WITHOUT_VALUE = ("empty", "filled")

_NAME = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*(?:\.[a-z][a-z0-9_]*)?"
_VALUE = r'"(?:[^"\\]|\\.)*"|true|false|-?\d+(?:\.\d+)?|date\(\s*"\d{4}-\d{2}-\d{2}"\s*\)'
_COMPARISON = re.compile(rf"^(?P<name>{_NAME})\s*(?P<operator>!=|<=|>=|=|<|>)\s*(?P<value>{_VALUE}|null)$")
_CONTAINS = re.compile(rf"^list contains\(\s*(?P<name>{_NAME})\s*,\s*(?P<value>{_VALUE})\s*\)$")
_LACKS = re.compile(rf"^not\(\s*list contains\(\s*(?P<name>{_NAME})\s*,\s*(?P<value>{_VALUE})\s*\)\s*\)$")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\s+(?:and|or)\s+|.', re.DOTALL)
_DATE = re.compile(r'^date\(\s*"(\d{4}-\d{2}-\d{2})"\s*\)$')


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison. ``value`` is a text, a truth value, a number or a date; it is not used by "empty" and "filled"."""

    field: str
    operator: Operator
    value: str | bool | int | float | date | None = None

    @property
    def is_complete(self) -> bool:
        """True when the clause says something."""
        return bool(self.field) and (self.operator in WITHOUT_VALUE or self.value not in (None, ""))


def write_condition(clauses: list[Clause], join: Join = "and") -> str:
    """Return the FEEL of the complete clauses; an empty text for none."""
    return f" {join} ".join(_written(clause) for clause in clauses if clause.is_complete)


def read_condition(text: str) -> tuple[Join, list[Clause]] | None:
    """Return how the clauses are joined and the clauses, or None for FEEL that is not made of them."""
    if not text.strip():
        return "and", []
    parts, joins = _split(text.strip())
    if len(set(joins)) > 1:
        return None
    clauses = [_read(part) for part in parts]
    known = [clause for clause in clauses if clause is not None]
    return (("or" if joins and joins[0] == "or" else "and"), known) if len(known) == len(parts) else None


def literal(value: Any) -> str:
    """Return a value as FEEL."""
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)


def _written(clause: Clause) -> str:
    if clause.operator in WITHOUT_VALUE:
        return f"{clause.field} {'=' if clause.operator == 'empty' else '!='} null"
    if clause.operator == "contains":
        return f"list contains({clause.field}, {literal(clause.value)})"
    if clause.operator == "lacks":
        return f"not(list contains({clause.field}, {literal(clause.value)}))"
    return f"{clause.field} {clause.operator} {literal(clause.value)}"


def _split(text: str) -> tuple[list[str], list[str]]:
    parts, joins = [""], []
    for piece in _PIECE.findall(text):
        if piece.strip() in ("and", "or") and piece != piece.strip():
            joins.append(piece.strip())
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts], joins


def _read(part: str) -> Clause | None:
    for pattern, operator in ((_CONTAINS, "contains"), (_LACKS, "lacks")):
        match = pattern.match(part)
        if match:
            return _clause(match["name"], operator, match["value"])
    match = _COMPARISON.match(part)
    if match is None:
        return None
    if match["value"] == "null":
        operator = {"=": "empty", "!=": "filled"}.get(match["operator"], "")
        return _clause(match["name"], operator, "null") if operator else None
    return _clause(match["name"], match["operator"], match["value"])


def _clause(name: str, operator: str, text: str) -> Clause | None:
    found = next((item for item in OPERATORS if item == operator), None)
    if found is None:
        return None
    day = _DATE.match(text)
    try:
        value = date.fromisoformat(day[1]) if day else json.loads(text)
    except ValueError:
        return None
    return Clause(name, found, value)
