"""What a Hiratsuka document says of the plan as a whole: its name, its years, its aim and the plans it stands among."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.hiratsuka.outline import Entry, is_heading
from madoguchi.plan.plugins.hiratsuka.policies import LABEL
from madoguchi.plan.rules.draft import Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.years import parse_fiscal_year

_TITLE = re.compile(r".+(?:方針|計画|戦略)(?:[(（].+[)）])?")
_AIM = re.compile(r"まちの姿『(?P<aim>[^『』]+)』")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_POINT = r"(?:(?:令和|平成)(?:\d{1,2}|元)|\d{4})年(?:度|\d{1,2}月(?:\d{1,2}日)?)?"
_SPAN = re.compile(rf"(?P<start>{_POINT})\s*(?:から|～|〜|-)\s*(?P<end>{_POINT})(?:まで)?")
_STATED = re.compile(r"\s*(?:の\d+(?:年間|か年|カ年))?(?:と(?:する|します|しま)|です|である|。|$)")
_MONTH = re.compile(r"年(\d{1,2})月")
_FISCAL_YEAR_STARTS = 4
_MONTHS_OF_YEAR = 12
_QUOTED_PLAN = re.compile(r"「(?P<name>[^「」]*(?:計画|戦略|構想|大綱|宣言)[^「」]*)」")
_LINKED_PLAN = re.compile(r"連なる(?P<name>[^、。「」]+?計画)")
_LAW = re.compile(r"(?P<name>[一-龥ァ-ヺー・]{3,}法第\d+条(?:第\d+項)?(?:第\d+号)?)")
_REVISED = re.compile(r"「(?P<name>[^「」]+(?:方針|計画))」を(?:全面的に|全面)?(?:見直|改定|改訂)")
_PRIORITIES = re.compile(r"重点取組事項|あわせて取り組むべき事項")


def read_title(entries: Sequence[Entry]) -> tuple[str, int]:
    """Give the name of the plan as the cover states it, and its line. Raises DocumentError when there is none."""
    for entry in entries:
        if (
            entry.cells is None
            and is_heading(entry.text)
            and re.search(r"(?:方針|計画|戦略)(?:[(（].+[)）])?$", entry.text)
        ):
            return entry.text, entry.line
    raise DocumentError("計画の名前が見つかりません。表紙に「…方針」「…計画」の行があるか確かめてください。")


def read_period(entries: Iterable[Entry]) -> tuple[int, int, int]:
    """
    Give the first and last fiscal year (western) of the plan and the line that states them.

    「2021年6月から2026年3月まで」 is fiscal years 2021 to 2025. Raises DocumentError when no period is stated.
    """
    line = None
    for entry in entries:
        line = line or entry.line
        for span in _spans(entry.text):
            start, end = _fiscal_year(span["start"]), _fiscal_year(span["end"])
            if start is not None and end is not None and start <= end:
                return start, end, entry.line
    raise DocumentError(
        "適用期間（何年何月から何年何月まで）が読み取れません。「適用期間」の節を確かめてください。", line=line
    )


def read_aim(entries: Iterable[Entry]) -> tuple[str, int] | None:
    """Give the aim (デジタル化を進めた先に目指すまちの姿) and its line, or None when the document states none."""
    found = ((match["aim"], entry.line) for entry in entries if (match := _AIM.search(entry.text)))
    return next(found, None)


def read_relations(entries: Sequence[Entry], *, title: str, ledger: Ledger) -> tuple[Relation, ...]:
    """Give the plans and laws above the plan, the plan it replaces and the national priorities it follows."""
    relations: dict[tuple[str, str], Relation] = {}
    for relation in (*_superior(entries), *_predecessors(entries), *_priorities(entries)):
        if relation.target not in title:
            relations.setdefault((relation.kind, relation.target), relation)
    for relation in relations.values():
        ledger.place(relation.line, f"plan/{relation.kind}")
    return tuple(relations.values())


def _spans(text: str) -> Iterator[re.Match[str]]:
    """Find the spans that the text states as its own: not those in brackets, which belong to other plans."""
    plain = _BRACKETED.sub("", text)
    spans = list(_SPAN.finditer(plain))
    yield from (span for span in spans if _STATED.match(plain, span.end()))


def _fiscal_year(text: str) -> int | None:
    year = parse_fiscal_year(text)
    month = _MONTH.search(text)
    if year is None or month is None:
        return year
    if not 1 <= int(month[1]) <= _MONTHS_OF_YEAR:
        return None
    return year if int(month[1]) >= _FISCAL_YEAR_STARTS else year - 1


def _superior(entries: Iterable[Entry]) -> Iterator[Relation]:
    for entry in entries:
        if entry.part == "position" and not is_heading(entry.text):
            matches = [
                match for pattern in (_QUOTED_PLAN, _LINKED_PLAN, _LAW) for match in pattern.finditer(entry.text)
            ]
            for match in sorted(matches, key=lambda found: found.start()):
                yield Relation(kind="superior_plan", target=match["name"], line=entry.line)


def _predecessors(entries: Iterable[Entry]) -> Iterator[Relation]:
    """Find 「…方針」を見直し; a quote with its years (「…方針(2017年度～2023年度)」) names it in full."""
    for entry in entries:
        if entry.part == "background" and (match := _REVISED.search(entry.text)):
            full = re.search(rf"「({re.escape(match['name'])}[(（]\d{{4}}年度[^「」]*)」", entry.text)
            yield Relation(kind="predecessor", target=full[1] if full else match["name"], line=entry.line)


def _priorities(entries: Sequence[Entry]) -> Iterator[Relation]:
    """Give the lines under 【重点取組事項】 of the national plan; a label or a chapter heading ends the list."""
    is_open = False
    for before, entry in pairwise(entries):
        label = LABEL.fullmatch(entry.text)
        if label:
            is_open = _PRIORITIES.search(label["label"]) is not None
        elif is_open and entry.part == "background" and is_heading(entry.text) and not _is_numbered(entry):
            if before.line + 1 == entry.line or LABEL.fullmatch(before.text):
                yield Relation(kind="dx_priority", target=entry.text, line=entry.line)
        else:
            is_open = False


def _is_numbered(entry: Entry) -> bool:
    return bool(entry.chapter) or re.match(r"[(（]\d", entry.text) is not None
