"""The built-in functions, family by family; many examples are those of the standard's own tables."""

import datetime as dt
import random
import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.kit.feel import compile_expression
from tests.kit.feel.values import feel, shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('substring("foobar", 3)', '"obar"'),
        ('substring("foobar", 3, 3)', '"oba"'),
        ('substring("foobar", -2, 1)', '"a"'),
        ('substring("foobar", 0)', "null"),
        ('substring("\\U01F40Eab", 2)', '"ab"'),
        ('substring(string: "abc", start position: 2)', '"bc"'),
        ('string length("あいう")', "3"),
        ('upper case("aBc4")', '"ABC4"'),
        ('lower case("aBc4")', '"abc4"'),
        ('substring before("foobar", "bar")', '"foo"'),
        ('substring before("foobar", "xyz")', '""'),
        ('substring after("foobar", "ob")', '"ar"'),
        ('substring after("", "a")', '""'),
        ('replace("banana", "a", "o")', '"bonono"'),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
        ('contains(["foobar"], "of")', "false"),
        ('starts with("foobar", "fo")', "true"),
        ('ends with("foobar", "r")', "true"),
        ('matches("foobar", "^fo*b")', "true"),
        ('split("John Doe", "\\s")', '["John", "Doe"]'),
        ('split("a;b;c;;", ";")', '["a", "b", "c", "", ""]'),
        ('string join(["a", null, "c"], "X")', '"aXc"'),
        ('string join(["a", "b"], null)', '"ab"'),
        ("string join([1])", "null"),
        ("string length(1)", "null"),
        ('contains("a")', "null"),
    ],
)
def test_string_functions(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(0.515, 2)", "0.52"),
        ("decimal(1, 7000)", "null"),
        ("floor(1.5)", "1"),
        ("floor(-1.56, 1)", "-1.6"),
        ("ceiling(-1.56, 1)", "-1.5"),
        ("round up(-5.5, 0)", "-6"),
        ("round down(-1.126, 2)", "-1.12"),
        ("round half up(-1.126, 2)", "-1.13"),
        ("round half down(5.5, 0)", "5"),
        ("round up(1, null)", "null"),
        ('abs(@"-PT5H")', "PT5H"),
        ("modulo(-12, 5)", "3"),
        ("modulo(10.1, -4.5)", "-3.4"),
        ("modulo(1, 0)", "null"),
        ("sqrt(16)", "4"),
        ("sqrt(-1)", "null"),
        ("log(0)", "null"),
        ("decimal(exp(5), 12)", "148.413159102577"),
        ("odd(5)", "true"),
        ("even(5)", "false"),
    ],
)
def test_numeric_functions(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("list contains([1, 2, null], null)", "true"),
        ("count([1, [2, 3]])", "2"),
        ("min([1, 2, 3])", "1"),
        ("max(1, 2, 3)", "3"),
        ('max("a", "b")', '"b"'),
        ("min([])", "null"),
        ('max([1, "a"])', "null"),
        ("sum([])", "null"),
        ("sum(1, 2, 3)", "6"),
        ("mean([1, 2, 3])", "2"),
        ("product([2, 3, 4])", "24"),
        ("median(8, 2, 5, 3, 4)", "4"),
        ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
        ("stddev([47])", "null"),
        ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
        ("mode([])", "[]"),
        ("all([false, null, true])", "false"),
        ("all([])", "true"),
        ("any([false, null])", "null"),
        ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
        ("append([1], 2, 3)", "[1, 2, 3]"),
        ("concatenate([1, 2], [3])", "[1, 2, 3]"),
        ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
        ("remove([1, 2, 3], -1)", "[1, 2]"),
        ("list replace([1, 2, 3], 2, 9)", "[1, 9, 3]"),
        ("list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", "[5, 5, 7]"),
        ("reverse([1, 2, 3])", "[3, 2, 1]"),
        ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),
        ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
        ("sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y)", "[1, 2, 3, 4, 5]"),
        ("count(null)", "null"),
    ],
)
def test_list_functions(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("date(2012, 12, 25)", "2012-12-25"),
        ("date(2023, 2, 29)", "null"),
        ('date("2012-12-25T10:00:00")', "null"),
        ('date("01211-12-31")', "null"),
        ('date("-999999999-12-31")', "-999999999-12-31"),
        ('date(date and time("2012-12-25T11:00:00Z"))', "2012-12-25"),
        ('date and time(date("2012-12-24"), time("23:59:00"))', "2012-12-24T23:59:00"),
        ('date and time("2017-12-31T24:00:00")', "2018-01-01T00:00:00"),
        ('time(23, 59, 0, duration("PT0H")) = time("23:59:00z")', "true"),
        ('time(date and time("2012-12-25T11:00:00Z"))', "11:00:00Z"),
        ('time("25:00:00")', "null"),
        ('time("10:00:00@Nowhere/City")', "null"),
        ('number("1 000,0", " ", ",") = number("1,000.0", ",", ".")', "true"),
        ('number("1e3")', "null"),
        ("string(1.1)", '"1.1"'),
        ("string(null)", "null"),
        ('string({a: "x", b: [1]})', '"{a: \\"x\\", b: [1]}"'),
        ('duration("P2Y2M") = duration("P26M")', "true"),
        ('duration("P0DT25H")', "P1DT1H"),
        ('duration("P1Y2M3D")', "null"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
        ('@"2018-12-10T10:30:00@Europe/Paris".time offset', "PT1H"),
        ('date("2018-12-10").weekday', "1"),
        ("day of year(date(2019, 9, 17))", "260"),
        ("day of week(date(2019, 9, 17))", '"Tuesday"'),
        ("month of year(date(2019, 9, 17))", '"September"'),
        ("week of year(date(2005, 1, 1))", "53"),
        ("week of year(date(2003, 12, 29))", "1"),
        ('is(time("23:00:50z"), time("23:00:50"))', "false"),
        ('is(time("23:00:50z"), time("23:00:50+00:00"))', "true"),
        ('range("[18..21)")', "[18..21)"),
        ('range("(..21)")', "(..21)"),
        ('range("[b..a]")', "null"),
        ("not(true)", "false"),
        ("not(null)", "null"),
    ],
)
def test_conversion_and_date_functions(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('get value({a: 1}, "a")', "1"),
        ("get entries({a: 1})", '[{key: "a", value: 1}]'),
        ('context([{key: "a", value: 1}, {key: "b", value: 2, more: 3}])', "{a: 1, b: 2}"),
        ('context([{key: "a", value: 1}, {key: "b"}])', "null"),
        ('context put({x: 1, y: 0}, "y", 2)', "{x: 1, y: 2}"),
        ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
        ("context put({x: 1}, [], 2)", "null"),
        ("context merge([{x: 1, y: 0}, {y: 2}])", "{x: 1, y: 2}"),
    ],
)
def test_context_functions(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "before(1, 10)",
        "before(1, (1..10])",
        "before([1..10), 10)",
        "before([1..10), [10..20])",
        "after(12, [1..10])",
        "after((11..20], [1..11])",
        "meets([1..5], [5..10])",
        "met by([5..10], [1..5])",
        "overlaps([5..8], [1..5])",
        "overlaps before([1..5), (1..5])",
        "overlaps after((1..5], [1..5))",
        "finishes([5..10), [1..10))",
        "finishes(10, [1..10])",
        "finished by([1..10], (1..10])",
        "includes([1..10], (1..10))",
        "during([5..10), [1..10))",
        "starts((1..5], (1..10])",
        "started by([1..10], [1..10))",
        "coincides([1..5], [1..5])",
        "includes((< 10), 5)",
        "not(before(1, [1..10]))",
        "not(overlaps([1..5), [5..8]))",
        "not(starts((1..5], [1..10]))",
        "not(overlaps before([1..5], [1..5]))",
        "not(finishes(10, [1..10)))",
        "not(meets([1..5), [5..10]))",
        "not(includes((1..10], 1))",
    ],
)
def test_range_functions(text: str) -> None:
    assert feel(text) is True


