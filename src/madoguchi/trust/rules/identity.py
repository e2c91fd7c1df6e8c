"""What identity providers say about a person, read exactly: names, dates, addresses, and whether two descriptions agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from madoguchi.kit import names
from madoguchi.kit.numbers import kanji_number

PERSON, BUSINESS = "person", "business"


@dataclass(frozen=True, slots=True)
class Vouched:
    """
    What a provider said of the person who signed in there, after every check.

    ``level`` is a value of ``AssuranceLevel``; ``attributes`` are keyed by the core vocabulary (``person.name``), each in the
    shape of the form component that asks for it.
    """

    provider: str
    issuer: str
    subject: str
    acr: str
    level: str
    authenticated_at: datetime
    attributes: Mapping[str, Any] = field(default_factory=dict)
    audience: str = PERSON


@dataclass(frozen=True, slots=True)
class Visit:
    """One way to a provider and back: what is sent along, and what the answer is held against."""

    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    started_at: datetime
    is_renewal: bool = False
    transaction: str = ""


@dataclass(frozen=True, slots=True)
class SignedDigest:
    """
    A verified signature over a digest: value and certificate (PEM), and what the checks found.

    ``person`` holds the four basic facts (基本4情報) of the certificate as attributes; ``checks`` maps a check to its outcome.
    """

    signature: str
    certificate: str
    person: Mapping[str, Any]
    checks: Mapping[str, str]


MATCHED_KEYS = ("person.name", "person.birth_date", "person.address")
"""What must agree before somebody is taken for a person of the registry."""

_PREFECTURE = re.compile(r"北海道|東京都|(?:京都|大阪)府|[^\s0-9]{2,3}県")
# Names of municipalities that hold another kind's character, and districts before towns and villages.
_CITY = re.compile(
    r"(?:旭川|伊達|石狩|盛岡|奥州|田村|南相馬|那須塩原|東村山|武蔵村山|羽村|十日町|上越|富山|野々市|大町|蒲郡|四日市|市川|市原|姫路|大和郡山"
    r"|廿日市|下松|岩国|田川|大村|宮古|富良野|別府|佐伯|黒部|小諸|塩尻|玉野|周南)市"
    r"|(?:余市|高市|[^市\s]{2,3}?)郡(?:玉村|大町|[^\s]{1,5}?)[町村]"
    r"|(?:[^\s]{1,4}市)?[^町市\s]{1,4}?区|[^\s]{1,7}?[市町村]"
)
_KANJI_DIGITS = "〇一二三四五六七八九十"
_STREET = re.compile(
    rf"(?:(?<![0-9０-９])[0-9０-９]+(?![0-9０-９]|\s*(?:丁目|条))|[{_KANJI_DIGITS}]+(?=番|号)).*", re.DOTALL
)
_SPACES = re.compile(r"[\s\u3000]+")
_HYPHENS = re.compile(r"[‐‑‒–—―−－ー-]")
_COUNTERS = re.compile(rf"([0-9]+|[{_KANJI_DIGITS}]+)(丁目|番地の?|番|号)")


def split_name(text: str, kana: str = "") -> dict[str, str]:
    """
    Return a name in one line as the parts of a form; without a space all of it is the family name.

    The characters stay as received. Where a name has more than two parts, everything after the first is the given name.
    """
    family, given = _two_parts(text)
    family_kana, given_kana = _two_parts(kana)
    return {"family": family, "given": given, "family_kana": family_kana, "given_kana": given_kana}


def _two_parts(text: str) -> tuple[str, str]:
    first, _, rest = _SPACES.sub(" ", text.strip()).partition(" ")
    return first, rest


def join_name(value: Mapping[str, Any]) -> str:
    """Return a name of a form in one line."""
    return " ".join(part for part in (str(value.get("family", "")), str(value.get("given", ""))) if part)


def read_day(text: str) -> str | None:
    """Return ``YYYYMMDD`` or ``YYYY-MM-DD`` as ``YYYY-MM-DD``; None for anything else and for days that do not exist."""
    found = re.fullmatch(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", text.strip(), re.ASCII)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def read_certificate_day(text: str) -> str | None:
    """
    Return the date of birth of a signature certificate, an era digit before ``YYYYMMDD`` (J-LIS profile).

    Partial dates are filled with zeros there; they are None, for half a date must match nobody.
    """
    return read_day(text[1:]) if len(text) == 9 and text.isascii() and text.isdigit() else None


def read_sex(text: str) -> str | None:
    """Return ``male`` or ``female`` for 1 or 2 (JIS X 0303), else None."""
    return {"1": "male", "2": "female"}.get(text.strip())


def split_address(text: str, *, postal_code: str = "", prefecture: str = "", city: str = "") -> dict[str, str]:
    """
    Return an address in one line as the parts of a form.

    ``prefecture`` and ``city`` are those of the municipality: a line that begins with them is split surely, one without any
    prefecture is taken for its own. A building is what follows a space after the house number. What cannot be told apart
    stays together in ``town``.
    """
    rest = text.strip()
    own = f"{prefecture}{city}"
    if own and rest.startswith(own):
        found_prefecture, found_city, rest = prefecture, city, rest[len(own) :]
    else:
        found_prefecture, rest = _leading(_PREFECTURE, rest)
        if found_prefecture:
            found_city, rest = _leading(_CITY, rest)
        elif city and rest.startswith(city):
            found_prefecture, found_city, rest = prefecture, city, rest[len(city) :]
        else:
            found_prefecture, found_city = prefecture, city
    town, street, building = _town_and_street(rest.strip())
    return {
        "postal_code": postal_code,
        "prefecture": found_prefecture,
        "city": found_city,
        "town": town,
        "street": street,
        "building": building,
    }


def _leading(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


def _town_and_street(text: str) -> tuple[str, str, str]:
    found = _STREET.search(text)
    if found is None:
        return text, "", ""
    street, _, building = _SPACES.sub(" ", found[0]).partition(" ")
    return text[: found.start()].strip(), street, building


def join_address(value: Mapping[str, Any]) -> str:
    """Return an address of a form in one line."""
    line = "".join(str(value.get(part, "")) for part in ("prefecture", "city", "town", "street"))
    building = str(value.get("building", ""))
    return f"{line} {building}".strip()


def address_key(text: str, *, prefecture: str = "", city: str = "") -> str:
    """
    Return what two writings of one address share: 荻窪300番地 and 神奈川県小田原市荻窪３００ are the same.

    Only what is certain is evened out: width, spaces, hyphens, 丁目・番地・番・号, and the municipality's own name in front.
    """
    plain = unicodedata.normalize("NFKC", _SPACES.sub("", text))
    for prefix in (f"{prefecture}{city}", city):
        if prefix and plain.startswith(prefix):
            plain = plain[len(prefix) :]
            break
    plain = _COUNTERS.sub(lambda found: f"{_arabic(found[1])}-", plain)
    plain = re.sub(r"-+", "-", _HYPHENS.sub("-", plain)).strip("-")
    parts = re.split(r"(?<=[0-9])-(?=[0-9])", plain)
    return "-".join(names.search_key(part) for part in parts)


def _arabic(text: str) -> str:
    return text if text.isascii() else str(kanji_number(text) or text)


def differences(
    claims: Mapping[str, Any], known: Mapping[str, Any], *, prefecture: str = "", city: str = ""
) -> list[str]:
    """
    Return which of name, date of birth and address differ between what was received and what the registry holds.

    Both hold attributes in the shapes of forms. What one side lacks counts as different: nothing is guessed.
    """
    tests = {
        "person.name": lambda value: names.search_key(join_name(value)),
        "person.birth_date": str,
        "person.address": lambda value: address_key(join_address(value), prefecture=prefecture, city=city),
    }
    return [key for key, test in tests.items() if not _agrees(claims.get(key), known.get(key), test)]


def _agrees(one: Any, other: Any, test: Any) -> bool:
    return bool(one) and bool(other) and bool(test(one)) and test(one) == test(other)
