"""What is known of a person, in words for a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.kit import era

from ..enums import Sex
from ..rules.identity import join_address, join_name
from ..selectors.identity import LABELS


def label_of(key: str) -> str:
    """Return what an attribute is called."""
    return _(LABELS[key]) if key in LABELS else key


def words_of(value: Any) -> str:
    """Return an attribute's value in one line: a name, an address, a household, a day, a code."""
    if isinstance(value, list):
        return "、".join(_member(member) for member in value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        try:
            return era.format_date(date.fromisoformat(value), get_language() or "ja")
        except ValueError:
            return value
    return str(Sex(value).label) if value in Sex.values else str(value)


def _object(value: Mapping[str, Any]) -> str:
    if "family" in value:
        kana = " ".join(part for part in (value.get("family_kana", ""), value.get("given_kana", "")) if part)
        return f"{join_name(value)}（{kana}）" if kana else join_name(value)
    if "town" in value:
        postal = value.get("postal_code", "")
        return f"〒{postal} {join_address(value)}" if postal else join_address(value)
    return str(value.get("name", ""))


def _member(member: Mapping[str, Any]) -> str:
    name, relationship = join_name(member.get("name", {})), member.get("relationship", "")
    return f"{name}（{relationship}）" if relationship else name


def rows_of(attributes: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return attributes as the items of a description list."""
    return [{"term": label_of(key), "text": words_of(value)} for key, value in sorted(attributes.items(), key=_place)]


def _place(item: tuple[str, Any]) -> int:
    order = list(LABELS)
    return order.index(item[0]) if item[0] in order else len(order)
