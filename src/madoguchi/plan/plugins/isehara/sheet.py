"""One project sheet (取組) of an Isehara document: title, content, effects, schedule bars and indicators by year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from madoguchi.plan.plugins.isehara.outline import CODE, Sheet, split_marks
from madoguchi.plan.plugins.isehara.schedule import Bars
from madoguchi.plan.plugins.isehara.series import Placed, SeriesSet
from madoguchi.plan.rules.draft import DraftAction, DraftIndicator
from madoguchi.plan.rules.reading.columns import YearColumns
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row
from madoguchi.plan.rules.reading.markup import clean_text, squash, unwrap
from madoguchi.plan.rules.reading.values import is_nothing, parse_value

_SECTION = re.compile(r"(?P<name>取組\s*スケジュール|成果\s*指\s*標|指\s*標)\s*(?P<rest>.*)", re.DOTALL)
_SECTIONS_IN_CHARGE = re.compile(r"[\[［]([^\[\]［］]+)[\]］]")
_DONE = frozenset({"完了", "達成", "実施済", "実施済み"})
_MOST_EXTRA = 2


@dataclass(frozen=True, slots=True)
class YearRow:
    """A row under the year headings: what it is about, its cells, and the column where its values begin."""

    line: int
    label: str
    cells: tuple[str, ...]
    first_value: int
    section: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The cells that hold values."""
        return self.cells[self.first_value :]


