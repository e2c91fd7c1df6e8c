"""The chapter that looks back on the previous plan (前計画の振り返り): progress of its projects, results of its indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from madoguchi.plan.rules.draft import (
    DraftGoal,
    DraftMeasure,
    DraftPlan,
    DraftProject,
    Relation,
    ReportedFigure,
)
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, squash, unwrap

from .checks import check_figures
from .facts import PlanFacts
from .layout import Chapter, Paragraph, goal_heading, join, title_key
from .outcomes import MARKS, Outcome, as_mark

_KEYWORD = re.compile(r"◇?\s*基本目標\s*(?P<number>\d+)\s*《(?P<keyword>[^》]+)》")
_FIGURES = tuple(
    (re.compile(pattern), names)
    for pattern, names in (
        (r"事業数[:：]\s*(?P<a>\d+)事業\s+進捗達成率[:：]\s*(?P<b>\d+(?:\.\d+)?)%", ("事業数", "進捗達成率")),
        (
            r"重点プロジェクト数[:：]\s*(?P<a>\d+)事業\s+成果を達成した事業数[:：]\s*(?P<b>\d+)事業",
            ("重点プロジェクト数", "成果を達成した事業数"),
        ),
    )
)
_REVIEW = re.compile(
    r"基本目標\s*(?P<number>\d+)につながる(?P<a>\d+)事業(?:については、(?P<b>\d+)事業が|は(?P<all>全て))計画どおりに?進捗"
)
_TOTALS = (
    (re.compile(r"全(?P<a>\d+)事業を推進"), ("事業数",)),
    (
        re.compile(r"成果指標を設定した(?P<a>\d+)事業について、(?P<b>\d+)事業が成果指標を達成"),
        ("重点プロジェクト数", "成果を達成した事業数"),
    ),
)


@dataclass(slots=True)
class _Measure:
    title: str
    line: int
    projects: list[DraftProject] = field(default_factory=list)


@dataclass(slots=True)
class _Goal:
    number: str
    title: str
    line: int
    keyword: str = ""
    keyword_line: int = 0
    measures: list[_Measure] = field(default_factory=list)


def is_progress_table(table: Table) -> bool:
    """Tell a table of project progress by its header."""
    header = {squash(cell) for cell in table.rows[0].cells}
    return {"施策名", "事業名"} <= header and any("評価" in cell for cell in header)


class PreviousPlanReader:
    """Reads the previous plan from its chapter; ``outcomes`` are its indicators by folded project title."""

    def __init__(self, facts: PlanFacts, outcomes: dict[str, Outcome], ledger: Ledger, *, municipality: str) -> None:
        """``facts`` give the plan's name and years."""
        self._facts = facts
        self._outcomes = outcomes
        self._ledger = ledger
        self._municipality = municipality
        self._goals: list[_Goal] = []
        self._reported: list[ReportedFigure] = []
        self._number = ""

    def read(self, chapter: Chapter) -> DraftPlan:
        """Build the plan."""
        for item in chapter.items:
            if isinstance(item, Table):
                self._take_table(item)
            else:
                self._take_paragraph(item)
        self._report_strays()
        plan = self._plan()
        check_figures(plan, self._ledger)
        return plan

    def read_totals(self, chapter: Chapter) -> None:
        """Take in the totals over all goals that a chapter states in its text."""
        for paragraph in chapter.paragraphs:
            for pattern, names in _TOTALS:
                self._report(pattern.search(paragraph.text), names, "", paragraph.line)

    def _take_paragraph(self, item: Paragraph) -> None:
        if keyword := _KEYWORD.match(item.text):
            goal = self._goal(keyword["number"], goal_heading(item.text.lstrip("◇ ")), item.line)
            goal.keyword, goal.keyword_line = keyword["keyword"], item.line
        elif heading := goal_heading(item.text):
            self._goal(heading[0], heading, item.line)
            self._number = heading[0]
        for pattern, names in _FIGURES:
            self._report(pattern.search(item.text), names, self._number, item.line)
        self._take_review(item)

    def _goal(self, number: str, heading: tuple[str, str] | None, line: int) -> _Goal:
        goal = next((goal for goal in self._goals if goal.number == number), None)
        if goal is None:
            title = heading[1] if heading else ""
            goal = _Goal(number, re.sub(r"《[^》]*》\s*", "", title), line)
            self._goals.append(goal)
        return goal

    def _take_review(self, item: Paragraph) -> None:
        if match := _REVIEW.search(item.text):
            count = match["a"] if match["all"] else match["b"]
            label = f"基本目標{match['number']} 計画どおりに進捗した事業数"
            self._reported.append(ReportedFigure(label=label, text=match.group(), value=float(count), line=item.line))

    def _report(self, match: re.Match[str] | None, names: tuple[str, ...], number: str, line: int) -> None:
        if match is None:
            return
        scope = f"基本目標{number} " if number else ""
        for name, group in zip(names, ("a", "b"), strict=False):
            start = match.start(group)
            text = re.match(r"[\d.]+(?:%|事業)", match.string[start:])
            figure = ReportedFigure(
                label=scope + name,
                text=text.group() if text else match[group],
                value=float(match[group]),
                line=line,
            )
            self._reported.append(figure)

    def _take_table(self, table: Table) -> None:
        if not is_progress_table(table):
            return
        goal = next((goal for goal in self._goals if goal.number == self._number), None)
        self._ledger.ignore(table.rows[0].line, "表の見出し")
        measure: _Measure | None = None
        for row in table.rows[1:]:
            measure = self._take_row(row, goal, measure, width=len(table.rows[0].cells))

    def _take_row(self, row: Row, goal: _Goal | None, measure: _Measure | None, *, width: int) -> _Measure | None:
        """Read a row; one without a measure belongs to the measure above. Gives the measure for the next row."""
        cells = [unwrap(cell) for cell in row.cells]
        named, mark, middle = cells[0], as_mark(cells[-1]), cells[1:-1]
        titles = [cell for cell in middle if cell and cell != "重点"]
        if goal is None or len(titles) != 1 or not (named or measure) or len(cells) > width:
            self._ledger.unplaced(row.line, _fault(goal, titles, bool(named or measure)))
            return measure
        if named:
            measure = _Measure(named, row.line)
            goal.measures.append(measure)
        if measure is not None:
            self._add_project(row, titles[0], mark, "重点" in middle, goal, measure)
        return measure

    def _add_project(self, row: Row, title: str, mark: str, is_priority: bool, goal: _Goal, measure: _Measure) -> None:
        if mark not in MARKS:
            self._ledger.unplaced(row.line, "進捗評価が○・△・×のどれでもありません。", text=row.text)
            mark = ""
        known = {title_key(p.title) for g in self._goals for m in g.measures for p in m.projects}
        if title_key(title) in known:
            self._ledger.warn(row.line, f"前計画の事業「{title}」が2回出てきます。")
        outcome = self._outcomes.pop(title_key(title), None)
        place = f"{self._facts.code}/goal {goal.number}/measure {measure.title}/project {title}"
        self._ledger.place(row.line, place)
        if outcome:
            outcome.settle(place, self._ledger)
        elif is_priority:
            self._ledger.warn(row.line, f"重点の事業「{title}」の成果指標が見つかりません。")
        measure.projects.append(
            DraftProject(
                title=title,
                line=row.line,
                is_priority=is_priority,
                progress=mark,
                summary=join(outcome.summary) if outcome else "",
                indicators=tuple(outcome.indicators) if outcome else (),
            )
        )

    def _report_strays(self) -> None:
        for outcome in self._outcomes.values():
            for line in (outcome.line, *outcome.lines):
                self._ledger.unplaced(
                    line, f"「{outcome.title}」は前計画の事業の表にないため、成果指標を結び付けられません。"
                )

    def _plan(self) -> DraftPlan:
        facts = self._facts
        return DraftPlan(
            code=facts.code,
            title=facts.title,
            municipality=self._municipality,
            start_fiscal_year=facts.start,
            end_fiscal_year=facts.end,
            philosophy=facts.philosophy,
            is_previous=True,
            goals=tuple(_to_draft(goal) for goal in self._goals),
            reported=tuple(self._unique()),
            line=facts.line,
        )

    def _unique(self) -> Iterator[ReportedFigure]:
        seen: set[tuple[str, float | None]] = set()
        for figure in self._reported:
            if (figure.label, figure.value) not in seen:
                seen.add((figure.label, figure.value))
                yield figure


def _fault(goal: _Goal | None, titles: list[str], has_measure: bool) -> str:
    if goal is None:
        return "進捗評価の表がどの基本目標のものか分かりません。"
    if not has_measure:
        return "施策名のない行の上に、施策名のある行がありません。"
    return "事業名がありません。" if not titles else "列の並びが見出しと合わず、事業名を1つに決められません。"


def _to_draft(goal: _Goal) -> DraftGoal:
    relations = (Relation(kind="goal_category", target=goal.keyword, line=goal.keyword_line),) if goal.keyword else ()
    return DraftGoal(
        title=goal.title,
        code=goal.number,
        line=goal.line,
        relations=relations,
        measures=tuple(DraftMeasure(title=m.title, line=m.line, projects=tuple(m.projects)) for m in goal.measures),
    )
