"""Cutting the values of a column into regions within which no cell tells any two values apart.

A column is simple when its cells hold only literals: ``18``, ``"市内"``, ``< 10``, ``[1..10)``, ``not(…)``, ``-``. Its
literals cut the values into points and the open stretches between them; one value of each region stands for all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from madoguchi.kit.feel.convert import literal_of
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.expression import UnaryTests
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.nodes import Call, Interval, Literal, Name, Node, OperatorTest, Tests
from madoguchi.kit.feel.numbers import feel_arithmetic
from madoguchi.kit.feel.temporal import Date
from madoguchi.kit.feel.temporal_text import parse_date


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the values of a column: one of them, and where the part begins and ends (None: no end, or no order).

    ``between_integers`` marks a stretch between two neighbouring whole numbers, which only fractions reach.
    """

    sample: object
    text: str = ""
    low: object = None
    high: object = None
    between_integers: bool = False

    @property
    def is_point(self) -> bool:
        """Whether the part is a single value of an ordered column."""
        return self.low is not None and self.low == self.high


def describe(regions: list[Region], first: int, last: int) -> str:
    """How people write the regions from one to another."""
    if first == 0 and last == len(regions) - 1:
        return "-"
    start, end = regions[first], regions[last]
    if start.text:
        return ",".join(region.text for region in regions[first : last + 1])
    if start.low is None:
        return f"{'<=' if end.is_point else '<'} {_shown(end.high)}"
    if end.high is None:
        return f"{'>=' if start.is_point else '>'} {_shown(start.low)}"
    if first == last and start.is_point:
        return _shown(start.low)
    return f"{'[' if start.is_point else '('}{_shown(start.low)}..{_shown(end.high)}{']' if end.is_point else ')'}"


def _shown(value: object) -> str:
    return literal_of(value)


def literals_of(tests: Tests) -> list[object] | None:
    """The values that a cell compares with; None when the cell is not simple."""
    found: list[object] = []
    for test in tests.tests:
        for node in _compared(test):
            value = constant_of(node)
            if value is None:
                return None
            found.append(value)
    return found


def _compared(test: Node) -> Iterable[Node]:
    if isinstance(test, OperatorTest):
        return (test.endpoint,)
    return (test.start, test.end) if isinstance(test, Interval) else (test,)


def constant_of(node: Node) -> object:
    """The value of a literal or of ``date("…")``; None for everything else."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "date":
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if isinstance(argument, Literal) and isinstance(argument.value, str):
            return parse_date(argument.value)
    return None


def regions_of(cells: Iterable[Tests], allowed: Tests | None) -> list[Region] | None:
    """The regions of a column; None when it is not simple or mixes kinds of values."""
    values: list[object] = []
    listed: list[object] = []
    for tests in cells:
        found = literals_of(tests)
        if found is None:
            return None
        values.extend(found)
    if allowed is not None:
        listed = literals_of(allowed) or []
    return _cut([*values, *listed], bool(listed) and allowed is not None and not allowed.negated)


def _cut(values: list[object], closed: bool) -> list[Region] | None:
    kinds = {type(value) for value in values}
    if not kinds:
        return [Region(None, "-")]
    if len(kinds) > 1:
        return None
    cutter = _CUTTERS.get(kinds.pop())
    return None if cutter is None else cutter(_distinct(values), closed)


def _distinct(values: list[object]) -> list[object]:
    kept: list[object] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept


def _booleans(values: list[object], closed: bool) -> list[Region]:
    return [Region(True, "true"), Region(False, "false")]


def _strings(values: list[object], closed: bool) -> list[Region]:
    regions = [Region(value, literal_of(value)) for value in values]
    if closed:
        return regions
    other = "その他"
    while other in values:
        other += "の他"
    return [*regions, Region(other, "（その他）")]


def _numbers(values: list[object], closed: bool) -> list[Region]:
    numbers = sorted(value for value in values if isinstance(value, Decimal))
    whole = all(number == number.to_integral_value() for number in numbers)
    regions = [Region(numbers[0] - 1, high=numbers[0])]
    for index, number in enumerate(numbers):
        regions.append(Region(number, low=number, high=number))
        if index + 1 < len(numbers):
            following = numbers[index + 1]
            narrow = whole and following - number == 1
            sample = number + 1 if whole and not narrow else (number + following) / 2
            regions.append(Region(sample, low=number, high=following, between_integers=narrow))
    return [*regions, Region(numbers[-1] + 1, low=numbers[-1])]


def _dates(values: list[object], closed: bool) -> list[Region]:
    days = sorted(value.ordinal for value in values if isinstance(value, Date))
    dates = [Date.from_ordinal(day) for day in days]
    regions = [Region(Date.from_ordinal(days[0] - 1), high=dates[0])]
    for index, day in enumerate(days):
        regions.append(Region(dates[index], low=dates[index], high=dates[index]))
        if index + 1 < len(days) and days[index + 1] - day > 1:
            regions.append(Region(Date.from_ordinal(day + 1), low=dates[index], high=dates[index + 1]))
    return [*regions, Region(Date.from_ordinal(days[-1] + 1), low=dates[-1])]


_CUTTERS: dict[type, Callable[[list[object], bool], list[Region]]] = {
    bool: _booleans,
    str: _strings,
    Decimal: _numbers,
    Date: _dates,
}


def covered(cell: UnaryTests, regions: list[Region]) -> int:
    """The regions that a cell lets pass, as a bit mask."""
    mask = 0
    with feel_arithmetic():
        for index, region in enumerate(regions):
            environment = Environment({"?": region.sample}, Budget())
            if cell.tests.anything or cell.code(region.sample, environment) is True:
                mask |= 1 << index
    return mask
