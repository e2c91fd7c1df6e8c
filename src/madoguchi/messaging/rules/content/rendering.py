"""Texts of a message for one person, compiled once for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .languages import FIELDS, JAPANESE, Contents, pick_language
from .links import rewrite_links
from .placeholders import Slot, fill, parse

_NO_LINKS: dict[str, str] = {}
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Rendered:
    """The texts for one person; ``language`` is the one they are really in. ``short`` is the subject where none was written."""

    subject: str
    body: str
    short: str
    language: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with ``%s`` at its slots."""

    pattern: str
    slots: tuple[Slot, ...]
    plain: str | None

    def fill(self, values: Mapping[str, str]) -> str:
        if self.plain is not None:
            return self.plain
        return self.pattern % tuple([fill(slot, values) for slot in self.slots])


def _compile(text: str, language: str, links: Mapping[str, str]) -> _Text:
    pieces = parse(text, language)
    slots = tuple(piece for piece in pieces if isinstance(piece, Slot))
    written = [piece if isinstance(piece, Slot) else rewrite_links(piece, links) for piece in pieces]
    pattern = "".join("%s" if isinstance(piece, Slot) else piece.replace("%", "%%") for piece in written)
    plain = None if slots else "".join(piece for piece in written if isinstance(piece, str))
    return _Text(pattern, slots, plain)


class Compiled:
    """
    The texts of a message, taken apart once; ``render`` is then cheap enough for hundreds of thousands of people.

    Safe to be used by several threads: what it keeps is only added to, whole.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._picked: dict[str, str] = {}
        self._ready: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[_Text, _Text, _Text]] = {}

    def language_for(self, wanted: str) -> str:
        """Return the language somebody gets who wants ``wanted``."""
        found = self._picked.get(wanted)
        if found is None:
            found = pick_language(self._contents, wanted)
            if len(self._picked) < _KEPT:
                self._picked[wanted] = found
        return found

    def render(self, language: str, values: Mapping[str, str], links: Mapping[str, str] = _NO_LINKS) -> Rendered:
        """
        Return the texts for somebody who wants ``language``.

        ``values`` maps placeholders to what stands there (empty or missing: the fallback); ``links`` maps addresses in the
        texts to counted ones.
        """
        chosen = self.language_for(language)
        subject, body, short = self._texts(chosen, links)
        said = subject.fill(values)
        return Rendered(said, body.fill(values), short.fill(values) or said, chosen)

    def _texts(self, language: str, links: Mapping[str, str]) -> tuple[_Text, _Text, _Text]:
        key = (language, tuple(links.items()))
        found = self._ready.get(key)
        if found is None:
            variant = self._contents.get(language) or self._contents.get(JAPANESE) or {}
            subject, body, short = (_compile(variant.get(name) or "", language, links) for name in FIELDS)
            found = (subject, body, short)
            if len(self._ready) >= _KEPT:
                self._ready.clear()
            self._ready[key] = found
        return found


def compile_contents(contents: Contents) -> Compiled:
    """Return the texts of a message ready to be rendered for many."""
    return Compiled(contents)


def render(
    contents: Contents, language: str, values: Mapping[str, str], *, links: Mapping[str, str] = _NO_LINKS
) -> Rendered:
    """Return the texts of a message for one person; see ``Compiled.render``."""
    return Compiled(contents).render(language, values, links)
