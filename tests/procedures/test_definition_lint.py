"""The linter names what would not work, what cannot be read and what costs time, each at its place."""

from __future__ import annotations

from typing import Any

import pytest

from madoguchi.procedures.rules.lint import Severity, lint
from madoguchi.procedures.rules.replay import lost_paths
from madoguchi.procedures.rules.testing import outcome, run_tests

from .forms_shared import TODAY, ask, definition_of, every_component


def findings(*fields: dict[str, Any], **more: Any) -> dict[str, tuple[str, str]]:
    """Code → (severity, path) of what the linter says of a form."""
    return {item.code: (str(item.severity), item.path) for item in lint(definition_of(*fields, **more))}


def test_a_form_of_every_component_has_no_errors_but_its_empty_choices() -> None:
    assert [item for item in lint(definition_of(*every_component())) if item.severity == Severity.ERROR] == []


@pytest.mark.parametrize(
    ("fields", "code", "severity", "path"),
    [
        ([ask("x", label="")], "unlabelled", "error", "form.steps.0.fields.0.label"),
        ([ask("x"), ask("x")], "code_twice", "error", "form.steps.0.fields.1.code"),
        ([ask("today")], "code_reserved", "error", "form.steps.0.fields.0.code"),
        ([ask("x", "choice", options=[])], "options_missing", "error", "form.steps.0.fields.0.options"),
        (
            [ask("x", "choice", options=[{"code": "a", "label": "同じ"}, {"code": "b", "label": "同じ"}])],
            "options_twice",
            "error",
            "form.steps.0.fields.0.options.0",
        ),
        ([ask("x", visible_if="1 +")], "condition_broken", "error", "form.steps.0.fields.0.visible_if"),
        ([ask("x", visible_if="yy = 1")], "condition_unknown_name", "error", "form.steps.0.fields.0.visible_if"),
        (
            [ask("n", "person_name", prefill="person.name"), ask("x", visible_if='n.famly = "a"')],
            "condition_unknown_part",
            "error",
            "form.steps.0.fields.1.visible_if",
        ),
        (
            [ask("kind", "choice"), ask("x", visible_if='kind = "castle"')],
            "required_hidden",
            "error",
            "form.steps.0.fields.1.visible_if",
        ),
        (
            [ask("y", "yes_no"), ask("x", visible_if="y = true and y = false", required=False)],
            "never_visible",
            "warning",
            "form.steps.0.fields.1.visible_if",
        ),
        (
            [ask("kind", "choice"), ask("a", "yes_no", visible_if='kind = "own"'),
             ask("b", visible_if='a = true and kind = "rent"')],
            "required_hidden",
            "error",
            "form.steps.0.fields.2.visible_if",
        ),
        (
            [ask("a", "calculated", calculation="b + 1"), ask("b", "calculated", calculation="a + 1")],
            "cycle",
            "error",
            "form.steps.0.fields.0",
        ),
        ([ask("x", "calculated")], "calculation_missing", "error", "form.steps.0.fields.0.calculation"),
        ([ask("x", "group", fields=[])], "group_empty", "error", "form.steps.0.fields.0.fields"),
        ([ask("x", constraint={"type": "many"})], "constraint_broken", "error", "form.steps.0.fields.0.constraint"),
        ([ask("x", constraint={"minLength": 2})], "constraint_unexplained", "warning", "form.steps.0.fields.0.message"),
        ([ask("x", "person_name")], "known_already", "warning", "form.steps.0.fields.0.prefill"),
        ([ask(f"x{n}") for n in range(11)], "step_long", "warning", "form.steps.0.fields"),
        ([ask(f"x{n}", "textarea") for n in range(10)], "too_long", "warning", "form"),
        ([ask("x", label="住所"), ask("y", label="住所")], "label_twice", "warning", "form.steps.0.fields.0.label"),
        ([ask("x", "consent", label="同意")], "consent_unexplained", "warning", "form.steps.0.fields.0.hint"),
        ([ask("x", label="申請者の本籍")], "jargon", "warning", "form.steps.0.fields.0.label.ja"),
        (
            [ask("x", label={"ja": "住所", "ja-easy": "じゅうしょを記載"})],
            "jargon_easy",
            "warning",
            "form.steps.0.fields.0.label.ja-easy",
        ),
        ([ask("x", hint="あ" * 61)], "long_sentence", "hint", "form.steps.0.fields.0.hint.ja"),
        ([ask("x", hint="申請者氏名住所生年月日連絡先電話番号記入押印必須")], "kanji_density", "hint", "form.steps.0.fields.0.hint.ja"),
        ([ask("x", label="住所")], "translation_missing_en", "warning", "form.steps.0.fields.0.label.en"),
    ],
)  # fmt: skip
def test_a_weak_question_is_named(fields: list[dict[str, Any]], code: str, severity: str, path: str) -> None:
    found = [(item.code, str(item.severity), item.path) for item in lint(definition_of(*fields))]
    assert (code, severity, path) in found


@pytest.mark.parametrize(
    "fields",
    [
        [ask("kind", "choice"), ask("x", visible_if='kind = "rent"')],
        [ask("n", "integer"), ask("x", visible_if="n > 100 and n < 102")],
        [
            ask("born", "birth_date", prefill="person.birth_date"),
            ask("x", visible_if='born > today - duration("P18Y")'),
        ],
        [ask("t"), ask("x", visible_if='matches(t, "^[A-Z]{3}$")')],
        [
            ask("kids", "group", fields=[ask("age", "integer")]),
            ask("x", visible_if="some k in kids satisfies k.age < 6"),
        ],
        [ask("moved-on", "date"), ask("x", visible_if="moved-on > today")],
        [ask("n", "integer"), ask("x", "calculated", calculation="for i in 1..3 return i * n")],
    ],
)
def test_a_condition_that_can_hold_is_left_alone(fields: list[dict[str, Any]]) -> None:
    codes = {item.code for item in lint(definition_of(*fields))}
    assert not codes & {
        "required_hidden",
        "never_visible",
        "condition_broken",
        "condition_unknown_name",
        "condition_fails",
    }


