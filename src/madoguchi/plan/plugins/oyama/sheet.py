"""One project's table (施策表): its name and sections, what it ties to, what it does, and its schedule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from madoguchi.plan.plugins.oyama.content import split_content
from madoguchi.plan.plugins.oyama.schedule import ScheduleReader
from madoguchi.plan.plugins.oyama.segments import is_sheet_header
from madoguchi.plan.plugins.oyama.wording import bracketed_sections, is_section, split_circled, split_sections
from madoguchi.plan.rules.draft import DraftAction, Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, squash

_NUMBERED = re.compile(r"(?P<code>\d[\d ]*?) ?[.．] ?(?P<title>\S.*)")
_MARK = re.compile(r" ?【(?P<mark>[^【】]+)】$")
_CHOICE = re.compile(r"(?P<box>[■☑☒✓✔□☐])\s*(?P<name>[^■☑☒✓✔□☐]+)")
_EMPTY_BOXES = frozenset("□☐")
_TEXTS = {
    "現状・課題": "現状・課題",
    "現状と課題": "現状・課題",
    "施策内容": "施策内容",
    "期待される効果": "期待される効果",
}
_LABELS = frozenset({"目標区分", "施策分野", "実施計画", *_TEXTS})
# Rows below a schedule that bear these names are not tasks of it.
_NO_TASK = re.compile(r"目標|指標|KPI|実績|効果|評価|予算|経費|費用|備考|^\d")
_RELATED_PLANS = "関連計画"


@dataclass(slots=True)
class Sheet:
    """What one table says of its project. ``categories`` are the ticked goal categories (目標区分)."""

    goal: str
    line: int
    code: str = ""
    title: str = ""
    marks: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    relations: list[Relation] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    actions: list[DraftAction] = field(default_factory=list)
    schedule: list[DraftAction] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The path of the project, for the account of the rows."""
        return f"goal {self.goal}/project {self.code or self.title}"


def read_sheet(goal: str, rows: Sequence[Row], ledger: Ledger) -> Sheet:
    """Read the rows of one table; what is missing or does not fit is warned of or listed with its line."""
    reader = _SheetReader(Sheet(goal=goal, line=rows[0].line), ledger)
    for row in rows:
        reader.take(row)
    reader.finish()
    return reader.sheet


