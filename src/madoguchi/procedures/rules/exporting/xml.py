"""
An application as XML in the manner of the national filing system (e-Gov): ``DataRoot`` with the form's id, version and stylesheet,
then one element per field, dates divided into era, year, month and day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree

from madoguchi.kit import era

from ..definition import Component, Definition, FormField
from ..forms import ROWS, row_fields

_LONGEST_ID = 18
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATES = frozenset({Component.DATE, Component.BIRTH_DATE})


def form_id(code: str) -> str:
    """Return the id of a form (様式ID): at most 18 letters and digits, the same for the same procedure."""
    plain = re.sub(r"[^0-9A-Za-z]", "", code).upper()
    if len(plain) <= _LONGEST_ID:
        return plain
    return plain[:12] + hashlib.sha256(code.encode()).hexdigest()[:6].upper()


def application_xml(
    definition: Definition, *, version: int, number: str, received: str, answers: Mapping[str, Any]
) -> bytes:
    """Return an application as a document in UTF-8; ``received`` is the moment in ISO 8601."""
    root = ElementTree.Element("DataRoot")
    _text(root, "様式ID", form_id(definition.code))
    _text(root, "様式バージョン", f"{version % 10000:04d}")
    _text(root, "STYLESHEET", f"{definition.code}.xsl")
    _text(root, "様式コピー情報", "0")
    form = ElementTree.SubElement(root, "申請", {"手続": definition.code, "手続名": _clean(definition.name.ja)})
    _text(form, "受付番号", number)
    _text(form, "受付日時", received)
    for field in definition.form.fields():
        if field.component is not Component.NOTE and field.code in answers:
            _element(form, field, answers[field.code])
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _element(parent: ElementTree.Element, field: FormField, value: Any) -> None:
    made = ElementTree.SubElement(parent, field.code, {"項目名": _clean(field.label.ja)})
    if field.component in ROWS and isinstance(value, list):
        for number, row in enumerate(value, start=1):
            line = ElementTree.SubElement(made, "行", {"番号": str(number)})
            for inner in row_fields(field):
                if isinstance(row, Mapping) and inner.code in row:
                    _element(line, inner, row[inner.code])
    elif field.component in _DATES and isinstance(value, str):
        _date(made, value)
    else:
        _value(made, value)


def _date(made: ElementTree.Element, value: str) -> None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        made.text = _clean(value)
        return
    known = era.to_era(day)
    made.set("西暦", value)
    _text(made, "元号", known[0].name if known else "西暦")
    _text(made, "年", str(known[1] if known else day.year))
    _text(made, "月", str(day.month))
    _text(made, "日", str(day.day))


def _value(made: ElementTree.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _value(ElementTree.SubElement(made, key), item)
    elif isinstance(value, list):
        for item in value:
            _value(ElementTree.SubElement(made, "値"), item)
    elif isinstance(value, bool):
        made.text = "1" if value else "0"
    else:
        made.text = _clean("" if value is None else str(value))


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
