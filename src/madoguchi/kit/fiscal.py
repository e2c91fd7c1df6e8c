"""Fiscal years (会計年度): 1 April to 31 March, named after the year of their start (地方自治法第208条).

A fiscal year is an `int`, the western year in which it starts (令和5年度 is 2023). It is stored beside a payment,
never derived from the payment date: in the closing period (出納整理期間, 第235条の5) to 31 May money still
belongs to the year before.
"""

import re
from datetime import date

from madoguchi.kit import era
from madoguchi.kit.text import normalise_digits

_ERA_NAMES = "|".join(e.name for e in era.ERAS)
_INITIALS = "".join(e.initial for e in era.ERAS)
_KANJI_DIGITS = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

_TERM = re.compile(
    rf"(?P<era>{_ERA_NAMES}|(?<![A-Za-z0-9])[{_INITIALS}])"
    rf"(?P<year>元|[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})年度"
    r"|(?<![0-9])(?P<western>(?:1[89]|2[0-9])[0-9]{2})年度"
    r"|(?<![A-Za-z])FY(?P<fy>(?:1[89]|2[0-9])[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?P<era>[{_INITIALS}])(?P<year>元|[0-9]{{1,2}})", re.IGNORECASE)
_SPACES = re.compile(r"[\s　]+")
_WIDE_LETTERS = str.maketrans({chr(c + 0xFEE0): chr(c) for c in range(ord("A"), ord("z") + 1)})


def fiscal_year(day: date) -> int:
    """Return the fiscal year a day belongs to."""
    return day.year if day.month >= 4 else day.year - 1


def start_of(year: int) -> date:
    """Return the first day of a fiscal year, 1 April."""
    return date(year, 4, 1)


def end_of(year: int) -> date:
    """Return the last day of a fiscal year, 31 March."""
    return date(year + 1, 3, 31)


def half(day: date) -> tuple[int, int]:
    """Return the fiscal year and its half: 1 (上半期, April to September) or 2 (下半期)."""
    return fiscal_year(day), 1 if 4 <= day.month <= 9 else 2


def label(year: int, lang: str = "ja") -> str:
    """Return the name of a fiscal year: 令和5年度 (ja), 2023年度（令和5年度） (ja-easy), FY2023 (other languages).

    The era is the one in force at the end of the calendar year, so 2019 is 令和元年度 and 1988 is 昭和63年度.
    """
    if not lang.startswith("ja"):
        return f"FY{year}"
    found = era.to_era(date(year, 12, 31))
    if found is None:
        return f"{year}年度"
    japanese = f"{found[0].name}{era.era_year(found[1])}年度"
    return f"{year}年度（{japanese}）" if lang == "ja-easy" else japanese


def closing_period(year: int) -> tuple[date, date]:
    """Return the closing period (出納整理期間) of a fiscal year: 1 April to 31 May after its end."""
    return date(year + 1, 4, 1), date(year + 1, 5, 31)


def open_fiscal_years(day: date) -> tuple[int, ...]:
    """Return the fiscal years a payment of that day may belong to, the older first: two in April and May."""
    current = fiscal_year(day)
    return (current - 1, current) if day.month in (4, 5) else (current,)


def find_fiscal_years(text: str) -> list[int]:
    """Return every fiscal year the text names (令和5年度, 2023年度, FY2023, R5年度), in order of appearance."""
    compact = _compact(text)
    years = [_year_of(match) for match in _TERM.finditer(compact)]
    short = _SHORT.fullmatch(compact)
    if short:
        years.append(era.western_year(short["era"], short["year"]))
    return [year for year in years if year is not None]


def parse_fiscal_year(text: str) -> int | None:
    """Return the one fiscal year the text names, or None when it names none, or several that differ.

    Reads 令和5年度, 令和 5 年度, 平成３１年度(令和元年度), 2023年度, FY2023, and R5 when it stands alone. A calendar
    year (令和5年) is not a fiscal year.
    """
    years = set(find_fiscal_years(text))
    return years.pop() if len(years) == 1 else None


def _compact(text: str) -> str:
    return _SPACES.sub("", normalise_digits(text).translate(_WIDE_LETTERS))


def _year_of(match: re.Match[str]) -> int | None:
    western = match["western"] or match["fy"]
    if western:
        return int(western)
    year = match["year"]
    return era.western_year(match["era"], year if year == "元" or year.isdecimal() else _kanji_number(year))


def _kanji_number(text: str) -> int:
    tens, mark, units = text.rpartition("十")
    return (_KANJI_DIGITS.get(tens, 1) * 10 if mark else 0) + _KANJI_DIGITS.get(units, 0)
