"""What an author is told about a table before it is used."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.kit.dmn import InputClause, OutputClause, check_table, model_of_table, table_from_rows
from madoguchi.kit.feel import Names


def found(
    rows: list[list[str]], policy: str = "U", inputs: tuple[object, ...] = ("年齢", "区分")
) -> list[tuple[str, str]]:
    table = table_from_rows(inputs=inputs, outputs=["額"], rows=rows, hit_policy=policy)  # type: ignore[arg-type]
    return [(finding.code, finding.text) for finding in check_table(table)]


def test_a_complete_table_has_no_findings() -> None:
    kind = InputClause(expression="区分", values='"市内","市外"')
    assert found([["< 18", "-", "0"], [">= 18", '"市内"', "1"], [">= 18", '"市外"', "2"]], inputs=("年齢", kind)) == []


def test_gaps_are_written_as_cells() -> None:
    rows = [["< 18", '"市内"', "0"], ["[18..65)", "-", "1"], ["> 65", "-", "2"]]
    assert found(rows) == [
        ("gap", "（< 18、（その他））に当てはまる行がありません。"),
        ("gap", "（65、-）に当てはまる行がありません。"),
    ]


def test_whole_numbers_side_by_side_leave_only_fractions_out() -> None:
    rows = [["< 0", "0"], ["[0..9]", "1"], [">= 10", "2"]]
    assert found(rows, inputs=("n",)) == [("gap-fraction", "小数のとき、（(9..10)）に当てはまる行がありません。")]


def test_dates_side_by_side_leave_nothing_out() -> None:
    rows = [['<= date("2026-03-31")', "0"], ['>= @"2026-04-01"', "1"]]
    assert found(rows, inputs=("日",)) == []


def test_colliding_rows_are_named() -> None:
    rows = [["< 20", "1"], [">= 18", "2"]]
    assert found(rows, inputs=("n",)) == [("overlap", "1行目と2行目が同時に当てはまることがあります。")]
    assert found(rows, "A", inputs=("n",)) == [
        ("overlap", "1行目と2行目が同時に当てはまることがありますが、結果が違います。")
    ]
    assert found([["< 20", "1"], [">= 18", "1"]], "A", inputs=("n",)) == []
    assert found(rows, "F", inputs=("n",)) == []


def test_columns_with_expressions_are_not_guessed_at() -> None:
    assert found([["> 限度", "1"], ["<= 限度", "2"]], inputs=("n",)) == [
        ("not-checked", "1列目に式が入っているため、抜けがあるかは調べていません。")
    ]


@pytest.mark.parametrize(
    ("cells", "code", "row", "column"),
    [
        ([">>", "1"], "cell", (1,), 1),
        (["1", "1 +"], "cell", (1,), 2),
        (["> 限度", "1"], "unknown-name", (1,), 1),
        (["a...b", "1"], "cell", (1,), 1),
    ],
)
def test_a_wrong_cell_is_found_at_its_place(cells: list[str], code: str, row: tuple[int, ...], column: int) -> None:
    table = table_from_rows(inputs=["n"], outputs=["額"], rows=[cells])
    finding = check_table(table, names=Names(frozenset({"n"})))[0]
    assert (finding.code, finding.rows, finding.column) == (code, row, column)


def test_the_shape_of_a_table_is_checked() -> None:
    two = [OutputClause(name="a"), OutputClause(name="a")]
    table = table_from_rows(inputs=["n"], outputs=two, rows=[["-", "1", "2"]], hit_policy="C+")
    assert {finding.code for finding in check_table(table)} == {"output-name", "aggregation"}
    table = table_from_rows(inputs=["n"], outputs=["a"], rows=[["-", "1"]], hit_policy="O")
    assert [finding.code for finding in check_table(table)] == ["output-values"]


_NUMBERS = st.integers(0, 4)
_NUMBER_CELLS = st.one_of(
    st.just("-"),
    _NUMBERS.map(str),
    st.builds("{}{}".format, st.sampled_from(["<", "<=", ">", ">="]), _NUMBERS),
    st.builds(lambda a, b: f"[{min(a, b)}..{max(a, b)}]", _NUMBERS, _NUMBERS),
    st.builds("not({})".format, _NUMBERS),
)
_LETTER_CELLS = st.sampled_from(["-", '"a"', '"b"', '"a","b"', 'not("a")'])


@settings(max_examples=60)
@given(st.lists(st.tuples(_NUMBER_CELLS, _LETTER_CELLS, st.just("1")), min_size=1, max_size=4))
def test_gaps_and_collisions_are_exactly_those_that_evaluation_shows(rows: list[tuple[str, str, str]]) -> None:
    table = table_from_rows(inputs=["n", "s"], outputs=["r"], rows=rows)
    codes = {finding.code for finding in check_table(table)}
    model = model_of_table(name="r", table=table)
    tried = [
        model.evaluate("r", {"n": n / 2, "s": s}).tables[0].matched
        for n, s in itertools.product(range(-2, 12), ("a", "b", "c"))
    ]
    assert ("overlap" in codes) == any(len(matched) > 1 for matched in tried)
    assert bool(codes & {"gap", "gap-fraction"}) == any(not matched for matched in tried)
