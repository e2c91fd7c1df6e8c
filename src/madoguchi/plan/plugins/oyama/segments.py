"""
The parts of an Oyama document: goals in prose, the list of projects (表6-1), one table per project, the DX table (表6-2).

Blank lines and page breaks tear tables anywhere, so a row belongs to the part whose heading row came last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from madoguchi.plan.plugins.oyama.wording import CIRCLED, agreement, circled_numbers
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document, Row, SourceLine, Table, iter_blocks, squash

_GOAL = re.compile(rf"【基本目標 ?(?P<number>[{CIRCLED}]|\d{{1,2}})】 ?(?P<title>.*)")
_HEADING = re.compile(r"\s*(?:[\d０-９]{1,2}[.．]\s*\D|[(（][\d０-９]{1,2}[)）]).{0,40}")
_FURNITURE = re.compile(r"[-‐－—– ]*\d{1,3}[-‐－—– ]*")

Mode = Literal["", "overview", "sheet", "dx"]


@dataclass(slots=True)
class GoalText:
    """A goal (基本目標) as its heading and the text under it state it."""

    code: str
    title: str
    line: int
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SheetRows:
    """The rows of one project's table and the goal under whose heading it stands (empty when before any)."""

    goal: str
    rows: list[Row]


@dataclass(slots=True)
class Segments:
    """The document taken apart."""

    goals: dict[str, GoalText] = field(default_factory=dict)
    overview: list[Row] = field(default_factory=list)
    sheets: list[SheetRows] = field(default_factory=list)
    dx: list[Row] = field(default_factory=list)


def is_sheet_header(row: Row) -> bool:
    """Tell whether a row opens a project's table: it names the responsible sections (主管課)."""
    return any(squash(cell).startswith("主管課") for cell in row.cells)


def split_document(document: Document, ledger: Ledger) -> Segments:
    """Take a document apart; text that a torn cell left between the rows of a table goes to the ledger."""
    splitter = _Splitter(ledger)
    for block in iter_blocks(document):
        if isinstance(block, Table):
            for row in block.rows:
                splitter.take_row(row)
        elif text := block.clean.replace("\n", " "):
            splitter.take_line(block, text)
    return splitter.segments


class _Splitter:
    def __init__(self, ledger: Ledger) -> None:
        self.segments = Segments()
        self._ledger = ledger
        self._mode: Mode = ""
        self._goal = ""
        self._open: GoalText | None = None

    def take_row(self, row: Row) -> None:
        self._open = None
        labels = {squash(cell) for cell in row.cells}
        if is_sheet_header(row):
            self._mode = "sheet"
            self.segments.sheets.append(SheetRows(self._goal, []))
        elif {"施策名", "SDGs"} <= labels:
            self._mode = "overview"
        elif "情報化施策" in labels and any("DX取組事項" in label for label in labels):
            self._mode = "dx"
        if self._mode == "sheet":
            self.segments.sheets[-1].rows.append(row)
        elif self._mode == "overview":
            self.segments.overview.append(row)
        elif self._mode == "dx":
            self.segments.dx.append(row)

    def take_line(self, line: SourceLine, text: str) -> None:
        if _FURNITURE.fullmatch(text):
            return
        if goal := _GOAL.fullmatch(text):
            self._take_goal(goal, line.number)
        elif _HEADING.fullmatch(line.raw.rstrip()):
            self._mode, self._open = "", None
        elif self._open is not None:
            self._take_goal_text(self._open, text, line.number)
        elif self._mode == "sheet" and not self._is_complete():
            self._ledger.unplaced(line.number, "施策表の行と行の間にある文です。前の欄の続きかどうか確かめてください。")
        elif self._mode in ("overview", "dx"):
            self._mode = ""

    def _take_goal(self, match: re.Match[str], line: int) -> None:
        number = match["number"]
        code = number if number.isascii() else str(circled_numbers(number)[0])
        self._mode, self._goal = "", code
        known = self.segments.goals.get(code)
        if known is None:
            self._open = self.segments.goals[code] = GoalText(code, match["title"], line)
        else:
            self._open = None
            self._ledger.place(line, f"goal {code}/見出し")
            if match["title"] and agreement(known.title, match["title"]) < 1:
                self._ledger.warn(line, f"基本目標{number}の名称が{known.line}行目と違います。")

    def _take_goal_text(self, goal: GoalText, text: str, line: int) -> None:
        if goal.title:
            goal.paragraphs.append(re.sub(r"^[-‐－] ?", "", text))
            self._ledger.place(line, f"goal {goal.code}/説明")
        else:
            goal.title, goal.line = text, line
            self._ledger.place(line, f"goal {goal.code}/名称")

    def _is_complete(self) -> bool:
        """Tell whether the open table has come to the row of words under its schedule (実施計画)."""
        labels = [squash(row.cells[0]) for row in self.segments.sheets[-1].rows]
        return "実施計画" in labels[:-1]
