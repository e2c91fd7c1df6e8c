"""Numeric functions (DMN 1.5 table 76)."""

import decimal
from collections.abc import Callable
from decimal import Decimal

from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.numbers import with_scale

library = Library()
_ROUNDINGS = {
    "decimal": decimal.ROUND_HALF_EVEN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
}


def _rounding(rounding: str) -> Callable[[Decimal, Decimal], Decimal | None]:
    return lambda n, scale: with_scale(n, int(scale), rounding)


def _whole(rounding: str) -> Callable[[Decimal], Decimal | None]:
    return lambda n: with_scale(n, 0, rounding)


for _name, _mode in _ROUNDINGS.items():
    library.define(_name, "n: number", "scale: number")(_rounding(_mode))
for _name in ("floor", "ceiling"):
    library.define(_name, "n: number")(_whole(_ROUNDINGS[_name]))


@library.define("abs", "n: number")
def absolute(n: Decimal) -> Decimal:
    """The number without its sign."""
    return abs(n)


@library.define("abs", "n: days and time duration")
def absolute_days(n: DaysTimeDuration) -> DaysTimeDuration:
    """The duration without its sign."""
    return DaysTimeDuration(abs(n.seconds))


@library.define("abs", "n: years and months duration")
def absolute_months(n: YearsMonthsDuration) -> YearsMonthsDuration:
    """The duration without its sign."""
    return YearsMonthsDuration(abs(n.months))


@library.define("modulo", "dividend: number", "divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the sign of the divisor."""
    rest = dividend % divisor
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


@library.define("sqrt", "number: number")
def sqrt(number: Decimal) -> Decimal:
    """The square root; negative numbers leave the domain."""
    return number.sqrt()


@library.define("log", "number: number")
def log(number: Decimal) -> Decimal | None:
    """The natural logarithm; null for zero and below."""
    return number.ln() if number > 0 else None


@library.define("exp", "number: number")
def exp(number: Decimal) -> Decimal:
    """Euler's number raised to the number."""
    return number.exp()


@library.define("odd", "number: number")
def odd(number: Decimal) -> bool:
    """Whether a number is whole and odd."""
    return abs(number % 2) == 1


@library.define("even", "number: number")
def even(number: Decimal) -> bool:
    """Whether a number is whole and even."""
    return number % 2 == 0
