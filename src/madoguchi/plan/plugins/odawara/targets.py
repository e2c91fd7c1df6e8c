"""
The sentences of 全体計画目標: one or more indicators with a total and a bracket of yearly values.

「公開数 25（令和2年度…15、令和3年度…20）」, 「令和2年度：環境整備（全36校）」 and bare names are understood; what is left over is
given back, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from madoguchi.plan.rules.draft import DraftIndicator, IndicatorKind
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.indicators import Cell, build_indicator, has_mixed_units
from madoguchi.plan.rules.reading.inference import infer_kind
from madoguchi.plan.rules.reading.markup import clean_text
from madoguchi.plan.rules.reading.values import parse_value
from madoguchi.plan.rules.reading.years import find_years, parse_fiscal_year

_OPEN, _CLOSE = "(（", ")）"
_LEADER = re.compile(r"…+|・{3,}|\.{3,}|‥+")
_AFTER_YEAR = re.compile(r"(年度?)\s*[:：＝=]\s*")
_YEAR_ITEM = re.compile(r"[、,，\s]\s*(?=[^、,，…]{1,12}…)")
_TOTAL = re.compile(
    r"(?P<label>\D.*?)(?<=\S)\s*(?:(?<=[数人額量])計\s*)?(?P<total>\d[\d,.]*\s*[億万千]{0,2}\s*[^\d\s、…]{0,6}?(?:/年)?)"
)
_DATED = re.compile(
    r"(?P<year>(?:令和|平成|\d{4}年|R|H)\S{0,6}?)(?:まで)?\s*[：:]\s*(?P<label>[^：:]+?)"
    r"(?:[(（](?P<value>[^()（）]*)[)）])?(?=\s+(?:令和|平成|\d{4}年|R|H)\S{0,6}[：:]|\s*$)"
)


@dataclass(slots=True)
class TargetText:
    """One indicator as written: its label, its total for the whole plan, and the words under each year heading."""

    label: str
    total: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)


def split_targets(cell: str) -> list[TargetText]:
    """Split a 全体計画目標 cell into the indicators it names, in order."""
    text = _LEADER.sub("…", " ".join(clean_text(cell).split("\n")))
    dated = list(_DATED.finditer(text))
    if dated and not text[: dated[0].start()].strip():
        return [TargetText(item["label"].strip(), "", [(item["year"], item["value"] or "")]) for item in dated]
    return list(_grouped(text))


def _grouped(text: str) -> Iterator[TargetText]:
    start = 0
    for opening, closing in _year_groups(text):
        yield _named(text[start:opening], _year_items(text[opening + 1 : closing]))
        start = closing + 1
    rest = text[start:].strip(" 、。")
    if rest:
        yield _named(rest, [])


def _year_groups(text: str) -> Iterator[tuple[int, int]]:
    """Give the outermost brackets that hold 「…」; an unclosed one reaches to the end."""
    depth, opening = 0, 0
    for index, char in enumerate(text):
        if char in _OPEN:
            opening = index if depth == 0 else opening
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0 and _year_items(text[opening + 1 : index]):
                yield opening, index
    if depth and _year_items(text[opening + 1 :]):
        yield opening, len(text)


def _year_items(inner: str) -> list[tuple[str, str]]:
    """Give year and value of 「令和2年度…15、令和3年度…20」, also with 「：」 or, if every part is a number, with nothing."""
    inner = _AFTER_YEAR.sub(r"\1…", inner)
    if "…" in inner:
        pairs = [part.partition("…") for part in _YEAR_ITEM.split(inner)]
        return [(year.strip(), value.strip(" 、,，")) for year, _, value in pairs]
    years = find_years(inner)
    if not years or years[0].start:
        return []
    ends = [*(year.start for year in years[1:]), len(inner)]
    items = [(year.text, inner[year.end : end].strip(" 、,，")) for year, end in zip(years, ends, strict=True)]
    return items if all(re.match(r"\d", value) for _, value in items) else []


def _named(head: str, values: list[tuple[str, str]]) -> TargetText:
    head = head.strip(" 、。")
    match = _TOTAL.fullmatch(head)
    if match and not find_years(head):
        return TargetText(match["label"].strip(" 計:："), match["total"].strip(), values)
    return TargetText(head, "", values)


class TargetReader:
    """Makes indicators of 全体計画目標 cells; doubts and leftovers go to ``ledger``."""

    def __init__(self, ledger: Ledger, *, first_year: int, last_year: int) -> None:
        """Take the period of the plan: years before it are the past, years after it are doubtful."""
        self._ledger = ledger
        self._first_year = first_year
        self._last_year = last_year

    def read(self, cell: str, line: int, path: str) -> tuple[DraftIndicator, ...]:
        """Read one cell; each indicator is placed under ``path``."""
        return tuple(self._indicator(item, line, path) for item in split_targets(cell) if self._has_label(item, line))

    def _has_label(self, item: TargetText, line: int) -> bool:
        if not item.label:
            text = "、".join(f"{year}…{value}" for year, value in item.values)
            self._ledger.unplaced(line, "指標名のない目標値です。どの指標の値かを確かめてください。", text=text)
        return bool(item.label)

    def _indicator(self, item: TargetText, line: int, path: str) -> DraftIndicator:
        cells = list(self._cells(item, line))
        if not item.values:
            if item.total:
                cells = [Cell(None, item.total, line)]
            self._ledger.warn(line, f"「{item.label}」に年度ごとの目標がありません。")
        elif has_mixed_units(cells):
            self._ledger.warn(
                line, f"「{item.label}」の目標値の単位がそろっていません。原文の誤りでないか確かめてください。"
            )
        self._ledger.place(line, f"{path}/indicator {item.label}")
        return build_indicator(
            label=item.label,
            cells=cells,
            line=line,
            first_target_year=self._first_year,
            kind=self._kind(item, cells, line),
            note=f"計画全体: {item.total}" if item.total else "",
        )

    def _cells(self, item: TargetText, line: int) -> Iterator[Cell]:
        seen: set[int] = set()
        for name, value in item.values:
            year = parse_fiscal_year(name)
            if year is None or year in seen:
                reason = "この年度は同じ指標に2回あります。" if year else "年度を読み取れない目標値です。"
                self._ledger.unplaced(line, reason + "年度を確かめてください。", text=f"{name}…{value}")
                continue
            seen.add(year)
            if year > self._last_year:
                self._ledger.warn(line, f"「{item.label}」の{name}は計画期間より後の年度です。")
            yield Cell(year, value, line)

    def _kind(self, item: TargetText, cells: list[Cell], line: int) -> IndicatorKind:
        """Hold the yearly values against the total: their sum makes them yearly, their last a state that is reached."""
        texts = [cell.text for cell in cells]
        parsed = [value for text in texts if (value := parse_value(text)) is not None]
        unit = next((value.unit for value in parsed if value.unit), "")
        inferred = infer_kind(item.label, unit, [*texts, item.total])
        numbers = [value.value for value in parsed if value.value is not None]
        total = parse_value(item.total)
        if total is None or total.value is None or not item.values or not numbers:
            return self._kind_without_total(item, inferred, numbers, line)
        if item.total.endswith("/年"):
            return "annual"
        if total.value == sum(numbers) and len(numbers) > 1:
            return "annual"
        if total.value == numbers[-1]:
            return "stock" if inferred == "annual" else inferred
        self._ledger.warn(line, f"「{item.label}」の全体の目標（{item.total}）が年度ごとの値と合いません。")
        return inferred

    def _kind_without_total(
        self, item: TargetText, inferred: IndicatorKind, numbers: list[float], line: int
    ) -> IndicatorKind:
        """Take a count of things done that does not grow (「移行数 1、1、1」) as done anew each year."""
        if inferred == "stock" and len(numbers) > 1 and len(set(numbers)) == 1 and item.label.endswith("移行数"):
            self._ledger.warn(line, f"「{item.label}」は毎年度同じ値のため、年度ごとの数と読みました。")
            return "annual"
        return inferred
