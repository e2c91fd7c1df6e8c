"""The parts of an Odawara document: contents, pillars (柱), the overview table, measures (施策) and project sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from madoguchi.plan.rules.reading.document import Document, Row, SourceLine, Table, iter_blocks
from madoguchi.plan.rules.reading.markup import clean_text, list_items, squash, unwrap

_CHAPTER = re.compile(r"(?P<number>\d+)\s*(?P<title>[^\d\s。…(（.．-][^。]{0,60})")
_SECTION = re.compile(r"[(（](?P<code>\d+)[)）]\s*(?P<title>[^。]{1,60})")
_MEASURE = re.compile(r"(?P<code>\d+-\d+)\s*(?P<title>[^\d。][^。]{0,60})")
_PROJECTS_FOLLOW = re.compile(r"[○◯〇].{0,4}今後の取り?組み?")


@dataclass(slots=True)
class Heading:
    """A pillar or measure as a heading in the text, with the paragraphs below it."""

    code: str
    title: str
    line: int
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OverviewRow:
    """A row of the table of pillars, measures and projects; cells that span rows are empty in all but one."""

    line: int
    pillar: str
    measure: str
    projects: list[str]


@dataclass(slots=True)
class Sheet:
    """The rows of one project sheet and the measure heading above them, if any."""

    measure: Heading | None
    rows: list[Row]


@dataclass(slots=True)
class Outline:
    """What stands where; ``skipped`` are rows that carry nothing of the plan, with the reason."""

    pillars: list[Heading] = field(default_factory=list)
    overview: list[OverviewRow] = field(default_factory=list)
    measures: list[Heading] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def read_outline(document: Document) -> Outline:
    """Find the parts of a document of the Odawara layout."""
    walker = _Walker()
    for block in iter_blocks(document):
        if isinstance(block, Table):
            walker.table(block)
        else:
            walker.line(block)
    return walker.outline


def is_sheet_title(row: Row) -> bool:
    """Tell whether a row opens a sheet: 「事業名」 in the first cell."""
    return squash(row.cells[0]) == "事業名"


def pillar_heading(text: str) -> tuple[str, str] | None:
    """Part 「(1) データ活用の推進」 into code and title, or None."""
    match = _SECTION.fullmatch(text.strip())
    return (match["code"], match["title"].strip()) if match else None


def measure_heading(text: str) -> tuple[str, str] | None:
    """Part 「1-1 オープンデータの推進」 into code and title, or None."""
    match = _MEASURE.fullmatch(text.strip())
    return (match["code"], match["title"].strip()) if match else None


class _Walker:
    def __init__(self) -> None:
        self.outline = Outline()
        self._part = "cover"
        self._measure: Heading | None = None
        self._open: Heading | None = None

    def line(self, line: SourceLine) -> None:
        text = clean_text(line.raw)
        if squash(text) == "目次":
            self._part = "contents"
        elif found := measure_heading(text):
            self._start_measure(Heading(*found, line.number))
        elif match := _CHAPTER.fullmatch(text):
            self._part = "pillars" if "柱" in match["title"] and "一覧" not in match["title"] else "prose"
            self._open = None
        elif self._part == "pillars" and (found := pillar_heading(text)):
            self._open = Heading(*found, line.number)
            self.outline.pillars.append(self._open)
        elif _PROJECTS_FOLLOW.fullmatch(text):
            self._open = None
        elif text and self._open is not None:
            self._open.paragraphs.append(re.sub(r"^[-‐]?\s*・\s*", "・", text))

    def table(self, table: Table) -> None:
        for row in table.rows:
            if is_sheet_title(row):
                self._part = "sheets"
                self._open = None
                self.outline.sheets.append(Sheet(self._measure, [row]))
            elif self._part == "sheets":
                self.outline.sheets[-1].rows.append(row)
            else:
                self._other_row(row)

    def _start_measure(self, heading: Heading) -> None:
        self._part = "measure"
        self._measure = self._open = heading
        self.outline.measures.append(heading)

    def _other_row(self, row: Row) -> None:
        first = [squash(cell) for cell in row.cells[:3]]
        if self._part == "contents":
            self.outline.skipped.append((row.line, "目次"))
        elif row.is_blank:
            self.outline.skipped.append((row.line, "空の行"))
        elif first[:2] == ["柱", "施策"]:
            self._part = "overview"
            self.outline.skipped.append((row.line, "一覧表の見出し"))
        elif self._part == "overview" and len(row.cells) >= 3:
            pillar, measure = (unwrap(cell) for cell in row.cells[:2])
            self.outline.overview.append(OverviewRow(row.line, pillar, measure, list_items(row.cells[2])))
