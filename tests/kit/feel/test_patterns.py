"""Regular expressions: XPath's syntax, the same matches as Python's ``re`` where both agree, and bounded time."""

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.feel import FeelLimitError, compile_expression
from madoguchi.kit.feel.patterns import PatternError, compile_pattern
from tests.kit.feel.values import feel, shown

_ATOMS = st.sampled_from(["a", "b", "ab", ".", "[ab]", "[^a]", "(a)", "(?:b|ab)", "(a|b)"])
_PIECES = st.builds(str.__add__, _ATOMS, st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}"]))
_PATTERNS = st.lists(_PIECES, min_size=1, max_size=5).map("".join)


@given(_PATTERNS, st.text("abc", max_size=12))
def test_the_machine_finds_what_python_finds(pattern: str, text: str) -> None:
    found, wanted = compile_pattern(pattern, "").search(text, 0, 100_000), re.search(pattern, text)
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        assert (found.start, found.end) == wanted.span()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('matches("abracadabra", "^(a)bra.*\\1$")', "true"),
        ('matches("ひらがな", "^\\p{IsHiragana}+$")', "true"),
        ('matches("a1", "^[a-z-[aeiou]]\\d$")', "false"),
        ('matches("x\ny", "^y", "m")', "true"),
        ('matches("x\ny", "x.y")', "false"),
        ('matches("x\ny", "x.y", "s")', "true"),
        ('matches("HELLO", "hello", "i")', "true"),
        ('matches("helloworld", "hello world", "x")', "true"),
        ('matches("a.b", "a.b", "q")', "true"),
        ('matches("axb", "a.b", "q")', "false"),
        ('matches("x", "(")', "null"),
        ('matches("x", "a**")', "null"),
        ('matches("x", "(?=x)")', "null"),
        ('matches("x", "x", "g")', "null"),
        ('replace("abracadabra", "a(.)", "a$1$1")', '"abbraccaddabbra"'),
        ('replace("abc", "b*", "x")', "null"),
        ('replace("abc", "b", "$")', "null"),
        ('replace("abc", "b", "\\\\$")', '"a$c"'),
        ('replace("〒250-8555", "^〒?(\\d{3})-?(\\d{4})$", "$1$2")', '"2508555"'),
        ('split("a1b22c", "\\d+")', '["a", "b", "c"]'),
    ],
)
def test_patterns_follow_xpath(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a*)*$", "^(.*)*b$", "(x+x+)+y"])
def test_a_pattern_that_explodes_elsewhere_ends_quickly(pattern: str) -> None:
    started = time.perf_counter()
    assert feel(f'matches(text, "{pattern}")', {"text": "a" * 60 + "x" * 60 + "!"}) is False
    assert time.perf_counter() - started < 2


def test_a_search_that_takes_too_many_steps_is_stopped() -> None:
    hard = compile_expression('matches(text, "^(a*)(a*)(a*)(a*)(a*)\\1b$")')
    with pytest.raises(FeelLimitError):
        hard.evaluate({"text": "a" * 60})


@pytest.mark.parametrize(
    "pattern", ["a{1000}{1000}", "(" * 60 + ")" * 60, "a" * 2000, "[a-", "\\", "a{2,1}", "\\p{Nope}"]
)
def test_a_pattern_that_is_too_large_or_broken_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, "")


@given(st.text(max_size=20), st.text(max_size=10))
def test_no_pattern_raises_anything_else(pattern: str, text: str) -> None:
    with contextlib.suppress(PatternError, FeelLimitError):
        compile_pattern(pattern, "").search(text, 0, 20_000)
