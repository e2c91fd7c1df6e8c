"""What a document says, as data: it fits the JSON Schema (2020-12) of its template, or the misfits are named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError

LARGEST = 400_000
MOST_PROBLEMS = 10


def problems_of(content: Any, schema: Mapping[str, Any]) -> list[str]:
    """Return what does not fit, each with its place (``rows.2.value``); empty when all is well."""
    if not isinstance(content, dict):
        return ["content is not an object"]
    try:
        size = len(json.dumps(content, ensure_ascii=False, allow_nan=False))
    except (TypeError, ValueError) as error:
        return [str(error)]
    if size > LARGEST:
        return [f"more than {LARGEST} characters"]
    if not schema:
        return []
    found = sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: list(map(str, error.path)))
    return [_line(error) for error in found[:MOST_PROBLEMS]]


def problem_of_schema(schema: Any) -> str:
    """Return why this is no JSON Schema, or an empty text. References to other documents are refused."""
    if not isinstance(schema, dict):
        return "the schema is not an object"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return _line(error)
    return next((f"$ref {ref}" for ref in _references(schema) if not ref.startswith("#")), "")


def _line(error: ValidationError | SchemaError) -> str:
    place = ".".join(str(part) for part in error.path) or "content"
    return f"{place}: {error.message[:200]}"


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [str(value[name]) for name in ("$ref", "$dynamicRef") if isinstance(value.get(name), str)]
        return own + [ref for item in value.values() for ref in _references(item)]
    if isinstance(value, list):
        return [ref for item in value for ref in _references(item)]
    return []
