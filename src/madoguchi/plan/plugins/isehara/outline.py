"""The parts of an Isehara document: contents, list of projects, legend, goals with their sheets, glossary."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from madoguchi.plan.rules.reading.document import Document, Row, SourceLine, Table, iter_blocks
from madoguchi.plan.rules.reading.markup import clean_text, squash, unwrap

CODE = re.compile(r"\d+[-‐－–]\d+")
_CHAPTER = re.compile(r"\d+\s*(?P<title>[^\d。][^。]{0,60})")
_GOAL = re.compile(r"基本方針\s*(?P<code>\d+)\s*(?P<title>.+)")
_LEGEND = re.compile(r"(?P<mark>【[^】]{1,6}】|[^\w\s「」（）()]{1,2})\s*[：:]\s*(?P<meaning>.+)")
_MARKS = re.compile(r"【[^】]{1,6}】|[☆★◎●○◆◇■□▲△]")


@dataclass(frozen=True, slots=True)
class Goal:
    """A heading 「基本方針1 …」 over sheets."""

    code: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A row of the list of projects (取組事業一覧)."""

    code: str
    title: str
    marks: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Legend:
    """A mark that the document explains: 「☆：…」."""

    mark: str
    meaning: str
    line: int


@dataclass(slots=True)
class Sheet:
    """The rows of one project sheet and the goal heading above them, if any."""

    goal: Goal | None
    rows: list[Row]


@dataclass(slots=True)
class Outline:
    """What stands where in the document; ``skipped`` are rows that carry nothing of the plan, with the reason."""

    goals: list[Goal] = field(default_factory=list)
    entries: list[ListEntry] = field(default_factory=list)
    legends: list[Legend] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def read_outline(document: Document) -> Outline:
    """Find the parts of a document of the Isehara layout."""
    walker = _Walker()
    for block in iter_blocks(document):
        if isinstance(block, Table):
            walker.table(block)
        else:
            walker.line(block)
    return walker.outline


def split_marks(title: str) -> tuple[str, tuple[str, ...]]:
    """Part a project title from its marks: 「【新】電子契約の実現 ☆」 → (電子契約の実現, (【新】, ☆))."""
    plain = clean_text(title)
    return unwrap(_MARKS.sub(" ", plain)).strip(), tuple(_MARKS.findall(plain))


def is_sheet_title(row: Row) -> bool:
    """Tell whether a row opens a sheet: 「取組」 in the first cell."""
    return squash(row.cells[0]) == "取組"


class _Walker:
    def __init__(self) -> None:
        self.outline = Outline()
        self._part = "cover"
        self._goal: Goal | None = None

    def line(self, line: SourceLine) -> None:
        text = clean_text(line.raw)
        if squash(text) == "目次":
            self._part = "contents"
        elif match := _LEGEND.fullmatch(text):
            self.outline.legends.append(Legend(match["mark"], match["meaning"], line.number))
        elif match := _CHAPTER.fullmatch(text):
            self._chapter(match["title"], line.number)
        elif match := _GOAL.fullmatch(text):
            self._open_goal(match, line.number)

    def table(self, table: Table) -> None:
        for row in table.rows:
            if is_sheet_title(row):
                self._part = "sheets"
                self.outline.sheets.append(Sheet(self._goal, [row]))
            elif self._part == "sheets":
                self.outline.sheets[-1].rows.append(row)
            else:
                self._other_row(row)

    def _chapter(self, title: str, line: int) -> None:
        self._part = "prose"
        if match := _GOAL.fullmatch(title):
            self._open_goal(match, line)
        elif "用語" in title:
            self._part = "glossary"
        elif "一覧" in title:
            self._part = "list"

    def _open_goal(self, match: re.Match[str], line: int) -> None:
        self._part = "goal"
        self._goal = Goal(match["code"], match["title"].strip(), line)
        self.outline.goals.append(self._goal)

    def _other_row(self, row: Row) -> None:
        cells = [cell for cell in row.clean if cell]
        if self._part == "contents":
            self.outline.skipped.append((row.line, "目次"))
        elif self._part == "glossary":
            self.outline.skipped.append((row.line, "用語解説"))
        elif not cells:
            self.outline.skipped.append((row.line, "空の行"))
        elif cells[0] == "項目番号":
            self.outline.skipped.append((row.line, "一覧表の見出し"))
        elif len(cells) >= 2 and CODE.fullmatch(cells[0]):
            title, marks = split_marks(cells[1])
            self.outline.entries.append(ListEntry(cells[0], title, marks, row.line))
