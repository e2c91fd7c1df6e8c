"""How values are written, in each language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from madoguchi.site import formats
from madoguchi.site.jinja2_environment import query

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("style", "japanese", "plain", "english"),
    [
        ("full", "令和8年11月20日（金）", "2026年11月20日（金曜日）", "Fri 20 November 2026"),
        ("day", "令和8年11月20日", "2026年11月20日", "20 November 2026"),
        ("month", "令和8年11月", "2026年11月", "November 2026"),
        ("short", "11月20日（金）", "11月20日（金曜日）", "Fri 20 November"),
        ("both", "令和8年（2026年）11月20日（金）", "2026年11月20日（金曜日）", "Fri 20 November 2026"),
        ("iso", "2026-11-20", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_date_is_written_as_its_reader_writes_it(style, japanese, plain, english) -> None:
    for language, expected in [("ja", japanese), ("ja-easy", plain), ("en", english)]:
        with translation.override(language):
            assert formats.format_date(DAY, style) == expected


def test_a_moment_is_read_in_japan() -> None:
    moment = datetime(2026, 11, 19, 15, 5, tzinfo=UTC)
    with translation.override("ja"):
        assert formats.format_datetime(moment) == "令和8年11月20日（金）0:05"
        assert formats.format_date(moment, "iso") == "2026-11-20"
    with translation.override("en"):
        assert formats.format_datetime(moment) == "Fri 20 November 2026 0:05"


def test_the_first_year_of_an_era_and_a_date_before_eras_have_their_own_words() -> None:
    with translation.override("ja"):
        assert formats.format_date(date(2019, 5, 1), "day") == "令和元年5月1日"
        assert formats.format_date(date(2019, 4, 30), "day") == "平成31年4月30日"
        assert formats.format_date(date(1800, 1, 2), "day") == "1800年1月2日"


def test_fiscal_years_follow_the_language() -> None:
    for language, expected in [("ja", "令和5年度"), ("en", "FY2023")]:
        with translation.override(language):
            assert formats.format_fiscal_year(2023) == expected


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (9450000, None, "9,450,000"),
        (64.8, None, "64.8"),
        (Decimal("64.80"), None, "64.8"),
        (Decimal("1200"), None, "1,200"),
        (Decimal("1E+3"), None, "1,000"),
        (0.1 + 0.2, 1, "0.3"),
        (-1234.5, 2, "-1,234.50"),
        (0, None, "0"),
        (None, None, ""),
    ],
)
def test_a_number_has_its_thousands_apart_and_no_idle_zeros(value, places, text) -> None:
    assert formats.format_number(value, places) == text


def test_yen_are_written_in_words_or_with_the_sign() -> None:
    with translation.override("ja"):
        assert formats.format_yen(1200) == "1,200円"
    with translation.override("en"):
        assert [formats.format_yen(n) for n in (1200, -5, 0)] == ["¥1,200", "-¥5", "¥0"]


def test_nothing_is_written_for_nothing() -> None:
    writers = [
        formats.format_date,
        formats.format_time,
        formats.format_datetime,
        formats.format_yen,
        formats.format_fiscal_year,
    ]
    assert [write(None) for write in writers] == [""] * 5


def test_a_telephone_number_can_be_called_and_a_word_cannot() -> None:
    assert 'href="tel:0465331300"' in formats.tel("0465-33-1300")
    assert formats.tel("<代表>") == "&lt;代表&gt;"


def test_a_heading_breaks_between_phrases_but_not_inside_a_date() -> None:
    with translation.override("ja"):
        assert formats.phrases("計画の進み具合を確かめる") == "計画の<wbr>進み具合を<wbr>確かめる"
        assert "年<wbr>度" not in formats.phrases("令和5年度の実績")
        assert '<span class="nowrap">30日（月）</span>' in formats.phrases("期限は11月30日（月）です")
    with translation.override("en"):
        assert formats.phrases("Plan & progress") == "Plan &amp; progress"


@given(st.text(max_size=60))
def test_breaking_into_phrases_changes_no_character(text) -> None:
    with translation.override("ja"):
        broken = formats.phrases(text)
        assert re.sub("<wbr>|</?span[^>]*>", "", broken) == Markup.escape(text)
        assert formats.phrases(Markup.escape(text)) == broken


def test_a_changed_parameter_keeps_the_others_and_none_removes_one() -> None:
    request = RequestFactory().get("/x", {"q": "保育 園", "page": "3", "tag": ["a", "b"]})
    assert query(request, page=4) == "?q=%E4%BF%9D%E8%82%B2+%E5%9C%92&amp;page=4&amp;tag=a&amp;tag=b"
    assert query(request, page=None, q="", tag="<") == "?tag=%3C"
    assert query(None, lang="en") == "?lang=en"
