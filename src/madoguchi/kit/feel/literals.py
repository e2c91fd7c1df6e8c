"""Literal values in a FEEL text: numbers, strings with escapes, and ``@"…"``."""

import re
from decimal import Decimal

from madoguchi.kit.feel.nodes import Literal
from madoguchi.kit.feel.numbers import to_number
from madoguchi.kit.feel.reader import Reader
from madoguchi.kit.feel.temporal_text import parse_temporal

NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def number(reader: Reader, sign: int = 1) -> Literal:
    """Move over a number; scientific notation is not FEEL."""
    start = reader.skip()
    match = NUMBER.match(reader.text, start)
    if match is None:
        raise reader.expected("数値")
    reader.offset = match.end()
    value = to_number(match[0])
    if value is None:
        raise reader.fail("数値が大きすぎます。", start)
    return Literal(start, Decimal(-value if sign < 0 else value))


def string_text(reader: Reader) -> str:
    """Move over a string literal and return what it stands for."""
    start = reader.skip()
    match = _STRING.match(reader.text, start)
    if match is None:
        raise reader.fail('文字列の終わりの「"」がありません。', start)
    reader.offset = match.end()
    text = _ESCAPE.sub(_unescape, match[1]) if "\\" in match[1] else match[1]
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def at_literal(reader: Reader) -> Literal:
    """Move over ``@"…"``; a text that is no date, time or duration stands for null."""
    start = reader.skip()
    reader.need("@")
    if not reader.text.startswith('"', reader.skip()):
        raise reader.expected('「"」で囲んだ日付・時刻・期間')
    return Literal(start, parse_temporal(string_text(reader)))


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point <= 0x10FFFF else match[0]
    # A backslash before any other character stays, as regular expressions such as "\d" are written that way.
    return _SIMPLE.get(code, match[0])
