"""One project sheet (事業) of an Odawara document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from madoguchi.plan.plugins.odawara.outline import Sheet
from madoguchi.plan.plugins.odawara.targets import TargetReader
from madoguchi.plan.rules.draft import DraftAction, DraftIndicator, DraftProject, ScheduleWord
from madoguchi.plan.rules.reading.columns import YearColumns
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row
from madoguchi.plan.rules.reading.markup import clean_text, squash, unwrap
from madoguchi.plan.rules.reading.values import is_nothing

_SECTIONS = re.compile(r"主な(?:担当|所管)(?:課|部署)|(?:担当|所管)課")
_ACTIONS = re.compile(r"主な取り?組み?")
_GROUP = re.compile(r"[●◆■◎]\s*(?P<name>.+)")
_DIVIDER = re.compile(r"[、,，\n]|(?<=[課室部局署会所]) (?=\S)")


@dataclass(slots=True)
class _Content:
    sections: list[str] = field(default_factory=list)
    summary: str = ""
    effects: str = ""
    overall_target: str = ""
    indicators: tuple[DraftIndicator, ...] = ()
    actions: list[DraftAction] = field(default_factory=list)


class SheetReader:
    """Reads the rows of one sheet in order; every row ends in ``ledger``."""

    def __init__(self, sheet: Sheet, ledger: Ledger, *, first_year: int, last_year: int) -> None:
        """Take the rows of ``sheet`` and the period of the plan."""
        self._rows = sheet.rows
        self._ledger = ledger
        self._last_year = last_year
        self._targets = TargetReader(ledger, first_year=first_year, last_year=last_year)
        self._content = _Content()
        self._columns: YearColumns | None = None
        self._part = ""
        self._group = ""
        self._path = ""

    def read(self, code: str, path: str) -> DraftProject | None:
        """Read the sheet as project ``code`` under ``path``; None when it has no name, its rows are then unplaced."""
        title = unwrap(self._rows[0].cells[1]) if len(self._rows[0].cells) > 1 else ""
        if not title:
            for row in self._rows:
                self._ledger.unplaced(row.line, "事業名のない表です。事業名を補ってください。")
            return None
        self._path = f"{path}/project {code}"
        self._ledger.place(self._rows[0].line, self._path)
        for row in self._rows[1:]:
            self._read_row(row)
        content = self._content
        return DraftProject(
            title=title,
            code=code,
            line=self._rows[0].line,
            sections=tuple(dict.fromkeys(content.sections)),
            summary=content.summary,
            effects=content.effects,
            overall_target=content.overall_target,
            actions=tuple(content.actions),
            indicators=content.indicators,
        )

    def _read_row(self, row: Row) -> None:
        head = squash(row.cells[0])
        value = row.cells[1] if len(row.cells) > 1 else ""
        if row.is_blank or (head.isdecimal() and not any(row.clean[1:])):
            self._ledger.ignore(row.line, "空の行" if row.is_blank else "ページ番号")
        elif any(squash(cell) == "事業期間" for cell in row.cells[:2]):
            self._read_years(row)
        elif head and not _ACTIONS.fullmatch(head):
            self._read_text(row, head, value)
        elif head or self._part == "actions":
            self._part = "actions"
            self._read_action(row)
        else:
            self._continue_text(row)

    def _read_text(self, row: Row, head: str, value: str) -> None:
        if _SECTIONS.fullmatch(head):
            self._content.sections += [unwrap(name) for name in _DIVIDER.split(clean_text(value)) if name.strip()]
            self._part = "sections"
        elif head == "事業概要":
            self._content.summary = clean_text(value)
            self._part = "summary"
        elif head == "期待される効果":
            self._content.effects = clean_text(value)
            self._part = "effects"
        elif head == "全体計画目標":
            self._part = "overall_target"
            self._read_target(row, value)
        else:
            self._part = ""
            self._ledger.unplaced(row.line, f"「{head[:20]}」という項目はこの様式にありません。")
            return
        self._ledger.place(row.line, f"{self._path}/{self._part}")

    def _read_target(self, row: Row, value: str) -> None:
        if self._content.overall_target:
            self._ledger.warn(row.line, "全体計画目標が同じ事業に2つあります。")
        self._content.overall_target = "\n".join(filter(None, (self._content.overall_target, clean_text(value))))
        self._content.indicators += self._targets.read(value, row.line, self._path)

    def _continue_text(self, row: Row) -> None:
        """Add a row without a heading to the text above it, as where a page break cut a cell."""
        text = "\n".join(cell for cell in row.clean if cell)
        if self._part == "summary":
            self._content.summary += "\n" + text
        elif self._part == "effects":
            self._content.effects += "\n" + text
        else:
            self._ledger.unplaced(row.line, "どの項目の続きか分からない行です。")
            return
        self._ledger.place(row.line, f"{self._path}/{self._part}")

    def _read_years(self, row: Row) -> None:
        self._part = "actions"
        self._columns = YearColumns.from_header(row.cells, last_year=self._last_year)
        if self._columns is None:
            self._ledger.unplaced(row.line, "事業期間の年度を読み取れません。年度を確かめてください。")
        else:
            self._ledger.place(row.line, f"{self._path}/years")

    def _read_action(self, row: Row) -> None:
        label = unwrap(row.cells[1]) if len(row.cells) > 1 else ""
        if not label:
            self._ledger.unplaced(row.line, "取り組みの名称がない行です。")
            return
        words = self._words(row)
        group = _GROUP.fullmatch(label)
        if group and not words:
            self._group = group["name"]
            self._ledger.place(row.line, f"{self._path}/group {self._group}")
            return
        name = f"{self._group}：{label}" if self._group else label
        self._content.actions.append(DraftAction(label=name, words=words, line=row.line))
        self._ledger.place(row.line, f"{self._path}/action {name}")

    def _words(self, row: Row) -> tuple[ScheduleWord, ...]:
        """Give what stands under the years; the bars themselves are drawings and leave no text behind."""
        words: list[ScheduleWord] = []
        for column in range(2, len(row.cells)):
            text = unwrap(row.cells[column])
            if is_nothing(text):
                continue
            year = self._columns.year_at(column, first_value=2) if self._columns else None
            if year is None:
                self._ledger.unplaced(row.line, "事業期間の年度の見出しがない列の語です。", text=text)
            else:
                words.append(ScheduleWord(fiscal_year=year, text=text, line=row.line))
        return tuple(words)
