"""The 実施計画 of a project's table: a row of fiscal years and, below it, the words of what happens in each."""

from __future__ import annotations

from madoguchi.plan.rules.draft import DraftAction, ScheduleWord
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row
from madoguchi.plan.rules.reading.years import parse_fiscal_year


class ScheduleReader:
    """Takes the row of years and then any number of rows of words; faults go to ``ledger``."""

    def __init__(self, ledger: Ledger) -> None:
        """Start without years."""
        self._ledger = ledger
        self._years: dict[int, int] = {}
        self._line = 0
        self._width = 0
        self._headed: set[int] = set()
        self._actions: list[DraftAction] = []

    @property
    def is_open(self) -> bool:
        """True once the row of years has come."""
        return self._line > 0

    @property
    def has_words(self) -> bool:
        """True once a row of words has come."""
        return bool(self._actions)

    def take_years(self, row: Row) -> None:
        """Read the years of the columns; a heading that is no known fiscal year is listed."""
        self._line, self._width = row.line, len(row.cells)
        self._headed = {column for column, cell in enumerate(row.clean) if cell}
        for column, cell in enumerate(row.clean[1:], start=1):
            year = parse_fiscal_year(cell)
            if year is not None and year not in self._years.values():
                self._years[column] = year
            elif cell:
                fault = "同じ年度が二度あります" if year is not None else "年度として読み取れません"
                self._ledger.unplaced(row.line, f"実施計画の見出し「{cell}」は、{fault}。", text=cell)

    def take_words(self, row: Row) -> bool:
        """
        Read a row of words; a word that stands under no year is listed. The first cell may name the task.

        A row that does not stand under the row of years cell by cell is listed whole: its words may have slipped a year.
        Gives True when at least one word found its year.
        """
        filled = {column for column, cell in enumerate(row.clean) if cell}
        if len(row.cells) < self._width or not filled <= self._headed:
            self._ledger.unplaced(row.line, "実施計画の欄の数が年度の行と違うため、どの年度のことか分かりません。")
            return False
        words: list[ScheduleWord] = []
        for column, cell in enumerate(row.clean[1:], start=1):
            text = " ".join(cell.split())
            if text and column in self._years:
                words.append(ScheduleWord(fiscal_year=self._years[column], text=text, line=row.line))
            elif text:
                self._ledger.unplaced(
                    row.line, "実施計画の欄に年度の見出しがなく、いつのことか分かりません。", text=text
                )
        if words:
            label = " ".join(row.clean[0].split())
            self._actions.append(DraftAction(label=label, words=tuple(words), line=row.line))
            self._check_gaps(row, words)
        return bool(words)

    def finish(self) -> list[DraftAction]:
        """Give the rows of the schedule."""
        return self._actions

    def _check_gaps(self, row: Row, words: list[ScheduleWord]) -> None:
        said = {word.fiscal_year for word in words}
        for year in sorted(set(self._years.values()) - said):
            self._ledger.warn(row.line, f"実施計画の{year}年度の欄が空です。")
