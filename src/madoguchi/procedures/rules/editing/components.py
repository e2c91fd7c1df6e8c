"""Another component for a field: keeping what can be kept, and what its conditions say of it."""

from __future__ import annotations

import re
from typing import Any

from ..definition import Component
from .items import PREFILLS, WITH_OPTIONS
from .naming import rewritten

ALWAYS = ("code", "label", "hint", "required", "required_if", "visible_if", "message")
NUMBERS = frozenset({Component.INTEGER, Component.NUMBER, Component.MONEY})
TEXTS = frozenset({Component.TEXT, Component.TEXTAREA})
DATES = frozenset({Component.DATE, Component.BIRTH_DATE})
ROWS = frozenset({Component.GROUP, Component.HOUSEHOLD})
KEPT: dict[str, frozenset[Component]] = {
    "options": frozenset(WITH_OPTIONS),
    "fields": frozenset({Component.GROUP}),
    "minimum_rows": ROWS,
    "maximum_rows": ROWS,
    "media_types": frozenset({Component.FILE}),
    "maximum_megabytes": frozenset({Component.FILE}),
    "maximum_files": frozenset({Component.FILE}),
    "maximum_length": TEXTS,
    "unit": NUMBERS | {Component.CALCULATED},
    "calculation": frozenset({Component.CALCULATED}),
}
YES, NO = "yes", "no"


def with_component(field: dict[str, Any], component: Component) -> dict[str, Any]:
    """Return a field with another component and everything of the old one that still means something."""
    old = Component(field["component"])
    if old is component:
        return field
    kept = {key: field[key] for key in ALWAYS if key in field}
    kept |= {key: field[key] for key, components in KEPT.items() if key in field and component in components}
    kept["component"] = component.value
    if _alike(old, component):
        kept |= {key: field[key] for key in ("default", "constraint") if key in field}
    if component in WITH_OPTIONS and not kept.get("options"):
        kept["options"] = _options_from(old)
    if component in WITH_OPTIONS and isinstance(field.get("default"), str | list):
        kept.pop("default", None)
    if field.get("prefill") in PREFILLS.get(component, ()):
        kept["prefill"] = field["prefill"]
    if component is Component.GROUP and not kept.get("fields"):
        kept["fields"] = [{"code": "name", "component": "text"}]
    if component in (Component.NOTE, Component.CALCULATED):
        kept["required"] = False
    return kept


def conditions_follow(document: dict[str, Any], code: str, old: Component, new: Component) -> dict[str, Any]:
    """Return the document with conditions on a yes/no question rewritten for a choice, or the other way round."""
    if old is Component.YES_NO and new is Component.CHOICE:
        swap = {"true": f'"{YES}"', "false": f'"{NO}"'}
    elif old is Component.CHOICE and new is Component.YES_NO:
        swap = {f'"{YES}"': "true", f'"{NO}"': "false"}
    else:
        return document
    values = "|".join(map(re.escape, swap))
    pattern = re.compile(rf"(?<![\w.-]){re.escape(code)}(\s*!?=\s*)({values})(?![\w])")
    found: dict[str, Any] = rewritten(
        document, lambda text: pattern.sub(lambda match: f"{code}{match[1]}{swap[match[2]]}", text)
    )
    return found


def _alike(old: Component, new: Component) -> bool:
    return any({old, new} <= kind for kind in (NUMBERS, TEXTS, DATES))


def _options_from(old: Component) -> list[dict[str, Any]]:
    if old is Component.YES_NO:
        return [
            {"code": YES, "label": {"ja": "はい", "en": "Yes"}},
            {"code": NO, "label": {"ja": "いいえ", "en": "No"}},
        ]
    return [{"code": "option", "label": {}}, {"code": "option_2", "label": {}}]
