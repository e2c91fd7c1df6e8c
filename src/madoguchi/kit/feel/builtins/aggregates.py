"""List functions that make one value of many (DMN 1.5 table 75); each takes a list or the elements as arguments."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.compare import conjunction, disjunction, less

library = Library()
Items = list[object]
Aggregate = Callable[[Items], object]
NumericAggregate = Callable[[list[Decimal]], object]


def aggregate(name: str) -> Callable[[Aggregate], Aggregate]:
    """Register a function of a list under both forms."""

    def register(call: Aggregate) -> Aggregate:
        library.define(name, "list: list")(call)
        library.define(name, "*n: any")(lambda *items: call(list(items)))
        return call

    return register


def numeric(name: str, *, empty: object = None) -> Callable[[NumericAggregate], NumericAggregate]:
    """Register a function of a list of numbers; other elements give null, an empty list gives ``empty``."""

    def register(call: NumericAggregate) -> NumericAggregate:
        @aggregate(name)
        def checked(items: Items) -> object:
            numbers = [item for item in items if type(item) is Decimal]
            if len(numbers) != len(items):
                return None
            return call(numbers) if numbers else empty

        return call

    return register


def _extreme(items: Items, *, largest: bool) -> object:
    if not items:
        return None
    best = items[0]
    if less(best, best) is None:
        return None
    for item in items[1:]:
        below = less(best, item) if largest else less(item, best)
        if below is None:
            return None
        best = item if below else best
    return best


@aggregate("min")
def minimum(items: Items) -> object:
    """The smallest element; null when the elements cannot be compared."""
    return _extreme(items, largest=False)


@aggregate("max")
def maximum(items: Items) -> object:
    """The largest element; null when the elements cannot be compared."""
    return _extreme(items, largest=True)


@aggregate("all")
def all_true(items: Items) -> bool | None:
    """Conjunction of the elements."""
    return conjunction(items)


@aggregate("any")
def any_true(items: Items) -> bool | None:
    """Disjunction of the elements."""
    return disjunction(items)


@numeric("sum")
def total(numbers: list[Decimal]) -> Decimal:
    """The sum."""
    return sum(numbers[1:], numbers[0])


@numeric("mean")
def mean(numbers: list[Decimal]) -> Decimal:
    """The arithmetic mean."""
    return sum(numbers, Decimal(0)) / len(numbers)


@numeric("product")
def product(numbers: list[Decimal]) -> Decimal:
    """The product."""
    result = Decimal(1)
    for number in numbers:
        result *= number
    return result


@numeric("median")
def median(numbers: list[Decimal]) -> Decimal:
    """The middle element, or the mean of the two in the middle."""
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@numeric("stddev")
def stddev(numbers: list[Decimal]) -> Decimal | None:
    """The sample standard deviation; null for fewer than two numbers."""
    if len(numbers) < 2:
        return None
    middle = sum(numbers, Decimal(0)) / len(numbers)
    squares = sum(((number - middle) ** 2 for number in numbers), Decimal(0))
    return (squares / (len(numbers) - 1)).sqrt()


@numeric("mode", empty=[])
def mode(numbers: list[Decimal]) -> Items:
    """The most frequent numbers in ascending order."""
    counts = Counter(numbers)
    most = max(counts.values())
    return [number for number in sorted(counts) if counts[number] == most]