@dataclass(slots=True)
class SheetContent:
    """What was read of a sheet."""

    title: str = ""
    code: str = ""
    marks: tuple[str, ...] = ()
    line: int = 0
    summary: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    actions: tuple[DraftAction, ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()


class SheetReader:
    """Reads the rows of one sheet in order; every row ends in ``ledger``."""

    def __init__(self, sheet: Sheet, ledger: Ledger, *, first_year: int, last_year: int) -> None:
        """Take the rows of ``sheet``; ``first_year`` and ``last_year`` bound the plan, years before are its past."""
        self._rows = sheet.rows
        self._ledger = ledger
        self._years = (first_year, last_year)
        self._content = SheetContent(line=sheet.rows[0].line)
        self._path = ""
        self._part = "title"
        self._columns: YearColumns | None = None
        self._bars = Bars(ledger)
        self._series = SeriesSet(ledger, first_year=first_year, last_year=last_year)

    def read(self, path: str) -> SheetContent | None:
        """Read the sheet to be placed under ``path``; None when it has no title, its rows are then unplaced."""
        self._read_title(self._rows[0])
        content = self._content
        if not content.title:
            for row in self._rows:
                self._ledger.unplaced(row.line, "取組の名称がない表です。名称を補ってください。")
            return None
        self._path = f"{path}/project {content.code or content.title}"
        self._ledger.place(content.line, self._path)
        for row in self._rows[1:]:
            self._read_row(row)
        content.actions = self._bars.actions()
        content.indicators = self._series.indicators()
        self._compare_with_bars()
        return content

    def _read_title(self, row: Row) -> None:
        cells = [cell for cell in row.clean[1:] if cell]
        codes = [match.group() for cell in cells if (match := CODE.fullmatch(squash(cell)))]
        titles = [cell for cell in cells if squash(cell) != "取組番号" and not CODE.fullmatch(squash(cell))]
        self._content.code = codes[0] if codes else ""
        if titles:
            self._content.title, self._content.marks = split_marks(titles[0])
        if titles and not codes:
            self._ledger.warn(row.line, "取組番号が読み取れません。番号を補ってください。")

    def _read_row(self, row: Row) -> None:
        head = squash(row.cells[0])
        if row.is_blank:
            self._ledger.ignore(row.line, "空の行")
        elif head.isdecimal() and not any(row.clean[1:]):
            self._ledger.ignore(row.line, "ページ番号")
        elif head == "取組内容" or (not head and self._part == "取組内容" and not self._is_header(row)):
            self._read_text(row, "取組内容", self._content.summary)
        elif head == "期待効果" or (not head and self._part == "期待効果" and not self._is_header(row)):
            self._read_text(row, "期待効果", self._content.effects)
        elif self._is_header(row):
            self._read_header(row)
        else:
            self._read_year_row(row)

    @staticmethod
    def _is_header(row: Row) -> bool:
        return any(squash(cell).startswith(("年度毎", "年度ごと")) for cell in row.cells[:2])

    def _read_text(self, row: Row, part: str, into: list[str]) -> None:
        self._part = part
        text = "\n".join(cell for cell in row.clean[1:] if cell)
        into.append(text)
        self._ledger.place(row.line, f"{self._path}/{'summary' if part == '取組内容' else 'effects'}")
        if part == "取組内容":
            named = [name for group in _SECTIONS_IN_CHARGE.findall(text) for name in re.split(r"[、,，\n]", group)]
            self._content.sections += [unwrap_section(name) for name in named if name.strip()]

    def _read_header(self, row: Row) -> None:
        self._part = "取組スケジュール"
        self._columns = YearColumns.from_header(row.cells, last_year=self._years[1])
        if self._columns is None:
            self._ledger.unplaced(row.line, "年度の見出しを読み取れません。年度を確かめてください。")
        else:
            self._ledger.place(row.line, f"{self._path}/years")

    def _read_year_row(self, row: Row) -> None:
        entry = self._split(row)
        self._part = entry.section or self._part
        if self._columns is None:
            self._part = self._part if self._part == "指標" else "取組スケジュール"
            self._ledger.unplaced(row.line, "年度の見出し行がないため、どの年度の値か決められません。")
            return
        if not entry.label and all(is_nothing(value) for value in entry.values):
            self._ledger.ignore(row.line, "値のない行（すべて「-」）")
            return
        if self._measures(entry):
            self._read_indicator(entry, self._columns)
        else:
            self._bars.add(entry.line, entry.label, self._spread(entry, self._columns), self._path)

    def _split(self, row: Row) -> YearRow:
        """Part a row into section, label and values; a lost column puts section and label into one cell."""
        head = clean_text(row.cells[0])
        match = _SECTION.fullmatch(head)
        section = squash(match["name"]) if match else ""
        label = match["rest"] if match else head
        first = 1
        if not label:
            label, first = (row.cells[1] if len(row.cells) > 1 else ""), 2
        return YearRow(row.line, unwrap(label), row.cells, first, "指標" if section.endswith("指標") else section)

    def _measures(self, entry: YearRow) -> bool:
        """Tell indicator rows from bars: by their heading, else by values that are numbers (the heading spans rows)."""
        said = [value for value in entry.values if not is_nothing(value)]
        if entry.section:
            return entry.section == "指標"
        if said and all(_is_number(value) for value in said):
            self._part = "指標"
        if not entry.label and said and all(squash(value) in _DONE for value in said):
            return True
        return self._part == "指標"

    def _read_indicator(self, entry: YearRow, columns: YearColumns) -> None:
        path = f"{self._path}/indicator"
        if entry.label:
            self._series.add(entry.line, entry.label, self._spread(entry, columns), path)
        elif all(squash(value) in _DONE for value in entry.values if not is_nothing(value)):
            self._series.add(entry.line, self._bars.last_label, self._spread(entry, columns), path)
            self._ledger.warn(entry.line, "指標名が原文にないため、直前の取組の名称を指標名としました。")
        else:
            self._series.extend(entry.line, self._spread(entry, columns), path)

    def _spread(self, entry: YearRow, columns: YearColumns) -> list[Placed]:
        """Give each value its year; a cell that holds the values of the lost last columns too is shared out."""
        placed: list[Placed] = []
        for column in range(entry.first_value, len(entry.cells)):
            text = clean_text(entry.cells[column])
            year = columns.year_at(column, first_value=entry.first_value)
            if year is None:
                self._report_strange_column(entry, text)
                continue
            remark = columns.remark_at(column, first_value=entry.first_value)
            is_last = not any(squash(cell) for cell in entry.cells[column + 1 :])
            for offset, part in enumerate(_shares(text, self._years[1] - year) if is_last else [text]):
                placed.append(Placed(year + offset, part, "" if offset else remark))
        return placed

    def _report_strange_column(self, entry: YearRow, text: str) -> None:
        if not is_nothing(text):
            self._ledger.unplaced(
                entry.line, "計画期間の年度の見出しがない列の値です。年度を確かめてください。", text=text
            )

    def _compare_with_bars(self) -> None:
        for series in self._series.finished_milestones():
            for year in self._bars.contradicting(series.label, series.last_said):
                self._ledger.warn(
                    series.line,
                    f"指標「{series.label}」の達成年度（{series.last_said}年度）と取組スケジュールの年度（{year}年度）が異なります。",
                )


def unwrap_section(name: str) -> str:
    """Give the name of a section as one line, a space only between a section and its subsection."""
    return " ".join(clean_text(name).split())


def _is_number(text: str) -> bool:
    parsed = parse_value(text)
    if parsed is None or parsed.value is None:
        return False
    return parsed.out_of is not None or len(parsed.text) - (parsed.end - parsed.start) <= _MOST_EXTRA


def _shares(text: str, more_years: int) -> list[str]:
    """Share out a cell such as 「100% 100%」 or 「継続 継続」 over as many years as it repeats itself in kind."""
    parts = text.split()
    if not 1 < len(parts) <= more_years + 1:
        return [text]
    is_repeated = len(set(parts)) == 1
    return parts if is_repeated or all(_is_number(part) for part in parts) else [text]
