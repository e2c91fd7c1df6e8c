"""The ground of certificates (地紋): fine waves over the whole paper, drawn as vectors in the colour of the municipality."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import cos, pi, sin, tau

WIDTH, HEIGHT = 210, 297


@lru_cache(maxsize=32)
def ground_svg(colour: str) -> str:
    """Return the ground as SVG for an A4 sheet, in a colour given as ``#rrggbb``; pale enough to read black text on it."""
    paths = [_wave(row) for row in range(-8, HEIGHT + 9, 3)]
    paths += [
        _rosette(WIDTH / 2, HEIGHT / 2, radius, phase)
        for radius in range(30, 66, 5)
        for phase in (0.0, pi / 2, pi, -pi / 2)
    ]
    drawn = "".join(f'<path d="{path}"/>' for path in paths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}mm" height="{HEIGHT}mm">'
        f'<g fill="none" stroke="{_pale(colour)}" stroke-width=".13">{drawn}</g></svg>'
    )


def _pale(colour: str) -> str:
    """Mix a colour with white (three parts in four)."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * 0.26):02x}" for part in parts)


def _wave(row: int) -> str:
    points = ((x, row + 3.2 * sin(x / 17 + row / 9) + 1.4 * cos(x / 6.1 - row / 14)) for x in range(-2, WIDTH + 4, 2))
    return _line(points)


def _rosette(x: float, y: float, radius: float, phase: float) -> str:
    turns = (tau * step / 360 for step in range(361))
    return _line(
        (x + _petal(radius, turn, phase) * cos(turn), y + _petal(radius, turn, phase) * sin(turn)) for turn in turns
    )


def _petal(radius: float, turn: float, phase: float) -> float:
    return radius + 5 * sin(16 * turn + phase)


def _line(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
