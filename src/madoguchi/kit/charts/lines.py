"""Lines over the years: up to four series with direct labels, and the small line of a table cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .bars import draw_axis
from .canvas import INK, SMALL, TARGET, Canvas, text_width
from .numbers import Scale, axis_marks, bounds, compact_number, finite
from .svg import coordinate, element

MOST_SERIES = 4
_COLOURS = ("#1f4e9c", "#8a4b00", "#3d3d3d", "#0b6e4f")
_DASHES = (None, "7 3", "2 3", "9 3 2 3")
TOP, BOTTOM = 24.0, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series: one value for each label of the axis, None where nothing was measured (a gap in the line)."""

    name: str
    values: tuple[float | None, ...]


def line_chart(
    labels: Sequence[str],
    lines: Sequence[Line],
    *,
    key: str,
    title: str,
    description: str = "",
    unit: str = "",
    target: float | None = None,
    target_word: str = "目標",
    number: Callable[[float], str] = compact_number,
    zero: bool = True,
    width: float = 360,
    height: float = 240,
) -> Markup:
    """
    Draw up to four lines, told apart by dash and mark as well as by colour, each named at its end.

    Raises ``ValueError`` for more than four: then a table says more than a chart.
    """
    if len(lines) > MOST_SERIES:
        raise ValueError("a chart shows at most four series")
    values = [finite(value) for line in lines for value in line.values]
    marks = axis_marks(*bounds([*values, finite(target)], zero=zero))
    left = max(30.0, *(text_width(number(mark), SMALL) + 8 for mark in marks))
    canvas = Canvas(key=key, width=max(width, left + 110 + 44 * len(labels)), height=height)
    names = max((text_width(line.name, SMALL) for line in lines), default=0.0)
    right = canvas.width - min(names + 12, 130)
    up = Scale(marks[0], marks[-1], height - BOTTOM, TOP)
    across = Scale(0, max(1, len(labels) - 1), left + 14, right - 10)
    draw_axis(canvas, up, marks, left, right, unit, number)
    slot = (right - left) / max(1, len(labels))
    for index, label in enumerate(labels):
        canvas.text(across(index), height - BOTTOM + 17, label, size=SMALL, anchor="middle", width=max(slot, 30))
    if (goal := finite(target)) is not None:
        canvas.line(
            left, up(goal), right, up(goal), stroke=TARGET, width=2, stroke_dasharray="10 4", class_="chart__target"
        )
        canvas.text(left + 4, up(goal) - 4, f"{target_word} {number(goal)}", size=SMALL, width=right - left)
    ends = [_series(canvas, line, index, across, up) for index, line in enumerate(lines)]
    _names(canvas, lines, ends, right)
    return canvas.svg(title, description)


def _series(canvas: Canvas, line: Line, index: int, across: Scale, up: Scale) -> float | None:
    """Draw a series and return the height at which it ends."""
    colour, name = _COLOURS[index], f"chart__series chart__series--{index + 1}"
    points = [
        None if (known := finite(value)) is None else (across(place), up(known))
        for place, value in enumerate(line.values)
    ]
    for run in _runs(points):
        if len(run) > 1:
            path = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in run)
            canvas.add(
                element(
                    "polyline", points=path, fill="none", stroke=colour, stroke_width=2.2,
                    stroke_dasharray=_DASHES[index], class_=name,
                )
            )  # fmt: skip
        for x, y in run:
            canvas.add(_mark(index, x, y, colour))
    known_points = [point for point in points if point is not None]
    return known_points[-1][1] if known_points else None


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _mark(index: int, x: float, y: float, colour: str) -> Markup:
    if index == 0:
        return element("circle", cx=x, cy=y, r=3.6, fill=colour)
    if index == 1:
        return element("rect", x=x - 3.4, y=y - 3.4, width=6.8, height=6.8, fill=colour)
    corners = ((0, -4.4), (4.2, 3.2), (-4.2, 3.2)) if index == 2 else ((0, -4.6), (4.6, 0), (0, 4.6), (-4.6, 0))
    path = " ".join(f"{coordinate(x + dx)},{coordinate(y + dy)}" for dx, dy in corners)
    return element("polygon", points=path, fill=colour)


def _names(canvas: Canvas, lines: Sequence[Line], ends: Sequence[float | None], right: float) -> None:
    """Write each name at the end of its line; names that would touch are moved apart."""
    placed = TOP - 14.0
    for end, index in sorted((end, index) for index, end in enumerate(ends) if end is not None):
        placed = max(end + 4, placed + 14)
        canvas.text(right + 4, placed, lines[index].name, size=SMALL, fill=INK, width=canvas.width - right - 5)


def sparkline(values: Sequence[float | None], *, key: str, title: str, width: float = 96, height: float = 24) -> Markup:
    """Draw a line without axes for a table cell; gaps stay gaps, the last value is marked. The cell says the numbers."""
    canvas = Canvas(key=key, width=width, height=height)
    low, high = bounds([finite(value) for value in values], zero=False)
    up = Scale(low, high, height - 4, 4) if high > low else Scale(low - 1, low + 1, height - 4, 4)
    across = Scale(0, max(1, len(values) - 1), 4, width - 5)
    points = [
        None if (known := finite(value)) is None else (across(place), up(known)) for place, value in enumerate(values)
    ]
    runs = _runs(points)
    for run in runs:
        if len(run) > 1:
            path = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in run)
            canvas.add(
                element(
                    "polyline", points=path, fill="none", stroke=_COLOURS[0], stroke_width=2, class_="chart__series--1"
                )
            )
        elif run is not runs[-1]:
            canvas.add(element("circle", cx=run[0][0], cy=run[0][1], r=1.8, fill=_COLOURS[0]))
    if runs:
        canvas.add(element("circle", cx=runs[-1][-1][0], cy=runs[-1][-1][1], r=3, fill=_COLOURS[0]))
    return canvas.svg(title, class_="chart chart--spark")
