"""Expressions typed by a designer: those that would hang are named before publishing, and never run."""

from __future__ import annotations

import re
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.procedures.rules.definition import Definition, read_definition
from madoguchi.procedures.rules.forms import check_step, json_schema, patterns
from madoguchi.procedures.rules.forms.schema import constraint_faults, violations
from madoguchi.procedures.rules.lint import lint

from .residents import document, three


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"^([a-z]*)*$",
        r"(a|a)*b",
        r"^(a|aa)+$",
        r"^((ab)*c*)*$",
        r"(?:x+x+)+y",
        r"(.*){12}z",
        r"(?=(a+)+$)b",
    ],
)
def test_repetitions_of_repetitions_are_slow(pattern: str) -> None:
    assert patterns.fault_of(pattern) == "slow"


@pytest.mark.parametrize(
    "pattern",
    [r"^[0-9]{7}$", r"^[A-Z]{2}-[0-9]+$", r"^(東|西)町$", r"^(ab|cd)+$", r"^([0-9]{3}-){2,}$", r"^.*@.*$", ""],
)
def test_ordinary_expressions_are_good(pattern: str) -> None:
    assert patterns.fault_of(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a{2,1}"])
def test_what_is_no_expression_is_broken(pattern: str) -> None:
    assert patterns.fault_of(pattern) == "broken"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab+*()|?", max_size=9))
def test_what_is_called_good_reads_a_long_text_at_once(pattern: str) -> None:
    if patterns.fault_of(pattern):
        return
    begin = perf_counter()
    re.search(f"^(?:{pattern})c$", "ab" * 20 + "a" * 24)
    assert perf_counter() - begin < 1


def with_pattern(pattern: str) -> Definition:
    field: dict[str, Any] = {
        "code": "plate",
        "component": "text",
        "label": three("番号"),
        "hint": three("アルファベットの小文字で入力してください。"),
        "constraint": {"pattern": pattern},
    }
    step = {"code": "one", "title": three("番号"), "fields": [field]}
    return read_definition(document(form={"steps": [step]}))


def problems(definition: Definition, text: str) -> list[str]:
    from datetime import date

    step = definition.form.steps[0]
    return [problem.code for problem in check_step(definition, step, {"plate": text}, date(2026, 11, 20))]


@pytest.mark.parametrize(("pattern", "code"), [(r"^(a+)+$", "constraint_slow"), ("(", "constraint_broken")])
def test_the_linter_names_it_and_publishing_stops(pattern: str, code: str) -> None:
    found = {item.code: item for item in lint(with_pattern(pattern))}
    assert found[code].severity == "error"
    assert found[code].path.endswith("constraint")


def test_a_draft_with_such_an_expression_answers_at_once_because_it_is_never_run() -> None:
    begin = perf_counter()
    slow = with_pattern(r"^(a+)+$")
    assert problems(slow, "a" * 40 + "b") == []
    assert list(violations(slow, {"plate": "a" * 40 + "b"})) == []
    assert "allOf" not in json_schema(slow)["properties"]["plate"]
    assert problems(with_pattern("("), "a") == []
    assert problems(with_pattern(r"^a+$"), "ab") == ["constraint"]
    assert perf_counter() - begin < 1


def test_an_answer_longer_than_an_expression_may_read_is_refused() -> None:
    good = with_pattern(r"^[a-z]*$")
    assert problems(good, "a" * 100) == []
    faults = constraint_faults(good.form.steps[0].fields[0], "a" * (patterns.LONGEST_TEXT + 1))
    assert [fault.code for fault in faults] == ["too_long"]
