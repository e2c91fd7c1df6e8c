"""Range functions (DMN 1.5 table 78) and ``range(from)``.

Each end of a range is a value and a hair's breadth: an open start lies just behind its value (+1), an open end just
before it (-1). With that the long definitions of the standard become plain comparisons. An end that is missing lies
infinitely far off.
"""

from collections.abc import Callable

from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.compare import conjunction, equals, less, negate
from madoguchi.kit.feel.range_text import parse_range
from madoguchi.kit.feel.values import Range

library = Library()
Truth = bool | None
Edge = tuple[object, int]
_INFINITE = 2


def _start(value: object) -> Edge:
    if not isinstance(value, Range):
        return value, 0
    return (None, -_INFINITE) if value.start is None else (value.start, 0 if value.start_included else 1)


def _end(value: object) -> Edge:
    if not isinstance(value, Range):
        return value, 0
    return (None, _INFINITE) if value.end is None else (value.end, 0 if value.end_included else -1)


def _below(left: Edge, right: Edge) -> Truth:
    if _INFINITE in (abs(left[1]), abs(right[1])):
        return left[1] < right[1]
    smaller = less(left[0], right[0])
    if smaller is not False:
        return smaller
    return equals(left[0], right[0]) is True and left[1] < right[1]


def _not_above(left: Edge, right: Edge) -> Truth:
    return negate(_below(right, left))


def _equal(left: Edge, right: Edge) -> Truth:
    return conjunction((equals(left[0], right[0]), left[1] == right[1]))


def _two(
    name: str, first: str, second: str, kinds: tuple[str, str]
) -> Callable[[Callable[..., Truth]], Callable[..., Truth]]:
    def register(call: Callable[..., Truth]) -> Callable[..., Truth]:
        library.define(name, f"{first}: {kinds[0]}", f"{second}: {kinds[1]}")(call)
        return call

    return register


_RANGES = ("range", "range")
_POINT_RANGE = ("any", "range")
_RANGE_POINT = ("range", "any")
_POINTS = ("any", "any")


@_two("before", "point1", "point2", _POINTS)
@_two("before", "range", "point", _RANGE_POINT)
@_two("before", "point", "range", _POINT_RANGE)
@_two("before", "range1", "range2", _RANGES)
def before(left: object, right: object) -> Truth:
    """Whether the first ends before the second starts."""
    return _below(_end(left), _start(right))


@_two("after", "point1", "point2", _POINTS)
@_two("after", "range", "point", _RANGE_POINT)
@_two("after", "point", "range", _POINT_RANGE)
@_two("after", "range1", "range2", _RANGES)
def after(left: object, right: object) -> Truth:
    """Whether the first starts after the second ends."""
    return _below(_end(right), _start(left))


@_two("meets", "range1", "range2", _RANGES)
def meets(left: Range, right: Range) -> Truth:
    """Whether the first ends where the second starts, both including that value."""
    return conjunction((left.end_included, right.start_included, equals(left.end, right.start)))


@_two("met by", "range1", "range2", _RANGES)
def met_by(left: Range, right: Range) -> Truth:
    """Whether the first starts where the second ends, both including that value."""
    return conjunction((left.start_included, right.end_included, equals(left.start, right.end)))


@_two("overlaps", "range1", "range2", _RANGES)
def overlaps(left: Range, right: Range) -> Truth:
    """Whether the ranges have a value in common."""
    return conjunction((_not_above(_start(right), _end(left)), _not_above(_start(left), _end(right))))


@_two("overlaps before", "range1", "range2", _RANGES)
def overlaps_before(left: Range, right: Range) -> Truth:
    """Whether the first starts before the second and ends inside it."""
    return conjunction(
        (
            _below(_start(left), _start(right)),
            _not_above(_start(right), _end(left)),
            _not_above(_end(left), _end(right)),
        )
    )


@_two("overlaps after", "range1", "range2", _RANGES)
def overlaps_after(left: Range, right: Range) -> Truth:
    """Whether the second overlaps before the first."""
    return overlaps_before(right, left)


def finishes(left: object, right: Range) -> Truth:
    """Whether the first ends where the second ends, and starts inside it."""
    if not isinstance(left, Range):
        return conjunction((right.end_included, equals(right.end, left)))
    return conjunction((_equal(_end(left), _end(right)), _not_above(_start(right), _start(left))))


def includes(left: Range, right: object) -> Truth:
    """Whether the second, a value or a range, lies in the first."""
    return conjunction((_not_above(_start(left), _start(right)), _not_above(_end(right), _end(left))))


def starts(left: object, right: Range) -> Truth:
    """Whether the first starts where the second starts, and ends inside it."""
    if not isinstance(left, Range):
        return conjunction((right.start_included, equals(right.start, left)))
    return conjunction((_equal(_start(left), _start(right)), _not_above(_end(left), _end(right))))


def _mirrored(call: Callable[..., Truth]) -> Callable[..., Truth]:
    return lambda left, right: call(right, left)


for _name, _call in (("finishes", finishes), ("during", _mirrored(includes)), ("starts", starts)):
    _two(_name, "range1", "range2", _RANGES)(_call)
    _two(_name, "point", "range", _POINT_RANGE)(_call)
for _name, _call in (("finished by", _mirrored(finishes)), ("includes", includes), ("started by", _mirrored(starts))):
    _two(_name, "range1", "range2", _RANGES)(_call)
    _two(_name, "range", "point", _RANGE_POINT)(_call)


@_two("coincides", "range1", "range2", _RANGES)
def coincides(left: Range, right: Range) -> Truth:
    """Whether both ranges have the same ends."""
    return conjunction((_equal(_start(left), _start(right)), _equal(_end(left), _end(right))))


@_two("coincides", "point1", "point2", _POINTS)
def same_point(left: object, right: object) -> Truth:
    """Whether both values are equal."""
    return equals(left, right)


@library.define("range", "from: string")
def range_of_text(text: str) -> Range | None:
    """The range that a text such as ``[18..21)`` describes; an end may be left out."""
    return parse_range(text)
