"""FEEL durations: days and time (seconds), years and months (months); DMN 1.5 clauses 10.3.2.3.7 and 10.3.2.3.8."""

import re
from dataclasses import dataclass
from decimal import Decimal

from madoguchi.kit.feel.numbers import format_number

SECONDS_PER_DAY = 86400
_DAYS_TIME = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_YEARS_MONTHS = re.compile(r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?", re.ASCII)
_DIGITS_MAX = 20


@dataclass(frozen=True, slots=True)
class DaysTimeDuration:
    """A length of time in seconds (days of 24 hours), possibly negative or fractional."""

    seconds: Decimal

    @property
    def parts(self) -> tuple[int, int, int, Decimal]:
        """Days, hours, minutes and seconds of the absolute value."""
        whole, rest = divmod(abs(self.seconds), 60)
        minutes = int(whole)
        return minutes // 1440, minutes // 60 % 24, minutes % 60, rest

    def __str__(self) -> str:
        """The XML Schema dayTimeDuration form, such as ``-P1DT2H`` or ``PT0S``."""
        days, hours, minutes, seconds = self.parts
        clock = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
        clock += f"{format_number(seconds.normalize())}S" if seconds else ""
        text = f"P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"
        return ("-" if self.seconds < 0 else "") + ("PT0S" if text == "P" else text)


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A length of time in calendar months, possibly negative."""

    months: int

    def __str__(self) -> str:
        """The XML Schema yearMonthDuration form, such as ``P1Y2M`` or ``P0M``."""
        years, months = divmod(abs(self.months), 12)
        text = f"P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"
        return ("-" if self.months < 0 else "") + ("P0M" if text == "P" else text)


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """A duration of its XML Schema form, or None when the text has another form."""
    return _years_months(text) or _days_time(text)


def _years_months(text: str) -> YearsMonthsDuration | None:
    match = _YEARS_MONTHS.fullmatch(text)
    if match is None or text.endswith("P") or _too_long(match):
        return None
    months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    return YearsMonthsDuration(-months if match["sign"] else months)


def _days_time(text: str) -> DaysTimeDuration | None:
    match = _DAYS_TIME.fullmatch(text)
    if match is None or text.endswith(("P", "T")) or _too_long(match):
        return None
    seconds = int(match["days"] or 0) * SECONDS_PER_DAY + int(match["hours"] or 0) * 3600
    total = seconds + int(match["minutes"] or 0) * 60 + Decimal(match["seconds"] or 0)
    return DaysTimeDuration(-total if match["sign"] else total)


def _too_long(match: re.Match[str]) -> bool:
    return any(part is not None and len(part) > _DIGITS_MAX for part in match.groups())
