"""Tables of applications: one row each, headed in Japanese, safe to open, exact to read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from madoguchi.kit.csvio import decode, guard_cell, write_csv

from .columns import Column

NUMBER = "受付番号"
_APOSTROPHE = "'"


def write_table(
    columns: Sequence[Column], rows: Iterable[tuple[str, Mapping[str, str]]], *, encoding: str, is_guarded: bool
) -> bytes:
    """
    Write (number, cells) as CSV with a heading line. Raises ``CsvError`` for a character the encoding lacks.

    With ``is_guarded`` every text a spreadsheet would run as a formula begins with an apostrophe, as does every text that
    begins with one: taking one apostrophe away gives the answer back.
    """
    show = protect if is_guarded else str
    header = [NUMBER, *(column.heading for column in columns)]
    lines = ([number, *(show(cells[column.path]) for column in columns)] for number, cells in rows)
    return write_csv(header, lines, encoding=encoding, guard=False)


def protect(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return _APOSTROPHE + text if text.startswith(_APOSTROPHE) or guard_cell(text) != text else text


def read_table(content: bytes, columns: Sequence[Column], *, is_guarded: bool) -> list[tuple[str, dict[str, str]]]:
    """Read a table that was written with these columns; raises ``CsvError`` for an unknown encoding, ``KeyError`` for others."""
    text, _encoding = decode(content)
    lines = csv.reader(io.StringIO(text, newline=""))
    places = {heading: place for place, heading in enumerate(next(lines))}
    found = []
    for line in lines:
        cells = {column.path: line[places[column.heading]] for column in columns}
        if is_guarded:
            cells = {path: cell.removeprefix(_APOSTROPHE) for path, cell in cells.items()}
        found.append((line[places[NUMBER]], cells))
    return found
