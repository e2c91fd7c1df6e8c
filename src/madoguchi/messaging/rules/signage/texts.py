"""Texts cut into pages that can be read at five metres: few words at a time, at the ends of sentences."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r".+?(?:[。！？!?]+[」』）)]*|\.(?=\s|$)|$)\s*", re.DOTALL)
_CLAUSE = re.compile(r".+?(?:[、，；;・]|,\s|$)", re.DOTALL)
WIDE, NARROW = 2, 1


def width_of(text: str) -> int:
    """Return how wide a text is in half-width characters."""
    return sum(NARROW if ord(character) < 0x2E80 else WIDE for character in text)


def pages_of(text: str, most: int) -> list[str]:
    """
    Return a text as pages of at most ``most`` half-width characters, an empty list for an empty text.

    It is cut between sentences, else between clauses or words, else anywhere; nothing is left out.
    """
    pages: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for piece in _pieces(paragraph.strip(), most):
            if pages and width_of(pages[-1]) + width_of(piece) <= most:
                pages[-1] += piece
            else:
                pages.append(piece)
        if pages:
            pages[-1] = pages[-1].rstrip() + "\n"
    return [page.strip() for page in pages if page.strip()]


def _pieces(text: str, most: int) -> list[str]:
    found: list[str] = []
    for sentence in _SENTENCE.findall(text):
        if width_of(sentence) <= most:
            found.append(sentence)
            continue
        for clause in _CLAUSE.findall(sentence):
            found += [clause] if width_of(clause) <= most else _words(clause, most)
    return found


def _words(text: str, most: int) -> list[str]:
    """Cut between words where there are any, else between characters."""
    found = [""]
    for word in re.findall(r"\S+\s*|\s+", text):
        for part in [word] if width_of(word) <= most else list(word):
            if width_of(found[-1]) + width_of(part) > most and found[-1]:
                found.append("")
            found[-1] += part
    return [part for part in found if part]
