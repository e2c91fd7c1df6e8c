"""Reads action plans of the Isehara layout: 基本方針 are goals, 取組 with their numbers are projects."""

from __future__ import annotations

import re

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.isehara.outline import Goal, ListEntry, Outline, read_outline
from madoguchi.plan.plugins.isehara.sheet import SheetContent, SheetReader
from madoguchi.plan.rules.draft import DraftGoal, DraftPlan, DraftProject, ReadResult, Relation
from madoguchi.plan.rules.reading import prose
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document, find_tables
from madoguchi.plan.rules.reading.markup import clean_text, squash
from madoguchi.plan.rules.reading.years import find_years

_DX = re.compile(r"「([^「」]*DX[^「」]*)」")
_TITLE_LINES = 40
_UNTITLED = "名称の記載がない計画"


class IseharaReader:
    """Reads documents whose sheets carry 取組, 取組番号, 取組内容, 期待効果, 年度毎の取組, 取組スケジュール and 指標."""

    key = "isehara"
    name = "伊勢原市ICT推進計画の様式（基本方針・取組番号）"

    def recognises(self, document: Document) -> float:
        """Tell from 0 to 1 how surely a document has this layout, by the words at the head of its table rows."""
        heads = {squash(cell) for table in find_tables(document) for row in table.rows for cell in row.cells[:4]}
        weights = {"取組番号": 0.4, "取組内容": 0.2, "期待効果": 0.1, "年度毎の取組": 0.2, "取組スケジュール": 0.1}
        return round(sum(weight for word, weight in weights.items() if word in heads), 3)

    def read(self, document: Document) -> ReadResult:
        """Read a document; raises DocumentError where it has no period or no sheet at all."""
        outline = read_outline(document)
        period = prose.find_period(document)
        if period is None:
            raise DocumentError(
                "計画期間（「令和5年度～令和7年度」の形）が見つかりません。表紙の行を確かめてください。"
            )
        if not outline.sheets:
            raise DocumentError(
                "取組の表（「取組」「取組番号」で始まる表）が見つかりません。列がタブで区切られているか確かめてください。"
            )
        return _Reading(document, outline, period).result(self.key)


