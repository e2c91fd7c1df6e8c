"""Addresses in plain text: found, judged, replaced by counted ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from .languages import FIELDS, Contents

LONGEST = 2000
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_ENDINGS = ".,;:!?'*"
_PAIRS = {")": "(", "]": "["}
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)


def _end(text: str) -> int:
    """Return where an address really ends: marks of the sentence around it do not belong to it."""
    end = len(text)
    while end:
        last = text[end - 1]
        opening = _PAIRS.get(last)
        is_alone = opening is not None and text.count(last, 0, end) > text.count(opening, 0, end)
        if last not in _ENDINGS and not is_alone:
            break
        end -= 1
    return end


def split_links(text: str) -> list[tuple[str, bool]]:
    """Return a text as pieces with whether each is an address; joined together they are the text."""
    pieces: list[tuple[str, bool]] = []
    place = 0
    for match in _ADDRESS.finditer(text):
        end = match.start() + _end(match[0])
        if end <= match.start() + len("https://"):
            continue
        if match.start() > place:
            pieces.append((text[place : match.start()], False))
        pieces.append((text[match.start() : end], True))
        place = end
    if place < len(text):
        pieces.append((text[place:], False))
    return pieces


def links_in(text: str) -> list[str]:
    """Return the addresses in a text, in their order, each once."""
    return list(dict.fromkeys(piece for piece, is_link in split_links(text) if is_link))


def extract_links(contents: Contents, languages: Iterable[str] | None = None) -> list[str]:
    """Return the addresses in all variants of a message, each once."""
    chosen = contents if languages is None else languages
    texts = (contents[language].get(name, "") for language in chosen for name in FIELDS)
    return list(dict.fromkeys(link for text in texts for link in links_in(text)))


def rewrite_links(text: str, links: Mapping[str, str]) -> str:
    """Return the text with every address that ``links`` knows replaced by its counted one; others stay."""
    if not links or "://" not in text:
        return text
    return "".join(links.get(piece, piece) if is_link else piece for piece, is_link in split_links(text))


def link_fault(address: str) -> str:
    """Return why an address cannot be sent (``long``, ``user``, ``host``), or an empty text."""
    if len(address) > LONGEST:
        return "long"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "host"
    if parts.username is not None or parts.password is not None:
        return "user"
    known = _HOST.fullmatch(host) is not None or host == "localhost" or host.endswith(".localhost")
    return "" if known and port != 0 else "host"
