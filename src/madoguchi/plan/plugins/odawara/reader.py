"""Reads programmes of the Odawara layout: pillars (柱) are goals, 施策 are measures, 事業 are projects."""

from __future__ import annotations

import re

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.odawara.outline import Heading, Outline, pillar_heading, read_outline
from madoguchi.plan.plugins.odawara.overview import check_overview
from madoguchi.plan.plugins.odawara.sheet import SheetReader
from madoguchi.plan.rules.draft import DraftGoal, DraftMeasure, DraftPlan, DraftProject, ReadResult, Relation
from madoguchi.plan.rules.reading import prose
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document, find_tables
from madoguchi.plan.rules.reading.markup import clean_text, squash

_DEFINED = re.compile(r"(?P<articles>(?:官民データ活用推進)?基本法第\d+条[^。「『]*)に定義された(?P<pillars>[^。]+)")
_PILLAR_NAME = re.compile(r"『([^』]+)』")
_UNTITLED = "名称の記載がない計画"
_TITLE_LINES = 40


class OdawaraReader:
    """Reads documents whose sheets carry 事業名, 主な担当課, 期待される効果, 全体計画目標, 事業期間 and 主な取り組み."""

    key = "odawara"
    name = "小田原市ICT推進プログラムの様式（柱・施策・事業）"

    def recognises(self, document: Document) -> float:
        """Tell from 0 to 1 how surely a document has this layout, by the words at the head of its table rows."""
        heads = {squash(cell) for table in find_tables(document) for row in table.rows for cell in row.cells[:2]}
        weights = {"事業名": 0.1, "全体計画目標": 0.4, "期待される効果": 0.1, "事業期間": 0.2, "主な取り組み": 0.2}
        return round(sum(weight for word, weight in weights.items() if word in heads), 3)

    def read(self, document: Document) -> ReadResult:
        """Read a document; raises DocumentError where it has no period or no sheet at all."""
        outline = read_outline(document)
        period = prose.find_period(document)
        if period is None:
            raise DocumentError(
                "計画期間（「令和2年度から令和4年度まで」の形）が見つかりません。本文の行を確かめてください。"
            )
        if not outline.sheets:
            raise DocumentError(
                "事業の表（「事業名」で始まる表）が見つかりません。列がタブで区切られているか確かめてください。"
            )
        return _Reading(document, outline, period).result(self.key)


class _Reading:
    def __init__(self, document: Document, outline: Outline, period: tuple[int, int, int]) -> None:
        self._document = document
        self._outline = outline
        self._first_year, self._last_year, self._period_line = period
        self._ledger = Ledger(document)
        self._texts = prose.paragraphs(document)
        self._projects: dict[str, list[DraftProject]] = {item.code: [] for item in outline.measures}
        self._titles: dict[str, int] = {}

    def result(self, reader: str) -> ReadResult:
        for line, why in self._outline.skipped:
            self._ledger.ignore(line, why)
        self._read_sheets()
        pillars = self._pillars()
        titles = {item.code: item.title for item in (*pillars, *self._outline.measures)}
        check_overview(self._outline.overview, dict(self._projects), titles, self._ledger)
        title, line = self._title()
        plan = DraftPlan(
            code=f"ict-{self._first_year}",
            title=title,
            municipality="odawara",
            start_fiscal_year=self._first_year,
            end_fiscal_year=self._last_year,
            goals=tuple(self._goals(pillars)),
            relations=self._relations(title),
            line=line,
        )
        self._ledger.place(line, "plan/title")
        self._ledger.place(self._period_line, "plan/period")
        return self._ledger.result(reader=reader, plans=[plan])

    def _read_sheets(self) -> None:
        for sheet in self._outline.sheets:
            measure = sheet.measure
            if measure is None:
                for row in sheet.rows:
                    self._ledger.unplaced(row.line, "施策の見出しより前にある事業の表です。施策を選んでください。")
                continue
            group = self._projects[measure.code]
            reader = SheetReader(sheet, self._ledger, first_year=self._first_year, last_year=self._last_year)
            path = f"goal {measure.code.split('-')[0]}/measure {measure.code}"
            project = reader.read(f"{measure.code}-{len(group) + 1}", path)
            if project is not None:
                self._check_title(project)
                group.append(project)

    def _check_title(self, project: DraftProject) -> None:
        first = self._titles.setdefault(squash(project.title), project.line)
        if first != project.line:
            self._ledger.warn(project.line, f"同じ名称の事業が{first}行目にもあります。")

    def _pillars(self) -> list[Heading]:
        """Give the pillars by their headings; one that only the overview names has its line there."""
        pillars = {item.code: item for item in self._outline.pillars}
        for row in self._outline.overview:
            if found := pillar_heading(row.pillar):
                pillars.setdefault(found[0], Heading(*found, row.line))
        for measure in self._outline.measures:
            code = measure.code.split("-")[0]
            if code not in pillars:
                self._ledger.warn(measure.line, f"施策{measure.code}の柱（{code}）の名称が見つかりません。")
                pillars[code] = Heading(code, f"柱{code}", measure.line)
        return [pillars[code] for code in sorted(pillars, key=int)]

    def _goals(self, pillars: list[Heading]) -> list[DraftGoal]:
        articles = self._articles()
        for item in pillars:
            self._ledger.place(item.line, f"goal {item.code}")
        return [
            DraftGoal(
                code=item.code,
                title=item.title,
                line=item.line,
                summary="\n".join(item.paragraphs),
                relations=tuple(articles.get(squash(item.title), ())),
                measures=tuple(self._measures(item.code)),
            )
            for item in pillars
        ]

    def _measures(self, pillar: str) -> list[DraftMeasure]:
        found: dict[str, DraftMeasure] = {}
        for item in self._outline.measures:
            if item.code.split("-")[0] != pillar:
                continue
            if item.code in found:
                self._ledger.warn(item.line, f"施策番号 {item.code} は{found[item.code].line}行目でも使われています。")
                continue
            self._ledger.place(item.line, f"goal {pillar}/measure {item.code}")
            found[item.code] = DraftMeasure(
                code=item.code,
                title=item.title,
                line=item.line,
                summary="\n".join(item.paragraphs),
                projects=tuple(self._projects[item.code]),
            )
        return list(found.values())

    def _title(self) -> tuple[str, int]:
        for line in self._document.lines[:_TITLE_LINES]:
            if text := clean_text(line.raw):
                return text, line.number
        self._ledger.warn(1, "表紙に計画の名称が見つかりません。名称を補ってください。")
        return _UNTITLED, 1

    def _relations(self, title: str) -> tuple[Relation, ...]:
        """Give the plans and law articles named where the document tells its aim and position, and in its pillars."""
        own = [item for item in self._texts if prose.tells_of_this_plan(item.text)]
        former = prose.former_plans(self._texts)
        plans = prose.superior_plans(own, names=prose.aliases(self._texts), own=title)
        return (*plans, *prose.basic_act_articles(own), *former)

    def _articles(self) -> dict[str, list[Relation]]:
        """
        Give the articles that define pillars, by pillar title.

        「第11条及び第15条に定義された『A』と「X」を基本とする『B』」 names articles and pillars in the same order (それぞれ).
        """
        found: dict[str, list[Relation]] = {}
        for item in self._texts:
            for match in _DEFINED.finditer(item.text):
                articles = prose.basic_act_articles([prose.Paragraph(item.line, match["articles"])])
                titles = _PILLAR_NAME.findall(match["pillars"])
                for article, title in zip(articles, titles, strict=False) if len(titles) >= len(articles) else ():
                    found.setdefault(squash(title), []).append(article)
        return found
