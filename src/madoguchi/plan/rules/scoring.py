"""
What a scoring rule is told about an indicator and a project, and what it answers (see docs/algorithms/scoring.md).

A rule is a decision model (DMN 1.5) with two decisions: 指標の評価 gives the mark of an indicator in a fiscal year,
事業の評価 the mark of a project from those of its indicators. Numbers reach the tables as exact decimals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from madoguchi.kit.dmn import DecisionModel

from .progress import Figure, Progress, Series, Status, judge, level_of, progress_rate, target_for
from .stages import stage_of

INDICATOR = "指標の評価"
PROJECT = "事業の評価"
NO_MARK = "−"
Value = Decimal | str | bool | None | list[str]

INPUTS: dict[str, tuple[str, str]] = {
    "実績": ("number", "その年度の実績。到達段階の指標では 0（未着手）〜5（完了）"),
    "目標": ("number", "その年度の目標。年度の目標がなければ、次の目標までの道のりがその年度に求める値"),
    "基準": ("number", "基準値"),
    "目標との差": ("number", "実績と目標の差。よい方（上回る、または減らす）が正"),
    "達成": ("boolean", "目標に達したか（true・false、分からなければ null）"),
    "達成率": ("number", "目標に対する実績の割合（％）。小さいほどよい指標では目標÷実績"),
    "進捗率": ("number", "（実績−基準）÷（最終目標−基準）（％）"),
    "基準からの変化率": ("number", "（実績−基準）÷基準（％）。よい方が正"),
    "年次": ("number", "計画の何年目か"),
    "計画年数": ("number", "計画の年数"),
    "状況": ("string", "達成・順調・遅れ・未計測・目標なし"),
    "期間": ("string", "上半期・年度"),
    "指標の評価一覧": ("list", "その事業の指標の評価（事業の評価だけで使える）"),
    "自己評価": ("string", "担当課の進捗の評価 ○・△・×（事業の評価だけで使える）"),
    "中止": ("boolean", "事業を中止したか（事業の評価だけで使える）"),
}
"""What a rule may ask for: name → type and meaning."""

STATUS_LABELS = {
    Status.ACHIEVED: "達成",
    Status.ON_TRACK: "順調",
    Status.BEHIND: "遅れ",
    Status.STOPPED: "中止",
    Status.NOT_MEASURED: "未計測",
    Status.NO_TARGET: "目標なし",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The answer of a decision: the mark, the rows of the table that applied (from 1) and what they remark."""

    text: str
    rows: tuple[int, ...] = ()
    remark: str = ""
    trouble: str = ""


def indicator_inputs(
    series: Series, *, fiscal_year: int, first: int, last: int, period: str = "年度"
) -> dict[str, Value]:
    """
    Return what a rule may ask about an indicator in a fiscal year of a plan that runs from ``first`` to ``last``.

    Only the actual of that very year counts. A milestone counts as the number of its stage.
    """
    own = tuple(item for item in series.actuals if item.fiscal_year == fiscal_year)
    series = _in_numbers(replace(series, actuals=own))
    progress = judge(series, fiscal_year=fiscal_year)
    actual = progress.actual.value if progress.actual else None
    asked = _asked(progress)
    base = series.baseline.value if series.baseline else None
    sign = 1 if series.up else -1
    return {
        "実績": exact(actual),
        "目標": exact(asked),
        "基準": exact(base),
        "目標との差": _difference(progress, actual, asked, _good_side(progress, sign)),
        "達成": _is_met(progress),
        "達成率": exact(_achievement(series, actual, asked)),
        "進捗率": exact(_way(series, actual, last)),
        "基準からの変化率": _change(actual, base, sign),
        "年次": Decimal(fiscal_year - first + 1),
        "計画年数": Decimal(last - first + 1),
        "状況": STATUS_LABELS[progress.status],
        "期間": period,
    }


def project_inputs(
    marks: Sequence[str], *, progress: str, discontinued: bool, period: str = "年度"
) -> dict[str, Value]:
    """Return what a rule may ask about a project: the marks of its indicators and what its section says."""
    return {"指標の評価一覧": list(marks), "自己評価": progress or None, "中止": discontinued, "期間": period}


def mark(model: DecisionModel, decision: str, inputs: Mapping[str, object]) -> Mark:
    """Ask a rule; where it gives no mark, ``text`` is 「−」 and ``trouble`` says why in the user's language."""
    result = model.evaluate(decision, inputs)
    trace = result.tables[-1] if result.tables else None
    trouble = " ".join(item.text for item in result.diagnostics)
    if not isinstance(result.value, str):
        return Mark(text=NO_MARK, trouble=trouble or "当てはまる行がありません。")
    remarks = [part for row in (trace.annotations if trace else ()) for part in row if part]
    return Mark(text=result.value, rows=trace.chosen if trace else (), remark="。".join(remarks), trouble=trouble)


def exact(value: float | None) -> Decimal | None:
    """Return a stored number as the decimal it was written as; what division left behind the ninth place is dropped."""
    if value is None or not math.isfinite(value):
        return None
    return Decimal(repr(round(value, 9))).normalize() + 0


def _in_numbers(series: Series) -> Series:
    """Return a series of milestones with the number of the stage as value."""
    if series.type not in {"milestone", "existence"}:
        return series

    def numbered(figure: Figure) -> Figure:
        stage = stage_of(figure.text)
        return figure if stage is None else replace(figure, value=float(stage))

    return replace(
        series,
        baseline=numbered(series.baseline) if series.baseline else None,
        targets=tuple(numbered(item) for item in series.targets),
        actuals=tuple(numbered(item) for item in series.actuals),
    )


def _asked(progress: Progress) -> float | None:
    if progress.expected is not None:
        return progress.expected
    return progress.target.value if progress.target else None


def _is_met(progress: Progress) -> bool | None:
    if progress.status in {Status.ACHIEVED, Status.ON_TRACK}:
        return True
    return False if progress.status is Status.BEHIND else None


def _good_side(progress: Progress, sign: int) -> int:
    """Return 1 where above the target is good; 以上 and 以下 say it more exactly than the direction of the indicator."""
    comparison = progress.target.comparison if progress.target else "="
    return {">=": 1, "<=": -1}.get(comparison, sign)


def _difference(progress: Progress, actual: float | None, asked: float | None, sign: int) -> Decimal | None:
    """Return how far the actual is on the good side; where words alone were judged, 0 for met and -1 for not met."""
    met = _is_met(progress)
    if met is None:
        return None
    if actual is None or asked is None:
        return Decimal(0) if met else Decimal(-1)
    return exact((actual - asked) * sign)


def _achievement(series: Series, actual: float | None, asked: float | None) -> float | None:
    if actual is None or asked is None:
        return None
    return progress_rate(replace(series, baseline=None), actual=actual, target=asked)


def _way(series: Series, actual: float | None, last: int) -> float | None:
    target = target_for(series, last)
    level = level_of(series, target) if target else None
    return None if actual is None or level is None else progress_rate(series, actual=actual, target=level)


def _change(actual: float | None, base: float | None, sign: int) -> Decimal | None:
    """Return the change against the baseline in per cent; from a baseline of 0 any change is ±100."""
    if actual is None or base is None:
        return None
    if base == 0:
        return Decimal(100 * sign * ((actual > 0) - (actual < 0)))
    return exact((actual - base) / abs(base) * 100 * sign)
