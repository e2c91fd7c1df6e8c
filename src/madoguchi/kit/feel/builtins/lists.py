"""List functions that build, search and order lists (DMN 1.5 tables 75 and 80); positions count from 1 or from -1."""

from decimal import Decimal
from functools import cmp_to_key

from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.compare import contains, same
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.values import Function

library = Library()
Items = list[object]


def _index(position: Decimal, length: int) -> int | None:
    """The index from 0 of a position, or None outside of the list."""
    whole = int(position)
    if whole == 0 or whole != position or abs(whole) > length:
        return None
    return whole - 1 if whole > 0 else length + whole


@library.define("list contains", "list: list", "element: any")
def list_contains(items: Items, element: object) -> bool:
    """Whether the list has the element (null too)."""
    return contains(items, element)


@library.define("count", "list: list")
def count(items: Items) -> Decimal:
    """The number of elements."""
    return Decimal(len(items))


@library.define("sublist", "list: list", "start position: number", "length?: number")
def sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Items | None:
    """The elements from a position, ``length`` of them."""
    begin = _index(start, len(items))
    if begin is None:
        return None
    if length is None:
        return items[begin:]
    if length < 1 or begin + int(length) > len(items):
        return None
    return items[begin : begin + int(length)]


@library.define("append", "list: list", "*item: any", budget=True)
def append(budget: Budget, items: Items, *more: object) -> Items:
    """The list with elements added at the end."""
    return budget.check_list([*items, *more])


@library.define("concatenate", "*list: list", budget=True)
def concatenate(budget: Budget, *lists: Items) -> Items:
    """All lists one after the other."""
    return budget.check_list([item for items in lists for item in items])


@library.define("insert before", "list: list", "position: number", "newItem: any")
def insert_before(items: Items, position: Decimal, new: object) -> Items | None:
    """The list with an element inserted before a position."""
    index = _index(position, len(items))
    return None if index is None else [*items[:index], new, *items[index:]]


@library.define("remove", "list: list", "position: number")
def remove(items: Items, position: Decimal) -> Items | None:
    """The list without the element at a position."""
    index = _index(position, len(items))
    return None if index is None else [*items[:index], *items[index + 1 :]]


@library.define("list replace", "list: list", "position: number", "newItem: any")
def replace_at(items: Items, position: Decimal, new: object) -> Items | None:
    """The list with another element at a position."""
    index = _index(position, len(items))
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


@library.define("list replace", "list: list", "match: function", "newItem: any", budget=True)
def replace_matching(budget: Budget, items: Items, match: Function, new: object) -> Items | None:
    """The list with another element wherever ``match(item, newItem)`` is true; null when it is no boolean."""
    verdicts = [match.invoke((item, new), budget) for item in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [new if verdict else item for item, verdict in zip(items, verdicts, strict=True)]


@library.define("reverse", "list: list")
def reverse(items: Items) -> Items:
    """The list from its end."""
    return items[::-1]


@library.define("index of", "list: list", "match: any")
def index_of(items: Items, match: object) -> Items:
    """The positions of the elements that are equal to the match."""
    return [Decimal(index) for index, item in enumerate(items, start=1) if same(item, match)]


def _distinct(budget: Budget, items: Items) -> Items:
    kept: Items = []
    for item in items:
        budget.spend(1 + len(kept) // 16)
        if not contains(kept, item):
            kept.append(item)
    return kept


@library.define("union", "*list: list", budget=True)
def union(budget: Budget, *lists: Items) -> Items:
    """All lists one after the other without duplicates."""
    return _distinct(budget, budget.check_list([item for items in lists for item in items]))


@library.define("distinct values", "list: list", budget=True)
def distinct_values(budget: Budget, items: Items) -> Items:
    """The list without duplicates."""
    return _distinct(budget, items)


@library.define("flatten", "list: list")
def flatten(items: Items) -> Items:
    """The elements of all nested lists in one list."""
    flat: Items = []
    for item in items:
        flat.extend(flatten(item) if isinstance(item, list) else [item])
    return flat


@library.define("sort", "list: list", "precedes: function", budget=True)
def sort(budget: Budget, items: Items, precedes: Function) -> Items:
    """The list in the order in which ``precedes(x, y)`` is true; equal elements keep their order."""

    def order(left: object, right: object) -> int:
        if precedes.invoke((left, right), budget) is True:
            return -1
        return 1 if precedes.invoke((right, left), budget) is True else 0

    return sorted(items, key=cmp_to_key(order))
