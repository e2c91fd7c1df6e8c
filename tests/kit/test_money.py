from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.money import (
    Rounding,
    TaxSplit,
    add_tax,
    allocate,
    format_yen,
    invoice_tax,
    parse_yen,
    round_yen,
    split_tax,
    truncate,
    yen,
)

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,200円", 1200),
        ("１，２００円", 1200),
        ("1,200万円", 12000000),
        ("1億2,000万円", 120000000),
        ("1.5万円", 15000),
        ("¥1,200", 1200),
        ("￥-300", -300),
        ("△300円", -300),
        ("金壱百万円也", 1000000),
        ("金 1,000 円", 1000),
        ("三千円", 3000),
        ("300", 300),
    ],
)
def test_amounts_are_read_as_written(text, amount):
    assert parse_yen(text) == amount


@pytest.mark.parametrize("text", ["", "円", "12.5円", "無料", "1,20円", "約300円くらい"])
def test_what_is_no_amount_is_not_guessed(text):
    assert parse_yen(text) is None


@given(AMOUNTS)
def test_a_formatted_amount_is_read_back(amount):
    assert parse_yen(format_yen(amount)) == amount


@pytest.mark.parametrize("wrong", [Decimal("0.5"), True])
def test_only_whole_yen_are_yen(wrong):
    with pytest.raises(ValueError, match="whole number"):
        yen(wrong)
    assert yen(Decimal("1200.0")) == 1200


@given(AMOUNTS, WEIGHTS)
def test_shares_add_up_and_none_is_a_yen_away_from_exact(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(st.integers(0, 10**9), WEIGHTS)
def test_a_heavier_weight_never_gets_less(total, weights):
    parts = allocate(total, sorted(weights))
    assert parts == sorted(parts) or all(
        a <= b or wa == wb
        for (a, wa), (b, wb) in zip(
            zip(parts, sorted(weights), strict=True), list(zip(parts, sorted(weights), strict=True))[1:], strict=False
        )
    )


def test_ties_go_to_the_first():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
    assert allocate(0, [1, 2]) == [0, 0]
    assert allocate(10, [Decimal("0.5"), Decimal("1.5"), 0]) == [3, 7, 0]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_weights_that_share_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)


@pytest.mark.parametrize(
    ("amount", "down", "up", "half_up"),
    [
        (Decimal("10.5"), 10, 11, 11),
        (Decimal("10.4"), 10, 11, 10),
        (Decimal("-10.5"), -10, -11, -11),
        (Fraction(21, 2), 10, 11, 11),
        (10, 10, 10, 10),
    ],
)
def test_each_rounding_does_what_it_is_called(amount, down, up, half_up):
    assert [round_yen(amount, rule) for rule in (Rounding.DOWN, Rounding.UP, Rounding.HALF_UP)] == [down, up, half_up]


@given(AMOUNTS, st.sampled_from([8, 10, Decimal("7.8")]), st.sampled_from(Rounding))
def test_tax_and_net_always_add_up(amount, percent, rounding):
    for split in (add_tax(amount, percent, rounding), split_tax(amount, percent, rounding)):
        assert split.net + split.tax == split.gross
    assert split_tax(amount, percent, rounding).gross == amount == add_tax(amount, percent, rounding).net


def test_tax_is_taken_in_and_out_of_known_amounts():
    assert add_tax(1999, 10) == TaxSplit(1999, 199, 2198)
    assert split_tax(2198, 10) == TaxSplit(1999, 199, 2198)
    assert split_tax(108, 8) == TaxSplit(100, 8, 108)


def test_an_invoice_rounds_once_per_rate():
    taxes = invoice_tax([(105, 10), (105, 10), (105, 10), (99, 8)])
    assert taxes[10] == TaxSplit(315, 31, 346)  # by line it would be 10 + 10 + 10 = 30
    assert taxes[8] == TaxSplit(99, 7, 106)


def test_truncation_cuts_towards_zero():
    assert truncate(1_234_999, 1000) == 1_234_000
    assert truncate(199, 100) == 100
    assert truncate(-199, 100) == -100
    with pytest.raises(ValueError, match="at least one"):
        truncate(1, 0)
