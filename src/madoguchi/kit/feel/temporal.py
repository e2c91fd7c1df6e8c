"""FEEL dates, times and dates with times on the proleptic Gregorian calendar, years -999,999,999 to 999,999,999.

Python's ``datetime`` ends at the year 9999 and at microseconds, so FEEL has values of its own
(DMN 1.5 clauses 10.3.2.3.4 to 10.3.2.3.6); ``convert`` maps them to and from ``datetime``.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from madoguchi.kit.feel.durations import SECONDS_PER_DAY, DaysTimeDuration

YEAR_MAX = 999_999_999
OFFSET_MAX = 14 * 3600
_DAYS_400_YEARS = 146_097
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether the Gregorian year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """The number of days of a month."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def to_ordinal(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 (March-based years, so that the leap day comes last)."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _DAYS_400_YEARS + day_of_era - 719_468


def from_ordinal(ordinal: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    era, day_of_era = divmod(ordinal + 719_468, _DAYS_400_YEARS)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


@lru_cache(maxsize=64)
def zone_info(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


@dataclass(frozen=True, slots=True)
class Zone:
    """Where a time belongs: an IANA zone ``name``, or a fixed ``offset`` from UTC in seconds."""

    offset: int = 0
    name: str = ""

    def offset_at(self, date: "Date", seconds: Decimal) -> int:
        """Seconds ahead of UTC at a local date and second of the day."""
        zone = zone_info(self.name) if self.name else None
        if zone is None:
            return self.offset
        year = min(max(date.year, 2), 9998)
        day = min(date.day, days_in_month(year, date.month))
        moment = dt.datetime(year, date.month, day, tzinfo=zone) + dt.timedelta(seconds=int(seconds))
        offset = moment.utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    def offset_of_day(self, seconds: Decimal) -> int:
        """Seconds ahead of UTC of a time without a date: the offset of 1 January 2000 (no summer time in the north)."""
        return self.offset_at(_REFERENCE_DATE, seconds)


UTC = Zone()


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int) -> "Date | None":
        """The date, or None when there is no such day."""
        if abs(year) > YEAR_MAX or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
            return None
        return cls(year, month, day)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> "Date | None":
        """The date so many days after 1970-01-01, or None outside the legal years."""
        year, month, day = from_ordinal(ordinal)
        return cls(year, month, day) if abs(year) <= YEAR_MAX else None

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        return to_ordinal(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """The ISO day of the week: 1 is Monday, 7 is Sunday."""
        return (self.ordinal + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        """1 on 1 January."""
        return self.ordinal - to_ordinal(self.year, 1, 1) + 1

    @property
    def week_of_year(self) -> int:
        """The ISO 8601 week number."""
        thursday = self.ordinal - self.weekday + 4
        return (thursday - to_ordinal(from_ordinal(thursday)[0], 1, 1)) // 7 + 1

    def plus_months(self, months: int) -> "Date | None":
        """The same day so many months later, or the last day of that month when it is shorter."""
        total = self.year * 12 + self.month - 1 + months
        year, month = total // 12, total % 12 + 1
        if abs(year) > YEAR_MAX:
            return None
        return Date(year, month, min(self.day, days_in_month(year, month)))

    def plus_days(self, days: int) -> "Date | None":
        """The date so many days later."""
        return Date.from_ordinal(self.ordinal + days)

    def __str__(self) -> str:
        """The ISO form, with a sign for years before 0."""
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


_REFERENCE_DATE = Date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, ``seconds`` after midnight, with or without a zone."""

    seconds: Decimal
    zone: Zone | None = None

    @classmethod
    def of(cls, hour: int, minute: int, second: Decimal, zone: Zone | None = None) -> "Time | None":
        """The time, or None when a part is out of range."""
        if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60):
            return None
        return cls(hour * 3600 + minute * 60 + second, zone)

    @property
    def hour(self) -> int:
        """0 to 23."""
        return int(self.seconds) // 3600

    @property
    def minute(self) -> int:
        """0 to 59."""
        return int(self.seconds) // 60 % 60

    @property
    def second(self) -> Decimal:
        """0 to 59.999…"""
        return self.seconds % 60

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC, or None for a local time."""
        return None if self.zone is None else self.zone.offset_of_day(self.seconds)

    def plus_seconds(self, seconds: Decimal) -> "Time":
        """The time of day so much later, turning over at midnight."""
        total = (self.seconds + seconds) % SECONDS_PER_DAY
        return Time(total + SECONDS_PER_DAY if total < 0 else total, self.zone)

    def __str__(self) -> str:
        """The ISO form with ``Z``, an offset or ``@zone`` behind it."""
        return _clock_text(self.seconds) + zone_text(self.zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day, in local time of the zone when there is one."""

    date: Date
    time: Time

    @property
    def zone(self) -> Zone | None:
        """The zone of the time, or None for local time."""
        return self.time.zone

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC, or None for local time."""
        return None if self.zone is None else self.zone.offset_at(self.date, self.time.seconds)

    @property
    def local_seconds(self) -> Decimal:
        """Seconds from 1970-01-01T00:00:00 on the same clock."""
        return self.date.ordinal * SECONDS_PER_DAY + self.time.seconds

    @property
    def instant(self) -> Decimal:
        """Seconds from the epoch in UTC; a local time counts as UTC."""
        return self.local_seconds - (self.offset or 0)

    @classmethod
    def at_local(cls, local_seconds: Decimal, zone: Zone | None) -> "DateTime | None":
        """The date and time so many seconds after the epoch on the clock of the zone."""
        days, seconds = divmod(local_seconds, SECONDS_PER_DAY)
        if seconds < 0:
            days, seconds = days - 1, seconds + SECONDS_PER_DAY
        date = Date.from_ordinal(int(days)) if abs(days) < 400_000_000_000 else None
        return None if date is None else cls(date, Time(seconds, zone))

    def plus_seconds(self, seconds: Decimal) -> "DateTime | None":
        """The date and time so much later; across a clock change the zone's rules decide."""
        moved = DateTime.at_local(self.local_seconds + seconds, self.zone)
        if moved is None or self.zone is None or not self.zone.name:
            return moved
        drift = (moved.offset or 0) - (self.offset or 0)
        return DateTime.at_local(moved.local_seconds + drift, self.zone) if drift else moved

    def __str__(self) -> str:
        """The ISO form ``dateTtime``."""
        return f"{self.date}T{self.time}"


def at_utc_midnight(date: Date) -> DateTime:
    """The date and time that a date is equivalent to (DMN 1.5 clause 10.3.2.3.5)."""
    return DateTime(date, Time(Decimal(0), UTC))


def offset_duration(offset: int | None) -> DaysTimeDuration | None:
    """The ``time offset`` property of an offset in seconds."""
    return None if offset is None else DaysTimeDuration(Decimal(offset))


def zone_text(zone: Zone | None) -> str:
    """The text behind a time: nothing, ``Z``, ``+09:00`` or ``@Asia/Tokyo``."""
    if zone is None:
        return ""
    if zone.name:
        return f"@{zone.name}"
    if zone.offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone.offset), 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if zone.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"


def _clock_text(seconds: Decimal) -> str:
    whole = int(seconds)
    fraction = seconds - whole
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return text + (format(fraction.normalize(), "f")[1:] if fraction else "")