class _Reading:
    def __init__(self, document: Document, outline: Outline, period: tuple[int, int, int]) -> None:
        self._document = document
        self._outline = outline
        self._first_year, self._last_year, self._period_line = period
        self._ledger = Ledger(document)
        self._title, self._title_line = _title(document)
        if self._title == _UNTITLED:
            self._ledger.warn(self._title_line, "表紙に計画の名称が見つかりません。名称を補ってください。")
        self._projects: dict[str, list[DraftProject]] = {goal.code: [] for goal in outline.goals}
        self._seen: dict[str, int] = {}

    def result(self, reader: str) -> ReadResult:
        for line, why in self._outline.skipped:
            self._ledger.ignore(line, why)
        self._read_sheets()
        self._check_list()
        plan = DraftPlan(
            code=f"ict-{self._first_year}",
            title=self._title,
            municipality="isehara",
            start_fiscal_year=self._first_year,
            end_fiscal_year=self._last_year,
            goals=tuple(self._goals()),
            relations=self._relations(),
            line=self._title_line,
        )
        self._ledger.place(self._title_line, "plan/title")
        self._ledger.place(self._period_line, "plan/period")
        return self._ledger.result(reader=reader, plans=[plan])

    def _read_sheets(self) -> None:
        for sheet in self._outline.sheets:
            goal = sheet.goal
            if goal is None:
                for row in sheet.rows:
                    self._ledger.unplaced(
                        row.line, "基本方針の見出しより前にある取組の表です。基本方針を選んでください。"
                    )
                continue
            reader = SheetReader(sheet, self._ledger, first_year=self._first_year, last_year=self._last_year)
            content = reader.read(f"goal {goal.code}")
            if content is not None:
                self._check_code(content, goal)
                self._projects[goal.code].append(self._project(content))

    def _check_code(self, content: SheetContent, goal: Goal) -> None:
        if not content.code:
            return
        if content.code in self._seen:
            first = self._seen[content.code]
            self._ledger.warn(content.line, f"取組番号 {content.code} は{first}行目でも使われています。")
        self._seen.setdefault(content.code, content.line)
        if content.code.split("-")[0] != goal.code:
            self._ledger.warn(content.line, f"取組番号 {content.code} が基本方針{goal.code}の中にあります。")

    def _project(self, content: SheetContent) -> DraftProject:
        meanings = {legend.mark: legend.meaning for legend in self._outline.legends}
        return DraftProject(
            title=content.title,
            code=content.code,
            line=content.line,
            sections=tuple(dict.fromkeys(content.sections)),
            is_new=any(mark == "【新】" or _is_new(meanings.get(mark, "")) for mark in content.marks),
            summary="\n".join(content.summary),
            effects="\n".join(content.effects),
            actions=content.actions,
            indicators=content.indicators,
            relations=tuple(_mark_relation(mark, meanings, content.line) for mark in content.marks),
        )

    def _goals(self) -> list[DraftGoal]:
        seen: dict[str, Goal] = {}
        for goal in self._outline.goals:
            if goal.code in seen and seen[goal.code].title != goal.title:
                self._ledger.warn(goal.line, f"基本方針{goal.code}の名称が{seen[goal.code].line}行目と異なります。")
            seen.setdefault(goal.code, goal)
            self._ledger.place(goal.line, f"goal {goal.code}")
        return [
            DraftGoal(code=code, title=goal.title, line=goal.line, projects=tuple(self._projects[code]))
            for code, goal in seen.items()
        ]

    def _check_list(self) -> None:
        """Hold the list of projects against the sheets: both must name the same ones."""
        projects = {project.code: project for group in self._projects.values() for project in group}
        for entry in self._outline.entries:
            project = projects.get(entry.code)
            if project is None:
                self._ledger.unplaced(entry.line, f"一覧にある取組 {entry.code} の表が見つかりません。")
            else:
                self._ledger.place(entry.line, f"goal {entry.code.split('-')[0]}/project {entry.code}/list")
                self._compare(entry, project)
        listed = {entry.code for entry in self._outline.entries}
        for code, project in projects.items() if listed else ():
            if code not in listed:
                self._ledger.warn(project.line, f"取組「{project.title}」（{code or '番号なし'}）が一覧にありません。")

    def _compare(self, entry: ListEntry, project: DraftProject) -> None:
        if squash(entry.title) != squash(project.title):
            self._ledger.warn(entry.line, f"一覧の名称「{entry.title}」が表の名称「{project.title}」と異なります。")
        marks = {relation.target for relation in project.relations if relation.kind == "legend"}
        dx = any(relation.kind == "dx_priority" for relation in project.relations)
        if ("【新】" in entry.marks) != project.is_new or (("☆" in entry.marks) != dx and "☆" not in marks):
            self._ledger.warn(entry.line, f"一覧と表で取組 {entry.code} の印（☆・【新】）が異なります。")

    def _relations(self) -> tuple[Relation, ...]:
        texts = prose.paragraphs(self._document)
        first_goal = self._outline.goals[0].line if self._outline.goals else len(self._document.lines)
        front = [item for item in texts if self._period_line < item.line < first_goal]
        former = prose.former_plans(front)
        taken = {relation.target for relation in former}
        plans = prose.superior_plans(front, names=prose.aliases(front), own=self._title)
        legends = [
            Relation(kind="legend", target=f"{item.mark}：{item.meaning}", line=item.line)
            for item in self._outline.legends
        ]
        named = [relation for relation in plans if relation.target not in taken]
        return (*named, *prose.basic_act_articles(front), *former, *legends)


def _is_new(meaning: str) -> bool:
    return "追加され" in meaning or "新規" in meaning


def _mark_relation(mark: str, meanings: dict[str, str], line: int) -> Relation:
    """Tie a project to what the legend says of its mark; a plan for the digital transformation is a relation of its own."""
    meaning = meanings.get(mark, "")
    if match := _DX.search(meaning):
        return Relation(kind="dx_priority", target=match[1], line=line)
    return Relation(kind="legend", target=mark, line=line)


def _title(document: Document) -> tuple[str, int]:
    """Join the first lines of the cover, up to the first that is a date or a period."""
    parts: list[str] = []
    first = 1
    for line in document.lines[:_TITLE_LINES]:
        text = clean_text(line.raw)
        if find_years(text) or (parts and squash(text) == "目次"):
            break
        if text:
            first = first if parts else line.number
            parts.append(text)
    return "".join(parts) or _UNTITLED, first
