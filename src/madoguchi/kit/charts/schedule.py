"""A schedule by fiscal years: what is done when, as bars with their words in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from .canvas import ACTUAL, FAINT, INK, QUIET, SMALL, Canvas, wrap
from .svg import coordinate, element

LINE = 14.0
PADDING = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A bar over columns ``first`` to ``last`` (0-based, both included) with its words."""

    first: int
    last: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A task and its bars; the label may be empty."""

    label: str = ""
    spans: tuple[Span, ...] = field(default=())


def schedule_chart(
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    key: str,
    title: str,
    description: str = "",
    now: int | None = None,
    width: float = 720,
    most_lines: int = 3,
) -> Markup:
    """
    Draw rows of bars under columns of years; words wrap inside their bar, bars of a row never cover each other.

    ``now`` is the column of the present year, marked by a frame over the whole height.
    """
    label_width = 150.0 if any(row.label for row in rows) else 0.0
    column = (width - label_width - 2) / max(1, len(columns))
    laid = [_lay_out(row, column, label_width, len(columns), most_lines) for row in rows]
    canvas = Canvas(key=key, width=width, height=26 + sum(height for height, _, _ in laid) + 4)
    for index, name in enumerate(columns):
        x = label_width + column * index
        canvas.text(
            x + column / 2,
            16,
            name,
            size=SMALL,
            anchor="middle",
            width=column - 2,
            font_weight=700 if index == now else None,
        )
        canvas.line(x, 22, x, canvas.height - 2, stroke="#d9d9d9", class_="chart__grid")
    y = 24.0
    for height, label, bars in laid:
        canvas.line(0, y, width, y, stroke=FAINT)
        canvas.lines_of_text(2, y + PADDING + SMALL, label, size=SMALL)
        for first, last, top, lines in bars:
            _bar(canvas, label_width + column * first + 2, y + top, column * (last - first + 1) - 4, lines)
        y += height
    if now is not None and 0 <= now < len(columns):
        x, dashes = label_width + column * now, "5 3"
        canvas.rect(x, 1, column, canvas.height - 3, fill="none", stroke=INK, stroke_width=1.6, stroke_dasharray=dashes)
    return canvas.svg(title, description)


_Laid = tuple[float, list[str], list[tuple[int, int, float, list[str]]]]


def _lay_out(row: Row, column: float, label_width: float, columns: int, most_lines: int) -> _Laid:
    """Return a row's height, its label in lines, and its bars with their place under the row's top."""
    label = wrap(row.label, label_width - 8, SMALL, 4) if label_width else []
    bars: list[tuple[int, int, float, list[str]]] = []
    ends: list[tuple[int, float]] = []
    for span in sorted(row.spans, key=lambda item: (item.first, item.last)):
        first, last = max(0, min(span.first, columns - 1)), max(0, min(span.last, columns - 1))
        last = max(first, last)
        top = max((bottom for end, bottom in ends if end >= first), default=PADDING / 2)
        lines = wrap(span.text, column * (last - first + 1) - 22, SMALL, most_lines)
        bars.append((first, last, top, lines))
        ends.append((last, top + _bar_height(lines) + 3))
    lowest = max((bottom for _, bottom in ends), default=0.0)
    return max(lowest + PADDING / 2, len(label) * LINE + PADDING * 2, 24.0), label, bars


def _bar_height(lines: list[str]) -> float:
    return max(1, len(lines)) * LINE + 4


def _bar(canvas: Canvas, x: float, y: float, width: float, lines: list[str]) -> None:
    height, tip = _bar_height(lines), min(8.0, width / 3)
    corners = (
        (x, y),
        (x + width - tip, y),
        (x + width, y + height / 2),
        (x + width - tip, y + height),
        (x, y + height),
    )
    path = " ".join(f"{coordinate(a)},{coordinate(b)}" for a, b in corners)
    canvas.add(element("polygon", points=path, fill="#e8eef9", stroke=ACTUAL, stroke_width=1.2, class_="chart__span"))
    canvas.lines_of_text(x + 5, y + LINE - 2, lines, size=SMALL, leading=LINE / SMALL)
    if not lines:
        canvas.line(x + 5, y + height / 2, x + width - tip - 3, y + height / 2, stroke=QUIET, stroke_dasharray="3 3")
