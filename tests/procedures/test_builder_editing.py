"""Editing a definition: whatever is asked, the result is a definition or a refusal, and nothing else changes."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.kit.feel import compile_expression
from madoguchi.procedures.rules.definition import Component, DefinitionError, read_definition
from madoguchi.procedures.rules.editing import (
    OPERATORS,
    ClashError,
    Clause,
    Edit,
    EditError,
    all_fields,
    apply,
    compare,
    full,
    names_in,
    read_condition,
    rebase,
    sparse,
    uses_of,
    value_at,
    write_condition,
)
from madoguchi.procedures.rules.editing.operations import OPERATIONS

DOG = {
    "code": "dog",
    "name": "犬の登録",
    "laws": [{"title": "狂犬病予防法", "article": "第4条"}],
    "form": {
        "steps": [
            {
                "code": "owner",
                "title": "飼い主",
                "fields": [
                    {"code": "name", "component": "person_name", "label": "氏名", "prefill": "person.name"},
                    {"code": "moved", "component": "yes_no", "label": "引っ越しましたか"},
                    {"code": "before", "component": "address", "label": "前の住所", "visible_if": "moved = true"},
                ],
            },
            {
                "code": "dog",
                "title": "犬",
                "visible_if": 'moved != true and name != "moved"',
                "fields": [
                    {
                        "code": "kind",
                        "component": "choice",
                        "label": "種類",
                        "options": [{"code": "small", "label": "小型"}, {"code": "large", "label": "大型"}],
                    },
                    {
                        "code": "dogs",
                        "component": "group",
                        "label": "犬",
                        "fields": [{"code": "name", "component": "text", "label": "名前"}],
                    },
                ],
            },
        ]
    },
    "decisions": {
        "fee": {
            "table": {
                "inputs": [{"name": "kind", "expression": "kind"}],
                "outputs": [{"name": "amount"}],
                "rows": [['"small"', "3000"], ['"large"', "3500"]],
            }
        }
    },
    "outputs": [{"code": "tag", "name": "鑑札", "fields": ["name", "kind"]}],
    "deadline": {"text": "30日以内", "from_field": "moved"},
    "tests": [{"name": "小型", "answers": {"kind": "small", "moved": True}, "expect": {"fee": 3000}}],
}


@pytest.fixture
def dog() -> dict[str, Any]:
    return full(DOG)


def codes(document: dict[str, Any], step: int = 0) -> list[str]:
    return [field["code"] for field in document["form"]["steps"][step]["fields"]]


def places(value: Any, path: str = "") -> list[str]:
    """Every path of a document."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = [path] if path else []
    for key, item in inner:
        found += places(item, f"{path}.{key}" if path else str(key))
    return found


