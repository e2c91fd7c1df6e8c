"""Meter expressions: what they compute, and what they refuse before a number is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.rules.expression import (
    Aggregate,
    ExpressionError,
    MeterFacts,
    Reading,
    parse_meter_expression,
)
from madoguchi.plan.rules.units import Dimension, Unit, UnitMismatchError, convert, same_unit

METERS = {
    "desk.application.sent": MeterFacts("件", "flow", frozenset({"channel", "form"})),
    "desk.robot.saved": MeterFacts("分", "flow"),
    "desk.member.registered": MeterFacts("人", "stock"),
    "desk.meeting.paperless": MeterFacts("%", "ratio"),
    "desk.fee.paid": MeterFacts("円", "flow"),
}
VALUES = {
    "desk.application.sent": Decimal(400),
    "desk.robot.saved": Decimal(90),
    "desk.member.registered": Decimal(1000),
    "desk.meeting.paperless": Decimal(50),
    "desk.fee.paid": Decimal(30000),
}


def compute(text: str, unit: str = "") -> Decimal | None:
    expression = parse_meter_expression(text, METERS)

    def value_of(reading: Reading) -> Decimal | None:
        return Decimal(100) if reading.filters else VALUES[reading.meter]

    amount = expression.evaluate(value_of)
    if amount.value is None or not unit:
        return amount.value
    return amount.value * convert(amount.unit, Unit.parse(unit)).factor


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("desk.application.sent", "件", 400),
        ('total(desk.application.sent[channel = "online"])', "件", 100),
        ('desk.application.sent[channel = "online"] / desk.application.sent', "%", 25),
        ('desk.application.sent[channel = "online"] / desk.application.sent * 100', "%", 25),
        ('desk.application.sent[channel = "online"] * 100 / desk.application.sent', "%", 25),
        ('100 * desk.application.sent[channel in ("online", "app")] / total(desk.application.sent)', "%", 25),
        ("desk.application.sent + desk.application.sent", "件", 800),
        ("desk.robot.saved", "時間", Decimal("1.5")),
        ('desk.application.sent * @"PT6M"', "時間", 40),
        ('desk.application.sent * duration("PT6M")', "時間", 40),
        ("desk.robot.saved / desk.application.sent", "秒", Decimal("13.5")),
        ("desk.fee.paid", "千円", 30),
        ("desk.application.sent * desk.meeting.paperless", "件", 200),
        ("round(desk.fee.paid / 7, 2)", "円", Decimal("4285.71")),
        ("max(desk.application.sent, 500) - 100", "件", 400),
        ("-desk.application.sent + 1000", "件", 600),
    ],
)
def test_an_expression_gives_the_figure_in_the_unit_of_the_indicator(text: str, unit: str, expected: object) -> None:
    assert compute(text, unit) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("1 + 1", "no-meter"),
        ("desk.unknown.sent", "unknown-meter"),
        ("total(1)", "unknown-meter"),
        ('desk.application.sent[city = "x"]', "unknown-filter"),
        ("desk.application.sent[channel = online]", "filter"),
        ('desk.application.sent[channel > "a"]', "filter"),
        ("latest(desk.application.sent)", "aggregate"),
        ("total(desk.member.registered)", "aggregate"),
        ("total(desk.meeting.paperless)", "aggregate"),
        ("desk.application.sent ** 2", "unsupported"),
        ("if true then desk.application.sent else 0", "unsupported"),
        ("for x in [1] return x", "unsupported"),
        ("sum([desk.application.sent])", "unsupported"),
        ("round(desk.application.sent, 99)", "unsupported"),
        ("total(desk.application.sent", "syntax"),
        ('duration("five") * desk.application.sent', "syntax"),
        ("desk.application.sent　＋　1", "syntax"),
    ],
)
def test_an_expression_outside_the_subset_is_refused_with_its_place(text: str, code: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_meter_expression(text, METERS)
    assert refused.value.code == code
    assert refused.value.line == 1
    assert 1 <= refused.value.column <= len(text) + 1


@pytest.mark.parametrize(
    "text",
    [
        "desk.application.sent + desk.robot.saved",
        "desk.application.sent * desk.member.registered",
        "desk.application.sent / desk.robot.saved",
        "desk.robot.saved + 5",
        "max(desk.application.sent, desk.fee.paid)",
    ],
)
def test_units_that_do_not_go_together_are_named(text: str) -> None:
    with pytest.raises(UnitMismatchError, match="1行1文字目"):
        parse_meter_expression(text, METERS)


def test_an_unknown_meter_is_answered_with_those_of_the_same_room() -> None:
    with pytest.raises(ExpressionError, match=r"desk\.application\.sent"):
        parse_meter_expression("desk.aplication.sent", METERS)


def test_a_division_by_zero_or_a_missing_reading_is_no_value() -> None:
    expression = parse_meter_expression("desk.application.sent / desk.application.sent", METERS)
    assert expression.evaluate(lambda reading: Decimal(0)).value is None
    assert expression.evaluate(lambda reading: None).value is None


def test_a_number_beyond_all_bounds_is_no_value() -> None:
    text = " * ".join(["99999999999999999999999999999999"] * 40 + ["desk.application.sent"])
    assert parse_meter_expression(text, METERS).evaluate(lambda reading: Decimal("1e999900")).value is None


def test_the_readings_say_filter_and_aggregate() -> None:
    text = 'average(desk.application.sent[channel in ("b", "a") and form = "x"])'
    assert parse_meter_expression(text, METERS).readings == (
        Reading("desk.application.sent", (("channel", ("a", "b")), ("form", ("x",))), Aggregate.AVERAGE),
    )


@given(st.text(alphabet='desk.application.sent[]()"=+-*/ 0123,in and total', max_size=60))
def test_whatever_is_typed_is_computed_or_refused_in_words(text: str) -> None:
    try:
        said: object = parse_meter_expression(text, METERS).readings
    except (ExpressionError, UnitMismatchError) as error:
        said = str(error)
    assert said


@given(st.decimals(min_value=1, max_value=10**9, places=2), st.decimals(min_value=1, max_value=10**9, places=2))
def test_a_share_does_not_depend_on_how_per_cent_is_written(part: Decimal, whole: Decimal) -> None:
    texts = [
        'desk.application.sent[form = "x"] / desk.application.sent',
        'desk.application.sent[form = "x"] / desk.application.sent * 100',
        '100 * desk.application.sent[form = "x"] / desk.application.sent',
    ]
    results = set()
    for text in texts:
        amount = parse_meter_expression(text, METERS).evaluate(lambda r: part if r.filters else whole)
        assert amount.value is not None
        results.add(round(amount.value * convert(amount.unit, Unit.parse("%")).factor, 9))
    assert len(results) == 1


@pytest.mark.parametrize(
    ("text", "dimension", "factor"),
    [
        ("件", Dimension.COUNT, 1),
        ("万件", Dimension.COUNT, 10_000),
        ("百万円", Dimension.MONEY, 1_000_000),
        ("千円/年", Dimension.MONEY, 1000),
        ("時間／年", Dimension.TIME, 3600),
        ("％", Dimension.RATIO, Decimal("0.01")),
        ("㎡", Dimension.AREA, 1),
        ("t-CO2", Dimension.MASS, 1000),
        ("自治会", Dimension.COUNT, 1),
        ("", Dimension.NONE, 1),
    ],
)
def test_units_are_read_as_plans_write_them(text: str, dimension: Dimension, factor: object) -> None:
    unit = Unit.parse(text)
    assert (unit.dimension, unit.factor) == (dimension, factor)


def test_counting_other_things_asks_a_person_and_other_dimensions_are_refused() -> None:
    assert convert(Unit.parse("件"), Unit.parse("件")).remark == ""
    assert "人" in convert(Unit.parse("件"), Unit.parse("人")).remark
    assert convert(Unit.parse("名"), Unit.parse("人")).remark == ""
    for found, expected in [("件", "時間"), ("円", "件"), ("%", "件"), ("", "円")]:
        with pytest.raises(UnitMismatchError) as refused:
            convert(Unit.parse(found), Unit.parse(expected))
        assert (refused.value.found, refused.value.expected) == (found, expected)


def test_writings_of_one_unit_are_the_same() -> None:
    assert same_unit("％", "%")
    assert same_unit("名", "人")
    assert same_unit("手続き", "手続")
    assert not same_unit("分", "時間")
    assert not same_unit("千円", "円")


@given(st.sampled_from(["分", "時間", "日", "円", "千円", "件", "万件", "%", "割", "kg", "t"]), st.integers(1, 10**6))
def test_converting_there_and_back_changes_nothing(unit: str, value: int) -> None:
    for other in ["分", "時間", "円", "百万円", "件", "%", "kg"]:
        if Unit.parse(other).dimension is Unit.parse(unit).dimension:
            there = convert(Unit.parse(unit), Unit.parse(other)).factor
            back = convert(Unit.parse(other), Unit.parse(unit)).factor
            assert round(value * there * back, 12) == value
