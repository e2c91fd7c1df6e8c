"""The portfolio map: projects by feasibility (実現性) and new value (新たな価値)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .canvas import ACTUAL, FAINT, GROUND, INK, QUIET, SIZE, SMALL, Canvas, shorten
from .numbers import Scale, finite
from .svg import characters, element

RADIUS = 9.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """
    A project: its number in the list beside the map and its class; ``x`` feasibility and ``y`` new value, 1 to 5.

    Without both it is placed inside the field of its class. ``strong`` (a priority project) is filled, the others are rings.
    """

    number: int
    title: str
    field: str
    x: float | None = None
    y: float | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A quarter of the map: the class it stands for and its name."""

    key: str
    label: str


# Where each class lies: A high on both, B feasible with less new value, C of value but hard to do, candidates unclear.
PLACES: Mapping[str, tuple[int, int]] = {"A": (1, 0), "B": (1, 1), "C": (0, 0), "candidate": (0, 1)}


def portfolio_map(
    dots: Sequence[Dot],
    *,
    key: str,
    title: str,
    fields: Sequence[Field],
    x_word: str = "実現性",
    y_word: str = "新たな価値",
    low_word: str = "低",
    high_word: str = "高",
    description: str = "",
    width: float = 360,
    height: float = 400,
) -> Markup:
    """Draw the four fields with their projects as numbered marks; marks on one spot are laid out beside each other."""
    canvas = Canvas(key=key, width=width, height=height)
    left, top, right, bottom = 26.0, 6.0, width - 4, height - 26.0
    half_x, half_y = (left + right) / 2, (top + bottom) / 2
    canvas.rect(left, top, right - left, bottom - top, fill=GROUND, stroke=INK, stroke_width=1.4)
    canvas.line(half_x, top, half_x, bottom, stroke=QUIET, stroke_dasharray="5 4")
    canvas.line(left, half_y, right, half_y, stroke=QUIET, stroke_dasharray="5 4")
    for item in fields:
        column, row = PLACES.get(item.key, (0, 1))
        canvas.text(
            (half_x if column else left) + 6, (half_y if row else top) + SIZE + 4, item.label, size=SIZE, font_weight=700,
            fill=QUIET, width=half_x - left - 10,
        )  # fmt: skip
    _axes(canvas, left, right, bottom, top, (x_word, y_word, low_word, high_word))
    across, up = Scale(1, 5, left + RADIUS + 3, right - RADIUS - 3), Scale(1, 5, bottom - RADIUS - 3, top + RADIUS + 24)
    for dot, x, y in _places(dots, across, up, (left, top, half_x, half_y, right, bottom)):
        _draw(canvas, dot, x, y)
    return canvas.svg(title, description, class_="chart chart--map")


def _axes(
    canvas: Canvas, left: float, right: float, bottom: float, top: float, words: tuple[str, str, str, str]
) -> None:
    x_word, y_word, low, high = words
    canvas.text(left, bottom + 17, low, size=SMALL, fill=QUIET)
    canvas.text((left + right) / 2, bottom + 17, f"{x_word} →", size=SMALL, anchor="middle")
    canvas.text(right, bottom + 17, high, size=SMALL, anchor="end", fill=QUIET)
    canvas.text(2, bottom - 2, low, size=SMALL, fill=QUIET, width=22)
    canvas.text(2, top + SMALL + 2, high, size=SMALL, fill=QUIET, width=22)
    middle = (top + bottom) / 2
    canvas.add(
        element(
            "g",
            element(
                "text",
                characters(shorten(f"{y_word} →", bottom - top, SMALL)),
                x=0,
                y=0,
                font_size=SMALL,
                text_anchor="middle",
                fill=INK,
            ),
            transform=f"translate(15 {middle:g}) rotate(-90)",
        )
    )


_Placed = list[tuple[Dot, float, float]]


def _places(dots: Sequence[Dot], across: Scale, up: Scale, frame: tuple[float, ...]) -> _Placed:
    placed: _Placed = []
    by_class: dict[str, list[Dot]] = {}
    by_spot: dict[tuple[float, float], int] = {}
    for dot in dots:
        x, y = finite(dot.x), finite(dot.y)
        if x is None or y is None:
            by_class.setdefault(dot.field, []).append(dot)
            continue
        nth = by_spot[(x, y)] = by_spot.get((x, y), -1) + 1
        dx, dy = _spiral(nth)
        placed.append((dot, _hold(across(x) + dx, frame[0], frame[4]), _hold(up(y) + dy, frame[1], frame[5])))
    for key, group in by_class.items():
        placed.extend(_grid(group, _quarter(key, frame)))
    return placed


def _spiral(nth: int) -> tuple[float, float]:
    """Return how far the n-th mark of one spot stands from it: rings of six around the first."""
    if nth == 0:
        return 0.0, 0.0
    ring = math.ceil((-3 + math.sqrt(9 + 12 * nth)) / 6)
    first = 3 * ring * (ring - 1) + 1
    angle = 2 * math.pi * (nth - first) / (6 * ring)
    return math.cos(angle) * 2.1 * RADIUS * ring, math.sin(angle) * 2.1 * RADIUS * ring


def _hold(value: float, low: float, high: float) -> float:
    return max(low + RADIUS + 1, min(value, high - RADIUS - 1))


def _quarter(key: str, frame: tuple[float, ...]) -> tuple[float, float, float, float]:
    left, top, half_x, half_y, right, bottom = frame
    column, row = PLACES.get(key, (0, 1))
    return (half_x if column else left, half_y if row else top, right if column else half_x, bottom if row else half_y)


def _grid(dots: Sequence[Dot], box: tuple[float, float, float, float]) -> _Placed:
    """Lay marks out in rows inside a box under its name; they move closer together where there are many."""
    left, top, right, bottom = box[0] + 4, box[1] + 22, box[2] - 4, box[3] - 4
    step = 2 * RADIUS + 5
    while step > 6 and math.ceil(len(dots) / max(1, int((right - left) // step))) * step > bottom - top:
        step -= 1
    columns = max(1, int((right - left) // step))
    return [
        (
            dot,
            _hold(left + step * (index % columns) + step / 2, box[0], box[2]),
            _hold(top + step * (index // columns) + step / 2, box[1], box[3]),
        )
        for index, dot in enumerate(dots)
    ]


def _draw(canvas: Canvas, dot: Dot, x: float, y: float) -> None:
    fill, ink = (ACTUAL, GROUND) if dot.strong else (GROUND, INK)
    edge, name = (FAINT, "chart__actual") if dot.strong else (ACTUAL, "chart__ring")
    name_of_project = element("title", characters(f"{dot.number} {dot.title}"))
    canvas.add(
        element("circle", name_of_project, cx=x, cy=y, r=RADIUS, fill=fill, stroke=edge, stroke_width=1.4, class_=name)
    )
    canvas.text(x, y + 3.6, str(dot.number), size=SMALL, anchor="middle", fill=ink, font_weight=700)
