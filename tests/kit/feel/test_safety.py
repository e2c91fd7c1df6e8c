"""What the evaluator does with texts that nobody meant: its own errors, the right place, and an end in time."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.kit.feel import (
    FeelError,
    FeelLimitError,
    FeelSyntaxError,
    FeelUnsupportedError,
    Limits,
    compile_expression,
    compile_unary_tests,
)

_KEYWORDS = (
    "if then else for in return some every satisfies and or not between instance of function external",
    "true null",
)
_SIGNS = "? + - * / ** < <= = != ( ) [ ] { } , : .. . ... // /* */ -> @"
_VALUES = '1 .5 "a" @"P1D" x 年齢 item partial date string sum'
_WORDS = st.sampled_from([word for line in (*_KEYWORDS, _SIGNS, _VALUES) for word in line.split()])


@given(st.text(max_size=60))
@example("((((")
@example('"\\')
@example("/*")
@example("not(")
@example("{:")
def test_random_text_raises_only_errors_of_its_own(text: str) -> None:
    _try(text)


@given(st.lists(_WORDS, max_size=16).map(" ".join))
def test_random_words_of_the_language_raise_only_errors_of_its_own(text: str) -> None:
    _try(text)


def _try(text: str) -> None:
    limits = Limits(steps=2000, pattern_steps=2000)
    with contextlib.suppress(FeelError):
        compile_expression(text).evaluate({"x": 1, "年齢": [1, 2]}, limits=limits)
    with contextlib.suppress(FeelError):
        compile_unary_tests(text).matches(1, {"x": 1}, limits=limits)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("1 2", 1, 3),
        ('"abc', 1, 1),
        ("if true then 1", 1, 15),
        ("[1,\n 2", 2, 3),
        ("foo(a: 1, 2)", 1, 11),
    ],
)
def test_a_syntax_error_points_at_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_full_width_signs_are_explained() -> None:
    with pytest.raises(FeelSyntaxError, match="全角の「＞」は使えません。半角の「>」にしてください。"):
        compile_expression("年齢 ＞ 18")
    with pytest.raises(FeelSyntaxError, match="全角の「１」"):
        compile_unary_tests(">= １８")


@pytest.mark.parametrize(
    ("text", "construct"),
    [('function(x) external {java: {class: "C"}}', "function … external"), ("a...b", "...（子孫の項目）")],
)
def test_what_is_left_out_is_refused_by_name(text: str, construct: str) -> None:
    with pytest.raises(FeelUnsupportedError) as caught:
        compile_expression(text)
    assert caught.value.construct == construct


@pytest.mark.parametrize(
    "text",
    ["(" * 500 + "1" + ")" * 500, "-" * 500 + "x", "1" + "+1" * 5000, "a" + ".b" * 5000, "1" * 30_000, "[" * 300],
)
def test_a_text_that_is_too_long_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(FeelError):
        compile_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "some i in 1..1000000000 satisfies false",
        "for i in 1..1000, j in 1..1000 return i",
        "{f: function(n) f(n + 1), r: f(0)}.r",
        '{d: function(s) if string length(s) > 1000000 then s else d(s + s), r: d("aa")}.r',
        "distinct values(for i in 1..50000 return i)",
        "{l: for i in 1..50000 return {a: i}, r: for i in 1..100000 return l.a}.r",
        "{l: for i in 1..50000 return i, r: for i in 1..100000 return count(l)}.r",
        "{l: for i in 1..50000 return i, r: for i in 1..100000 return l = l}.r",
        "{l: for i in 1..50000 return i, r: for i in 1..100000 return 0 in (l)}.r",
    ],
)
def test_an_evaluation_that_asks_too_much_is_stopped(text: str) -> None:
    with pytest.raises(FeelLimitError):
        compile_expression(text).evaluate()


@pytest.mark.parametrize("text", ["__import__('os')", "().__class__", "x.__class__.__base__", "open('/etc/passwd')"])
def test_python_is_out_of_reach(text: str) -> None:
    with contextlib.suppress(FeelSyntaxError):
        assert compile_expression(text).evaluate({"x": 1}) is None
