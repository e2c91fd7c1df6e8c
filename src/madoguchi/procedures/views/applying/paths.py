"""Answers by their path (``kids.0.paper``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def at_path(answers: Mapping[str, Any], path: str) -> Any:
    """Return the answer at a path, None where there is none."""
    found: Any = answers
    for part in path.split("."):
        if isinstance(found, list):
            found = found[int(part)] if part.isdigit() and int(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, Mapping) else None
    return found


def put_at(answers: dict[str, Any], before: Mapping[str, Any], path: str, value: Any) -> None:
    """Put an answer at a path of a field, or of a field in a row; rows that are not in ``answers`` come from ``before``."""
    code, _dot, rest = path.partition(".")
    if not rest:
        answers[code] = value
        return
    index, _dot, inner = rest.partition(".")
    rows = list(answers.get(code) or before.get(code) or [])
    rows += [{} for _missing in range(int(index) + 1 - len(rows))]
    rows[int(index)] = {**rows[int(index)], inner: value}
    answers[code] = rows
