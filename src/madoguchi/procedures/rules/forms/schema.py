"""The form as JSON Schema 2020-12: what a machine reads before it sends, and the last judge of what it sent."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from ..definition import Component, Definition, FormField
from . import patterns
from .parts import ACCOUNT_KINDS, FILE_PARTS, PARTS, ROWS, row_fields
from .problems import N_, Fault
from .reading import LONGEST_NUMBER
from .text_checks import LONGEST

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# Without a registry of its own the validator would fetch what a $ref names from the network.
_NOWHERE: Registry[Any] = Registry()
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$id", "$schema", "$anchor", "$defs"})
_LARGEST = 10**LONGEST_NUMBER - 1
# A fragment typed by staff may be no schema at all, or refer to something that is not there; the linter says so.
_BROKEN = (SchemaError, Unresolvable, re.error, TypeError, ValueError, AttributeError, RecursionError)
_validators: dict[int, tuple[weakref.ref[Definition], Draft202012Validator]] = {}

_PLAIN: dict[Component, dict[str, Any]] = {
    Component.INTEGER: {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST},
    Component.NUMBER: {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST},
    Component.MONEY: {"type": "integer", "minimum": 0, "maximum": _LARGEST},
    Component.DATE: {"type": "string", "format": "date", "pattern": _DATE},
    Component.BIRTH_DATE: {"type": "string", "format": "date", "pattern": _DATE},
    Component.TIME: {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    Component.YES_NO: {"type": "boolean"},
    Component.CONSENT: {"const": True},
    Component.CORPORATE_NUMBER: {"type": "string", "pattern": r"^[0-9]{13}$"},
    Component.PHONE: {"type": "string", "pattern": r"^[0-9+-]+$", "maxLength": 24},
    Component.EMAIL: {"type": "string", "format": "email", "maxLength": 254},
    Component.CALCULATED: {},
}
_DEMANDED = {
    Component.PERSON_NAME: ["family"],
    Component.ORGANISATION_NAME: ["name"],
    Component.ADDRESS: ["prefecture", "city"],
    Component.BANK_ACCOUNT: ["bank", "branch", "kind", "number", "holder_kana"],
}
_PATTERNS: dict[tuple[Component, str], dict[str, Any]] = {
    (Component.ADDRESS, "postal_code"): {"pattern": r"^([0-9]{3}-?[0-9]{4})?$"},
    (Component.BANK_ACCOUNT, "bank"): {"pattern": r"^[0-9]{4}$"},
    (Component.BANK_ACCOUNT, "branch"): {"pattern": r"^[0-9]{3}$"},
    (Component.BANK_ACCOUNT, "number"): {"pattern": r"^[0-9]{7}$"},
    (Component.BANK_ACCOUNT, "kind"): {"enum": list(ACCOUNT_KINDS)},
}


def json_schema(definition: Definition) -> dict[str, Any]:
    """
    Return the JSON Schema 2020-12 of the whole form.

    ``required`` names only what is asked of everybody: what conditions hide or demand is in ``x-visible-if`` and
    ``x-required-if`` (FEEL), which a validator ignores.
    """
    properties: dict[str, Any] = {}
    demanded: list[str] = []
    for step in definition.form.steps:
        for field in step.fields:
            if field.component is Component.NOTE:
                continue
            properties[field.code] = field_schema(field, step.visible_if)
            if field.asks and field.required and not (field.required_if or field.visible_if or step.visible_if):
                demanded.append(field.code)
    return {
        "$schema": DIALECT,
        "title": definition.name.ja,
        "description": definition.summary.ja,
        "type": "object",
        "properties": properties,
        "required": demanded,
        "additionalProperties": False,
    }


def field_schema(field: FormField, visible_if: str = "") -> dict[str, Any]:
    """Return the schema of one field, with its label and hint and its conditions."""
    schema = {"title": field.label.ja, **_shape(field)}
    if field.hint.ja:
        schema["description"] = field.hint.ja
    conditions = " and ".join(f"({text})" for text in (visible_if, field.visible_if) if text)
    if conditions:
        schema["x-visible-if"] = conditions
    if field.required_if:
        schema["x-required-if"] = field.required_if
    if field.component is Component.CALCULATED:
        schema["readOnly"] = True
    if field.constraint and pattern_fault(field.constraint) != "slow":
        schema["allOf"] = [field.constraint]
    return schema


def _shape(field: FormField) -> dict[str, Any]:
    component = field.component
    if component in LONGEST:
        return {"type": "string", "maxLength": field.maximum_length or LONGEST[component]}
    if component is Component.CHOICE:
        return {"enum": [option.code for option in field.options]}
    if component is Component.CHOICES:
        codes: dict[str, Any] = {"enum": [option.code for option in field.options]}
        return {"type": "array", "items": codes, "uniqueItems": True}
    if component in ROWS:
        return _rows(field)
    if component is Component.FILE:
        return _files(field)
    if component in PARTS:
        return _object(component)
    return dict(_PLAIN.get(component, {}))


def _object(component: Component) -> dict[str, Any]:
    properties = {
        part.code: {"type": "string", "maxLength": part.longest, **_PATTERNS.get((component, part.code), {})}
        for part in PARTS[component]
    }
    for part in PARTS[component]:
        if part.label.ja:
            properties[part.code] = {"title": part.label.ja, **properties[part.code]}
    return {
        "type": "object",
        "properties": properties,
        "required": _DEMANDED.get(component, []),
        "additionalProperties": False,
    }


def _rows(field: FormField) -> dict[str, Any]:
    inner = [item for item in row_fields(field) if item.component is not Component.NOTE]
    demanded = [
        item.code for item in inner if item.asks and item.required and not (item.required_if or item.visible_if)
    ]
    return {
        "type": "array",
        "maxItems": field.maximum_rows,
        "items": {
            "type": "object",
            "properties": {item.code: field_schema(item) for item in inner},
            "required": demanded,
            "additionalProperties": False,
        },
    }


def _files(field: FormField) -> dict[str, Any]:
    properties: dict[str, Any] = {part.code: {"type": "string", "maxLength": part.longest} for part in FILE_PARTS}
    properties["size"] = {"type": "integer", "minimum": 0, "maximum": field.maximum_megabytes * 1024 * 1024}
    item = {"type": "object", "properties": properties, "required": ["file"], "additionalProperties": False}
    return {"type": "array", "maxItems": field.maximum_files, "items": item}


def violations(definition: Definition, answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (path, reason in English) for what of clean answers does not fit the schema; nothing for a broken schema."""
    validator = _validator(definition)
    try:
        for error in validator.iter_errors(answers):
            yield ".".join(str(part) for part in error.absolute_path), error.message[:200]
    except _BROKEN:
        return


