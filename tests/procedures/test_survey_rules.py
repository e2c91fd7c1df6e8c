"""Rules of surveys: what age bands mean, which cells are hidden, how digits become answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.procedures.rules.definition import FormField
from madoguchi.procedures.rules.survey import (
    Group,
    Mistyped,
    differences,
    hidden_cells,
    is_checked,
    match_bands,
    population_by_option,
    read_keys,
    write_keys,
)
from madoguchi.procedures.rules.survey.bands import band_of_words
from madoguchi.procedures.services.surveys.drawing import BANDS, band_of


def question(component: str, count: int = 6) -> FormField:
    options = [{"code": f"o{n}", "label": str(n)} for n in range(count)] if component.startswith("choice") else []
    return FormField.model_validate({"code": "q", "component": component, "label": "q", "options": options})


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("16～19歳", (16, 19)), ("１６〜１９歳", (16, 19)), ("80歳以上", (80, 200)), ("80-", (80, 200)), ("-15", (0, 15)),
        ("15歳以下", (0, 15)), ("20歳未満", (0, 19)), ("30代", (30, 39)), ("70代以上", (70, 200)), ("16 to 19", (16, 19)),
        ("10歳以上20歳未満", (10, 19)), ("答えない", None), ("1から2と3", None), ("300", None), ("19～16", None),
    ],
)  # fmt: skip
def test_age_bands_are_read_as_people_write_them(words, band) -> None:
    assert band_of_words(words) == band


@given(st.integers(0, 120))
def test_every_age_lies_in_the_band_it_is_drawn_in(age) -> None:
    band = band_of_words(band_of(age))
    assert band is not None
    assert band[0] <= age <= band[1]


def test_wider_options_take_several_strata_and_what_does_not_fit_gives_no_weights() -> None:
    strata = {"16-19": 10, "20-29": 20, "30-39": 30, "60-69": 5, "70-79": 4, "80-": 3}
    wide = [Group("young", "18～29歳"), Group("middle", "30～59歳"), Group("old", "60歳以上")]
    assert population_by_option(wide, strata, 18) == {"young": 30.0, "middle": 30.0, "old": 12.0}
    assert match_bands(wide, list(strata), 16) == {}
    assert match_bands([Group("x", "はい")], list(strata)) == {}
    assert len(BANDS) == 8


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=6)
    )
)
def test_no_hidden_cell_can_be_worked_out_from_its_row_or_column(counts) -> None:
    hidden = hidden_cells(counts)
    small = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < 5}
    assert small <= hidden
    if not small:
        assert not hidden
    for row in range(len(counts)):
        assert len(counts[0]) == 1 or sum((row, column) in hidden for column in range(len(counts[0]))) != 1
    for column in range(len(counts[0])):
        assert len(counts) == 1 or sum((row, column) in hidden for row in range(len(counts))) != 1


@given(st.sampled_from(["choice", "choices", "yes_no"]), st.integers(1, 14), st.data())
def test_what_is_typed_for_an_answer_is_read_as_that_answer(component, count, data) -> None:
    field = question(component, count)
    codes = [option.code for option in field.options]
    answer: object = data.draw(st.booleans())
    if component == "choice":
        answer = data.draw(st.sampled_from(codes))
    elif component == "choices":
        chosen = data.draw(st.sets(st.sampled_from(codes), min_size=1))
        answer = [code for code in codes if code in chosen]
    assert read_keys(field, write_keys(field, answer)) == answer


@given(st.text(max_size=12))
def test_nothing_that_can_be_typed_breaks_the_reading(typed) -> None:
    for component in ("choice", "choices", "yes_no"):
        found = read_keys(question(component), typed)
        assert found is None or isinstance(found, bool | str | list | Mistyped)


@pytest.mark.parametrize(
    ("component", "typed", "answer"),
    [
        ("choice", "２", "o1"), ("choice", "0", None), ("choice", "", None), ("choices", "13", ["o0", "o2"]),
        ("choices", "3 1", ["o0", "o2"]), ("choices", "1、1", ["o0"]), ("yes_no", "1", True), ("yes_no", "2", False),
    ],
)  # fmt: skip
def test_digits_choose_options(component, typed, answer) -> None:
    assert read_keys(question(component), typed) == answer


@pytest.mark.parametrize(("component", "typed"), [("choice", "7"), ("choice", "12"), ("yes_no", "3"), ("choices", "x")])
def test_digits_without_an_option_are_no_answer(component, typed) -> None:
    assert isinstance(read_keys(question(component), typed), Mistyped)


def test_two_typings_differ_where_the_answer_does_and_not_where_only_the_order_does() -> None:
    fields = [question("choices"), FormField.model_validate({"code": "t", "component": "text", "label": "t"})]
    assert differences(fields, {"q": ["o1", "o0"], "t": " a "}, {"q": ["o0", "o1"], "t": "a"}) == []
    assert differences(fields, {"q": ["o1"]}, {"q": ["o0"], "t": "b"}) == ["q", "t"]


def test_the_chosen_share_of_sheets_is_about_right_and_grows() -> None:
    sheets = [str(number) for number in range(2000)]
    tenth = {sheet for sheet in sheets if is_checked("s", sheet, 10)}
    half = {sheet for sheet in sheets if is_checked("s", sheet, 50)}
    assert 150 < len(tenth) < 250
    assert tenth < half
    assert all(is_checked("s", sheet, 100) for sheet in sheets)
    assert not any(is_checked("s", sheet, 0) for sheet in sheets)
