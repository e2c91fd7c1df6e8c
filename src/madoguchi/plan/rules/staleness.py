"""When a yearly value is due, overdue or old (実績の鮮度)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from madoguchi.kit import fiscal

OLD_AFTER_MONTHS = 15
METER_SILENT_AFTER_DAYS = 3
DUE_SOON_DAYS = 60


class Freshness(StrEnum):
    """How an indicator stands with its values."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"
    OLD = "old"
    NEVER = "never"
    SILENT = "silent"
    NOT_YET = "not_yet"

    @property
    def is_stale(self) -> bool:
        """True where somebody must act."""
        return self in {Freshness.OVERDUE, Freshness.OLD, Freshness.NEVER, Freshness.SILENT}


@dataclass(frozen=True, slots=True)
class YearEntry:
    """An approved value: its fiscal year and the day it speaks of (the end of the year where none is given)."""

    fiscal_year: int
    as_of: date | None = None

    @property
    def day(self) -> date:
        """The day the value speaks of."""
        return self.as_of or fiscal.end_of(self.fiscal_year)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How fresh the values are: the year to act on, when it is or was due, days late (0 when not), missing years."""

    freshness: Freshness
    fiscal_year: int | None = None
    due: date | None = None
    days_late: int = 0
    missing: tuple[int, ...] = ()
    newest: date | None = None


def due_date(fiscal_year: int, due_month: int) -> date:
    """
    Return the last day on which the value of a fiscal year may be entered: the end of the due month after 1 January.

    May (5) means 31 May after the end of the year (出納整理期間の終わり), March (3) the last day of the year itself.
    """
    year = fiscal_year + 1
    return date(year, due_month, calendar.monthrange(year, due_month)[1])


def judge(
    *, entries: Sequence[YearEntry], years: Sequence[int], due_month: int, today: date, is_metered: bool = False
) -> Judgement:
    """
    Say whether the values of an indicator are fresh.

    ``entries`` are its approved values, ``years`` the fiscal years that need one. Of the years whose due date has
    passed the last one decides: without a value it is overdue. Otherwise a value that is older than 15 months is old
    while the plan still runs. A metered indicator is silent when nothing was measured for three days.
    """
    have = {entry.fiscal_year for entry in entries}
    newest = max((entry.day for entry in entries), default=None)
    passed = [year for year in sorted(years) if due_date(year, due_month) < today]
    missing = tuple(year for year in passed if year not in have)
    if is_metered:
        return _judge_metered(years, newest, today, missing)
    if passed and passed[-1] in missing:
        due = due_date(passed[-1], due_month)
        state = Freshness.OVERDUE if entries else Freshness.NEVER
        return Judgement(state, passed[-1], due, (today - due).days, missing, newest)
    return _judge_running(have, sorted(years), due_month, today, missing, newest)


def _judge_running(
    have: set[int], years: list[int], due_month: int, today: date, missing: tuple[int, ...], newest: date | None
) -> Judgement:
    coming = next((year for year in years if due_date(year, due_month) >= today and year not in have), None)
    if coming is None:
        return Judgement(Freshness.FRESH if newest else Freshness.NOT_YET, missing=missing, newest=newest)
    due = due_date(coming, due_month)
    if newest is not None and months_between(newest, today) >= OLD_AFTER_MONTHS:
        return Judgement(Freshness.OLD, coming, due, 0, missing, newest)
    if (due - today).days <= DUE_SOON_DAYS:
        return Judgement(Freshness.DUE, coming, due, 0, missing, newest)
    return Judgement(Freshness.FRESH if newest else Freshness.NOT_YET, coming, due, 0, missing, newest)


def _judge_metered(years: Sequence[int], newest: date | None, today: date, missing: tuple[int, ...]) -> Judgement:
    current = fiscal.fiscal_year(today)
    if current not in years:
        return Judgement(Freshness.FRESH if newest else Freshness.NOT_YET, missing=missing, newest=newest)
    if newest is None or (today - newest).days > METER_SILENT_AFTER_DAYS:
        return Judgement(Freshness.SILENT, current, None, 0, missing, newest)
    return Judgement(Freshness.FRESH, current, None, 0, missing, newest)


def months_between(earlier: date, later: date) -> int:
    """Return how many whole months lie between two days; the last day of a month counts as the end of it."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    last = calendar.monthrange(later.year, later.month)[1]
    return months - (later.day < min(earlier.day, last))
