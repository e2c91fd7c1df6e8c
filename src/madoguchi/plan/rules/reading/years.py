"""Fiscal years as plan documents write them: 「令和4年度 (2月末時点)」「H27」「R1」「2022年度」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.kit import era
from madoguchi.plan.rules.reading.markup import squash

_NAMES = "|".join(item.name for item in era.ERAS)
# One letter is an era only in the years that plans are written in: 「M5」 and 「T3」 are names of something else.
_INITIALS = "RHS"
_ERA = re.compile(
    rf"(?P<era>{_NAMES}|(?<![A-Za-z0-9])[{_INITIALS}](?=[\d元.]))\.?(?P<year>元|\d{{1,2}}(?!\d))"
    r"(?:[(（](?P<check>\d{4})(?:年度?)?[)）])?(?P<suffix>年度?)?"
)
_WESTERN = re.compile(r"(?<![\d,.])(?P<year>(?:19|20)\d\d)(?:[(（](?:令和|平成)?[^)）]*[)）])?(?P<suffix>年度?|FY)")
_YEAR_WORD = re.compile(rf"年度|(?:{_NAMES}).{{0,4}}年|^[{_INITIALS}](?:\d{{1,2}}|元)(?:年|[(（]|$)")
_HEADING = re.compile(
    r"(?:計画策定時|計画策定時点|策定時|現状値?|基準値?|目標値?|実績値?|見込値?|最終目標|中間目標|初年度|年度)?"
    r"[(（\[【]?@(?:末|末時点)?[)）\]】]?(?:現在|目標値?|実績値?|見込値?|現状値?|時点|以降|まで)?"
    r"(?:[(（][^()（）]{1,16}[)）])?"
)
_SHORT = 16


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year found in a text: the western year in which it starts and where it stands."""

    fiscal_year: int
    start: int
    end: int
    text: str


def find_years(text: str) -> list[YearMention]:
    """Give every fiscal or calendar year that a text mentions, in order; years of no known era are not among them."""
    found = [mention for match in _ERA.finditer(text) if (mention := _from_era(match)) is not None]
    taken = [(mention.start, mention.end) for mention in found]
    for match in _WESTERN.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append(YearMention(int(match["year"]), match.start(), match.end(), match.group()))
    return sorted(found, key=lambda mention: mention.start)


def parse_fiscal_year(text: str) -> int | None:
    """
    Give the western year in which the first fiscal year of a text starts (令和5年度 → 2023), or None.

    None also for years that cannot be: 令和0年度, an era that does not exist, or a western year in brackets that
    contradicts the era. Years past the end of an era count on (平成32年度 → 2020): older documents use them.
    """
    mentions = find_years(squash(text))
    return mentions[0].fiscal_year if mentions else None


def looks_like_year(text: str) -> bool:
    """Tell whether a heading means to be a year, known or not, so that an unknown one can be reported."""
    plain = squash(text)
    return len(plain) <= _SHORT and _YEAR_WORD.search(plain) is not None and not plain.startswith(("年度", "毎年度"))


def year_header(cells: Sequence[str]) -> list[int | None] | None:
    """
    Read a row of fiscal-year headings into western years, one per cell, None for the cells that are not years.

    Gives None when the row is not such a row: fewer than two cells are nothing but a year (with a remark such as
    「計画策定時」 or 「(2月末時点)」), or another cell is longer than a heading.
    """
    plain = [squash(cell) for cell in cells]
    years = [_heading_year(cell) for cell in plain]
    others = [cell for cell, year in zip(plain, years, strict=True) if year is None]
    if sum(year is not None for year in years) < 2 or any(len(cell) > _SHORT for cell in others):
        return None
    return years


def heading_remark(cell: str) -> str:
    """Give the remark in brackets behind a year heading (「令和4年度 (2月末時点)」 → 「2月末時点」), or nothing."""
    match = re.search(r"[(（]([^()（）]+)[)）]$", squash(cell))
    return match[1] if match and parse_fiscal_year(match[1]) is None else ""


def _heading_year(cell: str) -> int | None:
    mentions = find_years(cell)
    if len(mentions) != 1:
        return None
    mention = mentions[0]
    frame = cell[: mention.start] + "@" + cell[mention.end :]
    return mention.fiscal_year if _HEADING.fullmatch(frame) else None


def _from_era(match: re.Match[str]) -> YearMention | None:
    western = era.western_year(match["era"], match["year"])
    if western is None or (match["check"] and int(match["check"]) != western):
        return None
    return YearMention(western, match.start(), match.end(), match.group())
