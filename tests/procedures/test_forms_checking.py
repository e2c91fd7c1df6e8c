"""Answers are judged exactly and politely, whoever sends them, and nothing that is sent breaks anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from madoguchi.procedures.rules.forms import (
    check_all,
    check_step,
    clean,
    compute,
    describe,
    documents_of,
    eligibility_of,
    fee_of,
    json_schema,
    parse_step,
    required,
    visible_fields,
    visible_steps,
)

from .forms_shared import ACCOUNT, ADDRESS, GOOD, NAME, TODAY, ask, definition_of, every_component

ALL = definition_of(*every_component())
OPEN = definition_of(*every_component(required=False))


def problems(component: str, value: Any, **field: Any) -> list[tuple[str, str]]:
    """The (path, code) of what is wrong with one answer."""
    definition = definition_of(ask("x", component, **field))
    return [(problem.path, problem.code) for problem in check_all(definition, {"x": value}, TODAY)]


def test_right_answers_to_every_component_are_taken_and_described() -> None:
    assert [(problem.path, problem.code) for problem in check_all(ALL, GOOD, TODAY)] == []
    assert clean(ALL, GOOD, TODAY) == GOOD | {"calculated": 6}
    rows = {row.path: row.value for section in describe(ALL, GOOD, "ja", today=TODAY) for row in section.rows}
    assert rows["birth_date"] == "1985年（昭和60年）4月1日"
    assert rows["date"] == "令和8年11月20日（金）"
    assert rows["money"] == "1,200円"
    assert rows["person_name"] == "平塚 花子（ヒラツカ ハナコ）"
    assert rows["address"] == "〒254-0041 神奈川県平塚市浅間町9-1"
    assert rows["yes_no"] == "いいえ"
    assert rows["bank_account"] == "みずほ（0001） 東京営業部（001） 普通 1234567 ヒラツカ ハナコ"
    assert rows["group.0.school"] == "浅間小学校"
    english = {row.path: row.value for section in describe(ALL, GOOD, "en", today=TODAY) for row in section.rows}
    assert english["choices"] == "Renting, Own house"
    assert english["birth_date"] == "1 April 1985"


def test_every_question_left_open_is_named_once() -> None:
    found = [problem.path for problem in check_all(ALL, {}, TODAY)]
    assert sorted(found) == sorted(field.code for field in ALL.form.fields() if field.asks)
    assert check_all(OPEN, {}, TODAY) == []


@pytest.mark.parametrize(
    ("component", "value", "path", "code"),
    [
        ("text", "a" * 201, "x", "too_long"),
        ("text", "a\x00b", "x", "control_character"),
        ("text", "a\u202eb", "x", "control_character"),
        ("text", "2行\nある", "x", "control_character"),
        ("text", "私の番号は 1234-5678-9018 です", "x", "my_number"),
        ("textarea", "１２３４５６７８９０１８", "x", "my_number"),
        ("text", {"a": 1}, "x", "type"),
        ("integer", "abc", "x", "integer"),
        ("integer", True, "x", "integer"),
        ("integer", 10**20, "x", "too_large"),
        ("integer", 1.5, "x", "integer"),
        ("number", float("inf"), "x", "number"),
        ("number", float("nan"), "x", "number"),
        ("money", -1, "x", "negative"),
        ("date", "2026-02-30", "x", "date"),
        ("date", {"year": "2026", "month": "2"}, "x", "date_incomplete"),
        ("birth_date", "2026-11-21", "x", "future"),
        ("birth_date", "1867-12-31", "x", "too_early"),
        ("time", "24:00", "x", "time"),
        ("yes_no", "maybe", "x", "option"),
        ("choice", "castle", "x", "option"),
        ("choice", ["rent"], "x", "option"),
        ("choices", ["rent", "castle"], "x", "option"),
        ("choices", "rent", "x", "option"),
        ("consent", False, "x", "required"),
        ("consent", "never", "x", "required"),
        ("person_name", {"given": "花子"}, "x.family", "required"),
        ("person_name", {"family": "平塚"}, "x.family_kana", "required"),
        ("person_name", NAME | {"family_kana": "漢字"}, "x.family_kana", "kana"),
        ("person_name", NAME | {"title": "様"}, "x.title", "unknown"),
        ("person_name", "平塚花子", "x", "type"),
        ("organisation_name", {"kana": "カイ"}, "x.name", "required"),
        ("corporate_number", "3000020142035", "x", "corporate_number"),
        ("corporate_number", "123", "x", "corporate_number"),
        ("address", ADDRESS | {"postal_code": "254-00"}, "x.postal_code", "postal_code"),
        ("address", ADDRESS | {"postal_code": "000-0000"}, "x.postal_code", "postal_code_unknown"),
        ("address", ADDRESS | {"postal_code": "060-0000"}, "x.postal_code", "postal_code_elsewhere"),
        ("address", ADDRESS | {"prefecture": "平塚県"}, "x.prefecture", "prefecture"),
        ("address", {"prefecture": "神奈川県", "town": "浅間町"}, "x.city", "required"),
        ("phone", "1234", "x", "phone"),
        ("phone", "お電話ください", "x", "phone"),
        ("email", "hanako.example.jp", "x", "email"),
        ("email", "a@b@example.jp", "x", "email"),
        ("household", [{"name": NAME}], "x.0.birth_date", "required"),
        ("household", "世帯", "x", "type"),
        ("household", [1], "x.0", "type"),
        ("bank_account", ACCOUNT | {"bank": "9999"}, "x.bank", "bank_unknown"),
        ("bank_account", ACCOUNT | {"branch": "999"}, "x.branch", "branch_unknown"),
        ("bank_account", ACCOUNT | {"number": "12345678"}, "x.number", "account_number"),
        ("bank_account", ACCOUNT | {"holder_kana": "平塚花子"}, "x.holder_kana", "holder_kana"),
        ("bank_account", ACCOUNT | {"kind": "定期"}, "x.kind", "option"),
        ("file", [{"name": "a.pdf"}], "x.0", "file"),
        ("file", [{"file": "../etc/passwd"}], "x.0", "file"),
        ("file", [{"file": str(n)} for n in range(6)], "x", "too_many_files"),
        ("file", [{"file": "1", "size": 11 * 1024 * 1024}], "x.0", "too_large"),
        ("file", [{"file": "1", "script": "x"}], "x.0", "unknown"),
        ("signature", {"file": "a/b"}, "x", "file"),
    ],
)
def test_a_wrong_answer_is_named_at_its_place(component: str, value: Any, path: str, code: str) -> None:
    assert (path, code) in problems(component, value)


@pytest.mark.parametrize(
    ("component", "value"),
    [
        ("person_name", {"family": "Nguyen", "given": "Van An"}),
        ("person_name", {"family": "スカルノ"}),
        ("address", ADDRESS | {"postal_code": "250-8555"}),
        ("address", {key: value for key, value in ADDRESS.items() if key != "postal_code"}),
        ("phone", "+84-24-1234-5678"),
        ("email", "da..me@docomo.ne.jp"),
        ("text", "123456789010"),
        ("bank_account", ACCOUNT | {"holder_kana": "カ)ヒラツカ-シヨウカイ"}),
    ],
)
def test_what_is_right_though_rare_is_taken(component: str, value: Any) -> None:
    assert problems(component, value) == []


def test_a_number_of_twelve_digits_is_taken_where_the_definition_asks_for_one() -> None:
    assert problems("text", "123456789018", constraint={"pattern": "^[0-9]{12}$"}) == []


def test_the_own_words_of_a_field_are_said_when_its_constraint_fails() -> None:
    field = ask("x", "integer", constraint={"minimum": 1}, message="1人以上を入力してください。")
    (problem,) = check_all(definition_of(field), {"x": 0}, TODAY)
    assert (problem.code, problem.said.ja) == ("constraint", "1人以上を入力してください。")


def test_a_constraint_that_is_no_schema_stops_nobody() -> None:
    assert problems("integer", 3, constraint={"minimum": "many", "pattern": "(("}) == []
    assert problems("text", "a", constraint={"$ref": "https://example.com/nowhere"}) == []


def test_rows_are_counted_without_the_empty_ones() -> None:
    field = ask("x", "group", fields=[ask("age", "integer")], minimum_rows=2, maximum_rows=3)
    definition = definition_of(field)
    assert [p.code for p in check_all(definition, {"x": [{"age": 1}, {}]}, TODAY)] == ["too_few_rows"]
    assert [p.code for p in check_all(definition, {"x": [{"age": 1}] * 4}, TODAY)] == ["too_many_rows"]
    assert check_all(definition, {"x": [{}, {"age": 1}, {"age": 2}]}, TODAY) == []


def test_answers_to_questions_that_are_not_there_are_named_and_dropped() -> None:
    definition = definition_of(ask("x"))
    sent = {"x": "a", "is_free": True}
    assert [(p.path, p.code) for p in check_all(definition, sent, TODAY)] == [("is_free", "unknown")]
    assert clean(definition, sent, TODAY) == {"x": "a"}


def test_what_is_too_deep_or_no_object_is_refused_at_once() -> None:
    deep: Any = "x"
    for _level in range(5000):
        deep = [deep]
    assert [p.code for p in check_all(OPEN, {"text": deep}, TODAY)] == ["too_large"]
    assert [p.code for p in check_all(OPEN, ["text"], TODAY)] == ["type"]
    assert [p.code for p in check_step(OPEN, OPEN.form.steps[0], {"group": [{}] * 30_000}, TODAY)] == ["too_large"]


CONDITIONS = definition_of(
    steps=[
        {
            "code": "home",
            "title": "家",
            "fields": [
                ask("kind", "choice"),
                ask("rent", "money", visible_if='kind = "rent"'),
                ask("owner", "person_name", visible_if="rent > 100000", required_if="rent > 200000"),
                ask("born", "birth_date", required=False),
                ask("guardian", "text", visible_if='born > today - duration("P18Y")'),
                ask("yearly", "calculated", calculation="rent * 12"),
            ],
        },
        {
            "code": "dear",
            "title": "高い家賃",
            "visible_if": "yearly > 2000000",
            "fields": [ask("reason"), ask("silly", visible_if="reason + 1 = 2", required=False)],
        },
    ]
)


def shown(answers: dict[str, Any]) -> list[str]:
    """The codes of everything that is visible."""
    steps = visible_steps(CONDITIONS, answers, TODAY)
    return [field.code for step in steps for field in visible_fields(CONDITIONS, step, answers, TODAY)]


def test_conditions_show_fields_and_whole_steps() -> None:
    assert shown({"kind": "own"}) == ["kind", "born", "yearly"]
    assert shown({"kind": "rent", "rent": 90_000}) == ["kind", "rent", "born", "yearly"]
    dear = {"kind": "rent", "rent": 210_000, "born": "2010-01-01"}
    assert shown(dear) == ["kind", "rent", "owner", "born", "guardian", "yearly", "reason"]


def test_what_depends_on_a_hidden_answer_sees_nothing() -> None:
    # The rent was typed before the kind was changed: neither it nor what follows from it counts any more.
    changed = {"kind": "own", "rent": 500_000, "owner": NAME, "reason": "x"}
    assert shown(changed) == ["kind", "born", "yearly"]
    assert clean(CONDITIONS, changed, TODAY) == {"kind": "own"}
    assert check_all(CONDITIONS, changed, TODAY) == []


def test_a_hidden_field_is_never_required_and_a_condition_can_require() -> None:
    owner = CONDITIONS.form.find("owner")
    assert owner is not None
    assert not required(CONDITIONS, owner, {"kind": "own", "rent": 500_000}, TODAY)
    assert not required(CONDITIONS, owner, {"kind": "rent", "rent": 150_000}, TODAY)
    assert required(CONDITIONS, owner, {"kind": "rent", "rent": 250_000}, TODAY)


def test_calculated_values_are_never_believed() -> None:
    assert compute(CONDITIONS, {"kind": "rent", "rent": 10, "yearly": 1}, TODAY)["yearly"] == 120
    assert "yearly" not in compute(CONDITIONS, {"kind": "own", "rent": 10, "yearly": 1}, TODAY)


def test_fields_that_wait_for_each_other_come_to_an_end() -> None:
    circle = definition_of(
        ask("a", visible_if="b = null"), ask("b", visible_if="a = null"), ask("c", "calculated", calculation="c + 1")
    )
    once = clean(circle, {"a": "1", "b": "2"}, TODAY)
    assert clean(circle, once, TODAY) == once


def test_a_condition_of_a_row_sees_its_row_first() -> None:
    field = ask("kids", "group", fields=[ask("age", "integer"), ask("school", visible_if="age >= 6 and age < limit")])
    definition = definition_of(ask("limit", "integer"), ask("age", "integer"), field)
    answers = {"limit": 15, "age": 40, "kids": [{"age": 5}, {"age": 7}, {"age": 20, "school": "x"}]}
    assert [p.path for p in check_all(definition, answers, TODAY)] == ["kids.1.school"]
    assert clean(definition, answers, TODAY)["kids"] == [{"age": 5}, {"age": 7}, {"age": 20}]


def test_tables_and_documents_answer_from_the_answers() -> None:
    definition = definition_of(
        ask("copies", "integer"),
        ask("born", "birth_date"),
        documents=[
            {"code": "id", "name": "本人確認書類"},
            {"code": "proof", "name": "委任状", "required_if": "copies > 1"},
            {"code": "pet", "name": "写真", "required_if": 'finder_pet = "dog"'},
        ],
        decisions={
            "fee": {
                "table": {
                    "inputs": [{"name": "copies", "expression": "copies"}],
                    "outputs": [{"name": "amount"}],
                    "rows": [["null", "0"], ["-", "300 * copies"]],
                }
            },
            "eligibility": {
                "table": {
                    "inputs": [{"name": "born", "expression": "years and months duration(born, today).years"}],
                    "outputs": [{"name": "result"}, {"name": "reason"}],
                    "rows": [["< 18", '"no"', '"young"'], [">= 18", '"yes"', "null"], ["-", '"maybe"', "null"]],
                },
                "reasons": {"young": "18歳になってからです。"},
            },
        },
    )
    assert fee_of(definition, {"copies": 3}, TODAY) == 900
    assert fee_of(definition, {}, TODAY) == 0
    assert eligibility_of(definition, {"born": "2015-01-01"}, TODAY)[0] == "no"
    assert eligibility_of(definition, {"born": "2015-01-01"}, TODAY)[1].ja == "18歳になってからです。"
    assert eligibility_of(definition, {"born": "1985-01-01"}, TODAY)[0] == "yes"
    assert eligibility_of(definition, {}, TODAY)[0] == "maybe"
    assert [d.code for d in documents_of(definition, {"copies": 2, "finder_pet": "dog"}, TODAY)] == [
        "id",
        "proof",
        "pet",
    ]
    assert [d.code for d in documents_of(definition, {}, TODAY)] == ["id"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PARTS = [
    "family",
    "given_kana",
    "postal_code",
    "city",
    "bank",
    "number",
    "year",
    "month",
    "era",
    "file",
    "name",
    "0",
    "born",
]
NAMES = st.builds(
    ".".join, st.tuples(st.sampled_from([*GOOD, "calculated", "do"]), st.sampled_from(PARTS), st.sampled_from(PARTS))
) | st.sampled_from(sorted(GOOD))
TYPED = st.sampled_from(["", "yes", "1", "2026", "昭和", "１２３", "rent", "\x00", "ｱ", "a@b.jp", "0001"]) | st.text(
    max_size=12
)
ANSWERS = st.dictionaries(st.sampled_from([*GOOD, "calculated", "note", "x"]), ANYTHING, max_size=5)
MIXED = st.builds(
    lambda chosen, spoilt: {code: GOOD[code] for code in chosen} | spoilt,
    st.sets(st.sampled_from(sorted(GOOD))),
    ANSWERS,
)


@settings(max_examples=120, deadline=None)
@given(MIXED)
def test_nothing_that_is_sent_breaks_the_engine(answers: dict[str, Any]) -> None:
    for definition in (ALL, OPEN):
        found = check_all(definition, answers, TODAY)
        once = clean(definition, answers, TODAY)
        assert json.dumps(clean(definition, once, TODAY), sort_keys=True) == json.dumps(once, sort_keys=True)
        describe(definition, answers, "ja", today=TODAY)
        fee_of(definition, answers, TODAY)
        if not found:
            assert Draft202012Validator(json_schema(definition)).is_valid(once)
            assert check_all(definition, once, TODAY) == []


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(NAMES, st.lists(TYPED, max_size=3), max_size=12))
def test_nothing_that_is_posted_breaks_the_engine(data: dict[str, list[str]]) -> None:
    step = OPEN.form.steps[0]
    answers = parse_step(step, data, "ja")
    check_step(OPEN, step, answers, TODAY)
    assert json.dumps(clean(OPEN, clean(OPEN, answers, TODAY), TODAY)) == json.dumps(clean(OPEN, answers, TODAY))


@settings(max_examples=60, deadline=None)
@given(MIXED)
def test_a_question_is_asked_only_where_it_is_visible(answers: dict[str, Any]) -> None:
    seen = {
        field.code for step in visible_steps(ALL, answers, TODAY) for field in visible_fields(ALL, step, answers, TODAY)
    }
    wanted = {problem.field for problem in check_all(ALL, answers, TODAY) if problem.code == "required"}
    assert wanted <= seen


def test_the_schema_is_one_that_machines_can_read() -> None:
    schema = json_schema(ALL)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["properties"]["bank_account"]["properties"]["number"]["pattern"] == "^[0-9]{7}$"
    assert set(schema["required"]) == {field.code for field in ALL.form.fields() if field.asks}
