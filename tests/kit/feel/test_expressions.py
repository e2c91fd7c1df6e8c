"""The language itself: literals, operators, names, lists, contexts, loops, functions."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from madoguchi.kit.feel import FeelSyntaxError, Names, Range, compile_expression
from tests.kit.feel.values import feel, shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 3/2*2 - 2**3", "-4.0"),
        ("-2 ** 2", "4"),
        ("2 ** 3 ** 2", "64"),
        ("(1 + 2) * 3", "9"),
        ("1/3", "0.3333333333333333333333333333333333"),
        (".25 + .2", "0.45"),
        ("1 / 0", "null"),
        ("1 + null", "null"),
        ('1 + "1"', "null"),
        ('"foo" + "bar"', '"foobar"'),
        ('"\\u3042\\U01F40E\\n\\"" = "あ🐎\n\\""', "true"),
        ("10 ** 400000000", "null"),
        ("--1", "1"),
        ("1 + /* a note */ 1 // to the end", "2"),
        ('date("2024-02-29") + duration("P1Y")', "2025-02-28"),
        ('date("2023-01-31") + @"P1M"', "2023-02-28"),
        ('date("1969-12-31") - @"PT1H"', "1969-12-30"),
        ('time("23:59:00z") + duration("PT2M")', "00:01:00Z"),
        ('date and time("2012-12-24T23:59:00") + duration("PT1M")', "2012-12-25T00:00:00"),
        ('date("2012-12-25") - date("2012-12-24")', "P1D"),
        ('@"2021-01-02T10:10:10" - @"2021-01-01"', "null"),
        ('@"P1D" / @"PT1H"', "24"),
        ('@"P1Y" * 2.5', "P2Y6M"),
        ('@"P1D" / 0', "null"),
        ('-@"P1Y2M"', "-P1Y2M"),
    ],
)
def test_arithmetic_follows_decimal128_and_gives_null_outside_its_domain(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 = 1.000", "true"),
        ('1 = "1"', "null"),
        ("null = null", "true"),
        ("1 = null", "false"),
        ("1 != null", "true"),
        ("[1, 2] = [1, 2]", "true"),
        ("[1, 2] = [1]", "false"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ('"a" < "b"', "true"),
        ('"a" < 1', "null"),
        ("null < 1", "null"),
        ('time("10:00:00Z") = time("11:00:00+01:00")', "true"),
        ('time("10:00:00") = time("10:00:00Z")', "false"),
        ('time("10:00:00") < time("11:00:00+09:00")', "true"),
        ('date("2024-01-01") = date and time("2024-01-01T00:00:00")', "null"),
        ('@"P1D" = @"PT24H"', "true"),
        ("5 between 1 and 10", "true"),
        ("null between 1 and 10", "null"),
        ("1 = 2 = false", "true"),
    ],
)
def test_comparison_is_true_false_or_null(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 in (<=5)", "true"),
        ("5 in ((5..10])", "false"),
        ("5 in ([5..10])", "true"),
        ("5 in (4, 5, 6)", "true"),
        ("5 in (<5, >5)", "false"),
        ("5 in ]1..5]", "true"),
        ("5 in [1..5[", "false"),
        ("1 in [[2..4], [1..3]]", "true"),
        ("[1,2] in [[3], [1,2]]", "true"),
        ('"a" in [1..3]', "null"),
        ("null in [1..3]", "null"),
        ("1 in [null..3]", "null"),
        ("3 in (? > 2)", "true"),
        ('@"2012-12-31" in (@"2012-12-25"..@"2013-02-14")', "true"),
        ("1 in (!= 2)", "true"),
    ],
)
def test_in_tests_ranges_lists_and_conditions(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2, 3, 4][item > 2]", "[3, 4]"),
        ("[{x:1, y:2}, {x:null, y:3}][x < 2]", "[{x: 1, y: 2}]"),
        ("[{x:1, y:2}, {x:2, y:3}].y", "[2, 3]"),
        ("[1, 2, 3][1]", "1"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][0]", "null"),
        ("[1, 2, 3][4]", "null"),
        ("[][1]", "null"),
        ("3[item > 2]", "[3]"),
        ('[1, 2]["a"]', "null"),
        ("[1, 2, 3][item >= 2][1]", "2"),
        ("{a: 1, b: a + 1}.b", "2"),
        ("{a: {b: 1}}.a.b", "1"),
        ("{a: 1}.c", "null"),
        ("null.a", "null"),
        ("{foo + bar: 1}.foo + bar", "1"),
        ('{"foo bar": 1}.foo bar', "1"),
        ('{a: 1, b: [2, "x"]}', '{a: 1, b: [2, "x"]}'),
        ("[1..10].start", "1"),
        ("]1..3[.end included", "false"),
        ("(<= 5).end", "5"),
        ("[3..1]", "null"),
        ("[null..3].end", "3"),
        ("1 in (function(r) r)([null..3])", "null"),
    ],
)
def test_lists_contexts_and_ranges_are_taken_apart(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("for i in 1..3 return i * 2", "[2, 4, 6]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1,2], j in [3,4] return i * j", "[3, 4, 6, 8]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ('for d in @"2024-02-28"..@"2024-03-01" return d.day', "[28, 29, 1]"),
        ("for x in null return x", "null"),
        ("some x in [1,2] satisfies x > 1", "true"),
        ("every x in [1,2], y in [3] satisfies x < y", "true"),
        ("every x in [] satisfies false", "true"),
        ("some x in [] satisfies true", "false"),
        ("some x in [1, null] satisfies x > 1", "null"),
        ('if null then "a" else "b"', '"b"'),
        ("(function(x, y) x + y)(1, 2)", "3"),
        ("(function(x: string) x)(1)", "null"),
        ("{f: function(a) function(b) a + b}.f(1)(2)", "3"),
        ("{fact: function(n) if n <= 1 then 1 else n * fact(n - 1), r: fact(10)}.r", "3628800"),
        ("[1] instance of list<number>", "true"),
        ("123 instance of string", "false"),
        ("123 instance of list", "null"),
        ("null instance of Null", "true"),
        ("null instance of number", "false"),
        ("{a: 1, b: 2} instance of context<a: number>", "true"),
        ("(function(a: number) a) instance of function<number>->Any", "true"),
        ('@"P1D" instance of days and time duration', "true"),
        ('[@"2020-01-01"..@"2021-01-01"] instance of range<date>', "true"),
    ],
)
def test_loops_conditions_functions_and_types(text: str, value: str) -> None:
    assert shown(text) == value


def test_names_of_several_words_are_found_when_they_are_declared() -> None:
    assert feel("Applicant Age > 18", {"Applicant Age": 20}) is True
    assert feel("Date-Time2 - Date-Time", {"Date-Time": 3, "Date-Time2": 5}) == Decimal(2)
    assert feel("(a)-(b) + a-b", {"a": 5, "b": 2, "a-b": 10}) == Decimal(13)
    assert feel("Profit and loss > 1 and true", {"Profit and loss": 2}) is True


def test_japanese_names_need_no_declaration() -> None:
    expression = compile_expression('申請者.年齢 >= 18 and 区分 in ("市内", "市外") and 第１子')
    assert expression.evaluate({"申請者": {"年齢": 20}, "区分": "市内", "第１子": True}) is True
    assert expression.unknown_names == {"申請者", "区分", "第１子"}


def test_members_of_several_words_are_found_when_they_are_declared() -> None:
    names = Names(frozenset({"loan"}), frozenset({"first payment"}))
    loan = {"first payment": 100}
    assert compile_expression("loan.first payment + 1", names).evaluate({"loan": loan}) == Decimal(101)
    assert compile_expression("loans[first payment > 50].first payment", names).evaluate({"loans": [loan]}) == [
        Decimal(100)
    ]


def test_strict_names_refuse_a_misspelt_variable_where_it_stands() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("年齢 > 18 and 年令 < 65", Names(frozenset({"年齢"}), strict=True))
    assert (caught.value.code, caught.value.line, caught.value.column) == ("unknown-name", 1, 13)


def test_an_unknown_name_is_null_and_noted() -> None:
    notes: list[str] = []
    assert compile_expression("年令 > 18").evaluate({"年齢": 20}, notes=notes) is None
    assert notes == ["「年令」という名前の値はありません。"]


def test_python_values_come_in_and_go_out_as_python_values() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    scope = {
        "日": dt.date(2026, 4, 1),
        "時刻": dt.datetime(2026, 4, 1, 9, 30, tzinfo=tokyo),
        "期間": dt.timedelta(hours=36),
        "率": 0.1,
    }
    assert feel('日 + duration("P1M")', scope) == dt.date(2026, 5, 1)
    assert feel("時刻 + 期間", scope) == dt.datetime(2026, 4, 2, 21, 30, tzinfo=tokyo)
    assert feel("期間.days", scope) == Decimal(1)
    assert feel("率 * 3", scope) == Decimal("0.3")
    assert feel("[1..2)", scope) == Range(Decimal(1), Decimal(2), True, False)


def test_a_zone_decides_across_a_clock_change() -> None:
    assert shown('@"2024-03-30T12:00:00@Europe/Paris" + @"P1D"') == "2024-03-31T13:00:00@Europe/Paris"
