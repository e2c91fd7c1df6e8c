"""The cells of decision tables."""

import datetime as dt

import pytest

from madoguchi.kit.feel import FeelSyntaxError, cached_unary_tests, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "value", "passes"),
    [
        ("-", None, True),
        ("", 1, True),
        (">= 18", 18, True),
        (">= 18", None, False),
        ("18", 18, True),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ("not(5)", 6, True),
        ("not([1..3], > 10)", 5, True),
        ("[1..10)", 10, False),
        ("(1..10]", 10, True),
        ("]1..10[", 1, False),
        ("[1..3], [7..9]", 8, True),
        ("null", None, True),
        ("not(null)", None, False),
        ("not(null)", 1, True),
        ("true", True, True),
        ("true", False, False),
        ("? > 3 and ? < 6", 5, True),
        ('starts with(?, "市")', "市内", True),
        ("count(?) > 1", [1, 2], True),
        ("[1, 2, 3]", 2, True),
        ("x", 3, True),
        ("x + 1", 3, False),
        ("> x, x", 3, True),
        ("x = 3", "anything", True),
        ('date("2024-04-01")', dt.date(2024, 4, 1), True),
        ('>= @"2024-04-01"', dt.date(2024, 3, 31), False),
        ('"1"', 1, False),
        ("!= 1", 2, True),
        ("= 1", 1, True),
    ],
)
def test_a_cell_passes_what_it_says(text: str, value: object, passes: bool) -> None:
    assert compile_unary_tests(text, ["x"]).matches(value, {"x": 3}) is passes


def test_comparisons_cannot_be_chained_and_the_message_says_what_to_write() -> None:
    with pytest.raises(FeelSyntaxError, match=r"範囲は「\[1\.\.10\]」"):
        compile_unary_tests(">= 1 and <= 10")


def test_compiled_cells_are_kept() -> None:
    assert cached_unary_tests("[1..5]") is cached_unary_tests("[1..5]")
