"""The picture of the menu: six fields, an icon and a name in each; dark on light, readable on a small phone."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from ....errors import MessagingError
from .doors import HEIGHT, WIDTH, Door, bounds

FONT = "build/pdf-fonts/BIZUDPGothic-Bold.ttf"
PAPER, INK, MARK, LINE, FIELD = "#F8F8FB", "#1A1A1C", "#0017C1", "#D8D8DB", "#FFFFFF"
GAP, ROUND, STROKE = 24, 48, 22
LARGEST, SMALLEST = 96, 56
Draw = ImageDraw.ImageDraw


def picture_of(doors: Sequence[Door]) -> bytes:
    """Return the menu as a PNG of 2500×1686 pixels; raises ``MessagingError`` where the front end has not been built."""
    return _picture(tuple((door.icon, door.label) for door in doors))


@lru_cache(maxsize=16)
def _picture(fields: tuple[tuple[str, str], ...]) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    for place, (icon, label) in enumerate(fields):
        _draw_field(draw, icon, label, bounds(place))
    kept = io.BytesIO()
    image.quantize(colors=32, method=Image.Quantize.FASTOCTREE).save(kept, "PNG", compress_level=6)
    return kept.getvalue()


def _draw_field(draw: Draw, icon: str, label: str, box: tuple[int, int, int, int]) -> None:
    left, top, width, height = box
    inner = (left + GAP, top + GAP, left + width - GAP, top + height - GAP)
    draw.rounded_rectangle(inner, ROUND, fill=FIELD, outline=LINE, width=6)
    middle = left + width // 2
    _ICONS[icon](draw, middle, top + height * 4 // 10)
    lines, font = _fitted(label, width - 4 * GAP)
    at = top + height * 3 // 4 - (len(lines) - 1) * font.size * 6 // 10
    for line in lines:
        draw.text((middle, at), line, font=font, fill=INK, anchor="mm")
        at += int(font.size * 1.25)


def _fitted(label: str, width: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Return the name on one line, or on two where one would be too small."""
    for size in range(LARGEST, SMALLEST - 1, -4):
        font = _font(size)
        if font.getlength(label) <= width:
            return [label], font
    half = label.rfind(" ", 0, len(label) // 2 + 4)
    cut = half if half > 0 else math.ceil(len(label) / 2)
    return [label[:cut].strip(), label[cut:].strip()], _font(SMALLEST + 8)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    path = finders.find(FONT)
    if not path:
        raise MessagingError(_("メニューの書体がありません。npm run build で画面の部品を作ってください。"))
    return ImageFont.truetype(str(path), size)


def _search(draw: Draw, x: int, y: int) -> None:
    draw.ellipse((x - 120, y - 140, x + 60, y + 40), outline=MARK, width=STROKE)
    draw.line((x + 32, y + 12, x + 130, y + 110), fill=MARK, width=STROKE + 8)


def _inbox(draw: Draw, x: int, y: int) -> None:
    draw.rounded_rectangle((x - 150, y - 110, x + 150, y + 100), 20, outline=MARK, width=STROKE)
    draw.line((x - 140, y - 95, x, y + 10, x + 140, y - 95), fill=MARK, width=STROKE, joint="curve")


def _news(draw: Draw, x: int, y: int) -> None:
    draw.polygon(
        (x - 130, y - 35, x - 60, y - 35, x + 90, y - 125, x + 90, y + 105, x - 60, y + 25, x - 130, y + 25), fill=MARK
    )
    draw.arc((x + 60, y - 70, x + 170, y + 50), -60, 60, fill=MARK, width=STROKE)
    draw.line((x - 80, y + 20, x - 50, y + 120), fill=MARK, width=STROKE + 6)


def _bell(draw: Draw, x: int, y: int) -> None:
    draw.pieslice((x - 100, y - 140, x + 100, y + 60), 180, 360, fill=MARK)
    draw.rectangle((x - 100, y - 42, x + 100, y + 50), fill=MARK)
    draw.rounded_rectangle((x - 140, y + 40, x + 140, y + 72), 16, fill=MARK)
    draw.ellipse((x - 34, y + 78, x + 34, y + 130), fill=MARK)


def _place(draw: Draw, x: int, y: int) -> None:
    draw.ellipse((x - 105, y - 145, x + 105, y + 65), fill=MARK)
    draw.polygon((x - 93, y + 10, x + 93, y + 10, x, y + 135), fill=MARK)
    draw.ellipse((x - 42, y - 82, x + 42, y + 2), fill=FIELD)


def _link(draw: Draw, x: int, y: int) -> None:
    draw.rounded_rectangle((x - 160, y - 60, x + 20, y + 40), 50, outline=MARK, width=STROKE)
    draw.rounded_rectangle((x - 20, y - 60, x + 160, y + 40), 50, outline=MARK, width=STROKE)


_ICONS: dict[str, Callable[[Draw, int, int], None]] = {
    "bell": _bell,
    "inbox": _inbox,
    "link": _link,
    "news": _news,
    "place": _place,
    "search": _search,
}
