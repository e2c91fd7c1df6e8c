"""What the conditions of a form say for given answers: what is visible, required, calculated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from madoguchi.kit import clock, feel
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.limits import Budget, Limits

from ..definition import Component, Definition, FormField, Step
from .compiled import Compiled, compiled
from .parts import ROWS, row_fields

LIMITS = Limits(steps=20_000, string_length=20_000, list_length=2_000, pattern_steps=20_000)
"""Conditions are short questions over one form: what asks for more counts as not fulfilled."""

_FAILURES = (feel.FeelError, ArithmeticError, ValueError, TypeError, RecursionError)
_DATES = frozenset({Component.DATE, Component.BIRTH_DATE})
_NUMBERS = frozenset({Component.INTEGER, Component.NUMBER, Component.MONEY})


class _Names(Mapping[str, object]):
    """The answers as FEEL reads them: asked for by name, so that only what a condition uses is worked out."""

    def __init__(self, evaluation: Evaluation, row: tuple[FormField, Mapping[str, Any]] | None = None) -> None:
        self._evaluation = evaluation
        self._row = row
        self._inner = {item.code: item for item in row_fields(row[0])} if row else {}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._inner or self._evaluation.knows(name))

    def __getitem__(self, name: str) -> object:
        if self._row is not None and name in self._inner:
            return self._evaluation.row_value(self._row[0], self._inner[name], self._row[1])
        return self._evaluation.value(name)

    def __iter__(self) -> Iterator[str]:
        return iter((*self._inner, *self._evaluation.form.fields, "today"))

    def __len__(self) -> int:
        return sum(1 for _name in self)


class Evaluation:
    """
    One look at the answers of one form on one day.

    A hidden field has no value: what depends on it sees null. Whatever depends on itself sees null too, and a condition that
    cannot be worked out is not fulfilled. Results are kept, so an object serves one state of the answers.
    """

    def __init__(self, definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> None:
        """Look at ``answers`` (JSON values by code of field) as of ``today``."""
        self.form: Compiled = compiled(definition)
        self.answers = answers if isinstance(answers, Mapping) else {}
        self.today = today or clock.today()
        self._steps: dict[str, bool] = {}
        self._visible: dict[str, bool] = {}
        self._values: dict[str, object] = {}
        self._busy: set[str] = set()
        self._scope = _Names(self)
        self._rows_busy: set[tuple[int, str]] = set()

    def knows(self, name: str) -> bool:
        """Tell whether a name means something: a field, ``today``, or an answer of the finder."""
        return name in self.form.fields or name == "today" or name in self.answers

    def is_step_visible(self, step: Step) -> bool:
        """Tell whether a step is shown."""
        if step.code not in self._steps:
            self._steps[step.code] = self.holds(step.visible_if) if step.visible_if else True
        return self._steps[step.code]

    def is_visible(self, field: FormField) -> bool:
        """Tell whether a field of the form (not of a row) is shown."""
        if field.code not in self._visible:
            step = self.form.step_of.get(field.code)
            shown = (step is None or self.is_step_visible(step)) and (
                not field.visible_if or self.holds(field.visible_if)
            )
            self._visible[field.code] = shown
        return self._visible[field.code]

    def is_required(self, field: FormField) -> bool:
        """Tell whether a field of the form must be answered; a hidden one never."""
        return field.asks and self.is_visible(field) and self._demands(field, self._scope)

    def is_row_visible(self, group: FormField, inner: FormField, row: Mapping[str, Any]) -> bool:
        """Tell whether a field of a row is shown; ``row`` is the row's answers."""
        return not inner.visible_if or self.holds(inner.visible_if, (group, row))

    def is_row_required(self, group: FormField, inner: FormField, row: Mapping[str, Any]) -> bool:
        """Tell whether a field of a row must be answered."""
        visible = inner.asks and self.is_row_visible(group, inner, row)
        return visible and self._demands(inner, _Names(self, (group, row)))

    def _demands(self, field: FormField, scope: Mapping[str, object]) -> bool:
        return self._run(field.required_if, scope) is True if field.required_if else field.required

    def holds(self, condition: str, row: tuple[FormField, Mapping[str, Any]] | None = None) -> bool:
        """Tell whether a condition is fulfilled; an empty one is."""
        if not condition.strip():
            return True
        return self._run(condition, _Names(self, row) if row else self._scope) is True

    def evaluate(self, text: str) -> object:
        """Return the FEEL value of an expression over the answers, None where it has none."""
        return self._run(text, self._scope)

    def value(self, name: str) -> object:
        """Return the FEEL value of a field, ``today`` or an answer of the finder; null for what is hidden."""
        field = self.form.fields.get(name)
        if field is None:
            return feel.from_python(self.today) if name == "today" else _plain(self.answers.get(name))
        if name in self._values:
            return self._values[name]
        if name in self._busy:
            return None
        self._busy.add(name)
        try:
            self._values[name] = self._field_value(field) if self.is_visible(field) else None
        finally:
            self._busy.discard(name)
        return self._values[name]

    def _field_value(self, field: FormField) -> object:
        if field.component is Component.CALCULATED:
            return self.evaluate(field.calculation) if field.calculation else None
        return self._answer(field, self.answers.get(field.code))

    def row_value(self, group: FormField, inner: FormField, row: Mapping[str, Any]) -> object:
        """Return the FEEL value of a field of a row."""
        key = (id(row), inner.code)
        if key in self._rows_busy:
            return None
        self._rows_busy.add(key)
        try:
            if not self.is_row_visible(group, inner, row):
                return None
            if inner.component is Component.CALCULATED:
                return self._run(inner.calculation, _Names(self, (group, row))) if inner.calculation else None
            return self._answer(inner, row.get(inner.code))
        finally:
            self._rows_busy.discard(key)

    def _answer(self, field: FormField, value: Any) -> object:
        if field.component in ROWS:
            rows = value if isinstance(value, list) else []
            return [
                {inner.code: self.row_value(field, inner, row) for inner in row_fields(field)}
                for row in rows[:200]
                if isinstance(row, Mapping) and row
            ]
        return feel_value(field, value)

    def _run(self, text: str, scope: Mapping[str, object]) -> object:
        expression = self.form.expression(text)
        if expression is None:
            return None
        try:
            return expression.run(Environment(scope, Budget(LIMITS)))
        except _FAILURES:
            return None

    def scope(self) -> dict[str, object]:
        """Return every name with its FEEL value, for decision tables."""
        names = dict.fromkeys((*self.form.fields, "today", *(name for name in self.answers if isinstance(name, str))))
        return {name: self.value(name) for name in names}


