"""
Which font shows which character of a document, and which characters none does.

Everything is set in the two main families. A character or variation (IVS) they lack is set in the first of the other fonts
that has exactly it, such as IPAmj Mincho for the characters of the family register (戸籍統一文字). What no font has is
reported: in a document that must be exact it stops the document, elsewhere it becomes its nearest form or 〓.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.kit.kanji import shrink_steps

from .opentype import Face, is_selector

GETA = "〓"
_SPACES = frozenset("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\t")
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(slots=True)
class GlyphPlan:
    """Goes through texts; ``fonts`` collects the clusters by family of another font, ``missing`` what nobody has."""

    main: Sequence[Face]
    others: Sequence[Face] = ()
    fonts: dict[str, set[str]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def printable(self, value: Any) -> Any:
        """Return a value of dicts, lists and texts in which every text can be shown; other values as they are."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.printable(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.printable(item) for item in value]
        return value

    def text(self, text: str) -> str:
        """Return a text in characters that can be shown; line breaks become ``\\n``, other controls go."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(self._cluster(cluster) for cluster in _clusters(text.replace("\r\n", "\n")))

    def _cluster(self, cluster: str) -> str:
        first = cluster[0]
        if first in _LINE_BREAKS:
            return "\n"
        if first in _SPACES:
            return " "
        if unicodedata.category(first) in {"Cc", "Cs", "Cf"}:
            return ""
        joined = unicodedata.normalize("NFC", cluster) if not is_selector(cluster[-1]) else cluster
        for form in dict.fromkeys((joined if len(joined) < len(cluster) else cluster, cluster)):
            if self._is_shown(form):
                return form
        return self._stand_in(cluster)

    def _is_shown(self, cluster: str) -> bool:
        if all(face.has(cluster) for face in self.main):
            return True
        for face in self.others:
            if face.has(cluster):
                self.fonts.setdefault(face.family, set()).add(cluster)
                return True
        return False

    def _stand_in(self, cluster: str) -> str:
        """Return what is printed instead of a cluster nobody has: its base or nearest form, else 〓."""
        if cluster not in self.missing:
            base = cluster[0]
            forms = [base] if len(cluster) > 1 else []
            forms += [unicodedata.normalize("NFKC", base), *shrink_steps(base)]
            known = (form.strip() for form in forms)
            self.missing[cluster] = next((form for form in known if form and self._is_shown(form)), GETA)
        return self.missing[cluster]

    def rare(self) -> list[dict[str, str]]:
        """Return for each other font the pattern (a regular expression) of what is set in it, longest clusters first."""
        return [
            {
                "font": family,
                "pattern": "|".join(_escaped(cluster) for cluster in sorted(found, key=lambda c: (-len(c), c))),
            }
            for family, found in self.fonts.items()
        ]


def describe(cluster: str) -> str:
    """Return a cluster with its code points, for a message: 𠮷（U+20BB7）."""
    return f"{cluster}（{' '.join(f'U+{ord(character):04X}' for character in cluster)}）"


def _escaped(cluster: str) -> str:
    return "".join(f"\\x{{{ord(character):X}}}" for character in cluster)


def _clusters(text: str) -> Iterator[str]:
    """Yield each character together with the variation selector or the combining marks after it."""
    found = ""
    for character in text:
        if found and (is_selector(character) or unicodedata.combining(character)):
            found += character
            continue
        if found:
            yield found
        found = character
    if found:
        yield found