def test_a_condition_on_a_later_step_is_a_warning() -> None:
    steps = [
        {"code": "a", "title": "はじめ", "fields": [ask("x", visible_if="y = true")]},
        {"code": "b", "title": "あと", "fields": [ask("y", "yes_no")]},
    ]
    assert findings(steps=steps)["condition_looks_ahead"] == ("warning", "form.steps.0.fields.0.visible_if")


FEE = {"inputs": [{"name": "n", "expression": "n"}], "outputs": [{"name": "amount"}]}


def test_a_fee_that_some_answers_do_not_find_stops_the_publication() -> None:
    table = {"fee": {"table": {**FEE, "rows": [["> 3", "100"], ["<= 3", "50"]]}}}
    assert findings(ask("n", "integer"), decisions=table)["catch_all_missing"][0] == "error"
    whole = {"fee": {"table": {**FEE, "rows": [["> 3", "100"], ["-", "50"]]}}}
    assert "catch_all_missing" not in findings(ask("n", "integer"), decisions=whole)


def test_a_golden_example_that_fails_and_a_cell_that_is_no_feel_are_errors() -> None:
    table = {**FEE, "rows": [["> 3", "100"], ["-", "50"]]}
    wrong = {"fee": {"table": table, "examples": [{"given": {"n": 4}, "expect": {"amount": 50}}]}}
    assert findings(ask("n", "integer"), decisions=wrong)["example_fails"] == ("error", "decisions.fee.examples.0")
    right = {"fee": {"table": table, "examples": [{"given": {"n": 4}, "expect": {"amount": 100}}]}}
    assert "example_fails" not in findings(ask("n", "integer"), decisions=right)
    broken = {"fee": {"table": {**FEE, "rows": [["3 +", "100"], ["-", "50"]]}}}
    assert findings(ask("n", "integer"), decisions=broken)["table_cell"][1] == "decisions.fee.table.rows.0"
    unknown = {"fee": {"table": {**FEE, "rows": [["> 3", "price * 2"], ["-", "50"]]}}}
    assert "table_cell" in findings(ask("n", "integer"), decisions=unknown)


def test_payment_without_a_table_and_an_eligibility_without_its_reason_are_errors() -> None:
    assert findings(ask("n"), payment="before")["fee_missing"][0] == "error"
    table = {
        "inputs": [{"name": "n", "expression": "n"}],
        "outputs": [{"name": "result"}, {"name": "reason"}],
        "rows": [["-", '"no"', '"young"']],
    }
    assert findings(ask("n"), decisions={"eligibility": {"table": table}})["eligibility_cell"][0] == "error"
    said = {"eligibility": {"table": table, "reasons": {"young": "まだ若いためです。"}}}
    assert "eligibility_cell" not in findings(ask("n"), decisions=said)


def test_what_is_missing_around_the_form_is_named() -> None:
    bare = findings(ask("x"))
    for code in ("law_missing", "documents_missing", "contact_missing", "tests_missing", "life_event_missing"):
        assert bare[code][0] == "warning"
    assert bare["retention_missing"][0] == "hint"
    around = findings(
        ask("x"),
        deadline={"text": "14日以内", "days": 14, "from_field": "x"},
        outputs=[{"code": "paper", "name": "許可書", "fields": ["nobody"]}],
        faq=[{"question": "いつ？", "answer": ""}],
        finder=[{"question": "nonsense", "test": "(("}],
        life_events=["wedding-in-space"],
        retention="5",
    )
    assert around["deadline_field"][0] == "error"
    assert around["output_field"] == ("error", "outputs.0.fields.0")
    assert around["faq_dead"][0] == "warning"
    assert around["finder_broken"][0] == "error"
    assert around["vocabulary"][0] == "warning"
    assert "retention_missing" not in around


def test_the_tests_of_a_definition_say_what_differs() -> None:
    definition = definition_of(
        ask("n", "integer"),
        ask("why", visible_if="n > 3"),
        ask("price", "calculated", calculation="n * 300"),
        documents=[{"code": "id", "name": "本人確認書類"}],
        tests=[
            {
                "name": "よい",
                "answers": {"n": 2},
                "expect": {"valid": True, "hidden": ["why"], "calculated": {"price": 600}},
            },
            {
                "name": "理由がない",
                "answers": {"n": 4},
                "expect": {"valid": False, "errors": ["why"], "visible": ["why"]},
            },
            {
                "name": "違う",
                "answers": {"n": 4},
                "expect": {"valid": True, "fee": 100, "documents": [], "nonsense": 1},
            },
        ],
    )
    good, refused, wrong = run_tests(definition)
    assert good.passed, good.differences
    assert refused.passed, refused.differences
    assert {(one.name, one.got) for one in wrong.differences if one.name != "documents"} == {
        ("valid", False),
        ("fee", 0),
        ("nonsense", None),
    }
    assert outcome(definition, {"n": 2}, TODAY)["eligible"] == "yes"


def test_lost_answers_are_named_by_their_place() -> None:
    before = {"a": "1", "name": {"family": "x", "given": "y"}, "kids": [{"age": 1}, {"age": 2}]}
    now = {"name": {"family": "x"}, "kids": [{"age": 1}]}
    assert lost_paths(before, now) == ["a", "name.given", "kids.1.age"]
