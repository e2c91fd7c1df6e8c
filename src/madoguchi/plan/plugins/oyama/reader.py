"""The reader of Oyama documents: puts goals, tables, list and DX table together and checks them against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.oyama.dx import DxTie, read_dx
from madoguchi.plan.plugins.oyama.frame import read_philosophy, read_superior_plans, read_title
from madoguchi.plan.plugins.oyama.joining import join_dx, join_overview
from madoguchi.plan.plugins.oyama.overview import read_overview
from madoguchi.plan.plugins.oyama.segments import GoalText, Segments, is_sheet_header, split_document
from madoguchi.plan.plugins.oyama.sheet import Sheet, read_sheet
from madoguchi.plan.rules.draft import DraftGoal, DraftPlan, DraftProject, ReadResult, Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document, find_tables, squash

_LABELS = frozenset({"目標区分", "施策分野", "施策内容", "期待される効果", "実施計画"})
_PRIORITY_MARKS = frozenset({"重点", "重点施策", "重点取組", "重点事業"})
_NEW_MARKS = frozenset({"新", "新規", "新規施策"})
_DX_MARK = "自治体DX"


class OyamaReader:
    """
    Reads documents in the layout of 小山市's 情報化基本計画.

    Goals (基本目標) carry projects (施策) directly. A project comes from its own table; the list of projects adds the
    SDGs and the DX table the national DX items. Where two tables disagree, the project's own counts and a warning says so.
    """

    key = "oyama"
    name = "施策表の様式（小山市）"

    def recognises(self, document: Document) -> float:
        """Tell from 0 to 1 how sure it is that a document has this layout: the row labels of a project's table."""
        rows = [row for table in find_tables(document) for row in table.rows]
        found = _LABELS & {squash(row.cells[0]) for row in rows}
        signs = len(found) + any(is_sheet_header(row) for row in rows)
        return signs / (len(_LABELS) + 1)

    def read(self, document: Document) -> ReadResult:
        """Read the document into one plan. Raises DocumentError without a single project or fiscal year."""
        ledger = Ledger(document)
        segments = split_document(document, ledger)
        sheets = _read_sheets(segments, ledger)
        start, end = _period(sheets, ledger)
        join_overview(sheets, read_overview(segments.overview, ledger), ledger)
        ties = read_dx(segments.dx, ledger)
        join_dx(sheets, ties, ledger)
        _check_dx_marks(sheets, ties, ledger)
        title, line = read_title(document, ledger)
        plan = DraftPlan(
            code=f"ict-{start}",
            title=title,
            municipality="oyama",
            start_fiscal_year=start,
            end_fiscal_year=end,
            philosophy=read_philosophy(document, ledger),
            goals=tuple(_goal(goal, sheets) for goal in segments.goals.values()),
            relations=read_superior_plans(document, ledger),
            line=line,
        )
        return ledger.result(reader=self.key, plans=(plan,))


def _read_sheets(segments: Segments, ledger: Ledger) -> list[Sheet]:
    sheets: list[Sheet] = []
    for part in segments.sheets:
        if part.goal:
            sheet = read_sheet(part.goal, part.rows, ledger)
            sheets += [sheet] if sheet.title else []
            continue
        for row in part.rows:
            ledger.unplaced(
                row.line, "【基本目標】の見出しより前にある施策表です。どの基本目標の施策か選んでください。"
            )
    if not sheets:
        raise DocumentError("「主管課」の欄を持つ施策表が一つも見つかりません。様式に合った文書か確かめてください。")
    for code, count in Counter(sheet.code for sheet in sheets if sheet.code).items():
        for sheet in sheets if count > 1 else ():
            if sheet.code == code:
                ledger.warn(sheet.line, f"施策番号{code}が{count}回使われています。番号を確かめてください。")
    return sheets


def _period(sheets: Sequence[Sheet], ledger: Ledger) -> tuple[int, int]:
    """Give the first and last fiscal year of the schedules; a schedule over other years than most is warned of."""
    spans = {}
    for sheet in sheets:
        years = {word.fiscal_year for action in sheet.schedule for word in action.words}
        if years:
            spans[sheet.line] = (min(years), max(years))
    if not spans:
        raise DocumentError("実施計画の年度が一つも読み取れません。", line=sheets[0].line)
    usual = Counter(spans.values()).most_common(1)[0][0]
    for line, span in spans.items():
        if span != usual:
            ledger.warn(line, f"実施計画の年度（{span[0]}～{span[1]}）が他の施策（{usual[0]}～{usual[1]}）と違います。")
    return min(span[0] for span in spans.values()), max(span[1] for span in spans.values())


def _check_dx_marks(sheets: Sequence[Sheet], ties: Sequence[DxTie], ledger: Ledger) -> None:
    tied = {tie.code for tie in ties}
    for sheet in sheets if ties else ():
        if (_DX_MARK in sheet.marks) != (sheet.code in tied):
            ledger.warn(sheet.line, "【自治体DX】の印と、自治体DXの表に載っている施策が一致しません。")


def _goal(goal: GoalText, sheets: Sequence[Sheet]) -> DraftGoal:
    return DraftGoal(
        title=goal.title,
        code=goal.code,
        line=goal.line,
        summary="\n".join(goal.paragraphs),
        projects=tuple(_project(sheet) for sheet in sheets if sheet.goal == goal.code),
    )


def _project(sheet: Sheet) -> DraftProject:
    texts = ((label, sheet.texts.get(label, "")) for label in ("現状・課題", "施策内容"))
    return DraftProject(
        title=sheet.title,
        code=sheet.code,
        line=sheet.line,
        sections=sheet.sections,
        is_priority=any(mark in _PRIORITY_MARKS for mark in sheet.marks),
        is_new=any(mark in _NEW_MARKS for mark in sheet.marks),
        summary="\n\n".join(f"{label}\n{text}" for label, text in texts if text),
        effects=sheet.texts.get("期待される効果", ""),
        actions=(*sheet.actions, *sheet.schedule),
        relations=(*sheet.relations, *_marks(sheet)),
    )


def _marks(sheet: Sheet) -> tuple[Relation, ...]:
    kinds = {_DX_MARK: "dx_priority"}
    others = (mark for mark in sheet.marks if mark not in _PRIORITY_MARKS | _NEW_MARKS)
    return tuple(Relation(kind=kinds.get(mark, "legend"), target=mark, line=sheet.line) for mark in others)
