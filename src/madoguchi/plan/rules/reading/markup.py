"""
Turning a fragment of a plan document into plain text.

Plan documents reach us as text that was once a word processor file or a PDF: cells hold ``<p>`` and ``<ul>`` fragments
(often never closed), footnote marks, full-width digits, and words that the typesetter spaced out (「I C T」). What is
stored is the plain text; names of people never pass through here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise

_LONGEST_COUNTER = 4
_LETTERS = "[一-鿿々〆ぁ-ゖァ-ヺー]"
_CHECKED = re.compile(r"<input\b[^>]*\bchecked\b[^>]*>", re.IGNORECASE)
_UNCHECKED = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"\s+<sup\b[^>]*>[^<]*</sup>\s+|<sup\b[^>]*>[^<]*(?:</sup>|$)", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:p|br|ul|ol|li|div|tr|table|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Only names of HTML elements: 「<事業区分A>」 and 「<主な取組>」 are headings of the documents themselves.
_INLINE_TAG = re.compile(
    r"</?(?:a|b|center|em|font|i|s|small|span|strike|strong|sub|sup|td|th|tbody|thead|tt|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_FOOTNOTES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s*[\[［]\s*※\s*\d*\s*[\]］]\s*",
        r"\s*\^?\s*[(（]\s*[*＊]\s*\d*\s*[)）]",
        r"\s*\\?\^?\\?[*＊]+\d{0,3}(?!\d)",
        r"※\s?\d{1,3}(?![\d,.%％年月日か箇件人名回校台])",
        r"※",
        r"\s+[⁰¹²³⁴⁵⁶⁷⁸⁹]+\s+|(?<!m)[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
    )
)
# Zero width spaces, joiners, byte order marks, soft hyphens: left behind by converters, invisible to a reader.
_CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn"})
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_NARROW |= {ord("％"): "%", ord("\u3000"): " ", ord("\u00a0"): " ", ord("\u2028"): "\n", ord("\u2029"): "\n"}
_SPACED_LETTERS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?: [A-Za-z])+(?![A-Za-z])")
_ERA_SPACES = re.compile(r"(令和|平成|昭和|大正|明治)\s*(\d+|元)\s*(年度?)")
_BULLET = re.compile(r"(?:^|(?<=\s))[・●○◯▪■◆▶➢✓\-‐–—]\s*(?=\S)")


def clean_text(text: str) -> str:
    """
    Give the plain text of a cell or paragraph: no markup, no footnote marks, half-width digits and letters.

    Paragraphs and list items become lines; check boxes become ■ and □. Spaces inside words that were spaced out
    (「I C T」「令和 5 年度」) and between Japanese and Latin letters are dropped. Spaces between two Japanese letters
    stay, because they may separate items, and so does the one after a number that opens a line (「10 人や国の…」).
    """
    return "\n".join(line for line in map(_clean_line, _to_lines(text)) if line)


def squash(text: str) -> str:
    """Give the plain text without any space or line break: for headings such as 「指 標」 and wrapped labels."""
    lines = clean_text(text).split("\n")
    return re.sub(r"\s+", "", "".join(lines)) if _is_japanese(text) else " ".join(lines)


def unwrap(text: str) -> str:
    """Give the plain text on one line, closing the gaps that a narrow column tore between two Japanese letters."""
    flat = " ".join(clean_text(text).split("\n"))
    return re.sub(rf"(?<={_LETTERS}) +(?={_LETTERS})", "", flat)


def list_items(cell: str) -> list[str]:
    """Split a cell into its list items: ``<li>`` and ``<p>`` elements, lines, bullets (「・」) after a space."""
    items: list[str] = []
    for line in clean_text(cell).split("\n"):
        starts = [match.start() for match in _BULLET.finditer(line)]
        bounds = sorted({0, *starts, len(line)})
        pieces = [line[start:end] for start, end in pairwise(bounds)]
        items += [_BULLET.sub("", piece.strip(), count=1).strip() for piece in pieces]
    return [item for item in items if item]


def _to_lines(text: str) -> list[str]:
    text = _UNCHECKED.sub("□", _CHECKED.sub("■", text))
    text = _BLOCK_TAG.sub("\n", _SUPERSCRIPT.sub("", text))
    text = html.unescape(_INLINE_TAG.sub("", text))
    return text.translate(_NARROW).replace("\t", " ").split("\n")


def _clean_line(line: str) -> str:
    line = "".join(char for char in line if unicodedata.category(char) not in _CONTROL_CATEGORIES)
    for footnote in _FOOTNOTES:
        line = footnote.sub("", line)
    line = re.sub(r"\s+", " ", line).strip()
    line = _SPACED_LETTERS.sub(lambda match: match.group().replace(" ", ""), line)
    line = _ERA_SPACES.sub(r"\1\2\3", line)
    return _close_gaps(line)


def _close_gaps(line: str) -> str:
    line = re.sub(rf"(?<={_LETTERS}) +(?=[A-Za-z])|(?<=[年月約第全計]) +(?=[0-9])", "", line)
    line = re.sub(rf"(?<=[A-Za-z%]) +(?={_LETTERS})", "", line)
    return re.sub(rf"(?<=[0-9]) +(?={_LETTERS})", _gap_after_number, line)


def _gap_after_number(gap: re.Match[str]) -> str:
    """Keep the gap after a number that opens a heading (「10 人や国の…」), close it in 「50 人」 and 「第 5 次」."""
    opens_heading = gap.string[: gap.start()].isdigit() and len(gap.string) - gap.end() > _LONGEST_COUNTER
    return " " if opens_heading else ""


def _is_japanese(text: str) -> bool:
    return re.search(_LETTERS, text) is not None
