"""One writing of an answer, whether it was typed into the form or sent by a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..definition import Component, FormField
from . import banks, reading
from .parts import PARTS, ROWS, is_empty, row_fields

_Read = Callable[[str], Any]

_TEXTS: dict[Component, _Read] = {
    Component.INTEGER: reading.read_integer,
    Component.NUMBER: reading.read_number,
    Component.MONEY: reading.read_money,
    Component.DATE: reading.read_date,
    Component.BIRTH_DATE: reading.read_date,
    Component.TIME: reading.read_time,
    Component.PHONE: reading.read_phone,
    Component.EMAIL: reading.read_email,
    Component.CORPORATE_NUMBER: reading.read_digits,
    Component.YES_NO: lambda text: {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(
        text.lower(), text
    ),
    Component.CONSENT: lambda text: True if text.lower() in {"yes", "true", "on", "1"} else text,
}
_PARTS: dict[tuple[Component, str], _Read] = {
    (Component.PERSON_NAME, "family_kana"): reading.read_kana,
    (Component.PERSON_NAME, "given_kana"): reading.read_kana,
    (Component.ORGANISATION_NAME, "kana"): reading.read_kana,
    (Component.ADDRESS, "postal_code"): reading.read_postal_code,
    (Component.ADDRESS, "street"): reading.read_street,
    (Component.BANK_ACCOUNT, "number"): reading.read_account_number,
    (Component.BANK_ACCOUNT, "holder_kana"): reading.read_holder,
}


def normalise(field: FormField, value: Any) -> Any:
    """
    Return the one writing of an answer, None where it says nothing; never raises.

    What cannot be read, and values of a wrong type, come back as they are for the check to name. Doing it twice changes
    nothing.
    """
    if field.component in ROWS:
        return _rows(field, value)
    if isinstance(value, str):
        text = reading.trimmed(value)
        read = _TEXTS.get(field.component)
        return None if text == "" else read(text) if read else text
    if isinstance(value, dict):
        return _object(field, value)
    if isinstance(value, list):
        return None if is_empty(value) else _list(field, value)
    return _scalar(field, value)


def _scalar(field: FormField, value: Any) -> Any:
    if field.component is Component.CONSENT and value is False:
        return None
    return reading.whole(value) if isinstance(value, float) else value


def _list(field: FormField, value: list[Any]) -> Any:
    if field.component is Component.CHOICES and all(isinstance(code, str) for code in value):
        known = [option.code for option in field.options]
        # In the order of the options, each once: the same choice has one writing.
        unknown = [code for code in dict.fromkeys(value) if code not in known and code]
        return [code for code in known if code in value] + unknown or None
    return value


def _object(field: FormField, value: dict[Any, Any]) -> Any:
    parts = PARTS.get(field.component)
    if field.component in {Component.DATE, Component.BIRTH_DATE}:
        kept = {part: text for part, text in value.items() if not is_empty(text)}
        return None if not set(kept) - {"era"} else reading.read_date(kept)
    if parts is None:
        return value
    kept = {
        part.code: read
        for part in parts
        if not is_empty(read := _part(field.component, part.code, value.get(part.code)))
    }
    if field.component is Component.BANK_ACCOUNT:
        kept = banks.with_codes(kept)
    extra = {key: item for key, item in value.items() if key not in {part.code for part in parts}}
    return kept | extra or None


def _part(component: Component, code: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = reading.trimmed(value)
    read = _PARTS.get((component, code))
    return read(text) if read and text else text


def _rows(field: FormField, value: Any) -> Any:
    if not isinstance(value, list):
        return None if is_empty(value) else value
    rows = [_row(field, row) for row in value]
    return rows or None


def _row(field: FormField, row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    inner = {item.code: item for item in row_fields(field)}
    known = {code: read for code, item in inner.items() if (read := normalise(item, row.get(code))) is not None}
    return known | {key: value for key, value in row.items() if key not in inner}
