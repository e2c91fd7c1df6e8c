"""Colours of the design tokens and their contrast (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

KEY_COLOURS: Mapping[str, tuple[str, str, str]] = {
    "blue": ("blue-900", "blue-1000", "blue-50"),
    "light-blue": ("light-blue-900", "light-blue-1000", "light-blue-50"),
    "cyan": ("cyan-900", "cyan-1000", "cyan-50"),
    "green": ("green-900", "green-1000", "green-50"),
    "lime": ("lime-900", "lime-1000", "lime-50"),
    "orange": ("orange-900", "orange-1000", "orange-50"),
    "red": ("red-1000", "red-1100", "red-50"),
    "magenta": ("magenta-900", "magenta-1000", "magenta-50"),
    "purple": ("purple-900", "purple-1000", "purple-50"),
}
"""The key colours a municipality may choose: fill and text, the same pressed, soft ground; names of primitive tokens."""

TEXT_MINIMUM = 4.5
GRAPHIC_MINIMUM = 3.0
STYLESHEET = Path(__file__).resolve().parents[1] / "static" / "build" / "app.css"
_TOKEN = re.compile(r"--color-(?:primitive|neutral)-([a-z0-9-]+):\s*(#[0-9a-fA-F]{3,8})\b")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours given as ``#rrggbb`` or ``#rgb``, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[start : start + 2], 16) / 255) for start in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


@lru_cache(maxsize=1)
def tokens(stylesheet: Path = STYLESHEET) -> dict[str, str]:
    """Return the colour tokens of the built stylesheet, name → ``#rrggbb``; empty when the front end is not built."""
    if not stylesheet.is_file():
        return {}
    return {name: _long(colour) for name, colour in _TOKEN.findall(stylesheet.read_text(encoding="utf-8"))}


def _long(colour: str) -> str:
    return colour if len(colour) > 4 else "#" + "".join(digit * 2 for digit in colour[1:])
