"""A drawing surface that keeps every label inside the view: text is measured, shortened, wrapped and moved."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

from .svg import characters, clean, element

INK = "#1a1a1a"
QUIET = "#4d4d4d"
FAINT = "#b3b3b3"
GROUND = "#ffffff"
ACTUAL = "#1f4e9c"
TARGET = "#000000"
FONT = "'Noto Sans JP', 'BIZ UDPGothic', sans-serif"
SIZE = 12.5
SMALL = 11.5
WIDE = 400.0
"""Wider drawings scroll on a phone; narrower ones shrink a little and stay readable."""
ELLIPSIS = "…"

_WIDE = frozenset("WFA")
_BROAD = frozenset("mwMWQ@%&")
_NO_LINE_START = frozenset("、。，．・）」』】〕！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…,.)]%")


def text_width(text: str, size: float) -> float:
    """Return an upper estimate of the width of a text: full-width characters one em, others by kind."""
    return sum(_advance(character) for character in text) * size


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in _WIDE:
        return 1.0
    if character in _BROAD:
        return 0.95
    return 0.72 if character.isupper() else 0.62


def shorten(text: str, width: float, size: float) -> str:
    """Return the text, or as much of it with an ellipsis as fits; empty where not even that fits."""
    text = clean(text)
    if text_width(text, size) <= width:
        return text
    room = width - text_width(ELLIPSIS, size)
    if room <= 0:
        return ""
    kept, used = "", 0.0
    for character in text:
        used += _advance(character) * size
        if used > room:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, width: float, size: float, lines: int = 3) -> list[str]:
    """Return a text in at most ``lines`` lines, broken after words or between Japanese characters, the last shortened."""
    rest = clean(text)
    found: list[str] = []
    while rest and len(found) < lines - 1 and text_width(rest, size) > width:
        cut = _cut(rest, width, size)
        if cut == 0:
            break
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        found.append(shorten(rest, width, size))
    return [line for line in found if line]


def _cut(text: str, width: float, size: float) -> int:
    used, cut = 0.0, 0
    for index, character in enumerate(text):
        used += _advance(character) * size
        if used > width:
            break
        cut = index + 1
    space = text.rfind(" ", 0, cut + 1)
    if space > 0 and cut < len(text) and text[cut].isascii() and text[cut] != " ":
        return space
    while 1 < cut < len(text) and text[cut] in _NO_LINE_START:
        cut -= 1
    return cut


class Canvas:
    """
    Collects the parts of a drawing of ``width`` × ``height`` units, about a CSS pixel each on a phone.

    ``key`` makes the ids of the drawing unique on its page. Class names carry the meaning (``chart__actual``), attributes a
    colour that also holds without a style sheet.
    """

    def __init__(self, *, key: str, width: float, height: float) -> None:
        """Start an empty drawing."""
        self.key = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in key) or "chart"
        self.width, self.height = float(width), float(height)
        self._parts: list[Markup] = []
        self._patterns: dict[str, Markup] = {}

    def add(self, *parts: Markup) -> None:
        """Add finished elements."""
        self._parts.extend(parts)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = FAINT, width: float = 1.0, **more: object
    ) -> None:
        """Add a straight line."""
        self.add(element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **more))

    def rect(self, x: float, y: float, width: float, height: float, *, fill: str = ACTUAL, **more: object) -> None:
        """Add a rectangle; sides below zero become zero."""
        self.add(element("rect", x=x, y=y, width=max(0.0, width), height=max(0.0, height), fill=fill, **more))

    def text(
        self,
        x: float,
        y: float,
        content: object,
        *,
        size: float = SIZE,
        anchor: str = "start",
        fill: str = INK,
        width: float | None = None,
        **more: object,
    ) -> None:
        """Add a line of text whose baseline is at y; it is shortened to ``width`` and moved to stay inside the drawing."""
        room = self.width - 2 if width is None else min(width, self.width - 2)
        shown = shorten(str(content), room, size)
        if not shown:
            return
        taken = text_width(shown, size)
        left = x - {"start": 0.0, "middle": taken / 2, "end": taken}[anchor]
        left = max(1.0, min(left, self.width - 1 - taken))
        x = left + {"start": 0.0, "middle": taken / 2, "end": taken}[anchor]
        y = max(size, min(y, self.height - size * 0.3))
        # The default of SVG is not written: most labels of a long chart start where they stand.
        anchors = None if anchor == "start" else anchor
        self.add(element("text", characters(shown), x=x, y=y, font_size=size, text_anchor=anchors, fill=fill, **more))

    def lines_of_text(self, x: float, y: float, lines: list[str], *, size: float = SIZE, leading: float = 1.3) -> None:
        """Add lines of text, the baseline of the first at y."""
        for index, line in enumerate(lines):
            self.text(x, y + index * size * leading, line, size=size)

    def hatch(self, colour: str = ACTUAL, class_: str = "chart__stripe") -> str:
        """Return a fill of slanted lines on white: provisional data, or a part told apart without colour."""
        name = f"{self.key}-{colour.lstrip('#')}"
        if name not in self._patterns:
            stripe = element("path", d="M0 6 6 0M-1 1 1-1M5 7 7 5", stroke=colour, stroke_width=1.6, class_=class_)
            ground = element("rect", width=6, height=6, fill=GROUND)
            self._patterns[name] = element(
                "pattern", ground, stripe, id=name, width=6, height=6, patternUnits="userSpaceOnUse"
            )
        return f"url(#{name})"

    def svg(self, title: str, description: str = "", *, class_: str = "chart") -> Markup:
        """Return the finished drawing, named by its title and described in words."""
        wide = " chart--wide" if self.width > WIDE and class_ == "chart" else ""
        head = [element("title", characters(title) or Markup("&#8203;"), id=f"{self.key}-title")]
        if clean(description):
            head.append(element("desc", characters(description), id=f"{self.key}-desc"))
        if self._patterns:
            head.append(element("defs", *self._patterns.values()))
        return element(
            "svg",
            *head,
            *self._parts,
            xmlns="http://www.w3.org/2000/svg",
            class_=class_ + wide,
            id=self.key,
            view_box=f"0 0 {self.width:g} {self.height:g}",
            width=self.width,
            height=self.height,
            role="img",
            aria_labelledby=f"{self.key}-title",
            aria_describedby=f"{self.key}-desc" if clean(description) else None,
            font_family=FONT,
            focusable="false",
        )
