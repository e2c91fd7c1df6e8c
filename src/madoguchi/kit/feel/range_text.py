"""Ranges written in a string, such as ``"[18..21)"`` or ``"(..21)"`` (DMN 1.5 table 72)."""

from collections.abc import Callable

from madoguchi.kit.feel.compare import less_or_equal
from madoguchi.kit.feel.durations import parse_duration
from madoguchi.kit.feel.errors import FeelError
from madoguchi.kit.feel.nodes import Call, Literal, Name, Node
from madoguchi.kit.feel.parser import parse_expression
from madoguchi.kit.feel.scope import NameTable, Scope
from madoguchi.kit.feel.temporal_text import parse_date, parse_date_time, parse_time
from madoguchi.kit.feel.values import Range

_CONSTRUCTORS: dict[str, Callable[[str], object]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}
_NOTHING = object()


def parse_range(text: str) -> Range | None:
    """The range of a text whose ends are literals; None when it is no range, or its ends do not fit each other."""
    inner = text.strip()
    if len(inner) < 4 or inner[0] not in "[(]" or inner[-1] not in "])[" or ".." not in inner:
        return None
    first, _, last = inner[1:-1].partition("..")
    start, end = _endpoint(first), _endpoint(last)
    if _NOTHING in (start, end) or (start is None and end is None):
        return None
    included = (inner[0] == "[" and start is not None, inner[-1] == "]" and end is not None)
    if start is not None and end is not None and less_or_equal(start, end) is not True:
        return None
    return Range(start, end, *included)


def _endpoint(text: str) -> object:
    """The value of one end, None when it is left out, _NOTHING when it is no literal."""
    if not text.strip():
        return None
    try:
        node, _ = parse_expression(text, Scope((NameTable(_CONSTRUCTORS),)), NameTable(), NameTable())
    except FeelError:
        return _NOTHING
    value = _constant(node)
    return _NOTHING if value is None else value


def _constant(node: Node) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        argument = node.arguments[0]
        constructor = _CONSTRUCTORS.get(node.function.name)
        if constructor is not None and isinstance(argument, Literal) and isinstance(argument.value, str):
            return constructor(argument.value)
    return None