class _SheetReader:
    def __init__(self, sheet: Sheet, ledger: Ledger) -> None:
        self.sheet = sheet
        self._ledger = ledger
        self._schedule = ScheduleReader(ledger)
        self._text_label = ""
        self._content_line = sheet.line
        self._seen: set[str] = set()
        self._is_over = False

    def take(self, row: Row) -> None:
        label = squash(row.cells[0])
        if label in _LABELS:
            # A label that comes a second time belongs to a table whose own heading row was lost.
            self._is_over = self._is_over or label in self._seen or self._schedule.has_words
            self._seen.add(label)
        if self._is_over:
            self._ledger.unplaced(row.line, "施策の名称と主管課の行がないため、どの施策の行か分かりません。")
        elif is_sheet_header(row):
            self._header(row)
        elif label == "目標区分":
            self._categories(row)
        elif label == "施策分野":
            self._fields(row)
        elif label in _TEXTS:
            self._text_label = _TEXTS[label]
            self._content_line = row.line if self._text_label == "施策内容" else self._content_line
            self._text(row)
        elif label == "実施計画":
            self._text_label = ""
            self._schedule.take_years(row)
            self._place(row, "実施計画")
        elif self._schedule.is_open and any(row.clean[1:]) and not _NO_TASK.search(label):
            if self._schedule.take_words(row):
                self._place(row, "実施計画")
        elif not label and self._text_label and sum(map(bool, row.clean)) == 1:
            self._text(row)
        elif row.is_blank:
            self._ledger.ignore(row.line, "空の行")
        else:
            self._ledger.unplaced(row.line, "施策表の項目名がこの様式にありません。")

    def finish(self) -> None:
        """Draw the 取組 out of the text, and warn of what the table lacks."""
        sheet = self.sheet
        body, labels, is_in_order = split_content(sheet.texts.get("施策内容", ""))
        sheet.texts["施策内容"] = body
        sheet.actions = [DraftAction(label=label, line=self._content_line) for label in labels]
        sheet.schedule = self._schedule.finish()
        if not is_in_order:
            self._warn(self._content_line, "取組の番号が①から順に並んでいません。読み落としがないか確かめてください。")
        for name in dict.fromkeys(name for label in labels for name in bracketed_sections(label)):
            if name not in sheet.sections:
                self._warn(self._content_line, f"取組の担当「{name}」が主管課(関係課)の欄にありません。", name)
        self._check_missing()

    def _check_missing(self) -> None:
        sheet = self.sheet
        missing = [name for name in ("現状・課題", "施策内容", "期待される効果") if not sheet.texts.get(name)]
        missing += [] if sheet.schedule else ["実施計画"]
        missing += [] if sheet.sections else ["主管課"]
        if missing:
            self._warn(sheet.line, f"施策表の「{'」「'.join(missing)}」が空か、見つかりません。")

    def _header(self, row: Row) -> None:
        split = next(index for index, cell in enumerate(row.cells) if squash(cell).startswith("主管課"))
        heading, *others = [" ".join(cell.split()) for cell in row.clean[:split] if cell] or [""]
        if not heading:
            self._is_over = True
            self._ledger.unplaced(row.line, "主管課の欄より前に施策の名称がありません。")
            return
        for text in others:
            self._ledger.unplaced(row.line, "施策の名称と主管課の欄の間にある、様式にない欄です。", text=text)
        marks: list[str] = []
        while mark := _MARK.search(heading):
            marks.insert(0, squash(mark["mark"]))
            heading = heading[: mark.start()].rstrip()
        numbered = _NUMBERED.fullmatch(heading)
        sheet = self.sheet
        sheet.code = str(int(numbered["code"].replace(" ", ""))) if numbered else ""
        sheet.title = numbered["title"] if numbered else heading
        sheet.marks = tuple(marks)
        named = " ".join(cell for cell in row.clean[split + 1 :] if cell)
        sheet.sections = tuple(split_sections(named))
        self._place(row, "名称・主管課")
        if not numbered:
            self._warn(row.line, "施策の番号が読み取れません。")
        for name in sheet.sections:
            if not is_section(name):
                self._warn(row.line, f"「{name}」は課の名前に見えません。", name)
            elif name not in named:
                self._warn(row.line, f"途中で切れた課名をつないで「{name}」と読みました。", name)

    def _categories(self, row: Row) -> None:
        choices = list(_CHOICE.finditer(" ".join(" ".join(row.clean[1:]).split())))
        if not choices:
            self._ledger.unplaced(row.line, "目標区分の欄に選択の印（■・□）がなく、どれに当たるか分かりません。")
            return
        chosen = [match["name"].strip() for match in choices if match["box"] not in _EMPTY_BOXES]
        self.sheet.categories = tuple(chosen)
        self._relate(row, "goal_category", chosen)
        if not chosen:
            self._warn(row.line, "目標区分がどれも選ばれていません。")

    def _fields(self, row: Row) -> None:
        cells = row.clean
        split = next((i for i, cell in enumerate(cells) if squash(cell) == _RELATED_PLANS), len(cells))
        self.sheet.fields = tuple(name for cell in cells[1:split] for name in split_circled(cell))
        self._relate(row, "policy_field", self.sheet.fields)
        self._relate(row, "superior_plan", [" ".join(cell.split()) for cell in cells[split + 1 :] if cell])

    def _text(self, row: Row) -> None:
        cells = [cell for cell in row.clean[1:] if cell]
        before = self.sheet.texts.get(self._text_label)
        self.sheet.texts[self._text_label] = "\n".join([before, *cells] if before else cells)
        self._place(row, self._text_label)

    def _relate(self, row: Row, kind: str, targets: Sequence[str]) -> None:
        self.sheet.relations += [Relation(kind=kind, target=target, line=row.line) for target in targets if target]
        self._place(row, "関係")

    def _place(self, row: Row, what: str) -> None:
        self._ledger.place(row.line, f"{self.sheet.place}/{what}")

    def _warn(self, line: int, reason: str, text: str = "") -> None:
        self._ledger.warn(line, reason, text=text)
