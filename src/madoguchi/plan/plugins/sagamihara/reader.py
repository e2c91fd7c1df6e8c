"""The reader of this document family: which documents it knows, and how it makes two plans of one."""

from __future__ import annotations

import re

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.rules.draft import DraftPlan, ReadResult
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document, Table

from .checks import projects_of
from .current import CurrentPlanReader
from .facts import PlanFacts, read_current, read_previous
from .furniture import settle_furniture
from .layout import Chapter, split_chapters, title_key
from .outcomes import read_outcomes, target_year
from .previous import PreviousPlanReader, is_progress_table
from .sheets import is_schedule

_TRAITS = (
    (re.compile(r"相模原市"), 0.2),
    (re.compile(r"^#*\s*《施策\s*\d+\s*-\s*\d+》", re.MULTILINE), 0.2),
    (re.compile(r"[<＜]\s*事業区分\s*[A-C候事]"), 0.15),
    (re.compile(r"^#*\s*■\s*取組予定", re.MULTILINE), 0.1),
    (re.compile(r"^行動目標\t", re.MULTILINE), 0.15),
    (re.compile(r"施策目標値について\t"), 0.1),
    (re.compile(r"進捗達成率"), 0.1),
)


class SagamiharaReader:
    """Reads an ICT strategy of Sagamihara: the plan itself and the previous plan it looks back on."""

    key = "sagamihara"
    name = "相模原市ICT総合戦略"

    def recognises(self, document: Document) -> float:
        """Give how surely a document is of this family (0 to 1), by the headings and tables that only it has."""
        text = "\n".join(line.raw for line in document.lines)
        return round(sum(weight for pattern, weight in _TRAITS if pattern.search(text)), 2)

    def read(self, document: Document) -> ReadResult:
        """
        Read both plans; rows that fit no rule are listed as unplaced.

        Raises DocumentError where the document has no title, no years, or neither measures nor project sheets.
        """
        ledger = Ledger(document)
        chapters = split_chapters(document)
        looking_back = tuple(chapter for chapter in chapters if _looks_back(chapter))
        sheets = tuple(chapter for chapter in chapters if _has_sheets(chapter))
        outline = tuple(chapter for chapter in chapters if chapter not in (*looking_back, *sheets))
        if not sheets and not _has_measures(outline):
            raise DocumentError(
                "施策（《施策1-1》）も事業の取組予定の表も見つかりません。相模原市のICT総合戦略の形をした文書か確認してください。"
            )
        facts = read_current(chapters)
        previous = self._previous(looking_back, chapters, facts, ledger)
        titles = {title_key(p.title): p.title for plan in previous for p in projects_of(plan.goals)}
        reader = CurrentPlanReader(facts, titles, ledger, municipality=self.key)
        current = reader.read(outline, sheets, predecessor=previous[0].code if previous else "")
        for chapter in chapters:
            settle_furniture(chapter, ledger)
        return ledger.result(reader=self.key, plans=(*previous, current))

    def _previous(
        self, looking_back: tuple[Chapter, ...], chapters: tuple[Chapter, ...], facts: PlanFacts, ledger: Ledger
    ) -> tuple[DraftPlan, ...]:
        if not looking_back:
            return ()
        chapter = looking_back[0]
        outcomes = read_outcomes(chapter, ledger)
        old = read_previous(chapters, target_year=target_year(outcomes), before=facts.start - 1)
        ledger.warn(
            old.line,
            f"前計画の計画期間は書かれていません。策定の年月と成果指標の目標年度から{old.start}年度から{old.end}年度までとしました。",
        )
        reader = PreviousPlanReader(old, outcomes, ledger, municipality=self.key)
        reader.read_totals(chapter)
        return (reader.read(chapter),)


def _looks_back(chapter: Chapter) -> bool:
    return any(isinstance(item, Table) and is_progress_table(item) for item in chapter.items)


def _has_sheets(chapter: Chapter) -> bool:
    """Tell the chapter of project sheets from one that only shows an example of their tables."""
    headings = [p.text for p in chapter.paragraphs if re.match(r"■\s*取組予定", p.text)]
    return bool(headings) and any(isinstance(item, Table) and is_schedule(item) for item in chapter.items)


def _has_measures(chapters: tuple[Chapter, ...]) -> bool:
    return any("《施策" in re.sub(r"\s", "", p.text) for chapter in chapters for p in chapter.paragraphs)
