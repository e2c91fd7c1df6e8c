from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import fiscal

DAYS = st.dates(date(1870, 1, 1), date(2100, 12, 31))
YEARS = st.integers(1870, 2100)


@given(DAYS)
def test_every_day_lies_within_its_fiscal_year(day):
    year = fiscal.fiscal_year(day)
    assert fiscal.start_of(year) <= day <= fiscal.end_of(year)


@given(YEARS)
def test_fiscal_years_follow_each_other_without_a_gap(year):
    assert fiscal.end_of(year) + timedelta(days=1) == fiscal.start_of(year + 1)
    assert fiscal.half(fiscal.start_of(year)) == (year, 1)
    assert fiscal.half(date(year, 9, 30)) == (year, 1)
    assert fiscal.half(date(year, 10, 1)) == (year, 2)
    assert fiscal.half(fiscal.end_of(year)) == (year, 2)


@given(YEARS, st.sampled_from(["ja", "ja-easy", "en"]))
def test_a_label_is_read_back_as_the_same_year(year, lang):
    assert fiscal.parse_fiscal_year(fiscal.label(year, lang)) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和5年度", 2023),
        ("令和 5 年度", 2023),
        ("令 和 ５ 年 度", 2023),
        ("令和五年度", 2023),
        ("令和十二年度", 2030),
        ("平成二十九年度", 2017),
        ("R5", 2023),
        ("Ｒ１", 2019),
        ("r1", 2019),
        ("H27", 2015),
        ("R5年度末", 2023),
        ("令和元年度", 2019),
        ("平成３１年度(令和元年度)", 2019),
        ("令和元年度（平成31年度）実績", 2019),
        ("平成32年度", 2020),
        ("昭和63年度", 1988),
        ("2023年度", 2023),
        ("２０２３年度", 2023),
        ("FY2023", 2023),
        ("ＦＹ 2023", 2023),
        ("2023年度（令和5年度）", 2023),
    ],
)
def test_fiscal_years_are_read_as_documents_write_them(text, year):
    assert fiscal.parse_fiscal_year(text) == year


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5年度",
        "令和5年",
        "2023年",
        "2023",
        "R0",
        "令和0年度",
        "R5.4.1",
        "R5-1",
        "令和2年度～令和4年度",
        "平成32年度（令和元年度）",
    ],
)
def test_what_names_no_single_fiscal_year_is_not_guessed(text):
    assert fiscal.parse_fiscal_year(text) is None


def test_all_years_of_a_text_are_found_in_order():
    assert fiscal.find_fiscal_years("令和4年度（令和 2 年度比）、FY2021") == [2022, 2020, 2021]


@pytest.mark.parametrize(
    ("year", "lang", "label"),
    [
        (2023, "ja", "令和5年度"),
        (2023, "en", "FY2023"),
        (2023, "ja-easy", "2023年度（令和5年度）"),
        (2019, "ja", "令和元年度"),
        (2018, "ja", "平成30年度"),
        (1988, "ja", "昭和63年度"),
        (1989, "ja", "平成元年度"),
        (1860, "ja", "1860年度"),
    ],
)
def test_labels_name_the_era_at_the_end_of_the_calendar_year(year, lang, label):
    assert fiscal.label(year, lang) == label


def test_in_april_and_may_a_payment_may_still_belong_to_the_year_before():
    assert fiscal.closing_period(2025) == (date(2026, 4, 1), date(2026, 5, 31))
    assert fiscal.open_fiscal_years(date(2026, 4, 1)) == (2025, 2026)
    assert fiscal.open_fiscal_years(date(2026, 5, 31)) == (2025, 2026)
    assert fiscal.open_fiscal_years(date(2026, 6, 1)) == (2026,)
    assert fiscal.open_fiscal_years(date(2026, 3, 31)) == (2025,)


@given(DAYS)
def test_open_fiscal_years_agree_with_the_closing_period(day):
    for year in range(fiscal.fiscal_year(day) - 2, fiscal.fiscal_year(day) + 1):
        first, last = fiscal.closing_period(year)
        expected = year == fiscal.fiscal_year(day) or first <= day <= last
        assert (year in fiscal.open_fiscal_years(day)) == expected
