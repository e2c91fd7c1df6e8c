"""
The outline of a Hiratsuka document: each line that holds something belongs to one part.

The document is prose: the parts are told apart by their headings alone. Tables occur in the list of contents and in the
annex; their rows keep their cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from madoguchi.plan.rules.reading.document import Document, Table, clean_text, iter_blocks

PartName = Literal["cover", "contents", "background", "position", "period", "policy", "remarks", "survey", "glossary"]

POLICY = re.compile(r"方針 ?(?P<number>\d{1,2})[ .．：:]*(?![のにはをとが])(?P<title>[^。、「」]{2,40})")
# On the line as it stands: the cleaned text may have closed the gap between the number and the title.
_CHAPTER = re.compile(r"\s*[\d０-９]{1,2}(?:[.．]\s*|\s+)(?P<title>[^\d\s.．].*)")
_CONTENTS_LINE = re.compile(r".*[ .…・‥]\d{1,3}")
_PARAGRAPH_NUMBER = re.compile(r"[(（]\d{1,2}[)）]")
_FURNITURE = re.compile(r"[-‐－—– ]*\d{1,3}[-‐－—– ]*")
_LONGEST_HEADING = 40
_CHAPTERS: tuple[tuple[str, PartName], ...] = (
    ("位置付け", "position"),
    ("位置づけ", "position"),
    ("適用期間", "period"),
    ("計画期間", "period"),
    ("アンケート", "survey"),
    ("用語", "glossary"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A line (or, with ``cells``, a table row) that holds something, and the part it is in.

    ``chapter`` is the title where the line is a numbered heading; ``blank_…`` count the blank lines around it.
    """

    line: int
    text: str
    part: PartName
    cells: tuple[str, ...] | None = None
    chapter: str = ""
    blank_before: int = 0
    blank_after: int = 0
    is_furniture: bool = False


def read_outline(document: Document) -> tuple[Entry, ...]:
    """Give the lines and table rows of a document that hold something, each with the part it belongs to."""
    pieces = [piece for piece in _pieces(document) if piece.text]
    part: PartName = "cover"
    entries: list[Entry] = []
    last = len(document.lines) + 1
    for index, piece in enumerate(pieces):
        chapter = chapter_title(document.text(piece.line)) if piece.cells is None else ""
        part = _next_part(part, piece.text, chapter=chapter, is_row=piece.cells is not None)
        before = pieces[index - 1].line if index else 0
        after = pieces[index + 1].line if index + 1 < len(pieces) else last
        blank_before, blank_after = piece.line - before - 1, after - piece.line - 1
        entries.append(replace(piece, part=part, chapter=chapter, blank_before=blank_before, blank_after=blank_after))
    return tuple(entries)


def chapter_title(raw: str) -> str:
    """Give the title of a numbered heading (「3 適用期間」), empty for any other line."""
    match = _CHAPTER.fullmatch(raw.rstrip())
    return clean_text(match["title"]) if match and is_heading(raw) else ""


def is_heading(text: str) -> bool:
    """Tell whether a line may be a heading: short and not a sentence."""
    return len(text) <= _LONGEST_HEADING and "。" not in text


def _pieces(document: Document) -> Iterator[Entry]:
    for block in iter_blocks(document):
        if isinstance(block, Table):
            yield from (Entry(row.line, row.text.strip("｜"), "cover", row.clean) for row in block.rows)
        else:
            text = clean_text(block.raw).replace("\n", " ")
            yield Entry(block.number, text, "cover", is_furniture=_FURNITURE.fullmatch(text) is not None)


def _next_part(part: PartName, text: str, *, chapter: str, is_row: bool) -> PartName:
    """Tell which part a line opens or goes on with. A row of a table or of the contents opens none."""
    if is_row or (part == "contents" and _CONTENTS_LINE.fullmatch(text)):
        return part
    if text.replace(" ", "") == "目次":
        return "contents"
    if POLICY.fullmatch(text):
        return "policy"
    if not is_heading(text):
        return "background" if part == "contents" else part
    if chapter:
        return next((name for word, name in _CHAPTERS if word in chapter), "background")
    if part == "policy":
        return "remarks" if _PARAGRAPH_NUMBER.match(text) else "policy"
    return "background" if part == "contents" else part
