"""The outline of the plan: goals, measures with their target values, and the projects listed under each measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from madoguchi.plan.rules.draft import DraftIndicator, Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, clean_text, squash, unwrap

from .kgi import KgiTable, is_kgi_table, read_kgi_table
from .layout import (
    Chapter,
    Paragraph,
    goal_heading,
    is_subheading,
    section_heading,
    title_key,
)

PortfolioClass = Literal["A", "B", "C", "candidate", ""]

_MEASURE = re.compile(r"《\s*施策\s*(?P<goal>\d+)\s*[-‐－ー−]\s*(?P<number>\d+)\s*》\s*(?P<title>\S.*)")
_LISTED = re.compile(r"[(（]\s*(?P<group>[A-CＡ-Ｃ]|事業?候補|候補)\s*[)）]\s*")
_CELL_MEASURE = re.compile(
    r"施策\s*(?P<goal>\d+)\s*[-‐－ー−]\s*(?P<number>\d+)\s*"
    r"(?:[(（]\s*重点\s*(?P<priority>\d+)\s*[、,]\s*一般\s*(?P<general>\d+)\s*[)）])?\s*(?P<title>\S.*)"
)
_CONTINUED = re.compile(r"※\s*(前計画[^※]*?)\s*$")
_FORMULA = re.compile(r"^[~～〜]?\s*(?P<text>[^。]+×[^。]+[=＝][^。]+?)\s*[~～〜]?$")
_KGI_NOTE = re.compile(r"^施策目標値(?:の設定)?について$")
_CIRCLED = re.compile(r"^([①-⑳])\s*")


@dataclass(slots=True)
class ListedProject:
    """A project as a list names it: class, title and the remark that it goes on from the previous plan."""

    title: str
    group: PortfolioClass
    line: int
    continued: str = ""
    relations: list[Relation] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The title folded for comparison."""
        return title_key(self.title)


@dataclass(slots=True)
class MeasureOutline:
    """A measure: title, aim (ねらい), target values, and its listed projects in order."""

    code: str
    title: str
    line: int
    kgi: KgiTable | None = None
    kgi_notes: dict[str, list[str]] = field(default_factory=dict)
    projects: list[ListedProject] = field(default_factory=list)
    stated: tuple[int, int] | None = None
    """Numbers of priority and other projects that the overview table states, and where."""
    stated_line: int = 0

    def find(self, title: str) -> ListedProject | None:
        """Give the listed project of that title."""
        return next((project for project in self.projects if project.key == title_key(title)), None)


@dataclass(slots=True)
class GoalOutline:
    """A goal: number, title, what is said of it, and its measures."""

    number: str
    title: str
    line: int
    summary: list[str] = field(default_factory=list)
    measures: list[MeasureOutline] = field(default_factory=list)


class OutlineReader:
    """Walks through the chapters that describe goals and measures and gathers their outline."""

    def __init__(self, ledger: Ledger, *, place: str) -> None:
        """``place`` is the path of the plan, under which rows are placed."""
        self._ledger = ledger
        self._place = place
        self._goal: GoalOutline | None = None
        self._measure: MeasureOutline | None = None
        self._mode = ""
        self.goals: list[GoalOutline] = []

    def read(self, chapter: Chapter) -> None:
        """Take in one chapter."""
        self._close()
        for item in chapter.items:
            if isinstance(item, Table):
                self._take_table(item)
            elif not item.is_footnote:
                self._take_paragraph(item)

    def _close(self) -> None:
        self._goal, self._measure, self._mode = None, None, ""

    def _take_paragraph(self, item: Paragraph) -> None:
        if heading := goal_heading(item.text):
            self._open_goal(*heading, line=item.line)
        elif match := _MEASURE.fullmatch(item.text):
            self._open_measure(match, item.line)
        elif self._measure is not None and _KGI_NOTE.match(item.text):
            self._mode = "kgi note"
        elif self._measure is not None and section_heading(item.text):
            self._mode = "projects" if section_heading(item.text) == "事業" else ""
        elif self._mode == "goal" and (formula := _FORMULA.match(item.text)):
            self._add_summary(unwrap(formula["text"]))
        elif is_subheading(item) and not (self._mode == "projects" and _LISTED.match(item.text)):
            self._close()
        else:
            self._take_text(item)

    def _open_goal(self, number: str, title: str, *, line: int) -> None:
        self._close()
        known = next((goal for goal in self.goals if goal.number == number), None)
        if known is None:
            known = GoalOutline(number, title, line)
            self.goals.append(known)
        elif title_key(known.title) != title_key(title):
            self._ledger.warn(line, f"基本目標{number}の名称が{known.line}行目の「{known.title}」と違います。")
        self._goal, self._mode = known, "goal"

    def _open_measure(self, match: re.Match[str], line: int) -> None:
        goal = self._goal_of(match["goal"], line)
        code = f"{match['goal']}-{match['number']}"
        if any(measure.code == code for measure in goal.measures):
            self._ledger.warn(line, f"施策{code}が2回出てきます。どちらかの番号が誤っている可能性があります。")
        self._measure = MeasureOutline(code, unwrap(match["title"]), line)
        goal.measures.append(self._measure)
        self._mode = "measure"

    def _goal_of(self, number: str, line: int) -> GoalOutline:
        goal = next((goal for goal in self.goals if goal.number == number), None)
        if goal is None:
            self._ledger.warn(line, f"施策の番号が指す基本目標{number}の見出しが、この行より前にありません。")
            goal = GoalOutline(number, f"基本目標{number}", line)
            self.goals.append(goal)
        self._goal = goal
        return goal

    def _take_text(self, item: Paragraph) -> None:
        if self._mode == "goal" and item.is_prose:
            self._add_summary(item.text)
        elif self._mode == "kgi note" and self._measure is not None:
            mark = _CIRCLED.match(item.text)
            key, text = (mark[1], item.text[mark.end() :]) if mark else ("", item.text)
            self._measure.kgi_notes.setdefault(key, []).append(text)
        elif self._mode == "projects" and self._measure is not None:
            self._take_listed(item, self._measure)

    def _add_summary(self, text: str) -> None:
        if self._goal is not None and title_key(text) not in map(title_key, self._goal.summary):
            self._goal.summary.append(text)

    def _take_listed(self, item: Paragraph, measure: MeasureOutline) -> None:
        # The remark is cut off before cleaning, which takes its mark ※ for that of a footnote.
        continued = _CONTINUED.search(item.raw)
        raw = item.raw[: continued.start()] if continued else item.raw
        for project in listed_projects(raw, item.line):
            project.continued = continued[1] if continued else ""
            if measure.find(project.title):
                self._ledger.warn(item.line, f"施策{measure.code}に「{project.title}」が2回挙がっています。")
            else:
                measure.projects.append(project)

    def _take_table(self, table: Table) -> None:
        if not is_kgi_table(table):
            return
        if self._measure is None or self._measure.kgi is not None:
            for row in table.rows:
                self._ledger.unplaced(
                    row.line, "どの施策の施策目標値か分かりません。施策の見出しの下に移してください。"
                )
            return
        place = f"{self._place}/goal {self._measure.code.split('-')[0]}/measure {self._measure.code}"
        self._measure.kgi = read_kgi_table(table, self._ledger, place=place)


