"""Survey tables of the annex (市政に関する世論調査): shares in per cent by year, kept as figures that the document states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from madoguchi.plan.rules.draft import ReportedFigure
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, squash
from madoguchi.plan.rules.reading.years import parse_fiscal_year

from .layout import Chapter

_NUMBER = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*%?")
_RATE = "利用率"


def read_surveys(chapter: Chapter, ledger: Ledger, *, place: str) -> Iterator[ReportedFigure]:
    """Give the figures of the survey tables of a chapter; values that are no number are listed as unplaced."""
    for table in (item for item in chapter.items if isinstance(item, Table)):
        header = [squash(cell) for cell in table.rows[0].cells]
        if header[0] == "年度" and any(_RATE in cell for cell in header):
            yield from _read_table(table, ledger, place)


def _read_table(table: Table, ledger: Ledger, place: str) -> Iterator[ReportedFigure]:
    heads = [row for row in table.rows if parse_fiscal_year(row.cells[0]) is None]
    labels = _labels(heads)
    for row in heads:
        ledger.ignore(row.line, "表の見出し")
    for row in (row for row in table.rows if row not in heads):
        if len(row.cells) != len(labels):
            ledger.unplaced(row.line, f"列の数（{len(row.cells)}）が見出しの列の数（{len(labels)}）と合いません。")
            continue
        ledger.place(row.line, f"{place}/reported")
        yield from _figures(row, labels, ledger)


def _labels(heads: list[Row]) -> list[str]:
    """Join the rows of a header: a group such as 機器 stands over all columns up to the next group."""
    labels: list[str] = []
    group = ""
    for index, cell in enumerate(heads[0].cells):
        group = squash(cell) or group
        below = [squash(row.cells[index]) for row in heads[1:] if index < len(row.cells)]
        labels.append(" ".join(part for part in (group, *below) if part))
    return labels


def _figures(row: Row, labels: list[str], ledger: Ledger) -> Iterator[ReportedFigure]:
    year = squash(row.cells[0])
    for label, text in list(zip(labels, row.clean, strict=True))[1:]:
        match = _NUMBER.fullmatch(text)
        if match:
            value = float(match["number"])
            yield ReportedFigure(label=f"{label}（{year}）", text=text, value=value, line=row.line)
        elif text:
            ledger.unplaced(row.line, f"「{label}」の値が数ではありません。", text=text)