def constraint_faults(field: FormField, value: Any) -> list[Fault]:
    """Return a fault where an answer does not satisfy the field's own JSON Schema fragment."""
    if _patterns(field.constraint):
        if pattern_fault(field.constraint) == "slow":
            return []
        if isinstance(value, str) and len(value) > patterns.LONGEST_TEXT:
            params = {"longest": patterns.LONGEST_TEXT, "length": len(value)}
            return [Fault("too_long", N_("%(longest)s文字以内で入力してください。いまは%(length)s文字です。"), params)]
    try:
        fits = Draft202012Validator(field.constraint, registry=_NOWHERE).is_valid(value)
    except _BROKEN:
        return []
    return [] if fits else [Fault("constraint", _said(field.constraint), _limits(field.constraint))]


def _said(constraint: dict[str, Any]) -> str:
    if {"minimum", "maximum"} <= constraint.keys():
        return N_("%(minimum)sから%(maximum)sまでの数を入力してください。")
    if "minimum" in constraint:
        return N_("%(minimum)s以上の数を入力してください。")
    if "maximum" in constraint:
        return N_("%(maximum)s以下の数を入力してください。")
    if "minLength" in constraint:
        return N_("%(minLength)s文字以上で入力してください。")
    return N_("決められた形で入力してください。例や説明をお確かめください。")


def _limits(constraint: dict[str, Any]) -> dict[str, Any]:
    return {key: constraint[key] for key in ("minimum", "maximum", "minLength") if key in constraint}


def check_constraint(constraint: dict[str, Any]) -> str:
    """Return why a fragment is no JSON Schema that stands for itself, "" for a good one."""
    reference = next((key for key in _keys(constraint) if key in _REFERENCES), None)
    if reference is not None:
        return reference
    try:
        Draft202012Validator.check_schema(constraint)
    except SchemaError as error:
        return error.message[:200]
    broken = (pattern for pattern in _patterns(constraint) if patterns.fault_of(pattern) == "broken")
    return next((f"pattern: {pattern[:100]}" for pattern in broken), "")


def pattern_fault(constraint: dict[str, Any]) -> str:
    """Return ``slow`` where an expression of a fragment may take for ever and is not run therefore, ``broken``, or ""."""
    faults = {patterns.fault_of(pattern) for pattern in _patterns(constraint)}
    return "slow" if "slow" in faults else "broken" if "broken" in faults else ""


def _patterns(value: Any) -> list[str]:
    """Return the regular expressions of a fragment, wherever they stand."""
    if isinstance(value, list):
        return [pattern for item in value for pattern in _patterns(item)]
    if not isinstance(value, dict):
        return []
    own = [value["pattern"]] if isinstance(value.get("pattern"), str) else []
    keyed = value.get("patternProperties")
    own += [str(key) for key in keyed] if isinstance(keyed, dict) else []
    return own + [pattern for item in value.values() for pattern in _patterns(item)]


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)


def _validator(definition: Definition) -> Draft202012Validator:
    key = id(definition)
    known = _validators.get(key)
    if known is not None and known[0]() is definition:
        return known[1]
    made = Draft202012Validator(json_schema(definition), registry=_NOWHERE)
    _validators[key] = (weakref.ref(definition, lambda _gone: _validators.pop(key, None)), made)
    return made
