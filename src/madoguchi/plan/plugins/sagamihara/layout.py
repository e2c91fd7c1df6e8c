"""The document as chapters of paragraphs and tables, and the headings that this layout knows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from madoguchi.plan.rules.reading.document import Document, SourceLine, Table, clean_text, iter_blocks, squash, unwrap

_CHAPTER = re.compile(r"第\s*(?:\d+|[一二三四五六七八九十]+)\s*章(?:\s+\S.*)?")
_DOTS = re.compile(r"[.．…・]{3,}")
_MARKS = re.compile(r"^(?P<level>#{0,6})\s*(?P<bullet>[-*・]\s+|[-・](?=[・(（]))?")
_FOOTNOTE = re.compile(r"^(?:<sup>\s*)?\\?[*＊]\s*\d+")
_GOAL = re.compile(r"基本目標\s*(?P<number>\d+)\s*(?P<title>\S.*)")
_ANGLE = re.compile(r"[<＜〈]\s*([^<>＜＞〈〉]+?)\s*[>＞〉]")
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line outside tables: ``text`` without markup, ``#`` and bullet; ``level`` counts the ``#`` of a heading."""

    line: int
    raw: str
    text: str
    level: int = 0
    is_bullet: bool = False

    @property
    def is_footnote(self) -> bool:
        """True for the explanation of a word at the foot of a page."""
        return _FOOTNOTE.match(self.raw.strip()) is not None

    @property
    def is_prose(self) -> bool:
        """True for a sentence of the running text: no heading, footnote, callout of a picture or rule."""
        return self.level == 0 and not self.is_footnote and self.text.endswith(("。", "す", "る", "。)", "。）"))


Item = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its heading (empty for what stands before the first) and its paragraphs and tables in order."""

    title: str
    line: int
    items: tuple[Item, ...]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the chapter without its tables."""
        return tuple(item for item in self.items if isinstance(item, Paragraph))


def split_chapters(document: Document) -> tuple[Chapter, ...]:
    """Cut a document at its 第N章 and 資料編 headings; the first chapter holds what stands before them."""
    starts: list[tuple[str, int, list[Item]]] = [("", 1, [])]
    for block in iter_blocks(document):
        item = block if isinstance(block, Table) else to_paragraph(block)
        if isinstance(item, Paragraph) and _is_chapter_heading(item):
            starts.append((item.text, item.line, []))
        elif isinstance(item, Table) or item.text:
            starts[-1][2].append(item)
    return tuple(Chapter(title, line, tuple(items)) for title, line, items in starts)


def to_paragraph(line: SourceLine) -> Paragraph:
    """Take the heading and list marks off a line."""
    raw = line.raw.strip()
    marks = _MARKS.match(raw)
    rest = raw[marks.end() :] if marks else raw
    text = re.sub(r"^・\s*", "", " ".join(clean_text(rest).split("\n")))
    if set(text) <= set("-—=＝_"):
        text = ""
    level = len(marks["level"]) if marks else 0
    return Paragraph(line.number, raw, text, level, bool(marks and marks["bullet"]))


def goal_heading(text: str) -> tuple[str, str] | None:
    """Give number and title of 「基本目標1 …」 or 「<基本目標1 …>」, None for anything else (sentences included)."""
    inner = text.strip("<>＜＞〈〉 ")
    match = _GOAL.fullmatch(inner)
    if match is None or "。" in inner or len(inner) > _LONGEST_HEADING or match["title"][0] in "のにはがをとへ、":
        return None
    return match["number"], unwrap(match["title"])


def angle_headings(text: str) -> list[str]:
    """Give the parts of a line that is nothing but 「<…>」 headings, else an empty list."""
    if _ANGLE.sub("", text).strip():
        return []
    return [unwrap(part) for part in _ANGLE.findall(text)]


def section_heading(text: str) -> str:
    """Give the name of a 「■事業概要」 heading without spaces, else an empty text."""
    return squash(text[1:]) if text.startswith(("■", "◼", "▪")) else ""


def is_subheading(paragraph: Paragraph) -> bool:
    """Tell whether a paragraph opens a section of its own: a ``#`` heading, 「(4) 総括」 or 「ア …」 is one."""
    numbered = re.fullmatch(r"[(（][\d０-９]+[)）]\s*\S{1,40}", paragraph.text) and "。" not in paragraph.text
    return paragraph.level > 0 or bool(numbered)


def title_key(title: str) -> str:
    """Fold a title for comparison: width, spaces, brackets and the quotes around words do not count."""
    folded = unicodedata.normalize("NFKC", unwrap(title))
    return re.sub(r"[\s「」『』()\[\]【】・･,、。]", "", folded).casefold()


def is_contents_row(text: str) -> bool:
    """Tell whether a row belongs to a table of contents (dots lead to a page number)."""
    return _DOTS.search(text) is not None


def join(parts: list[str]) -> str:
    """Join paragraphs into one text, one per line."""
    return "\n".join(part for part in parts if part)


def _is_chapter_heading(paragraph: Paragraph) -> bool:
    is_annex = paragraph.level > 0 and squash(paragraph.text) == "資料編"
    return is_annex or (_CHAPTER.fullmatch(paragraph.text) is not None and not is_contents_row(paragraph.text))
