"""Decision tables under edit: columns, rows, and tables made from a question of the form."""

from __future__ import annotations

from typing import Any

from ..definition import Component
from .clauses import literal
from .errors import N_, EditError
from .paths import NOT_THERE, Path, find, join_path, list_at, replaced, value_at

ANY = "-"
"""The cell of an input that takes every value."""


def values_of(field: dict[str, Any] | None) -> list[tuple[str, dict[str, str]]]:
    """Return the cells a question with fixed answers can have (FEEL, label); empty for a question without them."""
    if field is None:
        return []
    if field.get("component") == Component.YES_NO:
        return [
            ("true", {"ja": "はい", "ja-easy": "はい", "en": "Yes"}),
            ("false", {"ja": "いいえ", "ja-easy": "いいえ", "en": "No"}),
        ]
    if field.get("component") == Component.CHOICE:
        return [(literal(option["code"]), option.get("label") or {}) for option in field.get("options") or []]
    return []


def flat_fee(amount: int) -> dict[str, Any]:
    """Return a fee that is always the same."""
    return {"table": {"inputs": [], "outputs": [{"name": "amount"}], "rows": [[str(amount)]], "hit_policy": "F"}}


def table_by(field: dict[str, Any], output: str, empty: str) -> dict[str, Any]:
    """Return a decision with one row per answer of a question (two open rows where the answers are not fixed)."""
    cells = [cell for cell, _label in values_of(field)] or [ANY, ANY]
    inputs = [{"name": field["code"], "expression": field["code"], "label": field.get("label") or {}}]
    return {
        "table": {
            "inputs": inputs,
            "outputs": [{"name": output}],
            "rows": [[cell, empty] for cell in cells],
            "hit_policy": "F",
        }
    }


def eligibility_table(field: dict[str, Any]) -> dict[str, Any]:
    """Return an eligibility table by one question: each answer gives "yes", "maybe" or "no" and the code of a reason."""
    decision = table_by(field, "result", '"yes"')
    decision["table"]["outputs"].append({"name": "reason"})
    decision["table"]["rows"] = [[*row, '""'] for row in decision["table"]["rows"]]
    return decision


def with_row(document: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Return the document with one more row at the end of a table (``rows`` is the path of its rows)."""
    table = _table(document, rows)
    row = [ANY] * len(table["inputs"]) + ["0" if _is_amount(column) else "" for column in table["outputs"]]
    found: dict[str, Any] = replaced(document, rows, [*(table.get("rows") or []), row])
    return found


def with_column(document: dict[str, Any], columns: Path, column: dict[str, Any]) -> dict[str, Any]:
    """Return the document with one more input or output column, and a cell for it in every row."""
    table = _table(document, columns)
    kind = str(columns[-1])
    place = len(table["inputs"]) if kind == "inputs" else len(table["inputs"]) + len(table["outputs"])
    cell = ANY if kind == "inputs" else ""
    rows = [[*row[:place], cell, *row[place:]] for row in table.get("rows") or []]
    changed = {**table, kind: [*table[kind], column], "rows": rows}
    found: dict[str, Any] = replaced(document, columns[:-1], changed)
    return found


def without_column(document: dict[str, Any], column: Path) -> dict[str, Any]:
    """Return the document without a column and its cells; the last output stays."""
    above, kind, number = column[:-2], str(column[-2]), column[-1]
    table = _table(document, (*above, kind))
    value_at(document, column)
    if kind == "outputs" and len(table["outputs"]) == 1:
        raise EditError(N_("結果の列は、少なくとも1つ必要です。"), join_path(column))
    place = int(number) + (len(table["inputs"]) if kind == "outputs" else 0)
    rows = [[*row[:place], *row[place + 1 :]] for row in table.get("rows") or []]
    left = [item for index, item in enumerate(table[kind]) if index != number]
    found: dict[str, Any] = replaced(document, above, {**table, kind: left, "rows": rows})
    return found


def pasted(document: dict[str, Any], rows: Path, row: int, column: int, cells: list[list[str]]) -> dict[str, Any]:
    """Return the document with cells of a spreadsheet written from one cell on; rows are added, columns are not."""
    table = _table(document, rows)
    width = len(table["inputs"]) + len(table["outputs"])
    now = [list(item) for item in table.get("rows") or []]
    for offset, texts in enumerate(cells):
        while len(now) <= row + offset:
            now.append([ANY] * len(table["inputs"]) + [""] * len(table["outputs"]))
        for place, text in enumerate(texts):
            if column + place < width:
                now[row + offset][column + place] = text.strip()
    found: dict[str, Any] = replaced(document, rows, now)
    return found


def _table(document: dict[str, Any], inside: Path) -> dict[str, Any]:
    """Return the table a path lies in (``decisions.<code>.table.<part>``)."""
    if len(inside) < 4 or inside[0] != "decisions" or inside[2] != "table":
        raise EditError(NOT_THERE, join_path(inside))
    table = value_at(document, inside[:3])
    if not isinstance(table, dict) or find(table, ("outputs",)) is None:
        raise EditError(NOT_THERE, join_path(inside))
    for kind in ("inputs", "outputs"):
        list_at(table, (kind,))
    return table


def _is_amount(column: dict[str, Any]) -> bool:
    return column.get("name") == "amount"
