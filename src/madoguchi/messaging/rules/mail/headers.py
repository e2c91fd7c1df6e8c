"""Headers of mails: encoded words (RFC 2047), parameters (RFC 2231); nothing that is given can begin a line of its own."""

from __future__ import annotations

import re
from binascii import b2a_base64
from functools import lru_cache
from urllib.parse import quote

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_PLAIN = re.compile(r"[ -~]*")
_WORD_BYTES = 39
"""Bytes of an encoded word: with ``Subject: `` before it a line stays within 78 characters."""
_PLAIN_LENGTH = 60


def one_line(text: str) -> str:
    """Return a text without breaks and control characters: each run of them is one space."""
    return _BREAKS.sub(" ", text).strip()


@lru_cache(maxsize=2048)
def encode_text(text: str) -> str:
    """Return a text as the value of an unstructured header, folded; anything but short ASCII becomes encoded words."""
    line = one_line(text)
    if len(line) <= _PLAIN_LENGTH and _PLAIN.fullmatch(line) and "=?" not in line:
        return line
    return "\r\n ".join(f"=?utf-8?B?{b2a_base64(piece, newline=False).decode()}?=" for piece in _pieces(line))


def _pieces(text: str) -> list[bytes]:
    pieces, piece = [], b""
    for character in text:
        data = character.encode("utf-8", "replace")
        if len(piece) + len(data) > _WORD_BYTES:
            pieces.append(piece)
            piece = b""
        piece += data
    return [*pieces, piece]


def encode_mailbox(name: str, address: str) -> str:
    """Return ``name <address>`` for From and its like; ``address`` is in its wire form."""
    line = one_line(name)
    if not line:
        return address
    if len(line) <= _PLAIN_LENGTH and re.fullmatch(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+", line) and "=?" not in line:
        return f"{line} <{address}>"
    words = "\r\n ".join(f"=?utf-8?B?{b2a_base64(piece, newline=False).decode()}?=" for piece in _pieces(line))
    return f"{words}\r\n <{address}>"


def encode_file_name(name: str) -> str:
    """Return the parameters for a file's name, in sections where it is long (RFC 2231)."""
    coded = quote(one_line(name).replace("/", "_").replace("\\", "_") or "file", safe="", errors="replace")
    sections = re.findall(r"(?:%..|[^%]){1,20}", coded)
    if len(sections) == 1:
        return f"filename*=utf-8''{coded}"
    lines = [
        f"filename*{place}*=" + ("utf-8''" if place == 0 else "") + section for place, section in enumerate(sections)
    ]
    return ";\r\n ".join(lines)
