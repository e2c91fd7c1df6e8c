"""Japanese eras (元号) as data, dates written in them, and dates read from documents.

A new era is a new row in `ERAS`; nothing else changes. Dates before the first row are written in western years.
"""

from dataclasses import dataclass
from datetime import date


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
_NAMES = "|".join(era.name for era in ERAS)
_INITIALS = "".join(era.initial for era in ERAS)
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


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
