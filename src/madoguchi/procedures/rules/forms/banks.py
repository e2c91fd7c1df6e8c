"""Banks and branches (金融機関・店舗) by code and by name, from the Zengin list (全銀協の統一金融機関コード)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .reading import narrow, read_digits, read_kana

_ENDINGS = re.compile(r"(銀行|信用金庫|信金|信用組合|信組|労働金庫|労金|農業協同組合|農協|支店|出張所)$")
_SHORT = {"信用金庫": "信金", "信用組合": "信組", "労働金庫": "労金", "農業協同組合": "農協"}


@dataclass(frozen=True, slots=True)
class Place:
    """A bank or a branch: its code, its name and its reading."""

    code: str
    name: str
    kana: str


@lru_cache(maxsize=1)
def _list() -> Any:
    import zengin_code

    return zengin_code.Bank.all


def bank(code: str) -> Place | None:
    """Return the bank of a four-digit code."""
    found = _list().get(code)
    return None if found is None else Place(found.code, found.name, found.kana)


def branch(bank_code: str, code: str) -> Place | None:
    """Return the branch of a three-digit code at a bank."""
    found = _list().get(bank_code)
    found = None if found is None else found.branches.get(code)
    return None if found is None else Place(found.code, found.name, found.kana)


def find_banks(query: str, *, limit: int = 20) -> list[Place]:
    """Return banks whose code, name or reading begins with or holds the query, better ones first."""
    return _find(_banks(), query, limit)


def find_branches(bank_code: str, query: str, *, limit: int = 30) -> list[Place]:
    """Return branches of a bank; all (up to the limit) for an empty query, none for an unknown bank."""
    return _find(_branches(bank_code), query, limit)


def with_codes(account: dict[str, Any]) -> dict[str, Any]:
    """Return a bank account with the codes in place of names that stand for exactly one bank or branch."""
    bank_code = _code(account.get("bank"), 4, _banks())
    if bank_code is not None:
        account = account | {"bank": bank_code}
        branch_code = _code(account.get("branch"), 3, _branches(str(bank_code)))
        if branch_code is not None:
            account = account | {"branch": branch_code}
    return account


def bank_code(typed: str) -> str | None:
    """Return the code of the bank that a text is the code or exactly the name of, or None."""
    return _code(typed, 4, _banks())


def _code(typed: Any, length: int, places: tuple[Place, ...]) -> str | None:
    if not isinstance(typed, str) or not typed or len(typed) > 60:
        return None
    digits = read_digits(typed)
    if re.fullmatch(r"[0-9]+", digits):
        return digits.zfill(length) if len(digits) <= length else None
    key = _key(typed)
    exact = {place.code for place in places if key and key in {_key(place.name), place.kana}}
    return exact.pop() if len(exact) == 1 else None


@lru_cache(maxsize=1)
def _banks() -> tuple[Place, ...]:
    return tuple(Place(one.code, one.name, one.kana) for one in _list().values())


@lru_cache(maxsize=256)
def _branches(bank_code: str) -> tuple[Place, ...]:
    found = _list().get(bank_code)
    if found is None:
        return ()
    return tuple(Place(one.code, one.name, one.kana) for one in found.branches.values())


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", narrow(name)).strip()
    for long, short in _SHORT.items():
        plain = plain.replace(long, short)
    return re.sub(r"\s", "", _ENDINGS.sub("", plain) if not plain.endswith(tuple(_SHORT.values())) else plain).upper()


def _find(places: tuple[Place, ...], query: str, limit: int) -> list[Place]:
    key, kana = _key(query[:60]), read_kana(narrow(query[:60])).replace(" ", "")
    if not key and not kana:
        return list(places[:limit])
    ranked = [(rank, place) for place in places if (rank := _rank(place, key, kana)) is not None]
    return [place for _rank_, place in sorted(ranked, key=lambda pair: (pair[0], pair[1].code))[:limit]]


def _rank(place: Place, key: str, kana: str) -> int | None:
    name = _key(place.name)
    if key in {place.code, name} or kana == place.kana:
        return 0
    if name.startswith(key) or place.code.startswith(key) or (kana and place.kana.startswith(kana)):
        return 1
    return 2 if key in name or (kana and kana in place.kana) else None
