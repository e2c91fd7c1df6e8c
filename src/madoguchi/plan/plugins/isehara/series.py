"""The indicators of one sheet while they are read: values by year, also those that slipped into the row below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from madoguchi.plan.rules.draft import DraftIndicator
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.indicators import Cell, build_indicator, has_mixed_units, unit_of
from madoguchi.plan.rules.reading.values import is_nothing, parse_value


@dataclass(frozen=True, slots=True)
class Placed:
    """The text of a cell under its fiscal year; ``remark`` is what the heading says of the date."""

    fiscal_year: int
    text: str
    remark: str = ""


@dataclass(slots=True)
class Series:
    """The values of one indicator by fiscal year, blanks and dashes included."""

    line: int
    label: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def years(self) -> set[int]:
        """The years that the source has a column for."""
        return {cell.fiscal_year for cell in self.cells if cell.fiscal_year is not None}

    @property
    def last_filled(self) -> int:
        """The last year with anything in its cell, a dash included; 0 when there is none."""
        return max((cell.fiscal_year or 0 for cell in self.cells if cell.text), default=0)

    @property
    def last_said(self) -> int:
        """The last year with a value, 0 when there is none."""
        return max((cell.fiscal_year or 0 for cell in self.cells if not is_nothing(cell.text)), default=0)

    @property
    def is_number(self) -> bool:
        """True when at least one value holds a number."""
        return any((parsed := parse_value(cell.text)) and parsed.value is not None for cell in self.cells)

    @property
    def unit(self) -> str:
        """The unit of the values."""
        return unit_of(cell.text for cell in self.cells)

    def put(self, line: int, values: Sequence[Placed]) -> None:
        """Add values, in place of blanks for the same years."""
        taken = {value.fiscal_year for value in values}
        self.cells = [cell for cell in self.cells if cell.fiscal_year not in taken]
        self.cells += [Cell(value.fiscal_year, value.text, line, value.remark) for value in values]
        self.cells.sort(key=lambda cell: cell.fiscal_year or 0)


class SeriesSet:
    """The indicators of one sheet, in order."""

    def __init__(self, ledger: Ledger, *, first_year: int, last_year: int) -> None:
        """Keep the period of the plan: years before it are the past, none after it is expected."""
        self._ledger = ledger
        self._first_year = first_year
        self._last_year = last_year
        self._all: list[Series] = []

    def add(self, line: int, label: str, values: Sequence[Placed], path: str) -> None:
        """Open an indicator with the values of its row."""
        if not label:
            self._ledger.unplaced(line, "指標名のない行です。どの指標の値かを確かめてください。")
            return
        if any(series.label == label for series in self._all):
            self._ledger.warn(line, f"指標「{label}」が同じ取組に2つあります。")
        series = Series(line, label)
        series.put(line, values)
        self._all.append(series)
        self._ledger.place(line, f"{path} {label}")

    def extend(self, line: int, values: Sequence[Placed], path: str) -> None:
        """
        Add a row without a label to the indicator it continues.

        That is the nearest one above in the same unit that still lacks a value for as many of its last years; values
        keep their column where it is free there, else they follow the last year that is filled.
        """
        said = [value for value in values if not is_nothing(value.text)]
        for series in reversed(self._all):
            if (placed := self._fitting(series, said)) is not None:
                series.put(line, placed)
                self._ledger.place(line, f"{path} {series.label}")
                return
        self._ledger.unplaced(line, "指標名のない行の値です。どの指標のどの年度の値かを確かめてください。")

    def _fitting(self, series: Series, said: list[Placed]) -> list[Placed] | None:
        last = series.last_filled
        if not said or not last or series.unit != unit_of(value.text for value in said):
            return None
        if last + len(said) > self._last_year:
            return None
        if all(value.fiscal_year > last for value in said):
            return said
        return [Placed(last + index, value.text) for index, value in enumerate(said, start=1)]

    def finished_milestones(self) -> Iterator[Series]:
        """Give the indicators without numbers that reach their goal in some year."""
        return (series for series in self._all if not series.is_number and series.last_said)

    def indicators(self) -> tuple[DraftIndicator, ...]:
        """Close the sheet: give its indicators and note what a person should look at."""
        for series in self._all:
            self._note_doubts(series)
        return tuple(
            build_indicator(
                label=series.label, cells=series.cells, line=series.line, first_target_year=self._first_year
            )
            for series in self._all
        )

    def _note_doubts(self, series: Series) -> None:
        if not series.last_said:
            self._ledger.warn(series.line, f"指標「{series.label}」に値がありません。")
        elif has_mixed_units(series.cells):
            self._ledger.warn(series.line, f"指標「{series.label}」の値の単位がそろっていません。")
        if self._last_year in series.years:
            return
        doubt = (
            "値が原文にありません" if series.is_number else "列が原文にないため、達成年度がずれている可能性があります"
        )
        self._ledger.warn(series.line, f"指標「{series.label}」: {self._last_year}年度の{doubt}。")
