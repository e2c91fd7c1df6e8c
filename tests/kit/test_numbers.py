import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.numbers import (
    find_quantities,
    format_myriads,
    format_number,
    kanji_number,
    parse_number,
    parse_quantity,
    plain_integer,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("10, 300", 10300),
        ("3千", 3000),
        ("3千5百", 3500),
        ("945万", 9450000),
        ("1億2,000万", 120000000),
        ("1.5万", 15000),
        ("2兆3億", 2000300000000),
        ("64.8", Decimal("64.8")),
        ("64.80", Decimal("64.8")),
        ("△5", -5),
        ("▲1,295", -1295),
        ("－３．５", Decimal("-3.5")),
        ("二十五", 25),
        ("百二十", 120),
        ("千二百三十四万", 12340000),
        ("二〇二六", 2026),
        ("二○二六", 2026),
        ("壱百弐拾", 120),
        ("0", 0),
    ],
)
def test_numbers_are_read_as_written(text, value):
    assert parse_number(text) == value
    assert isinstance(parse_number(text), int) == (value == int(value))


@pytest.mark.parametrize(
    "text",
    ["", "○", "〇", "○△", "一般", "12件", "万", "1億2億", "1万2億", "十百", "12,34", "1.2.3", "5-7", "三重県", ","],
)
def test_what_is_not_one_number_is_not_guessed(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("945万件", 9450000, "件"),
        ("約945万件以上", 9450000, "件"),
        ("1,200万円", 12000000, "円"),
        ("6割", 60, "%"),
        ("６割５分", 65, "%"),
        ("七割五分", 75, "%"),
        ("七割五分三厘", Decimal("75.3"), "%"),
        ("64.8％", Decimal("64.8"), "%"),
        ("延べ 60 人", 60, "人"),
        ("1.5倍", Decimal("1.5"), "倍"),
        ("５０ｋＷｈ", 50, "kWh"),
        ("10, 300 時間", 10300, "時間"),
        ("110ポイント", 110, "ポイント"),
        ("二十五件", 25, "件"),
        ("300", 300, ""),
        ("5 中継局", 5, "中継局"),
    ],
)
def test_quantities_are_read_with_their_unit(text, value, unit):
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.unit, quantity.text) == (value, unit, text)


@pytest.mark.parametrize(
    "text", ["", "○", "一般", "十分", "一部", "完了", "全校", "4箇所（16箇所中）", "検討", "五分七割"]
)
def test_words_are_not_quantities(text):
    assert parse_quantity(text) is None


def test_quantities_of_running_text_are_found_in_order_with_their_places():
    text = "受講者 60 人（令和２年度…20人、△3.5%）、１，２００万円、七割五分の住民、三重県で一般 1人1台、10-20人、3割引"
    found = find_quantities(text)
    assert [(q.value, q.unit) for q in found] == [
        (60, "人"),
        (2, "年度"),
        (20, "人"),
        (Decimal("-3.5"), "%"),
        (12000000, "円"),
        (75, "%"),
        (1, "人"),
        (1, "台"),
        (10, ""),
        (20, "人"),
        (3, ""),
    ]
    assert all(text[q.start :].startswith(q.text) for q in found)


def test_the_figure_comes_before_the_whole_it_is_part_of():
    assert [q.value for q in find_quantities("4箇所（16箇所中）")] == [4, 16]


@given(st.integers(-(10**19), 10**19))
def test_whole_numbers_survive_both_formats(value):
    assert parse_number(format_number(value)) == value
    assert parse_number(format_myriads(value)) == value


@given(st.decimals(-(10**9), 10**9, places=3))
def test_decimals_survive_formatting(value):
    assert parse_number(format_number(value)) == value


@given(st.integers(0, 10**15), st.sampled_from("件人円台回"))
def test_a_formatted_quantity_is_found_in_a_sentence(value, unit):
    found = find_quantities(f"目標は{format_number(value, unit)}です。")
    assert [(q.value, q.unit) for q in found] == [(value, unit)]


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error(text):
    parse_number(text)
    parse_quantity(text)
    for quantity in find_quantities(text):
        assert text[quantity.start :].startswith(quantity.text)


def test_numbers_are_formatted_with_separators_unit_and_decimals():
    assert format_number(9450000, "件") == "9,450,000件"
    assert format_number(Decimal("64.80"), "%") == "64.8%"
    assert format_number(Decimal("1E+3")) == "1,000"
    assert format_number(Decimal("2.5"), decimals=2) == "2.50"
    assert format_myriads(120000000, "円") == "1億2,000万円"
    assert format_myriads(-9451234) == "-945万1,234"
    assert format_myriads(0, "件") == "0件"


def test_a_circle_is_zero_only_beside_a_digit():
    assert kanji_number("一○") == 10
    assert kanji_number("○") is None
    assert kanji_number("○一") is None
    assert kanji_number("25") is None


@pytest.mark.parametrize("text", ["9" * 40, "1" + "0" * 20, "9999" * 4 + "京", "0." + "1" * 12])
def test_a_number_too_long_to_be_exact_is_refused_rather_than_rounded(text):
    assert parse_number(text) is None


def test_long_hostile_texts_are_read_in_reasonable_time():
    started = time.perf_counter()
    for text in ("1万" * 20_000, "○" * 50_000, "1," * 30_000, "一" * 5_000, "△" * 50_000):
        find_quantities(text)
        parse_quantity(text)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("2025", 2025), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("", None), ("-1", None),
     ("1.0", None), ("１２", None), ("²", None), ("٣", None), (" 1", None), ("abc", None)],
)  # fmt: skip
def test_only_plain_digits_that_fit_a_database_key_are_a_number_of_an_address(text, number):
    assert plain_integer(text) == number
