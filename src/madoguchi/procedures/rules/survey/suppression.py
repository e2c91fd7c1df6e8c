"""
Hiding small cells of a cross table, and enough others that nobody can work the hidden ones out from the totals.

Primary: a cell of one to four people. Secondary (二次秘匿): while a row or a column has a single hidden cell, its smallest other
cell is hidden too, since the totals are printed (Hundepool et al., Statistical Disclosure Control, ch. 4).
"""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 5
"""A cell of fewer than this many people is not published where the table crosses groups."""

Place = tuple[int, int]


def hidden_cells(counts: Sequence[Sequence[int]]) -> frozenset[Place]:
    """Return the (row, column) of the cells to hide in a table of counts without its totals."""
    hidden = {
        (row, column) for row, cells in enumerate(counts) for column, count in enumerate(cells) if 0 < count < SMALL
    }
    if not hidden:
        return frozenset()
    rows, columns = len(counts), len(counts[0])
    changed = True
    while changed:
        changed = False
        for row in range(rows):
            changed |= _complete(hidden, [(row, column) for column in range(columns)], counts)
        for column in range(columns):
            changed |= _complete(hidden, [(row, column) for row in range(rows)], counts)
    return frozenset(hidden)


def _complete(hidden: set[Place], line: list[Place], counts: Sequence[Sequence[int]]) -> bool:
    """Hide one more cell of a line that has a single hidden one; tell whether that was so."""
    if len(hidden.intersection(line)) != 1:
        return False
    others = [place for place in line if place not in hidden]
    if not others:
        return False

    def size(place: Place) -> tuple[bool, int]:
        # An empty cell hides little: people are taken first.
        count = counts[place[0]][place[1]]
        return count == 0, count

    hidden.add(min(others, key=size))
    return True
