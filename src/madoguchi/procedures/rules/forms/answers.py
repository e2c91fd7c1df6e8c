"""Which steps and fields there are for given answers, and the answers themselves made clean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..definition import Component, Definition, FormField, Step
from .evaluation import Evaluation, json_value
from .normalising import normalise
from .parts import FILE_PARTS, PARTS, ROWS, is_empty, row_fields


def visible_steps(definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> list[Step]:
    """Return the steps that are shown: those whose condition holds and that have a field to show."""
    found = Evaluation(definition, answers, today)
    return [
        step
        for step in definition.form.steps
        if found.is_step_visible(step) and (not step.fields or any(found.is_visible(field) for field in step.fields))
    ]


def visible_fields(
    definition: Definition, step: Step, answers: Mapping[str, Any], today: date | None = None
) -> list[FormField]:
    """Return the fields of a step that are shown."""
    found = Evaluation(definition, answers, today)
    return [field for field in step.fields if found.is_visible(field)]


def required(definition: Definition, field: FormField, answers: Mapping[str, Any], today: date | None = None) -> bool:
    """Tell whether a field of the form must be answered."""
    return Evaluation(definition, answers, today).is_required(field)


def defaults(definition: Definition) -> dict[str, Any]:
    """Return the answers that a fresh form begins with."""
    return {
        field.code: value
        for field in definition.form.fields()
        if field.asks and field.default is not None and (value := normalise(field, field.default)) is not None
    }


def compute(definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> dict[str, Any]:
    """Return the answers with the calculated values of everything that is visible; others as they are."""
    found = Evaluation(definition, answers, today)
    result = {code: value for code, value in answers.items() if not _is_calculated(found, code)}
    for field in definition.form.fields():
        if field.component is Component.CALCULATED and found.is_visible(field):
            value = json_value(found.value(field.code))
            if value is not None:
                result[field.code] = value
        elif field.component is Component.GROUP and isinstance(result.get(field.code), list):
            result[field.code] = _computed_rows(found, field, result[field.code])
    return result


def _is_calculated(found: Evaluation, code: str) -> bool:
    field = found.form.fields.get(code)
    return field is not None and field.component is Component.CALCULATED


def _computed_rows(found: Evaluation, group: FormField, rows: list[Any]) -> list[Any]:
    calculated = [inner for inner in group.fields if inner.component is Component.CALCULATED]
    if not calculated:
        return rows
    return [_computed_row(found, group, calculated, row) if isinstance(row, dict) else row for row in rows]


def _computed_row(
    found: Evaluation, group: FormField, calculated: list[FormField], row: dict[str, Any]
) -> dict[str, Any]:
    values = {inner.code: json_value(found.row_value(group, inner, row)) for inner in calculated}
    kept = {code: value for code, value in row.items() if code not in values}
    return kept | {code: value for code, value in values.items() if value is not None}


def clean(definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> dict[str, Any]:
    """
    Return the answers as they are kept: in one writing, without what is hidden, unknown or empty, calculated values new.

    Cleaning clean answers changes nothing. Values of a wrong type stay for the check to name.
    """
    given = answers if isinstance(answers, Mapping) else {}
    fields = [field for field in definition.form.fields() if field.asks]
    read = {field.code: normalise(field, given[field.code]) for field in fields if field.code in given}
    found = Evaluation(definition, read, today)
    kept: dict[str, Any] = {}
    for field in fields:
        value = read.get(field.code)
        if value is None or not found.is_visible(field):
            continue
        value = _without_unknown(found, field, value)
        if not is_empty(value):
            kept[field.code] = value
    return compute(definition, kept, today)


def _without_unknown(found: Evaluation, field: FormField, value: Any) -> Any:
    if field.component in ROWS:
        rows = [_clean_row(found, field, row) for row in value] if isinstance(value, list) else value
        return [row for row in rows if not is_empty(row)] if isinstance(rows, list) else rows
    if field.component is Component.FILE and isinstance(value, list):
        known = {*(part.code for part in FILE_PARTS), "size"}
        return [_only(item, known) for item in value]
    if field.component in PARTS:
        return _only(value, {part.code for part in PARTS[field.component]})
    return value


def _only(value: Any, known: set[str]) -> Any:
    return {key: item for key, item in value.items() if key in known} if isinstance(value, dict) else value


def _clean_row(found: Evaluation, group: FormField, row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    kept = {}
    for inner in row_fields(group):
        value = row.get(inner.code)
        if inner.asks and not is_empty(value) and found.is_row_visible(group, inner, row):
            kept[inner.code] = _without_unknown(found, inner, value)
    return kept
