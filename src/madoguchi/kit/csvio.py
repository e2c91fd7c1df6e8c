"""Reading the CSV files offices really have, and writing ones that are safe to open.

Reading takes UTF-8 (with or without BOM), UTF-16 with BOM (Excel's Unicode text) and CP932, commas or tabs, and says
in Japanese which line is wrong. Writing follows RFC 4180 and disarms cells a spreadsheet would run as a formula.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from madoguchi.kit.text import squash_spaces

_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@＝＋－＠|%]|^[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAX_BYTES = 20 * 1024 * 1024
_MAX_ROWS = 200_000


class CsvError(ValueError):
    """The file cannot be read or written as it is; the message is for the user (Japanese), `line` where known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        """Keep the message, led by the line number when there is one."""
        self.line = line
        super().__init__(f"{line}行目: {message}" if line else message)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One record: the line of the file it starts on, and its cells by column name (trimmed)."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell."""
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file as read: header, records, the encoding it was in, and the records left out with the reason."""

    header: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    encoding: str
    problems: tuple[CsvError, ...] = field(default=())


def read_csv(
    content: bytes, *, required: Iterable[str] = (), max_bytes: int = _MAX_BYTES, max_rows: int = _MAX_ROWS
) -> CsvTable:
    """Read a CSV file with a header line.

    Records with more or fewer cells than the header become `problems`; empty lines are passed over. Raises CsvError
    when the file is empty, too large, binary, in no known encoding, or lacks a required column.
    """
    if len(content) > max_bytes:
        raise CsvError(f"ファイルが大きすぎます。{max_bytes // 1024 // 1024}MB以下に分けてください。")
    text, encoding = decode(content)
    records = _records(text)
    line, names = next(records, (0, []))
    header = _header(names, line, required)
    rows: list[CsvRow] = []
    problems: list[CsvError] = []
    for line, filled in records:
        cells = _without_empty_tail(filled, len(header))
        if len(rows) >= max_rows:
            raise CsvError(f"行数が多すぎます。{max_rows:,}行以下に分けてください。", line)
        if len(cells) == len(header):
            rows.append(CsvRow(line, dict(zip(header, cells, strict=True))))
        else:
            problems.append(CsvError(f"列の数が見出しと違います（見出し {len(header)}、この行 {len(cells)}）。", line))
    return CsvTable(header, tuple(rows), encoding, tuple(problems))


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding (utf-8, utf-8-sig, utf-16, cp932); raise CsvError for others."""
    if content.startswith(_UTF16):
        text = _decode_as(content, "utf-16")
        if "\0" not in text:
            return text, "utf-16"
    if b"\0" in content:
        raise CsvError("文字のファイルではありません。CSV（カンマ区切り）で保存したファイルを選んでください。")
    if content.startswith(codecs.BOM_UTF8):
        return _decode_as(content, "utf-8-sig"), "utf-8-sig"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_cp932(content, error.start), "cp932"


def write_csv(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    encoding: str = "utf-8-sig",
    guard: bool = True,
) -> bytes:
    """Write a CSV file with a header line (RFC 4180, CRLF).

    `utf-8-sig` has the BOM that Excel needs, `utf-8` has none, `cp932` is for older systems. Text cells that a
    spreadsheet would take for a formula get an apostrophe in front (`guard`); None is empty. Raises CsvError for a
    record of the wrong length, or a character that the encoding lacks.
    """
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    lines = [_encode_line(header, guard=guard, encoding=plain, line=1)]
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise CsvError(f"列の数が見出しと違います（見出し {len(header)}、この行 {len(row)}）。", line)
        lines.append(_encode_line(row, guard=guard, encoding=plain, line=line))
    return (codecs.BOM_UTF8 if encoding == "utf-8-sig" else b"") + b"".join(lines)


def guard_cell(text: str) -> str:
    """Return the text, with an apostrophe in front when a spreadsheet would run it as a formula; numbers stay."""
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _encode_line(row: Sequence[object], *, guard: bool, encoding: str, line: int) -> bytes:
    cells = ["" if cell is None else cell for cell in row]
    if guard:
        cells = [guard_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    try:
        return out.getvalue().encode(encoding)
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        message = f"「{character}」（U+{ord(character):04X}）は文字コード {encoding} では書き出せません。"
        raise CsvError(message, line) from None


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1  # the object is without the BOM, as is the place
        raise CsvError(
            f"文字コード {encoding} として読めない文字があります。ファイルが壊れていないか確認してください。", line
        ) from None


def _decode_cp932(content: bytes, utf8_error: int) -> str:
    try:
        return content.decode("cp932")
    except UnicodeDecodeError as error:
        # The encoding that got further is the likelier one, so its line is the one to look at.
        line = content[: max(error.start, utf8_error)].count(b"\n") + 1
        message = "文字コードが分かりません。UTF-8 または Shift_JIS（Windows）で保存し直してください。"
        raise CsvError(message, line) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, trimmed cells) of every record that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise CsvError('引用符（"）の組が合いません。この行から後を確認してください。', start) from None
        if any(cells):
            yield start, cells
        start = reader.line_num + 1


def _without_empty_tail(cells: list[str], keep: int) -> list[str]:
    """Drop empty cells at the end beyond `keep`: spreadsheets write columns that were only touched."""
    end = len(cells)
    while end > keep and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return "\t" if head.count("\t") > head.count(",") else ","


def _header(names: Sequence[str], line: int, required: Iterable[str]) -> tuple[str, ...]:
    if not names:
        raise CsvError("ファイルが空です。1行目に見出しを書いてください。")
    header = tuple(squash_spaces(name) for name in _without_empty_tail(list(names), 0))
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise CsvError(f"見出し「{twice[0]}」が2つ以上あります。", line)
    if "" in header:
        raise CsvError(f"{header.index('') + 1}列目の見出しが空です。", line)
    missing = [name for name in required if name not in header]
    if missing:
        raise CsvError(f"必要な列がありません: {'、'.join(missing)}", line)
    return header
