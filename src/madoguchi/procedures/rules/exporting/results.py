"""What a robot (RPA) reports back: for each application whether it was keyed, and what it said."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from madoguchi.kit.csvio import CsvError, read_csv
from madoguchi.kit.ids import parse_case_number

_NUMBER = ("受付番号", "番号", "number")
_RESULT = ("結果", "result", "status")
_MESSAGE = ("メッセージ", "内容", "message", "理由")
_GOOD = frozenset({"ok", "○", "〇", "成功", "済", "1", "true", "正常"})
_BAD = frozenset({"ng", "×", "失敗", "エラー", "0", "false", "異常", "error"})
_MOST = 300


class ResultsError(ValueError):
    """The file is none of results; the message says why (Japanese)."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One report: the line, the number as it is known here ("" where it is none), whether it was keyed, what was said."""

    line: int
    number: str
    typed: str
    is_keyed: bool | None
    message: str


def read_results(content: bytes) -> list[ResultLine]:
    """Read a CSV of results (受付番号, 結果 ok/ng, メッセージ); raises ``ResultsError``."""
    try:
        table = read_csv(content)
    except CsvError as error:
        raise ResultsError(str(error)) from error
    number, result = _heading(table.header, _NUMBER), _heading(table.header, _RESULT)
    if number is None or result is None:
        raise ResultsError("「受付番号」と「結果」の列が要ります。1行目の見出しを確かめてください。")
    message = _heading(table.header, _MESSAGE)
    return [
        ResultLine(
            row.line,
            parse_case_number(row[number]) or "",
            row[number],
            _judged(row[result]),
            row[message][:_MOST] if message else "",
        )
        for row in table.rows
    ]


def _heading(header: tuple[str, ...], names: tuple[str, ...]) -> str | None:
    by_name = {unicodedata.normalize("NFKC", heading).lower(): heading for heading in header}
    return next((by_name[name] for name in names if name in by_name), None)


def _judged(text: str) -> bool | None:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return True if plain in _GOOD or text.strip() in _GOOD else False if plain in _BAD or text.strip() in _BAD else None