def listed_projects(text: str, line: int) -> Iterator[ListedProject]:
    """Split 「(A) 事業 (C) 事業」 into projects."""
    plain = " ".join(clean_text(text).split("\n"))
    marks = list(_LISTED.finditer(plain))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        title = unwrap(plain[mark.end() : following.start() if following else None])
        if title:
            yield ListedProject(title, _group(mark["group"]), line)


def _group(letter: str) -> PortfolioClass:
    groups: dict[str, PortfolioClass] = {"A": "A", "B": "B", "C": "C"}
    return groups.get(letter, "candidate")


def read_overview(tables: Iterable[Table], goals: list[GoalOutline], ledger: Ledger, *, place: str) -> None:
    """Take in the overview table (計画体系図): check goals, measures and projects against the outline, add what is missing."""
    for table in tables:
        header = {squash(cell) for cell in table.rows[0].cells}
        if not {"基本目標", "施策", "事業"} <= header:
            continue
        ledger.ignore(table.rows[0].line, "表の見出し")
        for row in table.rows[1:]:
            _take_overview_row(row, goals, ledger, place)


def _take_overview_row(row: Row, goals: list[GoalOutline], ledger: Ledger, place: str) -> None:
    measures = {measure.code: measure for goal in goals for measure in goal.measures}
    named = [match for cell in row.clean if (match := _CELL_MEASURE.fullmatch(" ".join(cell.split("\n"))))]
    code = f"{named[0]['goal']}-{named[0]['number']}" if len(named) == 1 else ""
    if code not in measures:
        ledger.unplaced(row.line, "体系の表の行にある施策が、本文の施策の見出しと結び付きません。")
        return
    measure = measures[code]
    ledger.place(row.line, f"{place}/goal {code.split('-')[0]}/measure {code}")
    _compare_measure(named[0], measure, row.line, ledger)
    _compare_goal(row, code, goals, ledger)
    for cell in row.cells:
        projects = list(listed_projects(cell, row.line))
        for project in projects:
            _compare_project(project, measure, ledger)
        if not projects and not _is_overview_heading(squash(cell)):
            ledger.unplaced(row.line, "体系の表で知られていない内容です。", text=clean_text(cell))


def _is_overview_heading(text: str) -> bool:
    return not text or text.startswith(("基本理念", "基本目標", "施策"))


def _compare_measure(match: re.Match[str], measure: MeasureOutline, line: int, ledger: Ledger) -> None:
    if title_key(match["title"]) != title_key(measure.title):
        ledger.warn(
            line,
            f"施策{measure.code}の名称「{unwrap(match['title'])}」が{measure.line}行目の「{measure.title}」と違います。"
            "見出しの名称を採りました。",
        )
    if match["priority"]:
        measure.stated, measure.stated_line = (int(match["priority"]), int(match["general"])), line


def _compare_goal(row: Row, code: str, goals: list[GoalOutline], ledger: Ledger) -> None:
    for cell in row.clean:
        if heading := goal_heading(" ".join(cell.split("\n"))):
            goal = next((goal for goal in goals if goal.number == heading[0]), None)
            if goal is None or heading[0] != code.split("-")[0]:
                ledger.warn(row.line, f"基本目標{heading[0]}の行に施策{code}があります。")
            elif title_key(goal.title) != title_key(heading[1]):
                ledger.warn(row.line, f"基本目標{goal.number}の名称が{goal.line}行目の「{goal.title}」と違います。")


def _compare_project(project: ListedProject, measure: MeasureOutline, ledger: Ledger) -> None:
    known = measure.find(project.title)
    if known is None:
        ledger.warn(
            project.line, f"「{project.title}」は体系の表だけにあり、施策{measure.code}の事業の一覧にはありません。"
        )
        measure.projects.append(project)
    elif known.group != project.group:
        ledger.warn(
            project.line, f"「{project.title}」の区分{project.group}が{known.line}行目の{known.group}と違います。"
        )


def measure_indicators(measure: MeasureOutline, *, year: int) -> tuple[DraftIndicator, ...]:
    """Build the target values of a measure, to be reached in ``year`` (計画最終年度)."""
    return measure.kgi.indicators(year=year, notes=measure.kgi_notes) if measure.kgi else ()
