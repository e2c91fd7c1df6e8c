"""FEEL numbers: IEEE 754-2008 decimal128 (34 digits, half even), DMN 1.5 clause 10.3.2.3.1."""

import decimal
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import TypeGuard

DIGITS = 34
SCALE_MIN = -6111
SCALE_MAX = 6176
CONTEXT = decimal.Context(
    prec=DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


def feel_arithmetic() -> AbstractContextManager[decimal.Context]:
    """A block in which decimal operators follow FEEL's precision and rounding."""
    return decimal.localcontext(CONTEXT)


def to_number(value: int | float | Decimal | str) -> Decimal | None:
    """A FEEL number of a Python number or numeric text, rounded to 34 digits; None for NaN, infinity, overflow."""
    try:
        number = CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def format_number(value: Decimal) -> str:
    """The plain decimal notation, never with an exponent; -0 is 0."""
    if value == 0:
        value = abs(value)
    return format(value, "f")


def is_number(value: object) -> TypeGuard[Decimal]:
    """Whether the value is a FEEL number."""
    return type(value) is Decimal


def integer_of(value: object) -> int | None:
    """The whole number that a FEEL number stands for, or None."""
    if type(value) is not Decimal or value.adjusted() > DIGITS or value != value.to_integral_value():
        return None
    return int(value)


def guarded(calculate: Callable[[], Decimal]) -> Decimal | None:
    """The result of a calculation in FEEL arithmetic, or None when it leaves the domain of numbers."""
    try:
        return calculate()
    except (ArithmeticError, ValueError):
        return None


def with_scale(value: Decimal, scale: int, rounding: str) -> Decimal | None:
    """The number rounded to ``scale`` decimals; None when the scale is outside [-6111..6176]."""
    if not SCALE_MIN <= scale <= SCALE_MAX:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        return value
    return guarded(lambda: value.quantize(Decimal((0, (1,), -scale)), rounding=rounding, context=CONTEXT))
