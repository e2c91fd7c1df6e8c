"""Charts hold for any data: well-formed, finite, every label inside the drawing, nothing a strict CSP refuses."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from madoguchi.kit.charts import (
    Bar,
    Dot,
    Field,
    Line,
    Row,
    Share,
    Span,
    bar_chart,
    bullet,
    compact_number,
    line_chart,
    plain_number,
    portfolio_map,
    rank_chart,
    schedule_chart,
    share_bar,
    sparkline,
)
from madoguchi.kit.charts.canvas import shorten, text_width, wrap
from madoguchi.kit.charts.numbers import axis_marks

SVG = "{http://www.w3.org/2000/svg}"
values = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(10**12), 10**12).map(float)
numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=60)
bars = st.builds(
    Bar, label=texts, value=values, target=values, provisional=st.booleans(), outline=st.booleans(), note=texts
)
FIELDS = [
    Field(key="A", label="A"),
    Field(key="B", label="B"),
    Field(key="C", label="C"),
    Field(key="candidate", label="候補"),
]


def drawing(svg: Markup) -> etree._Element:
    root = etree.fromstring(str(svg).encode())
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.get("aria-labelledby") == root.find(f"{SVG}title").get("id")
    described = root.get("aria-describedby")
    assert described is None or root.find(f"{SVG}desc").get("id") == described
    numbers_are_finite(root)
    labels_are_inside(root)
    nothing_is_inline(root)
    return root


def numbers_are_finite(root: etree._Element) -> None:
    for part in root.iter():
        for name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "points", "font-size"):
            for word in re.split(r"[ ,]+", part.get(name, "0")):
                assert math.isfinite(float(word)), (name, part.get(name))


def labels_are_inside(root: etree._Element) -> None:
    _, _, width, height = map(float, root.get("viewBox").split())
    for text in root.iter(f"{SVG}text"):
        if text.getparent().get("transform"):
            continue
        size, x, y = float(text.get("font-size")), float(text.get("x")), float(text.get("y"))
        taken = text_width(text.text or "", size)
        left = x - {"start": 0, "middle": taken / 2, "end": taken}[text.get("text-anchor", "start")]
        assert left >= -0.5, (text.text, left)
        assert left + taken <= width + 0.5, (text.text, left, taken, width)
        assert size * 0.7 <= y <= height, (text.text, y, height)


def nothing_is_inline(root: etree._Element) -> None:
    for part in root.iter():
        assert not [name for name in part.attrib if name == "style" or name.startswith("on")]
        assert part.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"}


def words(root: etree._Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


@given(st.lists(bars, max_size=8), texts, texts)
def test_any_bars_are_drawn_well(given_bars: list[Bar], title: str, unit: str) -> None:
    drawing(bar_chart(given_bars, key="k", title=title, description=title, unit=unit))
    drawing(rank_chart(given_bars, key="k", title=title, description=title, unit=unit))


@given(st.lists(st.lists(values, min_size=4, max_size=4), max_size=4), values, st.booleans(), texts)
def test_any_lines_are_drawn_well(rows: list[list[float | None]], target: float | None, zero: bool, text: str) -> None:
    lines = [Line(name=f"{text}{index}", values=tuple(row)) for index, row in enumerate(rows)]
    drawing(line_chart([text, "令和3年度", "R4", ""], lines, key="k", title=text, target=target, zero=zero, unit=text))


@given(st.lists(values, max_size=12), texts)
def test_any_small_line_is_drawn_well(given_values: list[float | None], title: str) -> None:
    drawing(sparkline(given_values, key="k", title=title))


@given(
    values,
    texts,
    st.lists(st.builds(Share, label=texts, count=st.integers(0, 10**6), tone=st.sampled_from(["good", "bad", "x"]))),
)
def test_any_share_is_drawn_well(rate: float | None, title: str, shares: list[Share]) -> None:
    drawing(bullet(key="k", title=title, rate=rate))
    drawing(share_bar(shares, key="k", title=title))


@given(
    st.lists(
        st.builds(
            Row,
            label=texts,
            spans=st.lists(
                st.builds(Span, first=st.integers(-2, 7), last=st.integers(-2, 7), text=texts), max_size=5
            ).map(tuple),
        ),
        max_size=5,
    ),
    st.integers(1, 6),
    st.none() | st.integers(-1, 7),
)
def test_any_schedule_is_drawn_well(rows: list[Row], columns: int, now: int | None) -> None:
    drawing(schedule_chart([f"令和{year}年度" for year in range(columns)], rows, key="k", title="予定", now=now))


@given(
    st.lists(
        st.builds(
            Dot,
            number=st.integers(1, 999),
            title=texts,
            field=st.sampled_from(["A", "B", "C", "candidate", "?", ""]),
            x=values,
            y=values,
            strong=st.booleans(),
        ),
        max_size=90,
    ),
    texts,
)
def test_any_portfolio_is_drawn_well(dots: list[Dot], word: str) -> None:
    root = drawing(portfolio_map(dots, key="k", title=word, fields=FIELDS, x_word=word, y_word=word))
    assert len(root.findall(f"{SVG}circle")) == len(dots)


@given(numbers, numbers)
def test_axis_marks_hold_the_values_between_them(first: float, second: float) -> None:
    marks = axis_marks(min(first, second), max(first, second))
    assert len(marks) >= 2
    assert all(math.isfinite(mark) for mark in marks)
    assert marks == sorted(marks)
    low, high = min(first, second), max(first, second)
    if high - low > 1e-6 * max(abs(low), abs(high)) and high - low < 1e300:
        slack = (high - low) * 1e-9
        assert marks[0] <= low + slack
        assert marks[-1] >= high - slack


@given(texts, st.floats(1, 400), st.floats(6, 20))
def test_shortened_and_wrapped_texts_fit(text: str, width: float, size: float) -> None:
    assert text_width(shorten(text, width, size), size) <= width
    assert all(text_width(line, size) <= width for line in wrap(text, width, size, 3))
    assert len(wrap(text, width, size, 3)) <= 3


def test_wrapping_loses_nothing_when_there_is_room() -> None:
    text = "電子申請手続の追加に係る庁内推進"
    assert "".join(wrap(text, 70, 12, 9)) == text


def test_a_line_does_not_begin_with_a_closing_mark() -> None:
    assert wrap("電子申請の手続（追加）を進める", 96, 12, 5)[1][0] not in "）。、"


@pytest.mark.parametrize(
    ("value", "japanese", "english"),
    [
        (30_000_000, "3,000万", "30M"),
        (9_450_000, "945万", "9.45M"),
        (194_000, "194,000", "194,000"),
        (1_234_567, "1,234,567", "1,234,567"),
        (64.8, "64.8", "64.8"),
        (0, "0", "0"),
        (-5, "-5", "-5"),
    ],
)
def test_numbers_are_short_and_never_change_what_they_say(value: float, japanese: str, english: str) -> None:
    assert (compact_number(value), compact_number(value, "en")) == (japanese, english)
    assert plain_number(value) == f"{value:,}"


def test_a_missing_value_is_a_gap_and_a_provisional_one_hatched() -> None:
    svg = bar_chart(
        [Bar(label="R4", value=3.0, provisional=True), Bar(label="R5", value=None, target=5.0, note="未計測")],
        key="k",
        title="件数",
    )
    root = drawing(svg)
    assert len(root.findall(f"{SVG}rect[@class='chart__provisional']")) == 1
    assert root.find(f"{SVG}rect[@class='chart__actual']") is None
    assert len(root.findall(f"{SVG}line[@class='chart__target']")) == 1
    assert {"3", "未計測", "目標 5"} <= set(words(root))


def test_a_gap_splits_a_line() -> None:
    root = drawing(
        line_chart(["1", "2", "3", "4", "5"], [Line(name="市", values=(1, 2, None, 3, 4))], key="k", title="t")
    )
    assert len(root.findall(f"{SVG}polyline")) == 2


def test_bars_stand_on_zero() -> None:
    root = drawing(bar_chart([Bar(label="a", value=900.0), Bar(label="b", value=1000.0)], key="k", title="t"))
    low, high = (float(bar.get("height")) for bar in root.findall(f"{SVG}rect[@class='chart__actual']"))
    assert low / high == pytest.approx(0.9, abs=0.01)


def test_series_are_told_apart_without_colour() -> None:
    lines = [Line(name=str(index), values=(index, index + 1.0)) for index in range(4)]
    root = drawing(line_chart(["1", "2"], lines, key="k", title="t"))
    assert len({line.get("stroke-dasharray") for line in root.findall(f"{SVG}polyline")}) == 4
    with pytest.raises(ValueError, match="four"):
        line_chart(["1", "2"], [*lines, lines[0]], key="k", title="t")


def test_markup_in_data_is_text() -> None:
    root = drawing(bar_chart([Bar(label="<b>&", value=1.0)], key='a"b', title='<script>"x', unit="</svg>"))
    assert "<b>&" in words(root)


def test_long_numbers_are_never_cut() -> None:
    given_bars = [Bar(label=str(year), value=1_234_567.0 + year, target=7_654_321.0) for year in range(6)]
    assert not [word for word in words(drawing(bar_chart(given_bars, key="k", title="t"))) if "…" in word]
