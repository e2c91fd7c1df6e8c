"""Values and indicators as this layout writes them, on top of the common rules of reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from madoguchi.plan.rules.draft import DraftIndicator, IndicatorKind, Level, YearValue
from madoguchi.plan.rules.reading.inference import infer_direction, infer_kind, infer_type
from madoguchi.plan.rules.reading.values import ParsedValue, parse_value

# 「過去10年間分」: the length of a published series is what the indicator counts, elsewhere it is a mere description.
_SERIES_LENGTH = re.compile(r"過去(?P<years>\d+)(?P<unit>年)(?:間)?分")
_REST_OF_CHANGE = re.compile(r"(?<=増)加|(?<=減)少")
_AT_LEAST = re.compile(r"以上$")
_STOCK_LABEL = re.compile(r"サービス数$|窓口数$|年数$|合計$")
_ANNUAL_LABEL = re.compile(r"影響を与えた|増加$|追加$|増$|割合$")
_DAYS_OF_YEAR = 366


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and the value that was read from it, with the unit that the indicator of this value has."""

    value: YearValue
    parsed: ParsedValue

    @property
    def unit(self) -> str:
        """The unit of the value, empty where the text holds no number."""
        return self.parsed.unit


def read_value(text: str) -> ParsedValue:
    """Read a text that says something; its length in years where it describes a series of past years."""
    parsed = parse_value(text) or ParsedValue(None, "", "=", None, "", "", text)
    series = _SERIES_LENGTH.search(parsed.text)
    if parsed.value is None and series:
        return replace(parsed, value=float(series["years"]), unit="年", start=series.start(), end=series.end())
    if parsed.value is None and _AT_LEAST.search(parsed.text):
        return replace(parsed, comparison=">=")
    # The value ends behind 増 and 減, of which 増加 and 減少 are longer forms.
    rest = _REST_OF_CHANGE.match(parsed.text, parsed.end) if parsed.change else None
    return replace(parsed, end=rest.end()) if rest else parsed


def year_value(fiscal_year: int | None, text: str, line: int) -> Reading:
    """Read what the document says for a fiscal year (western; None where it gives none)."""
    parsed = read_value(text)
    value = YearValue(
        fiscal_year=fiscal_year,
        text=parsed.text,
        value=parsed.value,
        comparison=parsed.comparison,
        out_of=parsed.out_of,
        basis=parsed.basis,
        line=line,
    )
    return Reading(value, parsed)


def build_indicator(
    label: str,
    *,
    line: int,
    targets: tuple[Reading, ...] = (),
    actuals: tuple[Reading, ...] = (),
    baseline: Reading | None = None,
    level: Level = "kpi",
    evaluation: str = "",
    note: str = "",
    opinion: str = "",
) -> DraftIndicator:
    """
    Build an indicator from its readings, telling unit, type, kind and direction from label and texts.

    The unit is that of the targets, else of the actuals, else of the baseline; a value in another unit keeps its text only.
    """
    readings = [*targets, *actuals, *([baseline] if baseline else [])]
    unit = next((reading.unit for reading in readings if reading.unit), "")
    texts = [reading.value.text for reading in readings]
    return DraftIndicator(
        label=label,
        level=level,
        unit=unit,
        type=infer_type(label, unit, texts),
        kind=_kind(label, unit, readings),
        direction=infer_direction(label, texts),
        baseline=_in_unit(baseline, unit) if baseline else None,
        targets=tuple(_in_unit(reading, unit) for reading in targets),
        actuals=tuple(_in_unit(reading, unit) for reading in actuals),
        evaluation=evaluation,
        note=note,
        opinion=opinion,
        line=line,
    )


def _in_unit(reading: Reading, unit: str) -> YearValue:
    if reading.unit == unit or reading.value.value is None:
        return reading.value
    return replace(reading.value, value=None, out_of=None)


def _kind(label: str, unit: str, readings: list[Reading]) -> IndicatorKind:
    numbers = [reading.value.value or 0 for reading in readings]
    if unit == "日" and max(numbers, default=0) > _DAYS_OF_YEAR:
        return "cumulative"  # no year has that many days
    if _STOCK_LABEL.search(label):
        return "stock"
    if _ANNUAL_LABEL.search(label) and "累計" not in label:
        return "annual"
    return infer_kind(label, unit, [reading.value.text for reading in readings])
