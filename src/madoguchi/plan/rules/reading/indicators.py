"""From the cells of a row to an indicator: baseline, earlier actuals and targets by fiscal year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from madoguchi.plan.rules.draft import DraftIndicator, IndicatorKind, Level, YearValue
from madoguchi.plan.rules.reading.inference import infer_direction, infer_kind, infer_type
from madoguchi.plan.rules.reading.markup import unwrap
from madoguchi.plan.rules.reading.values import ParsedValue, parse_value

# What a heading says of a column that holds figures already reached.
_MEASURED = re.compile(r"時点|現在|実績|見込")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it stands in the source: its text, its fiscal year and its line; ``as_of`` is a remark on its date."""

    fiscal_year: int | None
    text: str
    line: int
    as_of: str = ""


def year_value(cell: Cell) -> YearValue | None:
    """Give the value of a cell, or None where it says nothing (empty, 「-」)."""
    parsed = parse_value(cell.text)
    return None if parsed is None else _year_value(cell, parsed)


def unit_of(texts: Iterable[str]) -> str:
    """Give the unit that most of the texts are in, the first where several are equally common."""
    units = [parsed.unit for text in texts if (parsed := parse_value(text)) is not None and parsed.unit]
    return Counter(units).most_common(1)[0][0] if units else ""


def has_mixed_units(cells: Iterable[Cell]) -> bool:
    """Tell whether the numbers of a row are in different units, or some with and some without one."""
    parsed = [value for cell in cells if (value := parse_value(cell.text)) is not None]
    return len({value.unit for value in parsed if value.value is not None}) > 1


def build_indicator(
    *,
    label: str,
    cells: Sequence[Cell],
    line: int,
    first_target_year: int,
    level: Level = "kpi",
    kind: IndicatorKind | None = None,
    note: str = "",
) -> DraftIndicator:
    """
    Make an indicator of a row: years before ``first_target_year`` and figures as of a date are its past, others targets.

    The latest year before the plan is the baseline, the rest of the past are actuals. Unit, type, kind and direction are told from the
    label and the texts; ``kind`` overrides what the label suggests.
    """
    texts = [cell.text for cell in cells]
    unit = unit_of(texts)
    values = [value for cell in cells if (value := year_value(cell)) is not None]
    baseline, actuals, targets = _by_time(values, first_target_year)
    said = [value.text for value in values]
    return DraftIndicator(
        label=unwrap(label),
        level=level,
        unit=unit,
        type=infer_type(label, unit, said),
        kind=kind or infer_kind(label, unit, said),
        direction=infer_direction(label, said),
        baseline=baseline,
        targets=targets,
        actuals=actuals,
        note=note,
        line=line,
    )


def _by_time(
    values: list[YearValue], first_target_year: int
) -> tuple[YearValue | None, tuple[YearValue, ...], tuple[YearValue, ...]]:
    """Part values into baseline, actuals and targets."""
    before = [item for item in values if item.fiscal_year is not None and item.fiscal_year < first_target_year]
    measured = [item for item in values if item not in before and _MEASURED.search(item.as_of)]
    past = sorted([*before, *measured], key=lambda item: item.fiscal_year or 0)
    baseline = past[len(before) - 1 if before else 0] if past else None
    actuals = tuple(item for item in past if item is not baseline)
    return baseline, actuals, tuple(item for item in values if item not in past)


def _year_value(cell: Cell, parsed: ParsedValue) -> YearValue:
    return YearValue(
        fiscal_year=cell.fiscal_year,
        text=parsed.text,
        value=parsed.value,
        comparison=parsed.comparison,
        out_of=parsed.out_of,
        basis=parsed.basis,
        as_of=cell.as_of,
        line=cell.line,
    )
