"""Money is integer yen: reading, writing, sharing out without loss, and tax with the rounding said aloud."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NewType

from madoguchi.kit.numbers import parse_number

Yen = NewType("Yen", int)

_LONGEST = 60
_AMOUNT = re.compile(r"(?P<sign>[-△▲−－])?\s*[¥￥]?\s*(?:金\s*)?(?P<number>.+?)\s*(?:円也|円|也)?")


class Rounding(StrEnum):
    """What happens to the part below one yen: 切捨て, 切上げ, 四捨五入 (away from zero at half)."""

    DOWN = ROUND_DOWN
    UP = ROUND_UP
    HALF_UP = ROUND_HALF_UP


@dataclass(frozen=True, slots=True)
class TaxSplit:
    """An amount with its consumption tax; `net + tax == gross` always."""

    net: Yen
    tax: Yen
    gross: Yen


def yen(amount: int | Decimal) -> Yen:
    """Return the amount as yen; raise ValueError when it has a part below one yen (round it first)."""
    if isinstance(amount, bool) or amount != int(amount):
        raise ValueError(f"not a whole number of yen: {amount!r}")
    return Yen(int(amount))


def format_yen(amount: int) -> str:
    """Return the amount for people: 1,200円, -300円."""
    return f"{amount:,}円"


def parse_yen(text: str) -> Yen | None:
    """Return the yen of 1,200円, １，２００円, 1,200万円, ¥1,200, △300円 or 金壱百万円也; None for anything else."""
    match = _AMOUNT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    number = parse_number(match["number"]) if match else None
    if match is None or number is None or number != int(number):
        return None
    return Yen(-int(number) if match["sign"] else int(number))


def round_yen(amount: Decimal | Fraction | int, rounding: Rounding) -> Yen:
    """Return the amount rounded to whole yen by the named rule; the sign is kept (rules act on the size)."""
    size = abs(Fraction(amount))
    whole, rest = divmod(size.numerator, size.denominator)
    up = rest and (rounding is Rounding.UP or (rounding is Rounding.HALF_UP and 2 * rest >= size.denominator))
    return Yen((whole + bool(up)) * (-1 if amount < 0 else 1))


def truncate(amount: int, unit: int) -> Yen:
    """Return the amount cut to multiples of `unit`: 1,000 for a tax base, 100 for a tax (地方税法第20条の4の2)."""
    if unit < 1:
        raise ValueError("the unit of truncation is at least one yen")
    return Yen(abs(amount) // unit * unit * (-1 if amount < 0 else 1))


def allocate(total: int, weights: Sequence[int | Decimal]) -> list[Yen]:
    """Share an amount out by weights so that the parts add up to it exactly (largest remainder, ties to the first).

    Raises ValueError when a weight is negative or all are zero.
    """
    shares = [Fraction(weight) for weight in weights]
    if not any(shares) or min(shares) < 0:
        raise ValueError("weights must not be negative, and one must be positive")
    exact = [abs(total) * share / sum(shares) for share in shares]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return [Yen(part if total >= 0 else -part) for part in parts]


def add_tax(net: int, percent: int | Decimal, rounding: Rounding = Rounding.DOWN) -> TaxSplit:
    """Return an amount before tax with the tax on top (外税)."""
    tax = round_yen(Fraction(net) * Fraction(percent) / 100, rounding)
    return TaxSplit(Yen(net), tax, Yen(net + tax))


def split_tax(gross: int, percent: int | Decimal, rounding: Rounding = Rounding.DOWN) -> TaxSplit:
    """Return an amount that includes tax with the tax taken out of it (内税)."""
    tax = round_yen(Fraction(gross) * Fraction(percent) / (100 + Fraction(percent)), rounding)
    return TaxSplit(Yen(gross - tax), tax, Yen(gross))


def invoice_tax(
    lines: Iterable[tuple[int, int | Decimal]], rounding: Rounding = Rounding.DOWN
) -> dict[int | Decimal, TaxSplit]:
    """Return the tax of an invoice by rate from (net, percent) lines.

    It is rounded once per rate, not per line (消費税法施行令第70条の10).
    """
    sums: defaultdict[int | Decimal, int] = defaultdict(int)
    for net, percent in lines:
        sums[percent] += net
    return {percent: add_tax(net, percent, rounding) for percent, net in sorted(sums.items())}
