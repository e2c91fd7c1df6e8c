"""A plan document as numbered lines and tables: the ground that every reader of a document family stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.rules.reading.markup import clean_text, list_items, squash, unwrap

__all__ = [
    "MAX_BYTES",
    "MAX_LINE",
    "MAX_LINES",
    "Document",
    "Row",
    "SourceLine",
    "Table",
    "clean_text",
    "find_tables",
    "is_table_row",
    "iter_blocks",
    "list_items",
    "load_document",
    "squash",
    "unwrap",
]

MAX_BYTES = 50 * 1024 * 1024
MAX_LINES = 50_000
MAX_LINE = 100_000
"""Plans have some thousand lines; a reader would sit for an hour over what is 50 MB of something else."""

_MOST_CONTROLS = 0.02
_FEW = 8
_ENOUGH = 2
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\uf8f0-\uf8f3]")
_MAX_WRAP = 20
_SIGNATURES = ((b"%PDF", "PDF"), (b"PK\x03\x04", "Word・Excel・ZIP"), (b"\xd0\xcf\x11\xe0", "Word・Excel（旧形式）"))


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of the file: its number as an editor shows it (1-based) and its text as it is."""

    number: int
    raw: str

    @property
    def clean(self) -> str:
        """The line as plain text."""
        return clean_text(self.raw)


@dataclass(frozen=True)
class Row:
    """One row of a table: the line it starts on, its cells as they are, and the last line when it was wrapped."""

    line: int
    cells: tuple[str, ...]
    last_line: int = 0

    @cached_property
    def clean(self) -> tuple[str, ...]:
        """The cells as plain text."""
        return tuple(clean_text(cell) for cell in self.cells)

    @property
    def text(self) -> str:
        """The row as one line, cells parted by 「｜」, for lists that a person checks."""
        return "｜".join(" ".join(cell.split("\n")) for cell in self.clean)

    @property
    def is_blank(self) -> bool:
        """True when no cell holds anything."""
        return not any(self.clean)


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive rows; ``first_line`` is the line of the first."""

    first_line: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of a plan document in order."""

    lines: tuple[SourceLine, ...]

    def text(self, number: int) -> str:
        """Give line ``number`` (1-based) as it is, empty when there is no such line."""
        return self.lines[number - 1].raw if 1 <= number <= len(self.lines) else ""


def load_document(data: bytes) -> Document:
    """
    Read the bytes of a text file (UTF-8 with or without a mark, UTF-16 with a mark, or CP932) into lines.

    Lines end at a line feed only, so that their numbers equal those that an editor shows. Raises DocumentError for a
    file that is empty, larger than 50 MB, longer than any plan, or not text.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"ファイルが大きすぎます（{len(data) // (1024 * 1024)} MB）。50 MB 以下のテキストファイルをお使いください。"
        )
    text = _decode(data)
    if not text.strip():
        raise DocumentError("ファイルに文字がありません。計画書の本文が入ったテキストファイルをお選びください。")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    _refuse_endless(lines)
    return Document(tuple(SourceLine(number, raw.removesuffix("\r")) for number, raw in enumerate(lines, start=1)))


def _refuse_endless(lines: list[str]) -> None:
    if len(lines) > MAX_LINES:
        raise DocumentError(
            f"{MAX_LINES:,}行を超えています。計画書の本文だけのテキストにしてください。", line=MAX_LINES + 1
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            raise DocumentError(
                f"1行が{MAX_LINE:,}字を超えています。改行のあるテキストで保存し直してください。", line=number
            )


def is_table_row(line: SourceLine | str) -> bool:
    """Tell whether a line is (the start of) a table row: its cells are parted by tabs."""
    return "\t" in (line if isinstance(line, str) else line.raw)


def find_tables(document: Document) -> tuple[Table, ...]:
    """Give the tables of a document in order: runs of lines with tabs; a row is several lines where a cell is torn."""
    return tuple(block for block in iter_blocks(document) if isinstance(block, Table))


def iter_blocks(document: Document) -> Iterator[SourceLine | Table]:
    """Give the lines and the tables of a document in order."""
    lines, index = document.lines, 0
    while index < len(lines):
        if not is_table_row(lines[index]):
            yield lines[index]
            index += 1
            continue
        rows: list[Row] = []
        first = index
        while index < len(lines) and is_table_row(lines[index]):
            row, index = _take_row(lines, index)
            rows.append(row)
        yield Table(lines[first].number, tuple(rows))


def _take_row(lines: tuple[SourceLine, ...], index: int) -> tuple[Row, int]:
    """Join the lines of one row: a paragraph that opens in a cell and closes some lines later belongs to that cell."""
    start, raw = index, lines[index].raw
    end = _end_of_open_paragraph(lines, index) if _has_open_paragraph(raw) else index
    raw = "\n".join(line.raw for line in lines[start : end + 1])
    return Row(lines[start].number, tuple(raw.split("\t")), lines[end].number), end + 1


def _has_open_paragraph(raw: str) -> bool:
    return len(re.findall(r"<p\b", raw)) > raw.count("</p>")


def _end_of_open_paragraph(lines: tuple[SourceLine, ...], index: int) -> int:
    """Find the line that closes the paragraph; a new row or a long way without one means that it was never closed."""
    for end in range(index + 1, min(index + _MAX_WRAP, len(lines))):
        raw = lines[end].raw
        if "</p>" in raw:
            return end
        if "<p" in raw or is_table_row(raw):
            break
    return index


def _decode(data: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise DocumentError(f"{kind} のファイルは読み取れません。テキスト形式（UTF-8）で保存し直してください。")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(data, "utf-16")
    if b"\0" in data:
        raise DocumentError(_NOT_TEXT, line=data[: data.index(b"\0")].count(b"\n") + 1)
    text = _decode_unmarked(data)
    if len(_CONTROLS.findall(text)) > len(text) * _MOST_CONTROLS + _FEW:
        raise DocumentError(_NOT_TEXT)
    return text


def _decode_unmarked(data: bytes) -> str:
    """Read UTF-8, else CP932; a file that is UTF-8 up to one broken byte is not taken for CP932, but refused there."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if sum(char > "\x7f" for char in data[: fault.start].decode("utf-8-sig")) >= _ENOUGH:
            raise _unreadable(data, fault) from fault
    return _decode_as(data, "cp932")


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise _unreadable(data, fault) from fault


def _unreadable(data: bytes, fault: UnicodeDecodeError) -> DocumentError:
    line = data[: fault.start].count(b"\n") + 1
    return DocumentError(
        "文字コードを判別できません。UTF-8 または Shift_JIS のテキストで保存し直してください。", line=line
    )


_NOT_TEXT = "テキストではないデータが含まれています。計画書をテキスト形式（UTF-8）で保存し直してください。"
