"""The tests kept with a definition: answers in, and what must come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kit import clock

from .definition import Definition, TestCase
from .forms import (
    check_all,
    clean,
    deadline_of,
    documents_of,
    eligibility_of,
    fee_of,
    visible_fields,
    visible_steps,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that was not met: its name (``fee``, ``calculated.total``), what was expected, what came."""

    name: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one test; it passed when nothing differs."""

    __test__ = False

    name: str
    index: int
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """True when everything came as expected."""
        return not self.differences


def run_tests(definition: Definition) -> list[TestResult]:
    """Run the tests of a definition, each on its own day (today where it names none)."""
    return [TestResult(test.name, index, tuple(_run(definition, test))) for index, test in enumerate(definition.tests)]


def outcome(definition: Definition, answers: dict[str, Any], today: date | None = None) -> dict[str, Any]:
    """Return everything a test may expect, for showing what answers lead to."""
    day = today or clock.today()
    return {name: tell(definition, answers, day) for name, tell in _TELL.items()}


def _run(definition: Definition, test: TestCase) -> Iterator[Difference]:
    day = test.today or clock.today()
    for name, expected in test.expect.items():
        tell = _TELL.get(name)
        if tell is None:
            yield Difference(name, expected, None)
            continue
        got = tell(definition, test.answers, day)
        if name == "calculated" and isinstance(expected, dict):
            yield from (
                Difference(f"calculated.{code}", value, got.get(code))
                for code, value in expected.items()
                if not _same(value, got.get(code))
            )
        elif name in _PARTS and isinstance(expected, list):
            missing = [item for item in expected if item not in got]
            if missing:
                yield Difference(name, missing, got)
        elif not _same(_plain(name, expected), got):
            yield Difference(name, expected, got)


_PARTS = frozenset({"visible", "hidden", "errors"})
"""Expectations that name some of what must be there."""


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    return bool(expected == got)


def _plain(name: str, expected: Any) -> Any:
    return sorted(expected) if name == "documents" and isinstance(expected, list) else expected


def _errors(definition: Definition, answers: dict[str, Any], day: date) -> list[str]:
    paths = [problem.path for problem in check_all(definition, answers, day)]
    # An expectation may name the field or the exact place inside it.
    return list(dict.fromkeys([*paths, *(path.split(".", 1)[0] for path in paths)]))


def _visible(definition: Definition, answers: dict[str, Any], day: date) -> list[str]:
    kept = clean(definition, answers, day)
    return [
        field.code
        for step in visible_steps(definition, kept, day)
        for field in visible_fields(definition, step, kept, day)
    ]


def _hidden(definition: Definition, answers: dict[str, Any], day: date) -> list[str]:
    shown = set(_visible(definition, answers, day))
    return [field.code for field in definition.form.fields() if field.code not in shown]


def _calculated(definition: Definition, answers: dict[str, Any], day: date) -> dict[str, Any]:
    kept = clean(definition, answers, day)
    return {field.code: kept[field.code] for field in definition.form.fields() if not field.asks and field.code in kept}


def _deadline(definition: Definition, answers: dict[str, Any], day: date) -> str | None:
    found = deadline_of(definition, clean(definition, answers, day), day)
    return found.isoformat() if found else None


_TELL: dict[str, Callable[[Definition, dict[str, Any], date], Any]] = {
    "valid": lambda definition, answers, day: not check_all(definition, answers, day),
    "errors": _errors,
    "visible": _visible,
    "hidden": _hidden,
    "fee": lambda definition, answers, day: fee_of(definition, clean(definition, answers, day), day),
    "eligible": lambda definition, answers, day: eligibility_of(definition, clean(definition, answers, day), day)[0],
    "documents": lambda definition, answers, day: sorted(
        document.code for document in documents_of(definition, {**answers, **clean(definition, answers, day)}, day)
    ),
    "calculated": _calculated,
    "deadline": _deadline,
}
EXPECTATIONS = tuple(_TELL)
"""What a test may expect."""
