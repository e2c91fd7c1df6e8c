"""Parts of a whole in one bar, and a value against its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .canvas import ACTUAL, GROUND, INK, QUIET, SMALL, TARGET, Canvas, text_width
from .numbers import Scale, finite
from .svg import element


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part: its name, how many, and its ``tone`` (good, active, bad, stopped, idle), drawn as a pattern and a grey."""

    label: str
    count: int
    tone: str = "idle"


# Dark, middle, hatched, light, white: told apart in grey print too.
_FILLS = {
    "good": ("#0b5a2b", GROUND),
    "active": ("#7fa3e0", INK),
    "bad": ("", INK),
    "stopped": ("#d0d0d0", INK),
    "idle": (GROUND, INK),
}
_ALARM = "#a80000"


def _fill(canvas: Canvas, tone: str) -> tuple[str, str]:
    fill, ink = _FILLS.get(tone, _FILLS["idle"])
    return fill or canvas.hatch(_ALARM, "chart__alarm"), ink


def share_bar(shares: Sequence[Share], *, key: str, title: str, description: str = "", width: float = 360) -> Markup:
    """Draw the parts one after the other, each with its count inside and its name below; empty parts are left out."""
    shown = [share for share in shares if share.count > 0]
    total = sum(share.count for share in shown)
    rows = _legend_rows(shown, width)
    canvas = Canvas(key=key, width=width, height=40 + 18 * max(1, len(rows)))
    if not total:
        canvas.rect(1, 2, width - 2, 28, fill=GROUND, stroke=QUIET, stroke_dasharray="4 3")
        return canvas.svg(title, description)
    left = 1.0
    for share in shown:
        part = (width - 2) * share.count / total
        fill, ink = _fill(canvas, share.tone)
        canvas.rect(left, 2, part, 28, fill=fill, stroke=INK, stroke_width=1, class_=f"chart__share--{share.tone}")
        taken = text_width(str(share.count), 13) + 4
        if taken <= part:
            if share.tone == "bad":
                canvas.rect(left + (part - taken) / 2, 6, taken, 20, fill=GROUND)
            canvas.text(left + part / 2, 21, str(share.count), size=13, anchor="middle", fill=ink, font_weight=700)
        left += part
    for row, items in enumerate(rows):
        for x, share in items:
            _legend(canvas, x, 38 + 18 * row, share)
    return canvas.svg(title, description)


def _legend_rows(shares: Sequence[Share], width: float) -> list[list[tuple[float, Share]]]:
    rows: list[list[tuple[float, Share]]] = [[]]
    x = 1.0
    for share in shares:
        needed = text_width(_words(share), SMALL) + 30
        if x + needed > width and rows[-1]:
            rows.append([])
            x = 1.0
        rows[-1].append((x, share))
        x += needed
    return rows


def _words(share: Share) -> str:
    return f"{share.label} {share.count}"


def _legend(canvas: Canvas, x: float, y: float, share: Share) -> None:
    fill, _ = _fill(canvas, share.tone)
    canvas.rect(x, y, 11, 11, fill=fill, stroke=INK, stroke_width=1, class_=f"chart__share--{share.tone}")
    canvas.text(x + 16, y + 10, _words(share), size=SMALL, width=canvas.width - x - 18)


def bullet(
    *, key: str, title: str, rate: float | None, target: float = 100.0, width: float = 120, height: float = 16
) -> Markup:
    """
    Draw how much of the way is done (per cent) as a bar on a track, with the target as a line.

    The track ends at 125 % of the target; more is held at its end, less than nothing at its start.
    """
    canvas = Canvas(key=key, width=width, height=height)
    scale = Scale(0, max(target, 1.0) * 1.25, 1, width - 1)
    canvas.rect(1, 3, width - 2, height - 6, fill=GROUND, stroke=QUIET, stroke_width=1, class_="chart__track")
    known = finite(rate)
    if known is not None:
        canvas.rect(1, 3, scale(known) - 1, height - 6, fill=ACTUAL, class_="chart__actual")
    canvas.add(
        element(
            "line", x1=scale(target), x2=scale(target), y1=0, y2=height, stroke=TARGET, stroke_width=2.5,
            class_="chart__target",
        )
    )  # fmt: skip
    return canvas.svg(title, class_="chart chart--bullet")
