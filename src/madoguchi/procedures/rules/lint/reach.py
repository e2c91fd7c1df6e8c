"""Whether a condition can ever hold: trying the values that could make a difference."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..definition import Component, Definition, FormField
from ..forms.evaluation import Evaluation

MOST_TRIES = 1500

_NUMBER = re.compile(r"(?<![\w.\"-])-?[0-9]+(?:\.[0-9]+)?(?![\w.\"-])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TEXT = re.compile(r'"([^"\\]{0,80})"')
_NUMBERS = frozenset({Component.INTEGER, Component.NUMBER, Component.MONEY})
_DATES = frozenset({Component.DATE, Component.BIRTH_DATE})
_TODAY = date(2026, 4, 1)


@dataclass(slots=True)
class Reach:
    """The form and, by the path of each expression, the names it uses."""

    definition: Definition
    names: Mapping[str, frozenset[str]]


def can_hold(reach: Reach, condition: str, names: frozenset[str]) -> bool | None:
    """
    Tell whether some answers fulfil a condition; None where there is no saying.

    Options and yes/no are tried exhaustively; of numbers, dates and texts those that the form's expressions mention with
    their neighbours. Only a condition that rests on options and yes/no alone, or on nothing, is said never to hold.
    """
    needed = _closure(reach, names)
    fields = [field for field in reach.definition.form.fields() if field.code in needed and field.asks]
    literals = _literals(reach.definition)
    domains = [_domain(field, literals) for field in fields]
    if any(domain is None for domain in domains):
        return None
    total = 1
    for domain in domains:
        total *= len(domain or [])
        if total > MOST_TRIES:
            return None
    for values in itertools.product(*[domain or [None] for domain in domains]):
        answers = {field.code: value for field, value in zip(fields, values, strict=True) if value is not None}
        if Evaluation(reach.definition, answers, _TODAY).holds(condition):
            return True
    sure = "today" not in names and all(_is_finite(field) for field in fields)
    return False if sure else None


def _closure(reach: Reach, names: Iterable[str]) -> set[str]:
    """Return the fields that decide, directly or through the conditions and calculations of others."""
    by_field: dict[str, set[str]] = {}
    for number, step in enumerate(reach.definition.form.steps):
        above = reach.names.get(f"form.steps.{number}.visible_if", frozenset())
        for index, field in enumerate(step.fields):
            path = f"form.steps.{number}.fields.{index}"
            own = (reach.names.get(f"{path}.{kind}", frozenset()) for kind in ("visible_if", "calculation"))
            by_field.setdefault(field.code, set()).update(above, *own)
    waiting, seen = list(names), set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(by_field.get(name, ()))
    return seen


def _is_finite(field: FormField) -> bool:
    return field.component in {Component.CHOICE, Component.YES_NO, Component.CONSENT}


def _domain(field: FormField, literals: tuple[list[float], list[date], list[str]]) -> list[Any] | None:
    numbers, dates, texts = literals
    component = field.component
    if component is Component.CHOICE:
        return [None, *(option.code for option in field.options)]
    if component is Component.YES_NO:
        return [None, True, False]
    if component is Component.CONSENT:
        return [None, True]
    if component in _NUMBERS:
        return [None, 0, *sorted({value + step for value in numbers for step in (-1, 0, 1)})][:40]
    if component in _DATES:
        days = sorted({day + timedelta(days=step) for day in dates for step in (-1, 0, 1)} | {_TODAY})
        return [None, *(day.isoformat() for day in days)][:40]
    if component in {Component.TEXT, Component.TEXTAREA}:
        return [None, "あ", *texts][:40]
    return None


def _literals(definition: Definition) -> tuple[list[float], list[date], list[str]]:
    texts = " ".join(
        text
        for step in definition.form.steps
        for text in (
            step.visible_if,
            *(part for field in step.fields for part in (field.visible_if, field.calculation)),
        )
    )
    days = []
    for found in _DATE.findall(texts):
        try:
            days.append(date.fromisoformat(found))
        except ValueError:
            continue
    return [float(found) for found in _NUMBER.findall(texts)], days, _TEXT.findall(texts)
