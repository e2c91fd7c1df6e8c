"""
The two public identity services as data: what they are asked, how strictly their answer is held, what their claims mean.

デジタル認証アプリ (for persons, with signatures) and GビズID (for businesses). What differs between an installation's contract and
these facts is set in its configuration (``MADOGUCHI_IDENTITY_PROVIDERS``), never here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_

from madoguchi.kit.check_digits import is_corporate_number

from ...enums import AssuranceLevel
from ...rules.identity import BUSINESS, PERSON, read_day, read_sex, split_address, split_name


@dataclass(frozen=True, slots=True)
class Place:
    """Prefecture and name of the municipality, by which an address in one line is split."""

    prefecture: str
    city: str


Reader = Callable[[Mapping[str, Any], Place], dict[str, Any]]
"""Claims of the user information endpoint → attributes by the core vocabulary; raises ``ValueError`` naming a bad claim."""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    How one kind of provider is spoken to.

    ``client_authentication`` is ``private_key_jwt`` or ``client_secret_basic``; ``acr`` are the values the ID token's acr must
    hold, all of them (none: the service has no acr); ``level_of`` judges the claims once everything else is right.
    """

    label: str
    audience: str
    scopes: tuple[str, ...]
    client_authentication: str
    id_token_algorithms: tuple[str, ...]
    acr: tuple[str, ...]
    read: Reader
    level_of: Callable[[Mapping[str, Any]], AssuranceLevel]
    sign_scope: str = ""
    renewal: Mapping[str, str] | None = None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > 500 or "\0" in value:
        raise ValueError(name)
    return value.strip()


def _person(claims: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Read the four basic facts (基本4情報): one line each, the day as YYYYMMDD, the sex as 1 or 2."""
    found: dict[str, Any] = {}
    if name := _text(claims, "name"):
        found["person.name"] = split_name(name)
    if day := _text(claims, "birthdate"):
        found["person.birth_date"] = _must(read_day(day), "birthdate")
    if sex := _text(claims, "gender"):
        found["person.sex"] = _must(read_sex(sex), "gender")
    if line := _text(claims, "address"):
        found["person.address"] = split_address(line, prefecture=place.prefecture, city=place.city)
    return found


def _must(value: str | None, claim: str) -> str:
    if value is None:
        raise ValueError(claim)
    return value


def _business(claims: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Read a business (法人 or 個人事業主); a corporate number with a wrong check digit is refused."""
    found: dict[str, Any] = {}
    if number := _text(claims, "corporate_number"):
        if not is_corporate_number(number):
            raise ValueError("corporate_number")
        found["business.corporate_number"] = number
    if name := _text(claims, "name"):
        found["business.name"] = {"name": name, "kana": ""}
    line = "".join(_text(claims, part) for part in ("prefecture_name", "address1"))
    if line:
        building = _text(claims, "address2")
        found["business.address"] = split_address(f"{line} {building}".strip())
    if _text(claims, "rep_last_nm"):
        found["business.representative"] = {
            "family": _text(claims, "rep_last_nm"),
            "given": _text(claims, "rep_first_nm"),
            "family_kana": _text(claims, "rep_last_nm_kana"),
            "given_kana": _text(claims, "rep_first_nm_kana"),
        }
    return found


def _business_level(claims: Mapping[str, Any]) -> AssuranceLevel:
    # 1 エントリー is registered on the web without any check; 2 プライム and 3 メンバー stand on a checked identity.
    return AssuranceLevel.AUTHENTICATED if claims.get("account_type") in {"2", "3"} else AssuranceLevel.ACCOUNT


PROFILES: dict[str, Profile] = {
    "digital_auth_app": Profile(
        label=N_("マイナンバーカード（デジタル認証アプリ）"),
        audience=PERSON,
        scopes=("openid", "name", "address", "birthdate", "gender"),
        client_authentication="private_key_jwt",
        id_token_algorithms=("ES256",),
        acr=("aal3", "crl"),
        read=_person,
        level_of=lambda claims: AssuranceLevel.AUTHENTICATED,
        sign_scope="sign",
    ),
    "gbizid": Profile(
        label=N_("GビズID（事業者の方）"),
        audience=BUSINESS,
        scopes=("openid", "profile", "mandate"),
        client_authentication="client_secret_basic",
        id_token_algorithms=("RS256",),
        acr=(),
        read=_business,
        level_of=_business_level,
        renewal={"prompt": "login"},
    ),
}
