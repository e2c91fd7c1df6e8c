"""Codes inside a definition: free ones for new things, and renaming with everything that refers to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from .paths import Path

CODE = re.compile(r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*|\.\s*|.', re.DOTALL)
LONGEST = 60


def free_code(wanted: str, taken: set[str]) -> str:
    """Return ``wanted`` as a code that is not taken: ``address``, ``address_2`` …"""
    stem = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")
    stem = stem if stem and stem[0].isalpha() else f"item_{stem}".strip("_")
    stem = re.sub(r"_\d+$", "", stem)[: LONGEST - 6] or "item"
    stem = stem.strip("_")
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}_{number}"
    return code


def all_fields(document: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every field of the form with its path, those inside groups after their group."""
    for step_number, step in enumerate((document.get("form") or {}).get("steps") or []):
        yield from _fields(("form", "steps", step_number, "fields"), step.get("fields") or [])


def _fields(base: Path, fields: list[dict[str, Any]]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for number, field in enumerate(fields):
        path = (*base, number)
        yield path, field
        yield from _fields((*path, "fields"), field.get("fields") or [])


def field_codes(document: dict[str, Any]) -> set[str]:
    """Return the codes of all fields, those inside groups too: a new code differs from all of them."""
    return {str(field.get("code", "")) for _path, field in all_fields(document)}


def conditions(document: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield every FEEL text that may name a field, with its path."""
    for number, step in enumerate((document.get("form") or {}).get("steps") or []):
        if step.get("visible_if"):
            yield ("form", "steps", number, "visible_if"), step["visible_if"]
    for path, field in all_fields(document):
        for key in ("visible_if", "required_if", "calculation"):
            if field.get(key):
                yield (*path, key), field[key]
    for number, needed in enumerate(document.get("documents") or []):
        if needed.get("required_if"):
            yield ("documents", number, "required_if"), needed["required_if"]
    for code, decision in (document.get("decisions") or {}).items():
        for number, column in enumerate((decision.get("table") or {}).get("inputs") or []):
            expression = column.get("expression") or column.get("name")
            if expression:
                key = "expression" if column.get("expression") else "name"
                yield ("decisions", code, "table", "inputs", number, key), expression


def names_in(text: str) -> set[str]:
    """Return the names a FEEL text mentions: not those inside quotation marks nor those after a dot."""
    return {token for token, is_name in _tokens(text) if is_name}


def uses_of(document: dict[str, Any], code: str) -> list[Path]:
    """Return the places that refer to a field."""
    found = [path for path, text in conditions(document) if code in names_in(text)]
    if (document.get("deadline") or {}).get("from_field") == code:
        found.append(("deadline", "from_field"))
    for number, output in enumerate(document.get("outputs") or []):
        if code in (output.get("fields") or []):
            found.append(("outputs", number, "fields"))
    return found


def renamed_in(text: str, old: str, new: str) -> str:
    """Return a FEEL text with a name replaced; quoted texts and properties after a dot stay."""
    return "".join(new if is_name and token == old else token for token, is_name in _tokens(text))


def rewritten(document: Any, change: Callable[[str], str]) -> Any:
    """Return the document with every FEEL text changed."""
    from .paths import replaced

    for path, text in list(conditions(document)):
        after = change(text)
        if after != text:
            document = replaced(document, path, after)
    return document


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    after_dot = False
    for token in _TOKEN.findall(text):
        is_name = (token[0].isalpha() or token[0] == "_") and not after_dot
        yield token, is_name
        if token.strip():
            after_dot = token.strip() == "."