def feel_value(field: FormField, value: Any) -> object:
    """Return the FEEL value of one answer; null where it is not (yet) what the field asks for."""
    if field.component in _DATES:
        return _date(value)
    if field.component is Component.TIME:
        return _time(value)
    if field.component in _NUMBERS:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return _plain(value) if is_number else None
    if field.component in {Component.YES_NO, Component.CONSENT}:
        return value if isinstance(value, bool) else None
    return _plain(value)


def _date(value: Any) -> object:
    try:
        return feel.from_python(date.fromisoformat(value)) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _time(value: Any) -> object:
    try:
        return feel.from_python(time.fromisoformat(value)) if isinstance(value, str) and len(value) == 5 else None
    except ValueError:
        return None


def _plain(value: Any, depth: int = 0) -> object:
    if depth > 6:
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in list(value.items())[:200]}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value[:2000]]
    try:
        return feel.from_python(value)
    except (TypeError, ValueError, ArithmeticError):
        return None


def json_value(value: object) -> Any:
    """Return a FEEL value as JSON keeps it: numbers as int or float, dates and durations in ISO form."""
    found = feel.to_python(value)
    if found is None or isinstance(found, bool | str):
        return found
    if isinstance(found, Decimal):
        return int(found) if found == found.to_integral_value() and abs(found) < 10**15 else float(found)
    if isinstance(found, datetime | date):
        return found.isoformat()
    if isinstance(found, time):
        return found.isoformat(timespec="minutes")
    if isinstance(found, list):
        return [json_value(item) for item in found]
    if isinstance(found, dict):
        return {str(key): json_value(item) for key, item in found.items()}
    return feel.text_of(feel.from_python(found)) if isinstance(found, timedelta) else feel.text_of(found)
