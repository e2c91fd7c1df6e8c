"""Small readings that the parts of an Oyama document share: circled numbers, section names, names that nearly agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from madoguchi.plan.rules.reading.document import squash

CIRCLED = "①-⑳㉑-㉟"
_CIRCLED_STARTS = ((0x2460, 1, 20), (0x3251, 21, 15))
_SECTION_END = re.compile(r"(?:課|室|局|所|係|部|館|署|会|校|園|班|院|庁|監|官|担当|組合|センター|チーム|グループ)$")
_SECTION_BREAK = re.compile(r"[\s、,，／/]+|(?<=[課室局所部館])・")
_NOT_COMPARED = re.compile(r"【[^【】]*】|《[^《》]*》|\(再掲\)|[\s・、,()「」]")
_NEARLY = 0.8


def circled_numbers(text: str) -> list[int]:
    """Give the numbers that circled digits stand for, in order: 「① ⑯」 → [1, 16]."""
    return [number for char in text if (number := _circled(char)) is not None]


def split_circled(text: str) -> list[str]:
    """Split before each circled number: 「①市民参加、④生活基盤」 → [①市民参加, ④生活基盤], without spaces inside."""
    pieces = re.split(rf"[、,，\s]*(?=[{CIRCLED}])", text)
    return [plain for piece in pieces if (plain := squash(piece).strip("、,，"))]


def split_sections(text: str) -> list[str]:
    """
    Split 主管課(関係課) into section names.

    A piece that does not end like a section (「シティプロモー」) was torn by the narrow column and goes with the next one.
    """
    names: list[str] = []
    held = ""
    for piece in _SECTION_BREAK.split(text):
        held += piece
        if _SECTION_END.search(held):
            names.append(held)
            held = ""
    return [*names, held] if held else names


def is_section(name: str) -> bool:
    """Tell whether a name ends as the names of sections do (課, 室, 研究所 …)."""
    return _SECTION_END.search(name) is not None


def bracketed_sections(text: str) -> Iterator[str]:
    """Give the sections that a 取組 names in its brackets: 「…の導入【市民課・情報政策課】」."""
    for match in re.finditer(r"【([^【】]+)】", text):
        yield from (name for name in split_sections(match[1]) if is_section(name))


def agreement(one: str, other: str) -> float:
    """Tell from 0 to 1 how far two names agree; spaces, punctuation, brackets 【…】 and letter widths do not count."""
    first, second = _compared(one), _compared(other)
    return 1.0 if first == second else min(SequenceMatcher(None, first, second).ratio(), 0.99)


def nearly_agree(one: str, other: str) -> bool:
    """Tell whether two names are the same but for a word or a slip of the pen."""
    return agreement(one, other) >= _NEARLY


def _compared(text: str) -> str:
    return _NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text)).replace("及び", "および").lower()


def _circled(char: str) -> int | None:
    for start, first, count in _CIRCLED_STARTS:
        if start <= ord(char) < start + count:
            return ord(char) - start + first
    return None
