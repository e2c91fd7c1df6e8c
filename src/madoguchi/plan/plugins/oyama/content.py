"""The 施策内容 cell of a project's table: what is done in prose, and the list of 主な取組 behind it."""

from __future__ import annotations

import re

from madoguchi.plan.plugins.oyama.wording import CIRCLED, circled_numbers

_LIST_HEADING = re.compile(r"【主な(?:取組み?|取り組み|事業|施策)】")
_ITEM = re.compile(rf"(?:^|(?<=[\s】]))(?=[{CIRCLED}])")
_SUB_ITEM = re.compile(r"(?:^|(?<=\s))・\s*")


def split_content(text: str) -> tuple[str, list[str], bool]:
    """
    Split the cleaned text of 施策内容 into its prose, the names of its 取組, and whether ① ② ③ … count up without a gap.

    A 取組 loses its number; the points below it follow as names of their own that begin with 「・」.
    """
    heading = _LIST_HEADING.search(text)
    if heading is None:
        return text.strip(), [], True
    pieces = [piece.strip() for piece in _ITEM.split(text[heading.end() :])]
    numbers = [circled_numbers(piece[:1])[0] for piece in pieces if circled_numbers(piece[:1])]
    names = [name for piece in pieces if piece for name in _names(piece)]
    return text[: heading.start()].strip(), names, numbers == list(range(1, len(numbers) + 1))


def _names(piece: str) -> list[str]:
    is_numbered = bool(circled_numbers(piece[:1]))
    first, *points = (" ".join(part.split()) for part in _SUB_ITEM.split(piece[1:] if is_numbered else piece))
    prefix = "・" if is_numbered else ""
    return [*([first] if first else []), *(prefix + point for point in points if point)]