def test_the_clock_is_that_of_the_kit() -> None:
    with clock.frozen(dt.datetime(2026, 3, 31, 15, 30, tzinfo=dt.UTC)):
        assert feel("today()") == dt.date(2026, 4, 1)
        assert shown("now()") == "2026-04-01T00:30:00@Asia/Tokyo"


def test_a_call_that_fits_no_signature_is_null_and_noted() -> None:
    notes: list[str] = []
    assert compile_expression("substring(1, 2)").evaluate(notes=notes) is None
    assert notes == ["関数「substring」に渡した値の数か型が合いません。"]


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=30))
def test_statistics_agree_with_the_standard_library(numbers: list[int]) -> None:
    scope = {"n": numbers}
    assert feel("sum(n)", scope) == sum(numbers)
    assert feel("median(n)", scope) == Decimal(str(statistics.median(numbers)))
    assert feel("mode(n)", scope) == sorted(statistics.multimode(numbers))
    assert float(str(feel("stddev(n)", scope))) == pytest.approx(statistics.stdev(numbers))


@given(st.lists(st.integers(0, 50), max_size=40), st.integers())
def test_sort_orders_by_the_given_function_and_keeps_equal_elements_in_place(numbers: list[int], seed: int) -> None:
    records = [{"key": number, "place": place} for place, number in enumerate(numbers)]
    random.Random(seed).shuffle(records)
    ordered = feel("sort(r, function(x, y) x.key < y.key)", {"r": records})
    assert ordered == sorted(records, key=lambda record: record["key"])
