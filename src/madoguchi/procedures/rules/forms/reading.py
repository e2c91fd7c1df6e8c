"""
Reading what people type: widths, eras, hyphens, kana.

Every function takes a text and gives the value, or the text unchanged where it cannot be read, so that it can be shown
again; reading a value that was read changes nothing. Names are never touched beyond the spaces around them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from madoguchi.kit import era, money
from madoguchi.kit.text import normalise_digits

LONGEST_NUMBER = 15
"""Digits of a whole number that every JSON reader keeps exactly (2⁵³ has sixteen)."""

_DASHES = re.compile(r"[‐‑‒–—―−－ー─━]")
_WIDE_ASCII = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
_HIRAGANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_SMALL_KANA = str.maketrans("ァィゥェォャュョッヮヵヶ", "アイウエオヤユヨツワカケ")
_INTEGER = re.compile(rf"[-+]?[0-9]{{1,{LONGEST_NUMBER}}}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,12}(\.[0-9]{1,9})?")
_TIME = re.compile(r"(午前|午後|AM|PM)?([0-9]{1,2})[:時]([0-9]{1,2})?分?(?::[0-9]{2})?(AM|PM)?", re.IGNORECASE)
_WESTERN = {"", "西暦"}
_ERA_YEAR = re.compile(r"(?P<era>[^\d元]*)(?P<year>元|[0-9]{1,4})年?")


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits, signs and spaces in half width; kana and kanji stay."""
    return text.translate(_WIDE_ASCII)


def trimmed(text: str) -> str:
    """Return the text without white space around it and with plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def read_integer(text: str) -> Any:
    """Read 1,200 or １２００ as an int."""
    plain = re.sub(r"[\s,]", "", _DASHES.sub("-", narrow(text)))
    return int(plain) if _INTEGER.fullmatch(plain) else text


def read_number(text: str) -> Any:
    """Read 12.5 or １２．５ as an int where it is whole, else a float."""
    plain = re.sub(r"[\s,]", "", _DASHES.sub("-", normalise_digits(narrow(text))))
    return whole(float(plain)) if _DECIMAL.fullmatch(plain) else text


def whole(number: float) -> int | float:
    """Return an int for a float that is one, so that one number has one writing."""
    return int(number) if number == number and abs(number) < 10**LONGEST_NUMBER and number == int(number) else number


def read_money(text: str) -> Any:
    """Read 1,200円 or 金壱百万円也 as whole yen."""
    amount = money.parse_yen(text)
    return text if amount is None or abs(amount) >= 10**LONGEST_NUMBER else int(amount)


def read_date(raw: Any) -> Any:
    """Read a date written in one text (令和8年11月20日, R8.11.20, 2026-11-20) or in parts {era, year, month, day}."""
    if isinstance(raw, Mapping):
        return _date_of_parts({key: value for key, value in raw.items() if isinstance(value, str)}) or raw
    if not isinstance(raw, str) or len(raw) > 40:
        return raw
    found = era.parse_date(raw)
    return found.date.isoformat() if found and found.precision is era.Precision.DAY else raw


def _date_of_parts(parts: Mapping[str, str]) -> str | None:
    month, day = (_small_number(parts.get(part, "")) for part in ("month", "day"))
    year = _year(parts.get("era", ""), parts.get("year", ""))
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _small_number(text: str) -> int | None:
    plain = re.sub(r"[月日\s]", "", narrow(text))
    return int(plain) if re.fullmatch(r"[0-9]{1,2}", plain) else None


def _year(chosen: str, text: str) -> int | None:
    match = _ERA_YEAR.fullmatch(re.sub(r"\s", "", narrow(text)))
    if match is None:
        return None
    named = match["era"] or chosen
    if named in _WESTERN:
        return int(match["year"]) if re.fullmatch(r"[0-9]{4}", match["year"]) else None
    if re.fullmatch(r"[0-9]{4}", match["year"]):
        # A western year beside an era that was left chosen: the four digits can mean only one thing.
        return int(match["year"])
    return era.western_year(named, match["year"]) if era.find_era(named) else None


def read_time(text: str) -> Any:
    """Read 9:30, ９時３０分 or 午後1時 as HH:MM."""
    match = _TIME.fullmatch(re.sub(r"\s", "", narrow(text)))
    if match is None:
        return text
    hour, minute = int(match[2]), int(match[3] or 0)
    half = (match[1] or match[4] or "").upper()
    if half and hour > 12:
        return text
    hour = hour % 12 + (12 if half in {"午後", "PM"} else 0) if half else hour
    return f"{hour:02d}:{minute:02d}" if hour <= 23 and minute <= 59 else text


def read_postal_code(text: str) -> str:
    """Read 〒２５４ー００４１ or 2540041 as 254-0041."""
    digits = re.sub(r"[〒\s-]", "", _DASHES.sub("-", narrow(text)))
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{7}", digits) else text


def read_phone(text: str) -> str:
    """Read a telephone number with half-width digits and hyphens; numbers of mobile telephones get their hyphens."""
    plain = re.sub(r"[()\s.]+", "-", _DASHES.sub("-", narrow(text))).strip("-")
    plain = re.sub(r"-{2,}", "-", plain)
    if not re.fullmatch(r"\+?[0-9-]+", plain):
        return text
    mobile = re.fullmatch(r"(0[5-9]0)([0-9]{4})([0-9]{4})", plain.replace("-", ""))
    return "-".join(mobile.groups()) if mobile else plain


def read_email(text: str) -> str:
    """Read an e-mail address typed in full width."""
    return re.sub(r"\s", "", narrow(text))


def read_digits(text: str) -> str:
    """Read a number whose digits are a name (法人番号, 口座番号): half width, without hyphens and spaces."""
    plain = re.sub(r"[\s-]", "", _DASHES.sub("-", narrow(text)))
    return plain if re.fullmatch(r"[0-9]+", plain) else text


def read_kana(text: str) -> str:
    """Read hiragana and half-width kana as full-width katakana."""
    wide = "".join(unicodedata.normalize("NFKC", run) for run in re.split(r"([\uff61-\uff9f]+)", text))
    return re.sub(r"\s+", " ", wide.translate(_HIRAGANA)).strip()


def read_holder(text: str) -> str:
    """Read the holder of an account as banks write it: large katakana, half-width capitals and signs."""
    return read_kana(narrow(text).upper()).translate(_SMALL_KANA)


def read_account_number(text: str) -> str:
    """Read an account number; banks fill up shorter ones with zeros in front."""
    digits = read_digits(text)
    return digits.zfill(7) if re.fullmatch(r"[0-9]{4,6}", digits) else digits


def read_street(text: str) -> str:
    """Read 番地 with half-width digits and hyphens between them."""
    plain = normalise_digits(text)
    return re.sub(r"(?<=[0-9])[‐‑‒–—―−－ー](?=[0-9])", "-", plain)
