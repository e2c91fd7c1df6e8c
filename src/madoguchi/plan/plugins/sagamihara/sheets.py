"""The project sheets (事業一覧): heading, class, summary and the table of what is planned (取組予定)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Table, list_items, squash

from .layout import Chapter, Paragraph, angle_headings, goal_heading, section_heading, title_key
from .outline import PortfolioClass

_CLASS = re.compile(r"事業区分\s*(?P<group>[A-C])\s*(?:[(（]\s*(?P<mark>重点事業)\s*[)）])?")
_CANDIDATE = re.compile(r"(?:事業区分\s*[(（]?\s*)?(?:事業候補|候補事業|候補)\s*[)）]?")
_EFFECTS = frozenset({"期待される効果", "期待する効果", "事業の効果", "効果"})
_SECTION_NAMES = frozenset({"所管課", "担当課", "実施主体", "所管", "担当部署", "所管部署"})


@dataclass(slots=True)
class Sheet:
    """One project sheet; ``title`` is empty where the heading of the project was lost."""

    goal: str
    line: int
    title: str = ""
    title_line: int = 0
    group: PortfolioClass = ""
    is_priority: bool | None = None
    summary: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    table: Table | None = None
    has_summary: bool = False


class SheetReader:
    """Walks through the chapter of project sheets and cuts it into sheets."""

    def __init__(self, ledger: Ledger, *, titles: frozenset[str]) -> None:
        """
        Tables that belong to no sheet are reported to ``ledger``.

        ``titles`` are the folded titles of the listed projects: a line that is one of them is a heading in any form.
        """
        self._ledger = ledger
        self._titles = titles
        self._goal = ""
        self._mode = ""
        self._is_closed = True
        self.sheets: list[Sheet] = []
        self.goal_titles: dict[str, tuple[str, int]] = {}

    def read(self, chapter: Chapter) -> list[Sheet]:
        """Give the sheets of a chapter in order."""
        self._is_closed = True
        for item in chapter.items:
            if isinstance(item, Table):
                self._take_table(item)
            elif not item.is_footnote:
                self._take_paragraph(item)
        return self.sheets

    def _take_paragraph(self, item: Paragraph) -> None:
        if heading := goal_heading(item.text):
            self._goal, self._is_closed = heading[0], True
            self.goal_titles[heading[0]] = (heading[1], item.line)
        elif headings := angle_headings(item.text):
            for text in headings:
                self._take_heading(text, item.line)
        elif title_key(item.text) in self._titles and (self._is_closed or self._is_full()):
            self._take_heading(item.text, item.line)
        elif name := section_heading(item.text):
            self._take_section(name, item.line)
        else:
            self._take_text(item)

    def _take_heading(self, text: str, line: int) -> None:
        if text.startswith("事業区分") or _CANDIDATE.fullmatch(text):
            self._take_class(text, line)
        else:
            self._open(line).title = text
            self.sheets[-1].title_line = line

    def _take_class(self, text: str, line: int) -> None:
        match = _CLASS.fullmatch(text)
        if match is None and not _CANDIDATE.fullmatch(text):
            self._ledger.unplaced(line, "事業区分が A・B・C・候補 のどれでもありません。")
            return
        if self._is_closed or self.sheets[-1].group or self._is_full():
            self._ledger.warn(line, "事業区分の前に事業名の見出しがありません。")
            self._open(line)
        letters: dict[str, PortfolioClass] = {"A": "A", "B": "B", "C": "C"}
        self.sheets[-1].group = letters[match["group"]] if match else "candidate"
        self.sheets[-1].is_priority = match is not None and match["mark"] is not None

    def _take_section(self, name: str, line: int) -> None:
        if name == "事業概要":
            # A second summary, or one after a table, belongs to a sheet whose own heading was lost.
            sheet = self._open(line) if self._is_closed or self._is_full() else self.sheets[-1]
            sheet.has_summary = True
        self._mode = name

    def _is_full(self) -> bool:
        return self.sheets[-1].has_summary or self.sheets[-1].table is not None

    def _open(self, line: int) -> Sheet:
        self.sheets.append(Sheet(self._goal, line))
        self._is_closed, self._mode = False, ""
        return self.sheets[-1]

    def _take_text(self, item: Paragraph) -> None:
        if self._is_closed:
            return
        if self._mode == "事業概要":
            self.sheets[-1].summary.append(item.text)
        elif self._mode in _EFFECTS:
            self.sheets[-1].effects.append(item.text)
        elif self._mode in _SECTION_NAMES:
            self.sheets[-1].sections += split_sections(item.text)
        else:
            self._ledger.warn(
                item.line, "事業の説明のどの項目か分からない文です。必要であれば事業の説明に加えてください。"
            )

    def _take_table(self, table: Table) -> None:
        if not is_schedule(table):
            return
        if self._is_closed or self.sheets[-1].table is not None:
            reason = "どの事業の取組予定か分かりません。事業名の見出しの下に移してください。"
            for row in table.rows:
                self._ledger.unplaced(row.line, reason)
            return
        self.sheets[-1].table = table


def is_schedule(table: Table) -> bool:
    """Tell a table of what is planned by its row of actions (行動目標) or of outcome indicators (成果指標)."""
    return any(squash(row.cells[0]) in {"行動目標", "成果指標"} for row in table.rows)


def split_sections(text: str) -> list[str]:
    """Split 「情報政策課、総務課」 into sections."""
    return [name for item in list_items(text) for part in re.split(r"[、,，]", item) if (name := part.strip())]
