"""The charts of the printed books: the SVG of ``kit.charts`` with the fonts of the book, and the same in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from madoguchi.kit.charts import Bar, Share, bar_chart, compact_number, plain_number, rank_chart, share_bar

from . import words

_FONT = re.compile(r'font-family="[^"]*"')
TONES = {
    "achieved": "good",
    "on_track": "active",
    "behind": "bad",
    "stopped": "stopped",
    "not_measured": "idle",
    "no_target": "idle",
}


def in_print(drawing: Markup, alt: str) -> dict[str, str]:
    """Return a drawing set in the font of the book, and what it says in words."""
    return {"svg": _FONT.sub('font-family="BIZ UDPGothic"', str(drawing)), "alt": alt}


def state_bar(states: dict[str, int], *, key: str, title: str, width: float = 640) -> dict[str, str]:
    """Return how many indicators stand where, as one bar."""
    names = words.status_words()
    shares = [Share(label=names[state], count=number, tone=TONES[state]) for state, number in states.items()]
    said = _list(f"{share.label} {share.count}" for share in shares if share.count)
    return in_print(share_bar(shares, key=key, title=title, width=width), f"{title}: {said}" if said else title)


def rate_bars(rates: Sequence[tuple[str, str]], *, key: str, title: str) -> dict[str, str]:
    """Return rates in per cent by name, one bar each; an empty rate is a gap."""
    bars = [Bar(label=name, value=float(rate) if rate else None) for name, rate in rates]
    said = _list(f"{name} {rate}%" for name, rate in rates if rate)
    drawing = rank_chart(bars, key=key, title=title, unit="%", number=plain_number, width=420)
    return in_print(drawing, f"{title}: {said}")


def indicator_chart(series: dict[str, Any], *, fiscal_year: int) -> dict[str, str]:
    """
    Return the values of an indicator by fiscal year with its targets; the baseline is an outlined bar before them.

    A year up to ``fiscal_year`` without a value says that nothing was measured; later years have only their targets.
    """
    bars = [_bar(point, fiscal_year) for point in series["points"]]
    base = series["baseline"]
    if base is not None and base["year"] not in {point["year"] for point in series["points"]}:
        when = words.short_year(base["year"]) if base["year"] else ""
        bars.insert(0, Bar(label=f"{_('基準値')} {when}".strip(), value=float(base["actual"]), outline=True))
    language = words.language()
    drawing = bar_chart(
        bars,
        key=f"indicator-{series['id']}",
        title=series["label"],
        unit=series["unit"],
        target_word=_("目標"),
        number=lambda value: compact_number(value, language),
        height=200,
    )
    said = _list(filter(None, (_said(bar) for bar in bars)))
    unit = f"（{series['unit']}）" if series["unit"] else ""
    return {**in_print(drawing, f"{series['label']}{unit}: {said}"), "label": series["label"]}


def _bar(point: dict[str, Any], fiscal_year: int) -> Bar:
    return Bar(
        label=words.short_year(point["year"]),
        value=_number(point["actual"]),
        target=_number(point["target"]),
        note="" if point["actual"] or point["year"] > fiscal_year else _("未計測"),
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _said(bar: Bar) -> str:
    parts = [bar.label] if bar.value is not None or bar.target is not None else []
    if bar.target is not None:
        parts.append(f"{_('目標')} {plain_number(bar.target)}")
    if bar.value is not None:
        parts.append(plain_number(bar.value) if bar.outline else f"{_('実績')} {plain_number(bar.value)}")
    return " ".join(parts)


def _list(items: Any) -> str:
    return ("、" if words.language().startswith("ja") else ", ").join(items)
