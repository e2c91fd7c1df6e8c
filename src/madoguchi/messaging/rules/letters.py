"""Letters without paper: the parts of an address as a window envelope shows them, and a text as blocks to typeset."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"[ \t\u3000]{0,4}(?:[-*][ \t\u3000]+|・[ \t\u3000]*)(?=\S)")
_BREAK = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")
_SPACE = re.compile(r"[ \u3000]+")
LINE_WIDTH = 36
"""Half-width columns that one line of the window takes."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes: postal code as 123-4567, lines of the address, the name without an honorific."""

    postal_code: str
    lines: tuple[str, ...]
    name: str

    @property
    def is_complete(self) -> bool:
        """Tell whether the post can deliver it: an address and somebody it is for."""
        return bool(self.lines and self.name)


def address_of(postal_code: str, address: str, name: str) -> Address:
    """Return an address as it is printed: lines broken where the writer did, at a space, else at the window's edge."""
    digits = re.sub(r"\D", "", postal_code)
    code = f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else ""
    lines: list[str] = []
    for line in address.splitlines():
        lines += _fitted(line.strip())
    return Address(code, tuple(lines), " ".join(name.split()))


def _fitted(line: str) -> list[str]:
    made: list[str] = []
    rest = line
    while _width(rest) > LINE_WIDTH:
        end = _edge(rest)
        made.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*made, rest] if rest else made


def _edge(text: str) -> int:
    """Return where a line is broken: behind its last space that fits (a building's name begins there), else at the edge."""
    used, end = 0, 0
    for end, character in enumerate(text):  # noqa: B007 - where it stopped is the result
        used += _width(character)
        if used > LINE_WIDTH:
            break
    spaces = [match.end() for match in _SPACE.finditer(text[:end]) if match.end() > end // 3]
    return spaces[-1] if spaces else end


def _width(text: str) -> int:
    """Return how many half-width columns a text takes."""
    return sum(1 if character < "\u2000" or "\uff61" <= character <= "\uff9f" else 2 for character in text)


def blocks(body: str) -> list[dict[str, list[str]]]:
    """Return a body as blocks: ``{"lines": […]}`` for a paragraph, ``{"items": […]}`` for a list, as ``content.to_html`` reads it."""
    made: list[dict[str, list[str]]] = []
    for block in _BREAK.split(body.strip("\n")):
        for line in block.split("\n"):
            item = _ITEM.match(line)
            kind, text = ("items", line[item.end() :]) if item else ("lines", line)
            if made and kind in made[-1] and not made[-1].get("closed"):
                made[-1][kind].append(text)
            elif text.strip():
                made.append({kind: [text]})
        if made:
            made[-1]["closed"] = ["yes"]
    return [{name: lines for name, lines in block.items() if name != "closed"} for block in made]
