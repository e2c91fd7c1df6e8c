"""The composite values of FEEL: ranges and functions, and the names of the kinds of values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, runtime_checkable

from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.temporal import Date, DateTime, Time


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open to that side (``operator`` keeps how ``<= 10`` was written)."""

    start: object
    end: object
    start_included: bool = True
    end_included: bool = True
    operator: str = field(default="", compare=False)

    @classmethod
    def of_operator(cls, operator: str, endpoint: object) -> "Range":
        """The range of a comparison such as ``<= 10``."""
        if operator in ("<", "<="):
            return cls(None, endpoint, False, operator == "<=", operator)
        if operator in (">", ">="):
            return cls(endpoint, None, operator == ">=", False, operator)
        return cls(endpoint, endpoint, True, True)


@runtime_checkable
class Function(Protocol):
    """Something that FEEL can call: a built-in, a function definition, a business knowledge model, a service."""

    def invoke(self, arguments: Sequence[object], budget: Budget) -> object:
        """The result for positional arguments; None when they do not fit."""
        ...

    def invoke_named(self, arguments: Mapping[str, object], budget: Budget) -> object:
        """The result for named arguments; None when the names or values do not fit."""
        ...


KIND_NAMES: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}


def kind_of(value: object) -> str:
    """The FEEL name of the kind of a value."""
    return KIND_NAMES.get(type(value), "function")
