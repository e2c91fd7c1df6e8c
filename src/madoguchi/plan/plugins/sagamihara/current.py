"""The plan itself, put together from its outline, its lists and its project sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

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

from .checks import check_figures, measure_figures, priority_left_open
from .facts import PlanFacts, stated_figures, superior_plans
from .layout import Chapter, join, title_key
from .matching import Match, match_sheets
from .outline import (
    GoalOutline,
    ListedProject,
    MeasureOutline,
    OutlineReader,
    PortfolioClass,
    listed_projects,
    measure_indicators,
    read_overview,
)
from .schedule import Schedule, read_schedule
from .sheets import Sheet, SheetReader
from .survey import read_surveys

_POLICY_HEADER = "官民データ活用推進の基本的な方針"
_POLICY_MARK = re.compile(r"^[(（][ア-ン][)）]\s*")


class CurrentPlanReader:
    """Reads goals, measures, projects and indicators of the plan from its chapters."""

    def __init__(self, facts: PlanFacts, previous_titles: dict[str, str], ledger: Ledger, *, municipality: str) -> None:
        """``previous_titles`` are the titles of the previous plan's projects by their folded form."""
        self._facts = facts
        self._previous = previous_titles
        self._ledger = ledger
        self._municipality = municipality

    def read(self, chapters: tuple[Chapter, ...], sheets: tuple[Chapter, ...], *, predecessor: str) -> DraftPlan:
        """Build the plan from the chapters of its outline and those of its project sheets."""
        goals = self._outline(chapters)
        homes = {p.key: goal.number for goal in goals for measure in goal.measures for p in measure.projects}
        reader = SheetReader(self._ledger, titles=frozenset(homes))
        for chapter in sheets:
            reader.read(chapter)
        self._bring_home(reader.sheets, homes)
        self._add_goals_of_sheets(goals, reader)
        self._warn_missing_icons(goals)
        built = tuple(self._goal(goal, [s for s in reader.sheets if s.goal == goal.number]) for goal in goals)
        surveys = (
            figure for chapter in chapters for figure in read_surveys(chapter, self._ledger, place=self._facts.code)
        )
        reported = (*stated_figures((*chapters, *sheets)), *measure_figures(goals), *surveys)
        plan = self._plan(chapters, built, reported, predecessor)
        check_figures(plan, self._ledger)
        return plan

    def _outline(self, chapters: tuple[Chapter, ...]) -> list[GoalOutline]:
        outline = OutlineReader(self._ledger, place=self._facts.code)
        for chapter in chapters:
            outline.read(chapter)
        tables = [item for chapter in chapters for item in chapter.items if isinstance(item, Table)]
        read_overview(tables, outline.goals, self._ledger, place=self._facts.code)
        self._read_policies(tables, outline.goals)
        return outline.goals

    def _bring_home(self, sheets: list[Sheet], homes: dict[str, str]) -> None:
        """Move a sheet to the goal whose list names it; report one that stands under no goal and in no list."""
        for sheet in sheets:
            home = homes.get(title_key(sheet.title), sheet.goal)
            if home != sheet.goal:
                self._ledger.warn(sheet.line, f"「{sheet.title}」は一覧では基本目標{home}の事業です。")
                sheet.goal = home
            if not home:
                for line in (sheet.line, *(row.line for row in (sheet.table.rows if sheet.table else ()))):
                    self._ledger.unplaced(line, "どの基本目標の事業か分かりません。")

    def _add_goals_of_sheets(self, goals: list[GoalOutline], reader: SheetReader) -> None:
        known = {goal.number for goal in goals}
        for number in dict.fromkeys(sheet.goal for sheet in reader.sheets if sheet.goal):
            if number not in known:
                title, line = reader.goal_titles[number]
                self._ledger.warn(line, "事業一覧にある基本目標が、施策の章にありません。")
                goals.append(GoalOutline(number, title, line))

    def _plan(
        self,
        chapters: tuple[Chapter, ...],
        goals: tuple[DraftGoal, ...],
        reported: tuple[ReportedFigure, ...],
        predecessor: str,
    ) -> DraftPlan:
        facts = self._facts
        return DraftPlan(
            code=facts.code,
            title=facts.title,
            municipality=self._municipality,
            start_fiscal_year=facts.start,
            end_fiscal_year=facts.end,
            philosophy=facts.philosophy,
            predecessor=predecessor,
            goals=goals,
            relations=superior_plans(chapters),
            reported=reported,
            line=facts.line,
        )

    def _goal(self, goal: GoalOutline, sheets: list[Sheet]) -> DraftGoal:
        matches = match_sheets(goal, sheets, self._ledger)
        # The lists give the order: the sheets of one measure are not always in it.
        place = f"{self._facts.code}/goal {goal.number}"
        return DraftGoal(
            title=goal.title,
            code=goal.number,
            line=goal.line,
            summary=join(goal.summary),
            measures=tuple(self._measure(measure, matches, place) for measure in goal.measures),
            projects=tuple(self._project(match, place) for match in matches if match.measure is None),
        )

    def _measure(self, measure: MeasureOutline, matches: list[Match], place: str) -> DraftMeasure:
        own = [match for match in matches if match.measure is measure]
        ordered = sorted(own, key=lambda match: match.listed.index if match.listed else len(matches))
        projects = [self._project(match, f"{place}/measure {measure.code}") for match in ordered]
        unsure = [
            index
            for index, match in enumerate(ordered)
            if (match.sheet is None or match.sheet.is_priority is None) and projects[index].portfolio_class == "A"
        ]
        if priority_left_open(measure, projects, unsure, self._ledger):
            projects = [replace(p, is_priority=p.is_priority or i in unsure) for i, p in enumerate(projects)]
        return DraftMeasure(
            title=measure.title,
            code=measure.code,
            line=measure.line,
            summary=join(measure.kgi.aim if measure.kgi else []),
            indicators=measure_indicators(measure, year=self._facts.end),
            relations=tuple(measure.kgi.relations) if measure.kgi else (),
            projects=tuple(projects),
        )

    def _project(self, match: Match, place: str) -> DraftProject:
        sheet, listed = match.sheet, match.listed.project if match.listed else None
        title, line = _title(sheet, listed)
        where = f"{place}/project {title}"
        has_table = sheet is not None and sheet.table is not None
        schedule = read_schedule(sheet.table, self._ledger, place=where) if sheet and sheet.table else Schedule()
        if sheet is not None and not has_table:
            self._ledger.warn(sheet.line, f"「{title}」に取組予定の表がありません。")
        self._warn_outside_years(title, schedule, sheet)
        return DraftProject(
            title=title,
            line=line,
            sections=tuple(dict.fromkeys([*(sheet.sections if sheet else []), *schedule.sections])),
            portfolio_class=self._class(sheet, listed, title),
            is_priority=bool(sheet and sheet.is_priority),
            summary=join(sheet.summary if sheet else []),
            effects=join(sheet.effects if sheet else []),
            overall_target=schedule.to_be_set,
            actions=tuple(schedule.actions),
            indicators=schedule.indicators,
            relations=tuple(self._relations(title, listed)),
        )

    def _class(self, sheet: Sheet | None, listed: ListedProject | None, title: str) -> PortfolioClass:
        if sheet is None or not sheet.group:
            return listed.group if listed else ""
        if listed and listed.group != sheet.group:
            self._ledger.warn(
                sheet.title_line or sheet.line,
                f"「{title}」の事業区分{sheet.group}が{listed.line}行目の一覧の{listed.group}と違います。"
                "事業一覧の区分を採りました。",
            )
        return sheet.group

    def _warn_outside_years(self, title: str, schedule: Schedule, sheet: Sheet | None) -> None:
        years = {word.fiscal_year for action in schedule.actions for word in action.words}
        years |= {v.fiscal_year for i in schedule.indicators for v in i.targets if v.fiscal_year is not None}
        outside = sorted(year for year in years if not self._facts.start <= year <= self._facts.end)
        if outside and sheet and sheet.table:
            listed = "、".join(f"{year}年度" for year in outside)
            self._ledger.warn(sheet.table.first_line, f"「{title}」の{listed}は計画期間の外です。")

    def _relations(self, title: str, listed: ListedProject | None) -> Iterable[Relation]:
        if listed is None:
            return
        yield from listed.relations
        same = self._previous.get(title_key(title))
        if same:
            yield Relation(kind="predecessor", target=same, line=listed.line)
        elif listed.continued:
            self._ledger.warn(
                listed.line,
                f"「{title}」は{listed.continued}ですが、前計画のどの事業かは書かれていません。前計画の事業を選んでください。",
            )
            yield Relation(kind="predecessor", target=listed.continued, line=listed.line)

    def _warn_missing_icons(self, goals: list[GoalOutline]) -> None:
        measures = [measure for goal in goals for measure in goal.measures if measure.kgi]
        without = [measure for measure in measures if measure.kgi and not measure.kgi.relations]
        for measure in without if len(without) < len(measures) else ():
            self._ledger.warn(measure.line, f"施策{measure.code}にはSDGsのアイコンの文字がありません。")

    def _read_policies(self, tables: Iterable[Table], goals: list[GoalOutline]) -> None:
        projects = {p.key: p for goal in goals for measure in goal.measures for p in measure.projects}
        for table in (table for table in tables if squash(table.rows[0].cells[0]) == _POLICY_HEADER):
            self._ledger.ignore(table.rows[0].line, "表の見出し")
            for row in table.rows[1:]:
                self._take_policy(row, projects)

    def _take_policy(self, row: Row, projects: dict[str, ListedProject]) -> None:
        policy = _POLICY_MARK.sub("", unwrap(row.cells[0]))
        named = [project for cell in row.cells[1:] for project in listed_projects(cell, row.line)]
        if not policy or not named:
            self._ledger.unplaced(row.line, "基本的な方針とその事業の組が読み取れません。")
            return
        self._ledger.place(row.line, f"{self._facts.code}/relation basic_policy {policy}")
        for item in named:
            if known := projects.get(item.key):
                known.relations.append(Relation(kind="basic_policy", target=policy, line=row.line))
            else:
                self._ledger.unplaced(row.line, "この事業は施策の事業の一覧にありません。", text=item.title)


def _title(sheet: Sheet | None, listed: ListedProject | None) -> tuple[str, int]:
    """Give title and line: the sheet's own where it names the listed project or none, else the list's."""
    if sheet is not None and sheet.title and (listed is None or title_key(sheet.title) == listed.key):
        return sheet.title, sheet.title_line
    if listed is not None:
        return listed.title, (sheet.title_line or listed.line) if sheet else listed.line
    raise ValueError("a project needs a sheet with a title or an entry in a list")
