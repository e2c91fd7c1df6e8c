"""The worked examples on the pages about algorithms give what the pages say."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "docs" / "algorithms"


@pytest.mark.parametrize("name", ["forecast.md", "lint.md", "meter-expressions.md"])
def test_the_worked_examples_are_right(name: str) -> None:
    result = doctest.testfile(
        str(PAGES / name), module_relative=False, encoding="utf-8", optionflags=doctest.IGNORE_EXCEPTION_DETAIL
    )
    assert result.attempted > 3
    assert result.failed == 0
