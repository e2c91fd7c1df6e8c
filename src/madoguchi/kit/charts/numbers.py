"""How values are written in charts, and where the marks of an axis stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

_BIG_JA = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))
_BIG_EN = ((10**12, "T"), (10**9, "B"), (10**6, "M"))


def finite(value: float | None) -> float | None:
    """Return the value, or None for what cannot be drawn."""
    return value if value is not None and math.isfinite(value) else None


def plain_number(value: float) -> str:
    """Return a number with thousands separated and at most six significant digits: 30,000,000, 64.8."""
    if not math.isfinite(value):
        return ""
    if value != 0 and not 1e-4 <= abs(value) < 1e15:
        return f"{value:.2e}"
    rounded = Decimal(repr(float(f"{value:.6g}"))) if abs(value) < 1e6 else Decimal(round(value))
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def compact_number(value: float, language: str = "ja") -> str:
    """Return a number as short as a chart needs: 3,000万, 1.2億 (30M, 120M in English), plain below a million."""
    if not math.isfinite(value) or abs(value) >= 1e15:
        return plain_number(value)
    steps = _BIG_JA if language.startswith("ja") else _BIG_EN
    for size, word in steps:
        if abs(value) >= max(size, 10**6):
            # Shortening must not change what a label says: 1,234,567 stays as it is.
            short = float(f"{value / size:.4g}")
            if math.isclose(short * size, value, rel_tol=1e-9) or abs(value) >= 1e9:
                return f"{plain_number(short)}{word}"
    return plain_number(value)


def axis_marks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Return round values that cover low to high, at least two, about ``wanted`` steps apart."""
    if not math.isfinite(high - low) or high - low <= abs(high) * 1e-9:
        low, high = _widen(low, high)
    raw = (high - low) / wanted
    size = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    step = next((size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw), size * 10)
    first, last = math.floor(low / step), math.ceil(high / step)
    if last - first > 4 * wanted or last == first or not math.isfinite((last - first) * step + abs(last * step)):
        return [low, high]
    return [index * step for index in range(first, last + 1)]


def _widen(low: float, high: float) -> tuple[float, float]:
    middle = low / 2 + high / 2
    room = abs(middle) * 0.5 or 1.0
    return (max(middle - room, -1.7e308), min(middle + room, 1.7e308)) if high - low < math.inf else (low / 4, high / 4)


class Scale:
    """Turns values into places: ``low`` stands at ``start``, ``high`` at ``end``; what lies outside is held at the ends."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        """Keep the four corners; equal values stand at the start."""
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        # Halves keep the difference of very large numbers finite.
        span = self.high / 2 - self.low / 2
        part = (value / 2 - self.low / 2) / span if span else 0.0
        return self.start + (self.end - self.start) * min(1.0, max(0.0, part))


def bounds(values: Sequence[float | None], *, zero: bool = True) -> tuple[float, float]:
    """Return the least and greatest value to be drawn; with ``zero`` the axis starts or ends at zero."""
    known = [value for value in values if value is not None] or [0.0, 1.0]
    low, high = min(known), max(known)
    return (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
