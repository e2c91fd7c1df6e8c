"""Fiscal years and the columns they head."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.rules.reading.columns import YearColumns
from madoguchi.plan.rules.reading.years import (
    find_years,
    heading_remark,
    looks_like_year,
    parse_fiscal_year,
    year_header,
)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和5年度", 2023),
        ("令和 5 年度", 2023),
        ("令和２年度", 2020),
        ("令和元年度", 2019),
        ("令和4年度 (2月末時点)", 2022),
        ("R1", 2019),
        ("H27", 2015),
        ("計画策定時(H27)", 2015),
        ("平成32年度", 2020),
        ("2022年度", 2022),
        ("令和5(2023)年度", 2023),
        ("令和5(2022)年度", None),
        ("令和0年度", None),
        ("明和4年度", None),
        ("第5期", None),
        ("H264", None),
        ("", None),
    ],
)
def test_years_are_western_years_in_which_they_start(text: str, year: int | None) -> None:
    assert parse_fiscal_year(text) == year


@given(st.integers(1, 60))
def test_every_reiwa_year_is_found_in_any_spacing(number: int) -> None:
    for text in (f"令和{number}年度", f"令和 {number} 年度", f"R{number}"):
        assert parse_fiscal_year(text) == 2018 + number


def test_all_years_of_a_text_are_found_in_order() -> None:
    assert [year.fiscal_year for year in find_years("平成30年度に比べ令和2年度は")] == [2018, 2020]


def test_unknown_years_still_look_like_years() -> None:
    assert [looks_like_year(text) for text in ("令和○年度", "明和4年度")] == [True, True]
    assert [looks_like_year(text) for text in ("年度毎の取組", "計画期間の取組内容を示す長い説明")] == [False, False]


@pytest.mark.parametrize(
    ("cells", "years"),
    [
        (["年度毎の取組", "", "令和4年度 (2月末時点)", "令和5年度"], [None, None, 2022, 2023]),
        (["指 標", "計画策定時(H27)", "目標値(R1)", "結 果"], [None, 2015, 2019, None]),
        (["年 度", "令和２年度", "令和３年度"], [None, 2020, 2021]),
        (["平成30年度", "平成31年 5月25日", "第1回会議"], None),
        (["令和5年度", "見出しではない長い説明文がここに入っています", "令和6年度"], None),
        (["令和5年度"], None),
        ([], None),
    ],
)
def test_a_row_of_year_headings_is_told_from_others(cells: list[str], years: list[int | None] | None) -> None:
    assert year_header(cells) == years


def test_the_remark_of_a_heading_is_kept() -> None:
    assert heading_remark("令和4年度 (2月末時点)") == "2月末時点"
    assert heading_remark("計画策定時(H27)") == ""
    assert heading_remark("令和5年度") == ""


def columns(*cells: str, last: int = 2025) -> YearColumns:
    found = YearColumns.from_header(cells, last_year=last)
    assert found is not None
    return found


def test_columns_stand_under_their_headings() -> None:
    head = columns("年度毎の取組", "", "令和4年度", "令和5年度", "令和6年度", "令和7年度")
    assert [head.year_at(column, first_value=2) for column in range(2, 7)] == [2022, 2023, 2024, 2025, None]


def test_values_shift_where_the_heading_row_has_no_label_column() -> None:
    head = columns("年度毎の取組", "令和4年度 (2月末時点)", "令和5年度", "令和6年度", "令和7年度")
    assert [head.year_at(column, first_value=2) for column in range(2, 5)] == [2022, 2023, 2024]
    assert [head.year_at(column, first_value=1) for column in range(1, 5)] == [2022, 2023, 2024, 2025]
    assert head.remark_at(2, first_value=2) == "2月末時点"


def test_a_lost_last_heading_is_counted_on_to_the_end_of_the_plan() -> None:
    head = columns("年度毎の取組", "", "令和4年度", "令和5年度", "令和6年度", "")
    assert head.year_at(5, first_value=2) == 2025
    assert head.year_at(6, first_value=2) is None


@pytest.mark.parametrize("strange", ["令和0年度", "明和6年度", "令和51年度", "令和5年度", "令和○年度"])
def test_a_heading_that_cannot_be_dates_nothing(strange: str) -> None:
    head = columns("年度毎の取組", "", "令和4年度", "令和5年度", strange, "令和7年度")
    assert [head.year_at(column, first_value=2) for column in range(2, 6)] == [2022, 2023, None, 2025]


def test_an_unknown_first_heading_moves_no_column() -> None:
    head = columns("年度毎の取組", "令和○年度", "令和5年度", "令和6年度")
    assert [head.year_at(column, first_value=2) for column in range(2, 4)] == [None, 2023]


def test_a_row_without_a_known_year_is_no_heading() -> None:
    assert YearColumns.from_header(["年度毎の取組", "明和4年度"], last_year=2025) is None
