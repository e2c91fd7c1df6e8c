"""What may be entered as an actual value (実績値): what is refused, and what a person is asked to look at again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from madoguchi.kit import fiscal
from madoguchi.kit.numbers import parse_quantity

from ..errors import PlanError
from .units import Unit, UnitMismatchError, convert

LARGEST = 1e15
JUMP = 10
STAGES = ("未着手", "検討", "導入", "運用", "拡大", "完了")
"""The usual order of a milestone (伊勢原市 官民データ活用推進計画: 検討→導入→運用→拡大→完了)."""
EXISTENCE = ("無", "有")


class Doubt(StrEnum):
    """Something that may be right but often is a slip."""

    OVER_HUNDRED = "over_hundred"
    NEGATIVE = "negative"
    FRACTION = "fraction"
    FALLS = "falls"
    JUMP = "jump"
    UNIT = "unit"


class ValueRefusedError(PlanError):
    """The value cannot be an actual value; ``field`` names what to correct ("value", "text", "as_of", "fiscal_year")."""

    def __init__(self, message: str, *, field: str = "value") -> None:
        """Keep the field apart from the message."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFacts:
    """What the plan says of an indicator, as far as values are judged by it."""

    type: str
    kind: str
    unit: str = ""
    planned: Sequence[float] = ()
    """Baseline and targets."""
    last: float | None = None
    """The newest approved value of an earlier year."""
    stages: Sequence[str] = STAGES

    @property
    def is_numeric(self) -> bool:
        """True where a number is asked for."""
        return self.type not in {"milestone", "existence"}

    @property
    def choices(self) -> Sequence[str]:
        """The words one may choose from where no number is asked for."""
        return EXISTENCE if self.type == "existence" else self.stages


def stages_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the ordered states of a milestone: the usual ones, and before the last the other words the plan uses."""
    own = [text.strip() for text in texts if text.strip() and len(text.strip()) <= 20]
    extra = [text for text in dict.fromkeys(own) if text not in STAGES]
    return (*STAGES[:-1], *extra, STAGES[-1])


def read_value(text: str, unit: str) -> tuple[float, list[Doubt]]:
    """
    Return the number that somebody typed, in the indicator's unit: 1,200, １２００, 945万件, 2時間 for an indicator in 分.

    Raises ``ValueRefusedError`` for what is no number and for a foreign unit.
    """
    quantity = parse_quantity(text)
    if quantity is None:
        raise ValueRefusedError(
            f"「{text[:40]}」は数として読めません。1200 や 945万 のように、数字で入力してください。"
        )
    value = float(quantity.value)
    if not quantity.unit:
        return value, []
    try:
        conversion = convert(Unit.parse(quantity.unit), Unit.parse(unit))
    except UnitMismatchError as error:
        raise ValueRefusedError(str(error)) from error
    return float(quantity.value * conversion.factor), [Doubt.UNIT] if conversion.remark else []


def check_value(facts: ValueFacts, value: float | None, text: str) -> list[Doubt]:
    """Return the doubts about a value; raises ``ValueRefusedError`` for one that cannot be."""
    if not facts.is_numeric:
        return _check_state(facts, text)
    if value is None:
        raise ValueRefusedError("実績値を入力してください。")
    if not math.isfinite(value) or abs(value) >= LARGEST:
        raise ValueRefusedError("実績値が大きすぎます。単位を確かめてください。")
    if value < 0 and facts.type in {"count", "duration"}:
        raise ValueRefusedError("この指標は0以上の数で入力してください。")
    return [doubt for doubt, found in _doubts(facts, value) if found]


def _doubts(facts: ValueFacts, value: float) -> list[tuple[Doubt, bool]]:
    planned = [*facts.planned, *([] if facts.last is None else [facts.last])]
    is_share = facts.type == "ratio" and facts.unit in {"%", "％"}
    return [
        (Doubt.OVER_HUNDRED, is_share and value > 100 and not any(item > 100 for item in planned)),
        (Doubt.NEGATIVE, value < 0 and not any(item < 0 for item in planned)),
        (Doubt.FRACTION, facts.type == "count" and not _is_whole(value) and all(_is_whole(item) for item in planned)),
        (Doubt.FALLS, facts.kind == "cumulative" and facts.last is not None and value < facts.last),
        (Doubt.JUMP, _jumps(value, planned)),
    ]


def _is_whole(value: float) -> bool:
    return float(value).is_integer()


def _jumps(value: float, planned: Sequence[float]) -> bool:
    """Tell whether a value is ten times more or less than everything the plan knows: a slip of a digit or of a unit."""
    sizes = [abs(item) for item in planned if item]
    if not sizes or not value:
        return False
    return abs(value) > JUMP * max(sizes) or abs(value) * JUMP < min(sizes)


def _check_state(facts: ValueFacts, text: str) -> list[Doubt]:
    if text not in facts.choices:
        raise ValueRefusedError(f"状態は「{'」「'.join(facts.choices)}」から選んでください。", field="text")
    return []


def state_value(facts: ValueFacts, text: str) -> float | None:
    """Return the number of a state: 1 or 0 for 有 and 無, none for a milestone."""
    return float(EXISTENCE.index(text)) if facts.type == "existence" and text in EXISTENCE else None


def check_period(fiscal_year: int, as_of: date | None, years: range, today: date) -> None:
    """
    Refuse a fiscal year outside the plan or not yet begun, and a day outside the year.

    Values of the closing period (出納整理期間) to 31 May still belong to the year before.
    """
    if fiscal_year not in years:
        first, last = fiscal.label(years[0]), fiscal.label(years[-1])
        raise ValueRefusedError(
            f"計画の期間は{first}から{last}までです。この中の年度を選んでください。", field="fiscal_year"
        )
    if fiscal_year > fiscal.fiscal_year(today):
        raise ValueRefusedError(f"{fiscal.label(fiscal_year)}は、まだ始まっていません。", field="fiscal_year")
    if as_of is None:
        return
    if as_of > today:
        raise ValueRefusedError("時点に、今日より後の日は入力できません。", field="as_of")
    if not fiscal.start_of(fiscal_year) <= as_of <= fiscal.closing_period(fiscal_year)[1]:
        raise ValueRefusedError(
            f"時点は、{fiscal.label(fiscal_year)}（4月1日から、出納整理期間の終わる翌年5月31日まで）の日にしてください。",
            field="as_of",
        )


def written(value: float | None, unit: str) -> str:
    """Return a value as a page shows it: 1,200件, 64.8%, empty for none."""
    if value is None:
        return ""
    whole = _is_whole(value)
    return f"{int(value):,}{unit}" if whole else f"{value:,.10f}".rstrip("0").rstrip(".") + unit
