"""The worked examples of the algorithm page are true."""

from pathlib import Path

import pytest

from madoguchi.kit.feel import compile_unary_tests
from tests.kit.feel.values import shown

PAGE = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "feel.md"


def _tables(heading: str) -> list[list[str]]:
    """The rows below every table heading that begins with a word."""
    rows: list[list[str]] = []
    inside = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("|---"):
            continue
        if line.startswith(f"| {heading} |"):
            inside = True
        elif inside and line.startswith("| `"):
            rows.append([cell.strip().removeprefix("`").removesuffix("`") for cell in line.strip("|").split(" | ")])
        else:
            inside = False
    return [[cell.strip().removeprefix("`").removesuffix("`") for cell in row] for row in rows]


@pytest.mark.parametrize(("text", "value"), [tuple(row) for row in _tables("expression")])
def test_an_expression_has_the_value_on_the_page(text: str, value: str) -> None:
    assert shown(text) == value


@pytest.mark.parametrize("row", _tables("cell"), ids=lambda row: row[0])
def test_a_cell_passes_what_the_page_says(row: list[str]) -> None:
    tests = compile_unary_tests(row[0])
    passed = ["yes" if tests.matches(value) else "no" for value in (17, 18, 65, None)]
    assert passed == row[1:]


def test_the_page_has_examples() -> None:
    assert len(_tables("expression")) > 20
    assert len(_tables("cell")) == 6
