"""Japanese eras (元号) as data, dates written in them, and dates read from documents.

A new era is a new row in `ERAS`; nothing else changes. Dates before the first row are written in western years.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from madoguchi.kit.numbers import kanji_number
from madoguchi.kit.text import normalise_digits


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its name, initial, romanised name and first day."""

    name: str
    initial: str
    romaji: str
    start: date


ERAS: tuple[Era, ...] = (
    Era("明治", "M", "Meiji", date(1868, 1, 25)),
    Era("大正", "T", "Taisho", date(1912, 7, 30)),
    Era("昭和", "S", "Showa", date(1926, 12, 25)),
    Era("平成", "H", "Heisei", date(1989, 1, 8)),
    Era("令和", "R", "Reiwa", date(2019, 5, 1)),
)

_BY_NAME = {alias: era for era in ERAS for alias in (era.name, era.initial, era.name[0])}
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# Not from `calendar`, whose names follow the locale of the process.
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_KANJI = "〇一二三四五六七八九十"
_YEAR = (
    rf"(?P<era>{'|'.join(era.name for era in ERAS)}|[{''.join(era.initial for era in ERAS)}])"
    rf"(?P<year>元|[0-9]{{1,2}}|[{_KANJI}]{{1,3}})|(?P<western>[0-9]{{4}}|[一二][{_KANJI}]{{3}})"
)
_NUMBER = rf"(?:[0-9]{{1,2}}|[{_KANJI}]{{1,3}})"
_WRITTEN = re.compile(
    rf"(?:{_YEAR})年(?:(?P<fiscal>度末)|(?P<year_end>末)|(?P<month>{_NUMBER})月"
    rf"(?:(?P<day>{_NUMBER})日|(?P<part>末日?|上旬|中旬|下旬))?)?"
    r"(?:[(（][月火水木金土日](?:曜日?)?[)）])?(?:時点|現在|まで|付け?)?",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"(?:{_YEAR})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?:(?P=mark)(?P<day>[0-9]{{1,2}}))?", re.IGNORECASE
)
_YEAR_TWICE = re.compile(r"^(?P<first>[^()（）年]+)年?[(（](?P<second>[^()（）年]+)年?[)）]年?")
_SPACES = re.compile(r"[\s　]+")
_WIDE_LETTERS = str.maketrans({chr(c + 0xFEE0): chr(c) for c in (*range(ord("A"), ord("z") + 1), *map(ord, "-/."))})


class Precision(StrEnum):
    """How exactly a text names a day; the date beside it is the first day meant, or the last for the ends."""

    DAY = "day"
    MONTH_END = "month_end"
    MONTH_PART = "month_part"
    MONTH = "month"
    YEAR_END = "year_end"
    YEAR = "year"
    FISCAL_YEAR_END = "fiscal_year_end"


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date read from a text, and how exactly the text named it."""

    date: date
    precision: Precision


def to_era(day: date) -> tuple[Era, int] | None:
    """Return the era of a day and its year in it (1 is 元年), or None before the first era."""
    for era in reversed(ERAS):
        if day >= era.start:
            return era, day.year - era.start.year + 1
    return None


def era_year(year: int) -> str:
    """Return the year of an era as written: 元 for 1, else the number."""
    return "元" if year == 1 else str(year)


def find_era(name: str) -> Era | None:
    """Return the era of a name, its first character or its initial (令和, 令, R), or None."""
    return _BY_NAME.get(name.upper())


def western_year(era_name: str, year: int | str) -> int | None:
    """Return the western year of an era year (`令和`, 5 → 2023; 元 is 1), or None for an unknown era or year 0.

    Years past the end of an era are counted on (平成32年 → 2020): documents written before its end use them.
    """
    era, number = find_era(era_name), 1 if year == "元" else int(year)
    return era.start.year + number - 1 if era and number >= 1 else None


def format_date(day: date, lang: str = "ja") -> str:
    """Return a date for people with its weekday.

    令和8年11月20日（金） in ja, 2026年（令和8年）11月20日（金） in ja-easy, 20 November 2026 (Fri) in other languages.
    """
    if not lang.startswith("ja"):
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year} ({_WEEKDAYS_EN[day.weekday()]})"
    found = to_era(day)
    rest = f"{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}）"
    if found is None:
        return f"{day.year}年{rest}"
    japanese = f"{found[0].name}{era_year(found[1])}年"
    return f"{day.year}年（{japanese}）{rest}" if lang == "ja-easy" else f"{japanese}{rest}"


def parse_date(text: str) -> ParsedDate | None:
    """Return the date a text is, with its precision, or None when it is no date or an impossible one.

    Reads 令和4年2月末, 平成31年4月, 令和八年十一月二十日, R8.11.20, 2026-11-20, 2026年（令和8年）11月20日（金） and
    令和4年度末, in any width and with spaces inside. A year and month alone give their first day.
    """
    compact = _SPACES.sub("", normalise_digits(text).translate(_WIDE_LETTERS))
    try:
        compact = _YEAR_TWICE.sub(_one_year, compact)
        match = _WRITTEN.fullmatch(compact) or _SHORT.fullmatch(compact)
        year = _year_of(match) if match else None
        return _parsed(year, match.groupdict()) if match and year else None
    except ValueError:
        return None


def _one_year(twice: re.Match[str]) -> str:
    """Return the first of two writings of a year, 令和8年（2026年）; raise ValueError when they contradict."""
    first, second = (_WRITTEN.fullmatch(f"{twice[part]}年") for part in ("first", "second"))
    if first is None or second is None or _year_of(first) != _year_of(second):
        raise ValueError(twice[0])
    return f"{twice['first']}年"


def _year_of(match: re.Match[str]) -> int | None:
    if match["western"]:
        return _number(match["western"])
    year = 1 if match["year"] == "元" else _number(match["year"])
    return western_year(match["era"], year)


def _number(text: str) -> int:
    value = int(text) if text.isascii() else kanji_number(text)
    if value is None:
        raise ValueError(text)
    return value


def _parsed(year: int, parts: dict[str, str | None]) -> ParsedDate:
    if parts.get("fiscal"):
        return ParsedDate(date(year + 1, 3, 31), Precision.FISCAL_YEAR_END)
    if parts.get("year_end"):
        return ParsedDate(date(year, 12, 31), Precision.YEAR_END)
    if not parts["month"]:
        return ParsedDate(date(year, 1, 1), Precision.YEAR)
    month, part = _number(parts["month"]), parts.get("part")
    if parts["day"]:
        return ParsedDate(date(year, month, _number(parts["day"])), Precision.DAY)
    first = date(year, month, 1)
    if part in ("末", "末日"):
        return ParsedDate(first.replace(day=calendar.monthrange(year, month)[1]), Precision.MONTH_END)
    if part:
        return ParsedDate(first.replace(day={"上旬": 1, "中旬": 11, "下旬": 21}[part]), Precision.MONTH_PART)
    return ParsedDate(first, Precision.MONTH)
