import csv
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import era
from madoguchi.kit.era import Era, ParsedDate, Precision
from tests.shared import shared_path

DAYS = st.dates(era.ERAS[0].start, date(2100, 12, 31))


@given(DAYS, st.sampled_from(["ja", "ja-easy"]))
def test_a_written_date_is_read_back_exactly(day, lang):
    assert era.parse_date(era.format_date(day, lang)) == ParsedDate(day, Precision.DAY)


@given(DAYS)
def test_the_year_of_an_era_leads_back_to_the_western_year(day):
    found, year = era.to_era(day)
    assert year >= 1
    assert era.western_year(found.name, year) == era.western_year(found.initial, year) == day.year


def test_an_era_begins_on_its_first_day_with_gannen():
    for before, now in zip(era.ERAS, era.ERAS[1:], strict=False):
        assert era.to_era(now.start) == (now, 1)
        assert era.to_era(now.start - timedelta(days=1))[0] == before
    assert era.to_era(date(1868, 1, 24)) is None
    assert era.format_date(date(2019, 5, 1)) == "令和元年5月1日（水）"
    assert era.format_date(date(2019, 4, 30)) == "平成31年4月30日（火）"


def test_a_new_era_is_a_new_row_and_nothing_else(monkeypatch):
    monkeypatch.setattr(era, "ERAS", (*era.ERAS, Era("新元", "X", "Shingen", date(2050, 1, 1))))
    assert era.format_date(date(2050, 1, 1)) == "新元元年1月1日（土）"
    assert era.format_date(date(2049, 12, 31)) == "令和31年12月31日（金）"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ja", "令和8年11月20日（金）"),
        ("ja-easy", "2026年（令和8年）11月20日（金）"),
        ("en", "20 November 2026 (Fri)"),
    ],
)
def test_dates_are_written_for_each_language(lang, text):
    assert era.format_date(date(2026, 11, 20), lang) == text


def test_days_before_the_first_era_have_western_years():
    assert era.format_date(date(1800, 5, 1)) == "1800年5月1日（木）"


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("令和4年2月末", date(2022, 2, 28), Precision.MONTH_END),
        ("令和６年２月末日", date(2024, 2, 29), Precision.MONTH_END),
        ("平成31年4月", date(2019, 4, 1), Precision.MONTH),
        ("令和4年度末", date(2023, 3, 31), Precision.FISCAL_YEAR_END),
        ("令和4年末", date(2022, 12, 31), Precision.YEAR_END),
        ("令和4年", date(2022, 1, 1), Precision.YEAR),
        ("令和4年3月下旬", date(2022, 3, 21), Precision.MONTH_PART),
        ("令和八年十一月二十日", date(2026, 11, 20), Precision.DAY),
        ("二〇二六年四月一日", date(2026, 4, 1), Precision.DAY),
        ("Ｒ８．１１．２０", date(2026, 11, 20), Precision.DAY),
        ("S64/1/7", date(1989, 1, 7), Precision.DAY),
        ("2026-11-20", date(2026, 11, 20), Precision.DAY),
        ("2026/4", date(2026, 4, 1), Precision.MONTH),
        ("令和元年 5 月 1 日現在", date(2019, 5, 1), Precision.DAY),
        ("令和 2 年（2020 年）3 月", date(2020, 3, 1), Precision.MONTH),
        ("令和2(2020)年3月31日", date(2020, 3, 31), Precision.DAY),
    ],
)
def test_dates_are_read_as_documents_write_them(text, day, precision):
    assert era.parse_date(text) == ParsedDate(day, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2月30日",
        "令和4年2月30日",
        "令和4年13月",
        "令和0年1月1日",
        "令和8年（2025年）4月1日",
        "10時30分",
        "1234-56",
        "第3条",
        "令和十十年",
    ],
)
def test_what_is_no_date_is_not_guessed(text):
    assert era.parse_date(text) is None


@pytest.mark.shared
def test_first_days_agree_with_the_reference_tables():
    known = json.loads(shared_path("data", "codes", "jeraconv_eras.json").read_text("utf-8"))
    for row in era.ERAS[1:]:
        assert date(*known[row.name]["start"].values()) == row.start
    rows = csv.DictReader(shared_path("data", "codes", "元号西暦対応表.csv").read_text("utf-8-sig").splitlines())
    for row in rows:
        day = row["元号による最初の日付"]
        assert era.western_year(day[0], day[1:3]) == int(row["西暦"])
        assert era.parse_date(day).date.year == int(row["西暦"])
