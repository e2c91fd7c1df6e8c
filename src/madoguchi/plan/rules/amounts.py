"""Amounts: numbers with units, and what adding, multiplying and dividing them means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .units import NAMES, Dimension, Unit, UnitMismatchError

FRACTION = Unit(Dimension.RATIO, Decimal(1), text="割合")
PERCENT = Unit(Dimension.RATIO, Decimal("0.01"), text="%")
NUMBER = Unit(Dimension.NONE)
SECONDS = Unit(Dimension.TIME, text="秒")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit; ``value`` is None where there is none (nothing measured, or a division by zero)."""

    value: Decimal | None
    unit: Unit = NUMBER
    is_literal: bool = False
    is_hundredfold: bool = False
    """True for a count that was multiplied by 100: divided by a count it makes per cent."""

    @property
    def base(self) -> Decimal | None:
        """The value in base units."""
        return None if self.value is None else self.value * self.unit.factor

    def map(self, function: Callable[[Decimal], Decimal]) -> Amount:
        """Return the amount with its value changed; no value stays no value."""
        return Amount(None if self.value is None else function(self.value), self.unit)


def _from_base(base: Decimal | None, unit: Unit) -> Amount:
    return Amount(None if base is None else base / unit.factor, unit)


def align(amounts: Sequence[Amount]) -> list[Amount]:
    """Return amounts in the unit they share, so that they can be added or compared; raises ``UnitMismatchError``."""
    unit = next((item.unit for item in amounts if item.unit.dimension is not Dimension.NONE), NUMBER)
    for item in amounts:
        if not _fits(item.unit, unit):
            raise UnitMismatchError(
                item.unit.text,
                unit.text,
                f"{name_of(unit)}と{name_of(item.unit)}は、足したり比べたりできません。"
                "同じ単位のメーターどうしにしてください。",
            )
    if unit.dimension is Dimension.COUNT and len({item.unit.counter for item in amounts if item.unit.counter}) > 1:
        unit = replace(unit, counter="")
    bare = Dimension.NONE
    return [
        Amount(item.value, unit) if item.unit.dimension is bare else _from_base(item.base, unit) for item in amounts
    ]


def _fits(unit: Unit, common: Unit) -> bool:
    if unit.dimension is Dimension.NONE:
        return common.is_number or common.dimension is Dimension.RATIO
    return unit.dimension is common.dimension


def add(left: Amount, right: Amount, *, sign: int = 1) -> Amount:
    """Return the sum (or with ``sign`` -1 the difference) of two amounts of one dimension."""
    first, second = align([left, right])
    if first.value is None or second.value is None:
        return Amount(None, first.unit)
    return Amount(first.value + sign * second.value, first.unit)


def extreme(amounts: Sequence[Amount], choose: Callable[[list[Decimal]], Decimal]) -> Amount:
    """Return the least or greatest of amounts of one dimension; none where one of them has no value."""
    aligned = align(amounts)
    values = [item.value for item in aligned if item.value is not None]
    return Amount(choose(values) if len(values) == len(aligned) else None, aligned[0].unit)


def multiply(left: Amount, right: Amount) -> Amount:
    """Return the product; one side must be a plain number, a count or a ratio. A ratio times 100 becomes per cent."""
    for amount, other in ((left, right), (right, left)):
        if other.is_literal and other.value == 100 and not amount.is_literal:
            return _hundredfold(amount)
    unit = _product_unit(left.unit, right.unit)
    if unit is None:
        raise UnitMismatchError(
            right.unit.text,
            left.unit.text,
            f"{name_of(left.unit)}と{name_of(right.unit)}は掛けられません。どちらかを件数や割合にしてください。",
        )
    if left.base is None or right.base is None:
        return Amount(None, unit)
    return _from_base(left.base * right.base, unit)


def _hundredfold(amount: Amount) -> Amount:
    """Read ``* 100`` as people mean it: a share becomes per cent, at once or when it is divided later."""
    value = None if amount.value is None else amount.value * 100
    if amount.unit == FRACTION:
        return Amount(value, PERCENT)
    return Amount(value, amount.unit, is_hundredfold=True)


def _product_unit(left: Unit, right: Unit) -> Unit | None:
    for scaling in (Dimension.NONE, Dimension.RATIO, Dimension.COUNT):
        if right.dimension is scaling and (scaling is not Dimension.COUNT or left.dimension is not Dimension.COUNT):
            return left
        if left.dimension is scaling and (scaling is not Dimension.COUNT or right.dimension is not Dimension.COUNT):
            return right
    return None


def divide(left: Amount, right: Amount) -> Amount:
    """Return the quotient: a ratio of two amounts of one dimension, or an amount per number. By zero there is no value."""
    is_ratio = left.unit.dimension is right.unit.dimension and left.unit.dimension is not Dimension.NONE
    if not is_ratio and not right.unit.is_number and right.unit.dimension is not Dimension.RATIO:
        raise UnitMismatchError(
            right.unit.text,
            left.unit.text,
            f"{name_of(left.unit)}を{name_of(right.unit)}で割ることはできません。"
            "同じ単位どうしで割るか、件数で割ってください。",
        )
    unit = (PERCENT if left.is_hundredfold else FRACTION) if is_ratio else left.unit
    if left.base is None or not right.base:
        return Amount(None, unit)
    if unit is PERCENT:
        return Amount(left.base / right.base, unit)
    return _from_base(left.base / right.base, unit)


def round_half_up(amount: Amount, places: int) -> Amount:
    """Return the amount with a number of decimal places, five rounded up as offices do (四捨五入)."""
    return amount.map(lambda value: value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def name_of(unit: Unit) -> str:
    """Return what a message calls a unit."""
    return f"「{unit.text}」" if unit.text else NAMES[unit.dimension]
