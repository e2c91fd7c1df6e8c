"""The reader of Hiratsuka documents: puts the parts together and gives account of every line."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.hiratsuka.frame import read_aim, read_period, read_relations, read_title
from madoguchi.plan.plugins.hiratsuka.outline import POLICY, Entry, PartName, read_outline
from madoguchi.plan.plugins.hiratsuka.policies import INITIATIVES, LABEL, PolicyReader
from madoguchi.plan.plugins.hiratsuka.survey import SurveyReader
from madoguchi.plan.rules.draft import DraftPlan, ReadResult
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document

_LABELS = ("目指すべき姿", "現状と課題", "取組内容")
_REASONS: dict[PartName, str] = {
    "cover": "表紙・凡例",
    "contents": "目次",
    "background": "計画の背景・趣旨・体制・将来像の説明文",
    "position": "計画の位置付けの説明文",
    "period": "適用期間の説明文",
    "remarks": "取組にあたっての留意点・推進体制の説明文",
    "glossary": "用語解説",
}


class HiratsukaReader:
    """
    Reads documents in the layout of 平塚市デジタル化基本方針.

    Policies (方針) are goals, the groups of their initiatives are measures, and each bulleted initiative is a project
    with a code such as ``1-2-3``. The ○ headings inside a group become ``policy_field`` relations of its projects.
    """

    key = "hiratsuka"
    name = "方針と取組の箇条書きの様式（平塚市）"

    def recognises(self, document: Document) -> float:
        """Tell from 0 to 1 how sure it is that a document has this layout: the labels of a policy, and policies."""
        entries = read_outline(document)
        labels = {match["label"] for entry in entries if (match := LABEL.fullmatch(entry.text))}
        signs = [label in labels for label in _LABELS]
        signs.append(any(INITIATIVES.search(label) for label in labels))
        signs.append(any(entry.cells is None and POLICY.fullmatch(entry.text) for entry in entries))
        return sum(signs) / len(signs)

    def read(self, document: Document) -> ReadResult:
        """Read the document into one plan. Raises DocumentError without a title, a period or a single policy."""
        entries = read_outline(document)
        ledger = Ledger(document)
        goals = PolicyReader(ledger).read(_of(entries, "policy"))
        if not goals:
            raise DocumentError("「方針1 …」の形の見出しが一つも見つかりません。様式に合った文書か確かめてください。")
        title, line = read_title(entries)
        start, end, period_line = read_period(_of(entries, "period"))
        aim = read_aim(entries)
        relations = read_relations(entries, title=title, ledger=ledger)
        reported = SurveyReader(ledger).read(_of(entries, "survey"))
        ledger.place(line, "plan/title")
        ledger.place(period_line, "plan/period")
        if aim:
            ledger.place(aim[1], "plan/philosophy")
        _account(entries, ledger)
        plan = DraftPlan(
            code=f"ict-{start}",
            title=title,
            municipality="hiratsuka",
            start_fiscal_year=start,
            end_fiscal_year=end,
            philosophy=aim[0] if aim else "",
            goals=goals,
            relations=relations,
            reported=reported,
            line=line,
        )
        return ledger.result(reader=self.key, plans=(plan,))


def _of(entries: Sequence[Entry], part: PartName) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.part == part)


def _account(entries: Sequence[Entry], ledger: Ledger) -> None:
    """Ignore, with the reason, the lines that hold nothing of the plan's own; a table only where one is known."""
    for entry in entries:
        if ledger.is_settled(entry.line) or (entry.cells is not None and entry.part not in ("contents", "glossary")):
            continue
        if reason := "ページ番号" if entry.is_furniture else _REASONS.get(entry.part):
            ledger.ignore(entry.line, reason)
