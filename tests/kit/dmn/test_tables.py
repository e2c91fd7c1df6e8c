"""Hit policies, aggregation, defaults, and the reasons of an answer."""

from decimal import Decimal

import pytest

from madoguchi.kit.dmn import DecisionModel, DmnError, HitPolicy, OutputClause, model_of_table, table_from_rows
from tests.kit.dmn.models import policy_model

ROWS = [["> 1", '"低"'], ["> 2", '"高"'], ["> 3", '"中"'], ["> 3", '"中"']]
ORDER = '"高","中","低"'


@pytest.mark.parametrize(
    ("policy", "n", "value"),
    [
        ("UNIQUE", 2, "低"),
        ("F", 4, "低"),
        ("PRIORITY", 4, "高"),
        ("PRIORITY", 2, "低"),
        ("COLLECT", 4, ["低", "高", "中", "中"]),
        ("RULE ORDER", 3, ["低", "高"]),
        ("OUTPUT ORDER", 4, ["高", "中", "中", "低"]),
        ("UNIQUE", 0, None),
        ("COLLECT", 0, None),
    ],
)
def test_each_hit_policy_gives_its_answer(policy: str, n: int, value: object) -> None:
    assert policy_model(policy, ROWS, ORDER).decide("結果", {"n": n}) == value


@pytest.mark.parametrize(("policy", "value"), [("C+", 60), ("C#", 3), ("C<", 10), ("C>", 30)])
def test_collect_aggregates_the_outputs(policy: str, value: int) -> None:
    model = policy_model(policy, [["> 1", "10"], ["> 2", "20"], ["> 3", "30"]])
    assert model.decide("結果", {"n": 4}) == Decimal(value)
    assert model.decide("結果", {"n": 0}) is None


def test_a_second_matching_row_under_unique_is_null_and_named() -> None:
    result = policy_model("UNIQUE", ROWS).evaluate("結果", {"n": 3})
    assert result.value is None
    assert [(item.code, item.element) for item in result.diagnostics] == [("unique-violated", "結果")]
    assert "1、2行目" in result.diagnostics[0].text
    assert result.tables[0].matched == (1, 2)


def test_any_takes_agreeing_rows_and_refuses_different_ones() -> None:
    model = policy_model("ANY", [["> 1", '"a"'], ["> 2", '"a"'], ["> 3", '"b"']])
    assert model.decide("結果", {"n": 3}) == "a"
    result = model.evaluate("結果", {"n": 4})
    assert (result.value, result.diagnostics[0].code) == (None, "any-violated")


def test_a_table_without_a_fitting_row_says_so_or_gives_its_default() -> None:
    assert policy_model("UNIQUE", [["1", '"a"']]).evaluate("結果", {"n": 2}).diagnostics[0].code == "no-rule"
    table = table_from_rows(inputs=["n"], outputs=[OutputClause(name="結果", default='"他"')], rows=[["1", '"a"']])
    assert model_of_table(name="結果", table=table).decide("結果", {"n": 2}) == "他"


def test_several_outputs_are_a_context_and_are_ordered_column_by_column() -> None:
    outputs = [OutputClause(name="可否", values='"可","否"'), OutputClause(name="級", values='"A","B"')]
    rows = [["> 0", '"否"', '"A"'], ["> 0", '"可"', '"B"'], ["> 0", '"可"', '"A"']]
    table = table_from_rows(inputs=["n"], outputs=outputs, rows=rows, hit_policy="P")
    assert model_of_table(name="結果", table=table).decide("結果", {"n": 1}) == {"可否": "可", "級": "A"}
    table = table_from_rows(inputs=["n"], outputs=outputs, rows=rows, hit_policy="C+")
    assert model_of_table(name="結果", table=table).evaluate("結果", {"n": 1}).diagnostics[0].code == "aggregation"


def test_an_input_outside_the_listed_values_is_null_and_named() -> None:
    model = model_of_table(
        name="結果",
        table=table_from_rows(inputs=["区分"], outputs=["額"], rows=[["-", "1"]]),
    )
    assert model.decide("結果", {"区分": "海外"}) == Decimal(1)
    table = model.definitions.decisions()[0].expression
    limited = table_from_rows(
        inputs=[type(table.inputs[0])(expression="区分", values='"市内","市外"')],
        outputs=["額"],
        rows=[["-", "1"]],  # type: ignore[union-attr]
    )
    result = model_of_table(name="結果", table=limited).evaluate("結果", {"区分": "海外"})
    assert (result.value, result.diagnostics[0].code) == (None, "input-not-allowed")


def test_the_reasons_name_inputs_rows_and_remarks() -> None:
    result = policy_model("F", [["< 5", '"a"', "第1条"], ["< 9", '"b"', "第2条"]]).evaluate("結果", {"n": 7})
    trace = result.tables[0]
    assert (trace.inputs, trace.matched, trace.annotations) == ((("n", Decimal(7)),), (2,), (("第2条",),))
    assert (trace.value, result.value, trace.hit_policy) == ("b", "b", "FIRST")


def test_cells_may_use_other_inputs_and_the_tested_value() -> None:
    table = table_from_rows(
        inputs=["所得", "人数"], outputs=["額"], rows=[["<= 限度", "-", "所得 * 人数"], ["? > 限度", "> 1", "限度"]]
    )
    model = model_of_table(name="額", table=table)
    assert [element.name for element in model.definitions.elements] == ["所得", "人数", "限度", "額"]
    assert model.decide("額", {"所得": 10, "人数": 3, "限度": 20}) == Decimal(30)
    assert model.decide("額", {"所得": 30, "人数": 3, "限度": 20}) == Decimal(20)


def test_a_cell_that_is_no_feel_matches_nothing_and_is_reported() -> None:
    model = policy_model("F", [[">>", '"a"'], ["-", "1 +"]])
    result = model.evaluate("結果", {"n": 1})
    assert result.value is None
    assert [item.code for item in model.problems()] == ["syntax", "syntax"]


def test_rows_of_the_wrong_length_are_named() -> None:
    with pytest.raises(DmnError, match="2行目のセルは1個ですが、2個必要です"):
        table_from_rows(inputs=["n"], outputs=["額"], rows=[["1", "2"], ["1"]])
    with pytest.raises(DmnError, match="ヒットポリシー"):
        table_from_rows(inputs=["n"], outputs=["額"], rows=[], hit_policy="X")


def test_an_unknown_decision_is_named() -> None:
    with pytest.raises(DmnError, match="「無い」という決定"):
        policy_model("U", ROWS).evaluate("無い", {})


def test_models_do_not_remember_earlier_inputs() -> None:
    model: DecisionModel = policy_model("U", [["1", '"a"'], ["2", '"b"']])
    assert [model.decide("結果", {"n": n}) for n in (1, 2, 1)] == ["a", "b", "a"]
    assert HitPolicy.UNIQUE in set(HitPolicy)
