"""Values in test cases: reading them from XML, and comparing what was expected with what came out."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from madoguchi.kit.dmn.xml_expressions import Xml, attribute, child, children
from madoguchi.kit.feel.compare import same
from madoguchi.kit.feel.convert import literal_of
from madoguchi.kit.feel.durations import parse_duration
from madoguchi.kit.feel.numbers import to_number
from madoguchi.kit.feel.temporal_text import parse_date, parse_date_time, parse_time

_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# The kit compares numbers with this tolerance, as expected values are often written with fewer digits.
_TOLERANCE = Decimal("1e-8")


def _boolean(text: str) -> object:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


_TYPES: dict[str, Callable[[str], object]] = {
    "string": str,
    "boolean": _boolean,
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
    **dict.fromkeys(("decimal", "double", "float", "integer", "int", "long", "short"), to_number),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case expects; with ``error`` a null that came of an error is meant."""

    value: object
    error: bool = False

    def text(self) -> str:
        """The value in FEEL notation."""
        return literal_of(self.value) + ("（エラー）" if self.error else "")


def read_value(element: Xml) -> object:
    """The FEEL value of an element that holds ``value``, ``component`` elements or ``list``."""
    listed, simple = child(element, "list"), child(element, "value")
    if listed is not None:
        return None if _is_nil(listed) else [read_value(item) for item in children(listed, "item")]
    components = list(children(element, "component"))
    if components:
        return {attribute(item, "name"): None if _is_nil(item) else read_value(item) for item in components}
    return None if simple is None or _is_nil(simple) else _simple(simple)


def _simple(element: Xml) -> object:
    text = "".join(str(part) for part in element.itertext())
    kind = str(element.get(f"{{{_SCHEMA_INSTANCE}}}type") or "").rpartition(":")[2]
    if not kind:
        return _guess(text)
    return _TYPES[kind](text if kind == "string" else text.strip()) if kind in _TYPES else text


def _guess(text: str) -> object:
    """A value without a type: a number or boolean where it reads as one, otherwise a string."""
    if text.strip() in ("true", "false"):
        return text.strip() == "true"
    number = to_number(text.strip()) if text.strip() else None
    return text if number is None else number


def _is_nil(element: Xml) -> bool:
    return element.get(f"{{{_SCHEMA_INSTANCE}}}nil") in ("true", "1")


def is_expected(got: object, expected: Expected) -> bool:
    """Whether a value is what a case expects; numbers within the tolerance of the kit."""
    return _alike(got, None if expected.error else expected.value)


def _alike(got: object, wanted: object) -> bool:
    if isinstance(got, Decimal) and isinstance(wanted, Decimal):
        return abs(got - wanted) <= max(_TOLERANCE, abs(wanted) * Decimal("1e-15"))
    if isinstance(got, list) and isinstance(wanted, list):
        return len(got) == len(wanted) and all(_alike(one, other) for one, other in zip(got, wanted, strict=True))
    if isinstance(got, dict) and isinstance(wanted, dict):
        return got.keys() == wanted.keys() and all(_alike(item, wanted[key]) for key, item in got.items())
    return same(got, wanted)
