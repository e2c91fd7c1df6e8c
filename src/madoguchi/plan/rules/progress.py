"""
How far an indicator has come: the declared rule of 達成・順調・遅れ・未計測・目標なし (see docs/algorithms/progress.md).

Everything is computed from what is published: baseline, targets, approved actuals. Numbers are in the indicator's unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from .stages import Stage, says_done, says_not_done, stage_of


class Status(StrEnum):
    """Where an indicator, project, measure or goal stands."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    STOPPED = "stopped"
    NOT_MEASURED = "not_measured"
    NO_TARGET = "no_target"


class Reason(StrEnum):
    """Why a status was given."""

    MET = "met"
    ON_PATH = "on_path"
    NOT_DUE = "not_due"
    BELOW_PATH = "below_path"
    NOT_MET = "not_met"
    NO_ACTUAL = "no_actual"
    NO_TARGET = "no_target"
    NOT_COMPARABLE = "not_comparable"
    MARK = "mark"


FLOW_TYPES = frozenset({"count", "duration", "money"})
STATE_TYPES = frozenset({"milestone", "existence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    A baseline, target or actual: the number (None where there is none), what the document says, and its fiscal year.

    ``comparison`` is ``>=``, ``<=`` or ``=``. ``basis`` is set where the target is a change in per cent against another
    year: "previous_year" or "FY2018". ``until`` is the day an actual was measured on where its year was not over.
    """

    fiscal_year: int | None
    value: float | None = None
    text: str = ""
    comparison: str = "="
    basis: str = ""
    out_of: float | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An indicator as figures. ``targets`` and ``actuals`` are one per fiscal year, in order of years."""

    type: str = "count"
    kind: str = "annual"
    direction: str = "up"
    unit: str = ""
    baseline: Figure | None = None
    targets: tuple[Figure, ...] = ()
    actuals: tuple[Figure, ...] = ()

    @property
    def grows(self) -> bool:
        """Tell whether the values add up over a year, so that half a year is measured against half the target."""
        return self.type in FLOW_TYPES and self.kind == "annual"

    @property
    def up(self) -> bool:
        """Tell whether more is better."""
        return self.direction != "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    The judgement: ``actual`` against ``target`` (a level in the unit, relative targets resolved).

    ``expected`` is what the way to the target asks for by now, where the target's year is not over. ``rate`` is how much
    of the way from the baseline to the target is done, in per cent (0 at the baseline, 100 at the target, above and below
    possible); None where no number says it.
    """

    status: Status
    reason: Reason
    actual: Figure | None = None
    target: Figure | None = None
    expected: float | None = None
    rate: float | None = None


def judge(series: Series, *, fiscal_year: int) -> Progress:
    """Return where an indicator stands by a fiscal year: the newest actual up to then against the target of its year."""
    if not series.targets:
        return Progress(status=Status.NO_TARGET, reason=Reason.NO_TARGET, actual=latest_actual(series, fiscal_year))
    actual = latest_actual(series, fiscal_year)
    if actual is None:
        return Progress(status=Status.NOT_MEASURED, reason=Reason.NO_ACTUAL, target=target_for(series, fiscal_year))
    year = actual.fiscal_year if actual.fiscal_year is not None else fiscal_year
    target = target_for(series, year)
    if target is None:
        return Progress(status=Status.NO_TARGET, reason=Reason.NO_TARGET, actual=actual)
    if series.type in STATE_TYPES:
        return _judge_state(series, actual, target, year)
    if target.value is None:
        return _judge_words(actual, target)
    return _judge_number(series, actual, target, year)


def latest_actual(series: Series, fiscal_year: int) -> Figure | None:
    """Return the newest actual up to a fiscal year that says anything."""
    known = [item for item in series.actuals if _says_something(item) and (item.fiscal_year or 0) <= fiscal_year]
    return max(known, key=lambda item: item.fiscal_year or 0, default=None)


def target_for(series: Series, fiscal_year: int) -> Figure | None:
    """Return the target of a year; without one the next that follows, else the last that was set."""
    targets = [item for item in series.targets if item.fiscal_year is not None and _says_something(item)]
    following = [item for item in targets if item.fiscal_year is not None and item.fiscal_year >= fiscal_year]
    if following:
        return min(following, key=lambda item: item.fiscal_year or 0)
    return max(targets, key=lambda item: item.fiscal_year or 0, default=None)


def _says_something(figure: Figure) -> bool:
    return bool(figure.text.strip()) or (figure.value is not None and math.isfinite(figure.value))


def _judge_number(series: Series, actual: Figure, target: Figure, year: int) -> Progress:
    level = level_of(series, target)
    resolved = replace(target, value=level)
    if level is None or actual.value is None:
        return _judge_words(actual, resolved)
    rate = progress_rate(series, actual=actual.value, target=level)
    behind = Progress(status=Status.BEHIND, reason=Reason.NOT_MET, actual=actual, target=resolved, rate=rate)
    met = is_met(series, actual=actual.value, target=resolved)
    fraction = _elapsed(actual, year)
    if met and (series.up or not series.grows or fraction >= 1):
        return replace(behind, status=Status.ACHIEVED, reason=Reason.MET)
    due = target.fiscal_year is None or target.fiscal_year <= year
    if due and fraction >= 1:
        return behind
    expected = expected_level(series, target=resolved, year=year, fraction=fraction)
    fits = actual.value >= expected if series.up else actual.value <= expected
    status, reason = (Status.ON_TRACK, Reason.ON_PATH) if fits else (Status.BEHIND, Reason.BELOW_PATH)
    return replace(behind, status=status, reason=reason, expected=expected)


def is_met(series: Series, *, actual: float, target: Figure) -> bool:
    """Tell whether a number meets a target: by its 以上 or 以下, else by the direction of the indicator."""
    if target.value is None:
        return False
    sign = target.comparison if target.comparison in {">=", "<="} else ">=" if series.up else "<="
    return actual >= target.value if sign == ">=" else actual <= target.value


def progress_rate(series: Series, *, actual: float, target: float) -> float | None:
    """
    Return (actual − baseline) / (target − baseline) in per cent, whatever the direction.

    Without a baseline: actual / target where more is better, target / actual where less is. A target equal to the
    baseline is a level to keep: 100 when it is kept, else as without a baseline. None where nothing can be divided.
    """
    base = series.baseline.value if series.baseline else None
    if base is not None and base != target:
        return _percent(actual - base, target - base)
    if actual == target or is_met(series, actual=actual, target=Figure(fiscal_year=None, value=target)):
        return _percent(actual, target) if series.up and target > 0 else 100.0
    if series.up:
        return _percent(actual, target) if target > 0 else None
    return _percent(target, actual) if target >= 0 else None


def _percent(part: float, whole: float) -> float | None:
    if whole == 0:
        return None
    rate = part / whole * 100
    return rate if math.isfinite(rate) else None


def level_of(series: Series, target: Figure) -> float | None:
    """
    Return a target as a level in the indicator's unit; None where the year it leans on has no value.

    前年比10%増 asks for 110 % of the year before. Where the indicator itself is counted in per cent, the change is the level.
    """
    if not target.basis or target.value is None or series.unit == "%":
        return target.value
    base = _value_of_year(series, _basis_year(target))
    if base is None:
        return None
    return base * (1 + target.value / 100) if series.up else base * (1 - target.value / 100)


def _basis_year(target: Figure) -> int | None:
    if target.basis == "previous_year":
        return None if target.fiscal_year is None else target.fiscal_year - 1
    digits = target.basis.removeprefix("FY")
    return int(digits) if digits.isdecimal() else None


def _value_of_year(series: Series, year: int | None) -> float | None:
    known = [*series.actuals, *([series.baseline] if series.baseline else [])]
    return next((item.value for item in known if item.fiscal_year == year and item.value is not None), None)


def _elapsed(actual: Figure, year: int) -> float:
    """Return the part of the fiscal year that an actual covers, 0 to 1; 1 where it does not say."""
    if actual.until is None:
        return 1.0
    days = (actual.until - date(year, 4, 1)).days + 1
    return min(1.0, max(0.0, days / (date(year + 1, 3, 31) - date(year, 4, 1)).days))


def expected_level(series: Series, *, target: Figure, year: int, fraction: float = 1.0) -> float:
    """
    Return the level that the straight way to a target asks for after ``fraction`` of a fiscal year.

    The way starts at the last target before, else the baseline, else at zero one year before the target. What grows over
    the year (件数, 時間, 金額 by year) is asked for in proportion to the part of the year that is over.
    """
    goal = target.value or 0.0
    target_year = year if target.fiscal_year is None else target.fiscal_year
    start_year, start = _start(series, target_year)
    span = max(1, target_year - start_year)
    if series.grows:
        return (start + (goal - start) * min(1.0, max(0, year - start_year) / span)) * fraction
    passed = max(0.0, year - 1 + fraction - start_year)
    return start + (goal - start) * min(1.0, passed / span)


def _start(series: Series, target_year: int) -> tuple[int, float]:
    points = [*series.targets, *([series.baseline] if series.baseline else [])]
    before = [
        (item.fiscal_year, level)
        for item in points
        if item.fiscal_year is not None
        and item.fiscal_year < target_year
        and (level := level_of(series, item)) is not None
    ]
    if before:
        return max(before)
    base = series.baseline.value if series.baseline and series.baseline.value is not None else 0.0
    return target_year - 1, base


def _judge_state(series: Series, actual: Figure, target: Figure, year: int) -> Progress:
    reached, wanted = _stage(actual), _stage(target) or Stage.COMPLETION
    if reached is None:
        return _judge_words(actual, target)
    if wanted is Stage.NOT_STARTED:
        wanted = Stage.COMPLETION
    start = (_stage(series.baseline) if series.baseline else None) or Stage.NOT_STARTED
    rate = _percent(reached - start, wanted - start)
    behind = Progress(status=Status.BEHIND, reason=Reason.NOT_MET, actual=actual, target=target, rate=rate)
    if reached >= wanted or (wanted is Stage.COMPLETION and says_done(actual.text)):
        return replace(behind, status=Status.ACHIEVED, reason=Reason.MET, rate=100.0)
    if target.fiscal_year is not None and target.fiscal_year > year:
        return _on_the_way(series, reached, year, behind)
    if _elapsed(actual, year) < 1 and reached > Stage.NOT_STARTED:
        return replace(behind, status=Status.ON_TRACK, reason=Reason.NOT_DUE)
    return behind


def _on_the_way(series: Series, reached: Stage, year: int, behind: Progress) -> Progress:
    asked = [_stage(item) or Stage.NOT_STARTED for item in series.targets if (item.fiscal_year or year + 1) <= year]
    if reached >= max(asked, default=Stage.NOT_STARTED):
        return replace(behind, status=Status.ON_TRACK, reason=Reason.NOT_DUE)
    return replace(behind, reason=Reason.BELOW_PATH)


def _stage(figure: Figure) -> Stage | None:
    found = stage_of(figure.text)
    if found is None and figure.value is not None:
        return Stage.COMPLETION if figure.value >= 1 else Stage.NOT_STARTED
    return found


def _judge_words(actual: Figure, target: Figure) -> Progress:
    """Judge what no number says by what the result says of itself; otherwise a person has to."""
    if says_not_done(actual.text):
        return Progress(status=Status.BEHIND, reason=Reason.NOT_MET, actual=actual, target=target, rate=0.0)
    same = bool(actual.text.strip()) and actual.text.strip() == target.text.strip()
    if same or says_done(actual.text):
        return Progress(status=Status.ACHIEVED, reason=Reason.MET, actual=actual, target=target, rate=100.0)
    return Progress(status=Status.NOT_MEASURED, reason=Reason.NOT_COMPARABLE, actual=actual, target=target)


MARKS: dict[str, Status] = {
    "◎": Status.ACHIEVED,
    "○": Status.ON_TRACK,
    "〇": Status.ON_TRACK,
    "△": Status.BEHIND,
    "×": Status.STOPPED,
}


def status_of_mark(mark: str) -> Status | None:
    """Return what a mark of progress means (○ 計画どおり, △ 遅れ, × 中止), or None for another mark."""
    return MARKS.get(mark.strip())


def roll_up(statuses: Iterable[Status]) -> Status:
    """
    Return the status of a whole from its parts: 遅れ as soon as one part is behind, 達成 only when all that is measured is.

    Parts without a target say nothing; parts without an actual do not hide what the others say.
    """
    counted = [status for status in statuses if status is not Status.NO_TARGET]
    measured = [status for status in counted if status is not Status.NOT_MEASURED]
    if Status.BEHIND in measured:
        return Status.BEHIND
    active = [status for status in measured if status is not Status.STOPPED]
    if active:
        return Status.ACHIEVED if set(active) == {Status.ACHIEVED} else Status.ON_TRACK
    if measured:
        return Status.STOPPED
    return Status.NOT_MEASURED if counted else Status.NO_TARGET


def count(statuses: Sequence[Status]) -> dict[Status, int]:
    """Return how often each status occurs, in the order in which they are shown."""
    return {status: sum(1 for item in statuses if item is status) for status in Status}


def share_achieved(statuses: Sequence[Status]) -> float | None:
    """Return the achieved among the indicators that have a target and an actual, in per cent; None where there is none."""
    judged = [status for status in statuses if status in {Status.ACHIEVED, Status.ON_TRACK, Status.BEHIND}]
    return None if not judged else sum(status is Status.ACHIEVED for status in judged) / len(judged) * 100
