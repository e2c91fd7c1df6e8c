"""The paragraphs between the tables: headings, the plan's own period, and the plans and laws that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from madoguchi.plan.rules.draft import Relation
from madoguchi.plan.rules.reading.document import Document, is_table_row
from madoguchi.plan.rules.reading.markup import clean_text
from madoguchi.plan.rules.reading.years import find_years

_PERIOD = re.compile(r"\s*(?:(?:[(（][^()（）]*[)）])?)\s*(?:から|~|〜|～|-|－|—|―)\s*")
_PERIOD_LENGTH = range(20)
_THIS_PLAN = re.compile(r"(?:本|この)(?:計画|プラン|プログラム|方針|戦略)(?<!基本計画)(?<!基本方針)(?<!基本戦略)")
_COVER_LINE = 24
_PLAN_NAME = re.compile(r"(?<!以下)(?<!以下、)「((?!市町村官民データ)[^「」]{2,40}?計画(?:【[^】]*】)?)」")
_IS_PLAN = re.compile(r"計画(?:【[^】]*】)?$")
_ALIAS = re.compile(r"(?:「([^「」]+)」|([^、。「」（）()\s]{2,60}?))[(（]以下、?「([^「」]+)」という。?[)）]")
_PARTICLE = re.compile(r"として|[にはをがで]")
_MASTER_PLAN = re.compile(r"[^、。「」（）()\s]{1,8}?[市町村区]第\d+次総合計画(?:・[^、。「」（）()・]+計画)*")
_LAW = re.compile(
    r"(?<![ァ-ヺー一-龥])(?:官民データ活用推進)?基本法第(\d+)条(?:第?(\d+)項)?(?:及び第(\d+)条(?:第?(\d+)項)?)?"
)
_FORMER_PLAN = re.compile(
    r"(?:従来|前|これまで|改定前)の「([^「」]+(?:計画|プログラム|プラン))」|「([^「」]+(?:計画|プログラム|プラン))」を策定して以降"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that follow each other without a blank one or a table between; ``line`` is the first."""

    line: int
    text: str


def paragraphs(document: Document) -> list[Paragraph]:
    """Give the paragraphs outside tables; words that a line break tore apart are joined."""
    found: list[Paragraph] = []
    is_open = False
    for line in document.lines:
        text = "" if is_table_row(line) else line.raw.strip()
        if text and is_open:
            found[-1] = Paragraph(found[-1].line, found[-1].text + text)
        elif text:
            found.append(Paragraph(line.number, text))
        is_open = bool(text)
    return [Paragraph(item.line, clean_text(item.text)) for item in found]


def find_period(document: Document) -> tuple[int, int, int] | None:
    """
    Give the plan's own span of fiscal years (「令和5年度～令和7年度」) as first year, last year and line, or None.

    Documents name the spans of other plans too: the sentence on 「本計画」 wins, then a line that is nothing but a span
    (a cover), then one that says 「計画期間」, then the first.
    """
    spans = [(item, span) for item in paragraphs(document) if "年" in item.text for span in _spans(item.text)]
    if not spans:
        return None
    item, (start, end) = max(spans, key=lambda pair: (_period_weight(pair[0].text), -pair[0].line))
    return start, end, item.line


def _spans(text: str) -> Iterator[tuple[int, int]]:
    years = find_years(text)
    for start, end in pairwise(years):
        is_span = _PERIOD.fullmatch(text[start.end : end.start]) is not None
        if is_span and start.text.endswith("年度") and end.fiscal_year - start.fiscal_year in _PERIOD_LENGTH:
            yield start.fiscal_year, end.fiscal_year


def _period_weight(text: str) -> int:
    if _THIS_PLAN.search(text) and "期間" in text:
        return 3
    if len(text) <= _COVER_LINE:
        return 2
    return 1 if "計画期間" in text else 0


def tells_of_this_plan(text: str) -> bool:
    """Tell whether a paragraph speaks of the plan itself (本計画, and not 基本計画)."""
    return _THIS_PLAN.search(text) is not None


def aliases(texts: Iterable[Paragraph]) -> dict[str, str]:
    """
    Give what short names stand for: 「X計画」（以下、「Y」という。） → {Y: X}.

    A short name that is the tail of the full one keeps what it adds: 「某市X計画」（以下「X計画【改定版】」という。）.
    """
    found: dict[str, str] = {}
    for item in texts:
        for match in _ALIAS.finditer(item.text):
            full, short = match[1] or _PARTICLE.split(match[2])[-1], match[3]
            tail = short.partition("【")[0]
            found.setdefault(short, full.removesuffix(tail) + short if full.endswith(tail) else full)
    return found


def superior_plans(texts: Iterable[Paragraph], *, names: dict[str, str], own: str) -> list[Relation]:
    """
    Give the plans that the paragraphs tie this one to: quoted plan names, the city's master plan, and known short names.

    ``names`` maps short names to full ones; ``own`` is the plan's own title, which is not among them.
    """
    found: dict[str, int] = {}
    for item in texts:
        quoted = [match[1] for match in _PLAN_NAME.finditer(item.text)]
        masters = [match.group() for match in _MASTER_PLAN.finditer(item.text)]
        short = [full for alias, full in names.items() if alias in item.text and _IS_PLAN.search(full)]
        for name in (*quoted, *masters, *short):
            full = names.get(name, name)
            if full != own:
                found.setdefault(full, item.line)
    return [Relation(kind="superior_plan", target=name, line=line) for name, line in found.items()]


def former_plans(texts: Iterable[Paragraph]) -> list[Relation]:
    """Give the plans that this one takes over from (従来の「…計画」, 「…プログラム」を策定して以降)."""
    found = {match[1] or match[2]: item.line for item in texts for match in _FORMER_PLAN.finditer(item.text)}
    return [Relation(kind="predecessor", target=name, line=line) for name, line in found.items()]


def basic_act_articles(texts: Iterable[Paragraph]) -> list[Relation]:
    """Give the articles of the Basic Act on public and private sector data (官民データ活用推進基本法) that are named."""
    found: dict[str, int] = {}
    for item in texts:
        for match in _LAW.finditer(item.text):
            for article, clause in ((match[1], match[2]), (match[3], match[4])):
                if article:
                    target = f"官民データ活用推進基本法第{article}条" + (f"第{clause}項" if clause else "")
                    found.setdefault(target, item.line)
    return [Relation(kind="basic_policy", target=name, line=line) for name, line in found.items()]
