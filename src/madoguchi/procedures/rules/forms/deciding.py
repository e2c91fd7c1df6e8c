"""What the tables of a definition say for given answers: fee, eligibility, documents, the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from madoguchi.kit import deadlines, dmn, feel
from madoguchi.kit.holidays import next_open_day

from ..definition import Definition, RequiredDocument, Text
from .compiled import compiled
from .evaluation import Evaluation, json_value

FEE = "fee"
ELIGIBILITY = "eligibility"
RESULTS = ("yes", "maybe", "no")
_FAILURES = (feel.FeelError, dmn.DmnError, ArithmeticError, ValueError, TypeError, RecursionError)


def decide(
    definition: Definition, name: str, answers: Mapping[str, Any], today: date | None = None
) -> dict[str, Any] | None:
    """
    Return the outputs of a decision table by name, as JSON values; None where no row fits or the table is broken.

    A table with one output gives it under its own name. With the hit policies R, O and C the outputs are lists.
    """
    decision = definition.decisions.get(name)
    if decision is None:
        return None
    try:
        model = compiled(definition).model(name)
        value = model.decide(name, Evaluation(definition, answers, today).scope()) if model else None
    except _FAILURES:
        return None
    found = json_value(value)
    outputs = [column.name for column in decision.table.outputs]
    if found is None:
        return None
    if len(outputs) == 1:
        return {outputs[0]: found}
    if isinstance(found, list):
        return {name: [row.get(name) for row in found if isinstance(row, dict)] for name in outputs}
    return found if isinstance(found, dict) else None


def fee_of(definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> int:
    """Return the fee in yen: 0 for a procedure without a table, and for answers no row of it fits (the linter warns)."""
    found = decide(definition, FEE, answers, today) or {}
    amount = found.get("amount", next(iter(found.values()), 0))
    amounts = amount if isinstance(amount, list) else [amount]
    numbers = [item for item in amounts if isinstance(item, int | float) and not isinstance(item, bool)]
    return max(0, int(sum(numbers)))


def eligibility_of(definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> tuple[str, Text]:
    """Return ("yes" | "maybe" | "no", the reason); "maybe" where the table cannot say."""
    decision = definition.decisions.get(ELIGIBILITY)
    if decision is None:
        return "yes", Text()
    found = decide(definition, ELIGIBILITY, answers, today) or {}
    result = found.get("result")
    reason = found.get("reason")
    known = decision.reasons.get(reason, Text(ja=reason)) if isinstance(reason, str) and reason else Text()
    return (result if result in RESULTS else "maybe"), known


def documents_of(
    definition: Definition, answers: Mapping[str, Any], today: date | None = None
) -> list[RequiredDocument]:
    """Return the documents that are needed for these answers (of the form, of the finder, or both)."""
    found = Evaluation(definition, answers, today)
    return [document for document in definition.documents if found.holds(document.required_if)]


def deadline_of(definition: Definition, answers: Mapping[str, Any], today: date | None = None) -> date | None:
    """
    Return the last day to apply, or None where it depends on nothing or on a date not yet given.

    Days after an event are counted without the day of the event (民法140条) and end on the next open day where the law says
    so (142条); days before one are counted back from it and never move.
    """
    deadline = definition.deadline
    if deadline is None or deadline.days is None or not deadline.from_field:
        return None
    event = feel.to_python(Evaluation(definition, answers, today).value(deadline.from_field))
    if not isinstance(event, date):
        return None
    try:
        if deadline.days > 0:
            return deadlines.deadline(event, days=deadline.days, roll_forward=deadline.rolls)
        if deadline.days == 0:
            return next_open_day(event) if deadline.rolls else event
        return event + timedelta(days=deadline.days)
    except (OverflowError, ValueError):
        return None