ALL_PLACES = places(full(DOG))
TEXTS = st.text(alphabet='abc_-"0. 市あ{}', max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS, lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
PATHS = st.sampled_from(ALL_PLACES) | st.builds("{}.{}".format, st.sampled_from(ALL_PLACES), TEXTS) | TEXTS
EDITS = st.builds(
    Edit,
    kind=st.sampled_from([*OPERATIONS, "explode"]),
    path=PATHS,
    values=st.dictionaries(PATHS | st.sampled_from(["when", "amount", "text", "code"]), VALUES, max_size=3),
    kind_of=st.sampled_from([*Component, "kind", "moved", "0", "1", ""]) | TEXTS,
    index=st.none() | st.integers(0, 6),
    target=PATHS,
)


@settings(max_examples=250, deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_any_edit_gives_a_definition_or_is_refused_and_leaves_its_input_alone(edits: list[Edit]) -> None:
    document = full(DOG)
    kept = copy.deepcopy(document)
    try:
        after = apply(document, *edits)
    except (EditError, DefinitionError):
        assert document == kept
        return
    assert document == kept
    read_definition(after)
    json.dumps(after, allow_nan=False)
    assert full(sparse(after)) == after


@settings(max_examples=120, deadline=None)
@given(EDITS, EDITS)
def test_an_edit_made_on_an_old_document_is_brought_to_the_new_one_or_the_clash_is_named(
    mine: Edit, theirs: Edit
) -> None:
    document = full(DOG)
    try:
        today = apply(document, theirs)
        again = rebase(mine, document, today)
        apply(today, again)
    except (ClashError, EditError, DefinitionError) as refusal:
        assert str(refusal) or isinstance(refusal, ClashError)  # noqa: PT017 - most pairs are not refused


@settings(max_examples=120, deadline=None)
@given(st.lists(EDITS, max_size=2))
def test_a_comparison_is_empty_exactly_for_equal_documents(edits: list[Edit]) -> None:
    document = full(DOG)
    try:
        after = apply(document, *edits) if edits else document
    except (EditError, DefinitionError):
        return
    assert (compare(document, after) == []) == (document == after)


LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
VALUES_OF_CLAUSES = (
    st.booleans() | st.integers(-(10**6), 10**6) | st.dates() | st.text(LETTERS, min_size=1, max_size=12)
)
CLAUSES = st.builds(
    Clause,
    st.sampled_from(["moved", "kind", "moved_from", "person.name"]),
    st.sampled_from(OPERATORS),
    VALUES_OF_CLAUSES,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(CLAUSES, min_size=1, max_size=4), st.sampled_from(["and", "or"]))
def test_a_chosen_condition_is_valid_feel_and_reads_back_as_it_was_chosen(clauses: list[Clause], join: Any) -> None:
    text = write_condition(clauses, join)
    compile_expression(text)
    read = read_condition(text)
    assert read is not None
    again_join, again = read
    assert write_condition(again, again_join) == text
    assert [(clause.field, clause.operator) for clause in again] == [
        (clause.field, clause.operator) for clause in clauses
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 and b = 2 or c = 3",
        "a + 1 > 2",
        "if a then b else c",
        "a in (1, 2)",
        "not(a)",
        'a = "x',
        "a = b",
        "null = a",
    ],
)
def test_a_condition_written_by_hand_is_left_as_text(text: str) -> None:
    assert read_condition(text) is None


def test_words_inside_quotation_marks_are_neither_joins_nor_names() -> None:
    assert read_condition('kind = "salt and pepper"') == ("and", [Clause("kind", "=", "salt and pepper")])
    assert names_in('kind = "moved" and person.moved = true') == {"kind", "person", "and", "true"}


def test_a_new_field_has_a_free_code_and_what_its_component_needs(dog: dict[str, Any]) -> None:
    after = apply(
        dog, Edit("add", "form.steps.0.fields", kind_of="choice"), Edit("add", "form.steps.1.fields", kind_of="choice")
    )
    assert codes(after) == ["name", "moved", "before", "choice"]
    assert codes(after, 1) == ["kind", "dogs", "choice_2"]
    assert len(after["form"]["steps"][0]["fields"][3]["options"]) == 2


def test_a_moved_field_keeps_everything_it_says(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("move", "form.steps.0.fields.2", index=0))
    assert codes(after) == ["before", "name", "moved"]
    over = apply(after, Edit("shift", "form.steps.0.fields.0", target="form.steps.1.fields", index=1))
    assert codes(over, 1) == ["kind", "before", "dogs"]
    assert value_at(over, ("form", "steps", 1, "fields", 1)) == value_at(dog, ("form", "steps", 0, "fields", 2))


def test_a_field_of_a_group_does_not_leave_it_by_accident(dog: dict[str, Any]) -> None:
    with pytest.raises(EditError):
        apply(dog, Edit("shift", "form.steps.1.fields.1.fields.0", target="form.steps.0.fields"))
    with pytest.raises(EditError):
        apply(dog, Edit("shift", "laws.0", target="form.steps.0.fields"))


def test_a_renamed_field_is_renamed_wherever_it_is_meant_and_nowhere_else(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("rename", "form.steps.0.fields.1", kind_of="has_moved"))
    assert after["form"]["steps"][0]["fields"][2]["visible_if"] == "has_moved = true"
    assert after["form"]["steps"][1]["visible_if"] == 'has_moved != true and name != "moved"'
    assert after["deadline"]["from_field"] == "has_moved"
    assert after["tests"][0]["answers"] == {"kind": "small", "has_moved": True}
    assert [".".join(map(str, path)) for path in uses_of(after, "has_moved")] == [
        "form.steps.1.visible_if", "form.steps.0.fields.2.visible_if", "deadline.from_field",
    ]  # fmt: skip


def test_a_renamed_option_is_renamed_in_the_fee_table_and_in_the_tests(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("set", values={"form.steps.1.fields.0.options.0.code": "tiny"}))
    assert after["decisions"]["fee"]["table"]["rows"][0] == ['"tiny"', "3000"]
    assert after["tests"][0]["answers"]["kind"] == "tiny"


@pytest.mark.parametrize("code", ["", "Name", "1st", "名前", "a b", "a" * 61, "before"])
def test_a_bad_or_taken_code_is_refused_at_its_field(code: str, dog: dict[str, Any]) -> None:
    with pytest.raises(EditError) as refusal:
        apply(dog, Edit("rename", "form.steps.0.fields.1", kind_of=code))
    assert refusal.value.path == "form.steps.0.fields.1.code"


@pytest.mark.parametrize("component", list(Component))
def test_every_component_becomes_every_other_and_keeps_its_label(component: Component, dog: dict[str, Any]) -> None:
    for path, field in list(all_fields(dog)):
        after = apply(dog, Edit("component", ".".join(map(str, path)), kind_of=component.value))
        changed = value_at(after, path)
        assert (changed["component"], changed["label"], changed["code"]) == (component, field["label"], field["code"])
        assert changed["visible_if"] == field["visible_if"]


def test_a_yes_no_question_that_becomes_a_choice_keeps_its_branch(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("component", "form.steps.0.fields.1", kind_of="choice"))
    assert after["form"]["steps"][0]["fields"][2]["visible_if"] == 'moved = "yes"'
    assert after["form"]["steps"][1]["visible_if"].startswith('moved != "yes" and')
    back = apply(after, Edit("component", "form.steps.0.fields.1", kind_of="yes_no"))
    assert back["form"]["steps"][0]["fields"][2]["visible_if"] == "moved = true"


def test_a_branch_is_put_behind_the_questions_that_depend_on_the_same_answer(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("branch", "form.steps.0.fields.1", values={"when": True}, kind_of="date"))
    assert codes(after) == ["name", "moved", "before", "date"]
    assert after["form"]["steps"][0]["fields"][3]["visible_if"] == "moved = true"
    choice = apply(dog, Edit("branch", "form.steps.1.fields.0", values={"when": "large"}))
    assert choice["form"]["steps"][1]["fields"][1]["visible_if"] == 'kind = "large"'


def test_a_copied_step_asks_with_codes_and_conditions_of_its_own(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("duplicate", "form.steps.0"))
    assert codes(after, 1) == ["name_2", "moved_2", "before_2"]
    assert after["form"]["steps"][1]["fields"][2]["visible_if"] == "moved_2 = true"


def test_a_fee_table_is_made_from_the_answers_of_a_question(dog: dict[str, Any]) -> None:
    after = apply(dog, Edit("fee", kind_of="moved"))
    assert after["decisions"]["fee"]["table"]["rows"] == [["true", "0"], ["false", "0"]]
    assert after["payment"] == "before"
    flat = apply(dog, Edit("fee", values={"amount": 300}))
    assert flat["decisions"]["fee"]["table"]["rows"] == [["300"]]


def test_columns_come_and_go_with_their_cells(dog: dict[str, Any]) -> None:
    table = "decisions.fee.table"
    wide = apply(dog, Edit("column", f"{table}.inputs", kind_of="moved"), Edit("row", f"{table}.rows"))
    assert wide["decisions"]["fee"]["table"]["rows"] == [
        ['"small"', "-", "3000"],
        ['"large"', "-", "3500"],
        ["-", "-", "0"],
    ]
    slim = apply(wide, Edit("without_column", f"{table}.inputs.0"))
    assert slim["decisions"]["fee"]["table"]["rows"] == [["-", "3000"], ["-", "3500"], ["-", "0"]]
    with pytest.raises(EditError):
        apply(slim, Edit("without_column", f"{table}.outputs.0"))


def test_cells_are_pasted_from_a_spreadsheet(dog: dict[str, Any]) -> None:
    after = apply(
        dog,
        Edit("paste", "decisions.fee.table.rows", values={"text": '"a"\t1\textra\r\n"b"\t2\r\n"c"\t3\r\n'}, index=1),
    )
    assert after["decisions"]["fee"]["table"]["rows"] == [['"small"', "3000"], ['"a"', "1"], ['"b"', "2"], ['"c"', "3"]]


def test_two_people_who_change_different_places_lose_nothing(dog: dict[str, Any]) -> None:
    theirs = apply(dog, Edit("move", "form.steps.0.fields.2", index=0), Edit("set", values={"name.ja": "飼い犬の登録"}))
    mine = Edit("set", values={"form.steps.0.fields.2.label.ja": "転入前の住所", "name.ja": "犬の登録"})
    both = apply(theirs, rebase(mine, dog, theirs))
    assert both["form"]["steps"][0]["fields"][0]["label"]["ja"] == "転入前の住所"
    assert both["name"]["ja"] == "飼い犬の登録"


def test_two_people_who_change_one_place_are_told_what_the_other_wrote(dog: dict[str, Any]) -> None:
    theirs = apply(dog, Edit("set", values={"name.ja": "飼い犬の登録"}))
    with pytest.raises(ClashError) as clash:
        rebase(Edit("set", values={"name.ja": "犬の届出"}), dog, theirs)
    assert [(item.path, item.mine, item.theirs) for item in clash.value.clashes] == [
        ("name.ja", "犬の届出", "飼い犬の登録")
    ]
    gone = apply(dog, Edit("remove", "form.steps.0.fields.2"))
    with pytest.raises(ClashError):
        rebase(Edit("move", "form.steps.0.fields.2", index=0), dog, gone)
    with pytest.raises(ClashError):
        rebase(
            Edit("remove", "form.steps.0.fields.2"),
            dog,
            apply(dog, Edit("set", values={"form.steps.0.fields.2.hint.ja": "新"})),
        )


def test_a_comparison_says_what_came_went_moved_and_changed(dog: dict[str, Any]) -> None:
    after = apply(
        dog,
        Edit("set", values={"form.steps.0.fields.0.label.en": "Name"}),
        Edit("move", "form.steps.0.fields.2", index=0),
        Edit("remove", "laws.0"),
        Edit("add", "faq"),
    )
    found = {(change.kind, change.path) for change in compare(dog, after)}
    assert ("changed", "form.steps.0.fields.1.label.en") in found
    assert ("added", "faq.0") in found or ("changed", "faq") in found
    assert ("removed", "laws.0") in found or ("changed", "laws") in found
    assert any(kind == "moved" for kind, _path in found)


def test_a_date_in_a_condition_is_a_date() -> None:
    assert write_condition([Clause("born", ">=", date(2020, 4, 2))]) == 'born >= date("2020-04-02")'
