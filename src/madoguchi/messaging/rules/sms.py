"""
Short messages without the network: what fits, in how many parts, and what a provider is told.

Japanese carriers take up to 660 full-width characters as one long message; it is paid by the part (70, or 67 each when there are
several). Letters of GSM 03.38 alone go 160 (153) to a part. Counted in UTF-16 code units, as phones do (3GPP TS 23.040, 23.038).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .content import sms_parts, units

LONGEST = 660
_SPLIT = {"\u2028", "\u2029", "\x0b", "\x0c", "\x85"}


def compose(short: str, page: str, *, longest: int = LONGEST) -> str:
    """
    Return a short message: the short form and, on a line of its own, the address where the whole can be read.

    The text is cut where both do not fit, never the address; a message without an address is the text alone.
    """
    text = "".join(" " if character in _SPLIT else character for character in short).strip()
    tail = f"\n{page}" if page else ""
    room = longest - units(tail)
    if units(text) > room:
        text = cut(text, room - 1) + "…"
    return f"{text}{tail}".strip()


def cut(text: str, room: int) -> str:
    """Return the beginning of a text that takes at most ``room`` UTF-16 code units; no character is taken apart."""
    kept, used = 0, 0
    for character in text:
        used += 2 if character > "\uffff" else 1
        if used > room:
            break
        kept += 1
    return text[:kept].rstrip()


def parts_of(text: str) -> int:
    """Return in how many parts a text is sent and paid."""
    return sms_parts(text)


def national(number: str) -> str:
    """Return a number in E.164 as it is dialled in Japan (+819012345678 → 09012345678); one from abroad stays."""
    return f"0{number[3:]}" if number.startswith("+81") else number


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """
    Return a provider's fields with ``{to}``, ``{text}`` and so on filled in, in one pass: what is filled in is never read again.

    Numbers, truth values and unknown names in braces stay as they are.
    """
    if isinstance(template, str):
        return _filled(template, values)
    if isinstance(template, Mapping):
        return {str(name): filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    return template


def _filled(template: str, values: Mapping[str, str]) -> str:
    made, place = "", 0
    while (begin := template.find("{", place)) >= 0:
        end = template.find("}", begin)
        name = template[begin + 1 : end] if end > begin else ""
        if name in values:
            made += template[place:begin] + values[name]
            place = end + 1
        else:
            made += template[place : begin + 1]
            place = begin + 1
    return made + template[place:]


def look_up(answer: Any, path: str) -> Any:
    """Return what stands at a path of an answer (``messages.0.id``), None where there is nothing."""
    found = answer
    for part in path.split(".") if path else []:
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, Sequence) and not isinstance(found, str) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found
