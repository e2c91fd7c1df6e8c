"""
Regular expressions typed by those who design forms: which would make the reading of an answer last for ever.

A search that goes back (backtracking) takes a time exponential in the length of the text where a repetition repeats something
that can be split in several ways: ``(a+)+``, ``(a|a)*``. Such expressions are never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from re import _constants as _c  # type: ignore[attr-defined]  # the parser of the standard library, the same that runs them
from re import _parser  # type: ignore[attr-defined]
from typing import Any

LONGEST_TEXT = 2000
"""Characters an answer may have that is held against an expression; quadratic searches stay in milliseconds."""
MANY = 10
"""From how many repetitions on a repetition counts as open-ended."""
_REPEATS = (_c.MAX_REPEAT, _c.MIN_REPEAT)


@lru_cache(maxsize=512)
def fault_of(pattern: str) -> str:
    """Return ``broken`` for what is no regular expression, ``slow`` for one that may take for ever, "" for a good one."""
    try:
        return "slow" if _is_slow(_parser.parse(pattern)) else ""
    except (re.error, RecursionError, OverflowError):
        return "broken"


def _is_slow(tree: Any) -> bool:
    for operator, value in tree:
        if operator in _REPEATS and value[1] >= MANY and _has_choices(value[2]):
            return True
        if any(_is_slow(part) for part in _parts(operator, value)):
            return True
    return False


def _has_choices(tree: Any) -> bool:
    """Tell whether what is repeated can match one text in several ways, as far as its form says."""
    for operator, value in tree:
        if operator in _REPEATS and value[1] > value[0] and value[1] >= MANY:
            return True
        if operator is _c.BRANCH and not _begin_differently(value[1]):
            return True
        if any(_has_choices(part) for part in _parts(operator, value)):
            return True
    return False


def _begin_differently(branches: list[Any]) -> bool:
    firsts = [branch[0] if len(branch) else None for branch in branches]
    literals = {first[1] for first in firsts if first is not None and first[0] is _c.LITERAL}
    return len(literals) == len(branches)


def _parts(operator: Any, value: Any) -> Iterator[Any]:
    if operator in _REPEATS:
        yield value[2]
    elif operator is _c.BRANCH:
        yield from value[1]
    elif operator is _c.SUBPATTERN:
        yield value[3]
    elif operator in (_c.ASSERT, _c.ASSERT_NOT):
        yield value[1]
    elif operator is _c.GROUPREF_EXISTS:
        yield from (part for part in value[1:] if part is not None)
