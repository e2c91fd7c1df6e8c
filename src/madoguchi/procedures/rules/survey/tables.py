"""
Tables of answers: simple counts (単純集計) and cross tables (クロス集計), weighted and not, with no answer as a row of its own.

Percentages are shares of everybody who was asked the question, those without an answer included, as city surveys print
them; of a question with several answers they may add up to more than 100.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .suppression import hidden_cells

NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class Group:
    """An option or a group: its code and its words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its options; ``several`` when more than one may be chosen."""

    code: str
    label: str
    options: tuple[Group, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Respondent:
    """One answer sheet: answers by question, and the groups the person belongs to (mode, age band, town)."""

    answers: Mapping[str, Any]
    groups: Mapping[str, Hashable] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """People in a cell: how many, how many weighted, and the share of the column's base in percent (None: base 0)."""

    count: int
    weighted: float
    percent: Decimal | None
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class CrossTable:
    """
    A table: ``rows`` are the options (the last is no answer), ``columns`` the groups (the first is everybody).

    ``cells[row][column]``; ``bases`` are how many people a column has.
    """

    question: Question
    rows: tuple[Group, ...]
    columns: tuple[Group, ...]
    cells: tuple[tuple[Cell, ...], ...]
    bases: tuple[int, ...]

    @property
    def total(self) -> tuple[Cell, ...]:
        """The counts of everybody, by option."""
        return tuple(row[0] for row in self.cells)


def frequency_table(question: Question, people: Sequence[Respondent], *, weighted: bool = False) -> CrossTable:
    """Return the simple count of a question."""
    return cross_table(question, people, [], lambda person: None, weighted=weighted)


def cross_table(
    question: Question,
    people: Sequence[Respondent],
    columns: Sequence[Group],
    group_of: Callable[[Respondent], Hashable | None],
    *,
    weighted: bool = False,
    suppress: bool = False,
) -> CrossTable:
    """
    Return the counts of a question by groups; ``suppress`` marks cells of fewer than five people, and enough others that
    those cannot be worked out from the totals.

    People outside every group count in the first column alone.
    """
    rows = (*question.options, Group(NO_ANSWER, ""))
    heads = (Group("all", ""), *columns)
    parts = [list(people), *([person for person in people if group_of(person) == head.code] for head in columns)]
    chosen = [[_chosen(question, person) for person in part] for part in parts]
    cells = tuple(
        tuple(_cell(row.code, part, picked, weighted=weighted) for part, picked in zip(parts, chosen, strict=True))
        for row in rows
    )
    if suppress:
        cells = _suppressed(cells)
    return CrossTable(question, rows, heads, cells, tuple(len(part) for part in parts))


def _chosen(question: Question, person: Respondent) -> frozenset[str]:
    value = person.answers.get(question.code)
    known = {option.code for option in question.options}
    given = value if isinstance(value, list) else [_code(value)]
    found = frozenset(item for item in given if isinstance(item, str) and item in known)
    return found or frozenset({NO_ANSWER})


def _code(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else ""


def _suppressed(cells: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Mark what must be hidden beside the first column, which is everybody."""
    hidden = hidden_cells([[cell.count for cell in row[1:]] for row in cells])
    return tuple(
        tuple(replace(cell, is_small=(place, column - 1) in hidden) for column, cell in enumerate(row))
        for place, row in enumerate(cells)
    )


def _cell(code: str, part: Sequence[Respondent], picked: Sequence[frozenset[str]], *, weighted: bool) -> Cell:
    inside = [person for person, codes in zip(part, picked, strict=True) if code in codes]
    weight = sum(person.weight for person in inside)
    base = sum(person.weight for person in part) if weighted else len(part)
    share = None if not base else _percent((weight if weighted else len(inside)) / base)
    return Cell(len(inside), weight, share)


def _percent(share: float) -> Decimal:
    """Return percent with one decimal, half up as printed tables round."""
    return (Decimal(repr(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
