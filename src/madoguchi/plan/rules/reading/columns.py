"""Which fiscal year a column of a table stands for, also where the conversion lost or shifted a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.plan.rules.reading.markup import squash
from madoguchi.plan.rules.reading.years import heading_remark, looks_like_year, parse_fiscal_year

_GENERATION = 20


@dataclass(frozen=True, slots=True)
class YearColumns:
    """
    The year headings of one table.

    ``first`` is the column of the first heading, ``years`` the western years from there on (None where a heading is no
    known year), ``remarks`` what stands in brackets behind each. ``last_year`` is the last year of the plan: columns
    right of the headings count on up to it, because converters drop the heading of the last column but not its values.
    """

    first: int
    years: tuple[int | None, ...]
    remarks: tuple[str, ...]
    last_year: int

    @classmethod
    def from_header(cls, cells: Sequence[str], *, last_year: int) -> YearColumns | None:
        """
        Read a header row: its headings run from the first that is, or means to be, a year to the last filled cell.

        A heading counts as unknown when no era has such a year, when it repeats one before it, or when it lies after
        ``last_year`` or a generation before it. None when no heading is a known year.
        """
        marked = [index for index, cell in enumerate(cells) if looks_like_year(cell) or parse_fiscal_year(cell)]
        if not marked:
            return None
        end = max(index for index, cell in enumerate(cells) if squash(cell)) + 1
        headings = cells[marked[0] : end]
        years: list[int | None] = []
        for heading in headings:
            year = parse_fiscal_year(heading)
            is_known = year is not None and year not in years and last_year - _GENERATION <= year <= last_year
            years.append(year if is_known else None)
        return cls(marked[0], tuple(years), tuple(map(heading_remark, headings)), last_year) if any(years) else None

    def shift(self, first_value: int) -> int:
        """Give how far the values of a row stand right of their headings; ``first_value`` is their first column."""
        return max(0, first_value - self.first)

    def year_at(self, column: int, *, first_value: int) -> int | None:
        """Give the fiscal year of ``column`` in a row whose values begin at ``first_value``, or None."""
        index = column - self.first - self.shift(first_value)
        if 0 <= index < len(self.years):
            return self.years[index]
        last = self.years[-1]
        year = None if last is None else last + index - len(self.years) + 1
        return year if index >= len(self.years) and year is not None and year <= self.last_year else None

    def remark_at(self, column: int, *, first_value: int) -> str:
        """Give the remark of the heading above ``column``, empty when it has none."""
        index = column - self.first - self.shift(first_value)
        return self.remarks[index] if 0 <= index < len(self.remarks) else ""
