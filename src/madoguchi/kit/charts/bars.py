"""Bars: an indicator over the years with its targets, and places ranked by one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .canvas import ACTUAL, FAINT, GROUND, INK, QUIET, SIZE, SMALL, TARGET, Canvas, text_width, wrap
from .numbers import Scale, axis_marks, bounds, compact_number, finite
from .svg import element

Words = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """
    One bar: ``value`` None is a gap. ``target`` is drawn as a line over it. ``provisional`` bars are hatched, an
    ``outline`` bar (a baseline) is white. ``note`` stands where the bar is missing.
    """

    label: str
    value: float | None = None
    target: float | None = None
    provisional: bool = False
    outline: bool = False
    note: str = ""


TOP, BOTTOM = 40.0, 38.0


def bar_chart(
    bars: Sequence[Bar],
    *,
    key: str,
    title: str,
    description: str = "",
    unit: str = "",
    target_word: str = "目標",
    number: Words = compact_number,
    width: float = 360,
    height: float = 240,
) -> Markup:
    """
    Draw bars side by side on a zero baseline, each with its value, and its target as a line with its value.

    Many bars or long numbers make the drawing wider than ``width``: a number is never cut.
    """
    values = [finite(bar.value) for bar in bars] + [finite(bar.target) for bar in bars]
    marks = axis_marks(*bounds(values))
    left = max(30.0, *(text_width(number(mark), SMALL) + 8 for mark in marks))
    widest = max([text_width(number(value), SIZE) for value in values if value is not None], default=0.0)
    canvas = Canvas(key=key, width=max(width, left + 12 + max(52.0, widest + 8) * len(bars)), height=height)
    scale = Scale(marks[0], marks[-1], height - BOTTOM, TOP)
    draw_axis(canvas, scale, marks, left, canvas.width - 4, unit, number)
    slot = (canvas.width - left - 8) / max(1, len(bars))
    for index, bar in enumerate(bars):
        _bar(canvas, bar, scale, left + slot * index, slot, number, target_word)
    canvas.line(left, scale(0.0), canvas.width - 4, scale(0.0), stroke=INK, width=1.2)
    return canvas.svg(title, description)


def draw_axis(
    canvas: Canvas, scale: Scale, marks: Sequence[float], left: float, right: float, unit: str, number: Words
) -> None:
    """Draw the grid with its numbers at the left and the unit over them."""
    for mark in marks:
        y = scale(mark)
        canvas.line(left, y, right, y, stroke="#d9d9d9", class_="chart__grid")
        canvas.text(left - 5, y + SMALL * 0.35, number(mark), size=SMALL, anchor="end", fill=QUIET)
    if unit:
        canvas.text(2, SMALL + 3, f"（{unit}）", size=SMALL, fill=QUIET)


def _bar(canvas: Canvas, bar: Bar, scale: Scale, left: float, slot: float, number: Words, target_word: str) -> None:
    centre, thick, floor = left + slot / 2, min(44.0, slot * 0.62), scale(0.0)
    value, target = finite(bar.value), finite(bar.target)
    for row, line in enumerate(wrap(bar.label, slot - 2, SMALL, 2)):
        canvas.text(centre, canvas.height - BOTTOM + 15 + row * 13, line, size=SMALL, anchor="middle", width=slot)
    if value is not None:
        _column(canvas, bar, centre - thick / 2, min(scale(value), floor), thick, abs(scale(value) - floor))
    elif bar.note:
        canvas.text(centre, floor - 6, bar.note, size=SMALL, anchor="middle", fill=QUIET, width=slot)
    line_y = None if target is None else scale(target)
    if line_y is not None:
        ends = left + slot * 0.08, left + slot * 0.92
        canvas.line(ends[0], line_y, ends[1], line_y, stroke=TARGET, width=2.5, class_="chart__target")
    value_y, target_y, inside = _label_places(None if value is None else scale(value), line_y, floor)
    if target is not None:
        words = f"{target_word} {number(target)}"
        shown = words if text_width(words, SMALL) <= slot - 2 else number(target)
        canvas.text(centre, target_y, shown, size=SMALL, anchor="middle")
    if value is not None:
        _value(canvas, number(value), centre, value_y, inside=inside, solid=not (bar.provisional or bar.outline))


def _column(canvas: Canvas, bar: Bar, x: float, y: float, thick: float, tall: float) -> None:
    if bar.outline:
        canvas.rect(x, y, thick, tall, fill=GROUND, stroke=QUIET, stroke_width=1.4, class_="chart__base")
    elif bar.provisional:
        canvas.rect(
            x, y, thick, tall, fill=canvas.hatch(), stroke=ACTUAL, stroke_width=1.4, class_="chart__provisional"
        )
    else:
        canvas.rect(x, y, thick, tall, fill=ACTUAL, class_="chart__actual")


def _label_places(top: float | None, line: float | None, floor: float) -> tuple[float, float, bool]:
    """
    Return the heights of the value's and the target's label, and whether the value stands inside its bar.

    ``top`` is where the bar ends, ``line`` the target; labels must cover neither each other nor the line.
    """
    if top is None or line is None:
        end = floor if top is None or top > floor else top
        return end - 4, (floor if line is None else line) - 5, False
    if top > floor:
        return floor - 4, (top + SMALL + 3 if line < top + SMALL + 6 else line - 5), False
    if top >= line:
        if top - line >= SIZE + 7:
            return top - 4, line - 5, False
        return (top + SIZE + 3, line - 5, True) if floor - top >= 20 else (line - 18, line - 5, False)
    if line - top >= 20:
        return top + SIZE + 3, top - 5, True
    return (line + SIZE + 4, top - 5, True) if floor - line >= 20 else (top - 18, top - 5, False)


def _value(canvas: Canvas, words: str, x: float, y: float, *, inside: bool, solid: bool) -> None:
    if not inside:
        canvas.text(x, y, words, size=SIZE, anchor="middle", font_weight=700)
        return
    if not solid:
        wide = text_width(words, SIZE) + 4
        canvas.rect(x - wide / 2, y - SIZE, wide, SIZE + 4, fill=GROUND)
    fill, name = (GROUND, "chart__inside") if solid else (INK, None)
    canvas.text(x, y, words, size=SIZE, anchor="middle", fill=fill, font_weight=700, class_=name)


def rank_chart(
    bars: Sequence[Bar],
    *,
    key: str,
    title: str,
    description: str = "",
    unit: str = "",
    highlight: str = "",
    number: Words = compact_number,
    width: float = 360,
) -> Markup:
    """Draw bars one under the other from zero, longest label left, number at the end; ``highlight`` names one bar."""
    row, label_width = 26.0, 104.0
    top = 20.0 if unit else 6.0
    canvas = Canvas(key=key, width=width, height=top + row * max(1, len(bars)) + 6)
    low, high = bounds([finite(bar.value) for bar in bars])
    if low == high:
        high = 1.0
    scale = Scale(low, high, label_width + 6, width - 66)
    if unit:
        canvas.text(width - 2, SMALL + 2, f"（{unit}）", size=SMALL, anchor="end", fill=QUIET)
    for index, bar in enumerate(bars):
        _ranked(canvas, bar, scale, top + row * index, label_width, number, marked=bar.label == highlight)
    canvas.line(scale(0.0), top, scale(0.0), canvas.height - 4, stroke=INK)
    return canvas.svg(title, description)


def _ranked(
    canvas: Canvas, bar: Bar, scale: Scale, y: float, label_width: float, number: Words, *, marked: bool
) -> None:
    value, weight = finite(bar.value), 700 if marked else None
    middle = y + 17
    canvas.text(label_width, middle, bar.label, size=SIZE, anchor="end", width=label_width - 2, font_weight=weight)
    if value is None:
        canvas.text(
            scale(0.0) + 6, middle, bar.note or "－", size=SIZE, fill=QUIET, width=canvas.width - scale(0.0) - 8
        )
        return
    left, right = min(scale(0.0), scale(value)), max(scale(0.0), scale(value))
    fill = canvas.hatch() if bar.provisional else ACTUAL if marked or not weight else FAINT
    canvas.add(
        element(
            "rect", x=left, y=y + 4, width=right - left, height=18, fill=fill, stroke=INK if marked else None,
            stroke_width=2 if marked else None, class_="chart__actual",
        )
    )  # fmt: skip
    canvas.text(right + 5, middle, number(value), size=SIZE, width=canvas.width - right - 6, font_weight=weight)
