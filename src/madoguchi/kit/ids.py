"""Identifiers: ULIDs for machines, short numbers with a check character for people on the telephone.

ULID: 26 characters of Crockford base 32, 48 bits of time and 80 random bits, in the order of creation.
Case numbers use nineteen symbols that neither look nor sound alike in Japanese: no O/I/L/S/B/Z beside
0/1/5/8/2, no Q (きゅう is 9), one of each rhyming group. Nineteen is prime, so a weighted sum finds every single
wrong character and every exchange of two characters.
"""

import os
import re
import secrets
import threading
import time
import unicodedata

from ulid import ULID, ULIDGenerator

SYMBOLS = "0123456789FHKMRUWXY"

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−ー・./]+")
_MISREAD = str.maketrans("OIL", "011")
_RANDOM_LENGTH = 7
_SEQUENCE_DIGITS = 5


class _Source:
    """The process's ULIDs: never going back, though the system clock may."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._generator = ULIDGenerator()

    def next(self) -> ULID:
        with self._lock:
            self._last = max(self._last, time.time_ns() // 1_000_000)
            return self._generator.generate(self._last)


_source = _Source()


def _start_afresh() -> None:
    global _source
    _source = _Source()


# A forked worker must not go on counting from the random bits of its parent: both would make the same ids.
os.register_at_fork(after_in_child=_start_afresh)


def new_id() -> str:
    """Return a new ULID (26 characters, upper case), greater than every one made before in this process."""
    return str(_source.next())


def is_ulid(text: str) -> bool:
    """Say whether the text is a ULID in its canonical form (upper case, fits in 128 bits)."""
    return _ULID.fullmatch(text) is not None


def ulid_milliseconds(text: str) -> int:
    """Return the time inside a ULID in milliseconds since 1970; raise ValueError when it is not one."""
    if not is_ulid(text):
        raise ValueError(f"not a ULID: {text!r}")
    return int(ULID.from_str(text).milliseconds)


def check_character(body: str) -> str:
    """Return the check character of a body of at most 17 symbols; raise ValueError for other characters."""
    if not 1 <= len(body) <= len(SYMBOLS) - 2:
        raise ValueError("a case number has 1 to 17 symbols before its check character")
    total = sum(weight * SYMBOLS.index(symbol) for weight, symbol in enumerate(reversed(body), start=2))
    return SYMBOLS[-total % len(SYMBOLS)]


def new_case_number() -> str:
    """Return a number nobody can guess, such as 4K7R-20M5: seven random symbols and a check character."""
    return _with_check("".join(secrets.choice(SYMBOLS) for _ in range(_RANDOM_LENGTH)))


def case_number(fiscal_year: int, sequence: int) -> str:
    """Return the number of the n-th case of a fiscal year, such as 2026-00412-K."""
    if not 1000 <= fiscal_year <= 9999 or not 0 < sequence < 10**12:
        raise ValueError("a case number needs a four-digit year and a positive sequence")
    return _with_check(f"{fiscal_year}{sequence:0{_SEQUENCE_DIGITS}}")


def parse_case_number(text: str) -> str | None:
    """Return the canonical form of what a person typed or dictated, or None when the check character is wrong.

    Case, width, spaces and hyphens do not matter; the letters O, I and L are read as the digits they look like.
    """
    symbols = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_MISREAD)
    body, check = symbols[:-1], symbols[-1:]
    if not 1 <= len(body) <= len(SYMBOLS) - 2 or not set(symbols) <= set(SYMBOLS):
        return None
    return _with_check(body) if _is_layout(body) and check_character(body) == check else None


def _is_layout(body: str) -> bool:
    return len(body) == _RANDOM_LENGTH or (len(body) >= 4 + _SEQUENCE_DIGITS and body.isdecimal())


def _with_check(body: str) -> str:
    check = check_character(body)
    if len(body) == _RANDOM_LENGTH:
        return f"{body[:4]}-{body[4:]}{check}"
    return f"{body[:4]}-{body[4:]}-{check}"
