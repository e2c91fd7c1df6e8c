"""
Finding procedures by words: names, keywords, everyday expressions, kana.

Texts are folded (width, case, katakana to hiragana, no spaces). A query of several words wants all of them. Where no word is
found as it stands, the share of two-character pieces that a text has in common with the query ranks it, so that 「子どもが産まれ
ました」 finds 「子どもが生まれた」.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..definition import Definition
from .events import LIFE_EVENTS, category_label

ENOUGH = 0.5
"""Share of the query's pieces a text must hold to be found without holding the query itself."""
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_DROPPED = dict.fromkeys(map(ord, " 　・･、。，．,.「」『』（）()！？!?"), None)


def fold(text: str) -> str:
    """Return a text without differences of width, case, kind of kana, punctuation and spaces."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA).translate(_DROPPED)


@dataclass(frozen=True, slots=True)
class Searchable:
    """What is searched of a procedure, folded: texts with their weight, and the two-character pieces of all."""

    code: str
    texts: tuple[tuple[str, float], ...]
    pieces: frozenset[str]


def searchable(definition: Definition) -> Searchable:
    """Return what is searched of a definition."""
    rows: list[tuple[str, float]] = []
    for name in (definition.name.ja, definition.name.easy, definition.name.en):
        rows.append((name, 10))
    rows += [(word, 8) for word in definition.keywords]
    for code in definition.life_events:
        event = LIFE_EVENTS.get(code)
        if event:
            rows += [(word, 3) for word in (event.label.ja, event.label.easy, event.label.en, *event.words)]
    rows.append((category_label(definition.category).ja, 3))
    for text in (definition.summary, definition.who):
        rows += [(text.ja, 2), (text.easy, 2), (text.en, 2)]
    rows += [(f"{item.question.ja}{item.answer.ja}", 1) for item in definition.faq]
    rows += [(output.name.ja, 4) for output in definition.outputs]
    folded = tuple((fold(text), weight) for text, weight in rows if text)
    return Searchable(definition.code, folded, frozenset(piece for text, _ in folded for piece in _pieces(text)))


def search(items: Iterable[Searchable], query: str) -> list[str]:
    """Return the codes of the procedures a query finds, best first; equal ones in the order they came."""
    words = [word for word in map(fold, unicodedata.normalize("NFKC", query).split()) if word]
    if not words:
        return []
    listed = list(items)
    scored = [(_exact(item, words), item.code) for item in listed]
    found = [(score, code) for score, code in scored if score > 0]
    if not found:
        joined = "".join(words)
        scored = [(_similar(item, joined), item.code) for item in listed]
        best = max((score for score, _ in scored), default=0.0)
        found = [(score, code) for score, code in scored if score >= max(ENOUGH, best * 0.8)]
    return [code for _, code in sorted(found, key=lambda pair: -pair[0])]


def _exact(item: Searchable, words: Sequence[str]) -> float:
    total = 0.0
    for word in words:
        best = max((weight * _closeness(text, word) for text, weight in item.texts), default=0.0)
        if best == 0:
            return 0.0
        total += best
    return total


def _closeness(text: str, word: str) -> float:
    if text == word:
        return 3
    if text.startswith(word):
        return 2
    if word in text:
        return 1
    # A sentence that holds a whole keyword: 「犬を飼いました」 holds 「犬を飼い」.
    return 0.8 if len(text) >= 2 and len(word) >= 4 and text in word else 0


def _pieces(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _similar(item: Searchable, query: str) -> float:
    wanted = _pieces(query)
    return len(wanted & item.pieces) / len(wanted) if wanted else 0.0
