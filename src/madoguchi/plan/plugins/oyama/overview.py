"""The list of all projects (情報化施策の取り組み一覧): which goals, fields and SDGs each one serves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from madoguchi.plan.plugins.oyama.wording import CIRCLED, circled_numbers, split_circled
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, squash, unwrap

_MARKS = frozenset("○〇◯●◎")
_NUMBERED = re.compile(r"(?P<code>\d{1,3})(?:[ .．]+|(?=\D))(?P<name>\D.*)")
_SDG_CELL = re.compile(rf"[{CIRCLED}\d\s、,，]+")
_GOAL_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """
    One row of the list.

    ``categories`` are the names of the goal columns that bear a mark, or None where a page break swallowed a column and
    the marks can only be counted (``mark_count``).
    """

    line: int
    code: str
    name: str
    categories: tuple[str, ...] | None
    mark_count: int
    fields: tuple[str, ...]
    sdgs: tuple[int, ...]


def read_overview(rows: Iterable[Row], ledger: Ledger) -> dict[str, OverviewEntry]:
    """Read the rows of the list, by project number; heading rows are ignored, rows without a number stay unplaced."""
    entries: dict[str, OverviewEntry] = {}
    columns: tuple[str, ...] = ()
    for row in rows:
        entry = _entry(row, columns)
        if entry is None and (names := _column_names(row)) is not None:
            columns = names or columns
            ledger.ignore(row.line, "施策一覧表の見出し")
        elif entry is None:
            ledger.unplaced(row.line, "施策一覧表の行ですが、施策の番号と名称が読み取れません。")
        elif entry.code in entries:
            ledger.unplaced(row.line, f"施策一覧表に施策{entry.code}が二度出てきます。初めの行を採りました。")
        else:
            entries[entry.code] = entry
    return entries


def _column_names(row: Row) -> tuple[str, ...] | None:
    """Give the goal columns of a heading row (empty for the row above them), None when the row is no heading."""
    labels = [squash(cell) for cell in row.cells]
    if "施策名" in labels:
        return ()
    if any(label and (label in _MARKS or any(char.isdigit() for char in label)) for label in labels):
        return None
    names = tuple(labels[:_GOAL_COLUMNS])
    return names if all(names) and not any(labels[_GOAL_COLUMNS:]) else None


def _entry(row: Row, columns: Sequence[str]) -> OverviewEntry | None:
    cells = row.clean
    first = next((index for index, cell in enumerate(cells) if cell and squash(cell) not in _MARKS), None)
    if first is None:
        return None
    rest = [cell for cell in cells[first:] if cell]
    if squash(rest[0]).isdecimal() and len(rest) > 1:
        rest[:2] = [f"{squash(rest[0])} {rest[1]}"]
    numbered = _NUMBERED.fullmatch(unwrap(rest[0]))
    if numbered is None:
        return None
    marks = [index for index in range(first) if cells[index]]
    sdgs = [cell for cell in rest[1:] if _SDG_CELL.fullmatch(cell)]
    fields = [cell for cell in rest[1:] if not _SDG_CELL.fullmatch(cell)]
    return OverviewEntry(
        line=row.line,
        code=str(int(numbered["code"])),
        name=numbered["name"],
        categories=tuple(columns[index] for index in marks) if len(columns) == first else None,
        mark_count=len(marks),
        fields=tuple(name for cell in fields for name in split_circled(cell)),
        sdgs=tuple(number for cell in sdgs for number in _numbers(cell)),
    )


def _numbers(cell: str) -> list[int]:
    return circled_numbers(cell) or [int(digits) for digits in re.findall(r"\d+", cell)]
