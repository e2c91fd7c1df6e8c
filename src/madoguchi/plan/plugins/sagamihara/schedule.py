"""The table of what is planned (取組予定) of a project sheet: actions and outcome indicators by fiscal year."""

from __future__ import annotations

from dataclasses import dataclass, field

from madoguchi.plan.rules.draft import DraftAction, DraftIndicator, ScheduleWord
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, clean_text, list_items, squash
from madoguchi.plan.rules.reading.values import is_nothing
from madoguchi.plan.rules.reading.years import year_header

from .kpi import IndicatorCells, is_to_be_set, read_indicators
from .sheets import split_sections

_ACTIONS, _INDICATORS, _DESCRIPTION = "行動目標", "成果指標", "成果指標の説明"
_SECTIONS = frozenset({"所管課", "担当課", "実施主体"})


@dataclass(slots=True)
class Schedule:
    """What the table of a sheet says; ``to_be_set`` is the document's remark that the indicators are set later."""

    actions: list[DraftAction] = field(default_factory=list)
    indicators: tuple[DraftIndicator, ...] = ()
    to_be_set: str = ""
    sections: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Rows:
    years: list[int | None]
    ledger: Ledger
    place: str
    indicators: Row | None = None
    description: Row | None = None
    schedule: Schedule = field(default_factory=Schedule)

    def cells(self, row: Row) -> list[tuple[int, str]]:
        """Give the filled cells of a row with their years; values under no known year are reported."""
        found = []
        for year, cell in zip(self.years[1:], row.cells[1:], strict=True):
            if is_nothing(cell):
                continue
            if year is None:
                self.ledger.unplaced(row.line, "この値の列の年度が分かりません。", text=clean_text(cell))
            else:
                found.append((year, cell))
        return found


def read_schedule(table: Table, ledger: Ledger, *, place: str) -> Schedule:
    """Read the table of a sheet; ``place`` is the path of the project. Rows that fit no rule are listed as unplaced."""
    years = _header(table, ledger)
    if years is None:
        for row in table.rows:
            ledger.unplaced(row.line, "取組予定の表に年度の見出しがありません。")
        return Schedule()
    ledger.ignore(table.rows[0].line, "表の見出し")
    rows = _Rows(years, ledger, place)
    for row in table.rows[1:]:
        if len(row.cells) != len(years):
            ledger.unplaced(row.line, f"列の数（{len(row.cells)}）が見出しの列の数（{len(years)}）と合いません。")
        else:
            _take_row(row, rows)
    _finish(rows)
    return rows.schedule


def _header(table: Table, ledger: Ledger) -> list[int | None] | None:
    """Give the years of the columns; where a year stands twice nobody knows which column is its own, so neither is."""
    header = table.rows[0]
    years = year_header(header.cells)
    if years is None:
        return None
    twice = {year for year in years if year is not None and years.count(year) > 1}
    for year in sorted(twice):
        ledger.warn(header.line, f"{year}年度の列が2つあります。")
    return [None if year in twice else year for year in years]


def _take_row(row: Row, rows: _Rows) -> None:
    label = squash(row.cells[0])
    known = {_INDICATORS: rows.indicators, _DESCRIPTION: rows.description}
    if label == _ACTIONS:
        rows.schedule.actions.append(_action(row, rows))
        rows.ledger.place(row.line, f"{rows.place}/actions")
    elif label in known and known[label] is None:
        if label == _INDICATORS:
            rows.indicators = row
        else:
            rows.description = row
    elif label in _SECTIONS:
        rows.schedule.sections += [name for cell in row.cells[1:] for name in split_sections(cell)]
        rows.ledger.place(row.line, f"{rows.place}/sections")
    elif label in known:
        rows.ledger.unplaced(row.line, f"「{label}」の行が1つの表に2つあります。")
    else:
        rows.ledger.unplaced(row.line, f"「{label}」という行は取組予定の表で知られていません。")


def _action(row: Row, rows: _Rows) -> DraftAction:
    words = [
        ScheduleWord(fiscal_year=year, text=item, line=row.line)
        for year, cell in rows.cells(row)
        for item in list_items(cell)
    ]
    return DraftAction(label="", words=tuple(words), line=row.line)


def _finish(rows: _Rows) -> None:
    """Read the indicator row together with its description."""
    description = _description(rows)
    if is_to_be_set(description):
        rows.schedule.to_be_set = description
    if rows.indicators is None:
        return
    line = rows.indicators.line
    cells = tuple(rows.cells(rows.indicators))
    rows.schedule.indicators = read_indicators(IndicatorCells(cells, description, line), rows.ledger)
    labels = [indicator.label for indicator in rows.schedule.indicators]
    if description and not labels and not rows.schedule.to_be_set:
        rows.ledger.warn(line, f"成果指標「{description}」の目標値がどの年度にもありません。")
        rows.schedule.indicators = (DraftIndicator(label=description, note=description, line=line),)
    rows.ledger.place(line, f"{rows.place}/indicators ({len(labels)})")


def _description(rows: _Rows) -> str:
    row = rows.description
    if row is None:
        return ""
    said = list(dict.fromkeys(text for cell in row.clean[1:] if (text := " ".join(cell.split("\n")))))
    rows.ledger.place(row.line, f"{rows.place}/indicator notes")
    return "、".join(said)
