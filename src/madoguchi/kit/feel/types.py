"""The lattice of FEEL types: conformance, implicit conversion, and the type of a value (DMN 1.5 clause 10.3.2.9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from madoguchi.kit.feel.temporal import Date, at_utc_midnight
from madoguchi.kit.feel.values import Function, Range, kind_of


@dataclass(frozen=True)
class FeelType:
    """A type; the base class is ``Any``."""

    def admits(self, value: object) -> bool:
        """Whether a value other than null is of this type."""
        return True

    def contains_type(self, other: "FeelType") -> bool:
        """Whether every value of the other type is of this type."""
        return True

    def coerce(self, value: object) -> tuple[bool, object]:
        """Whether a value fits, before or after implicit conversion, and the converted value (null always fits)."""
        if value is None or self.admits(value):
            return True, value
        if isinstance(value, list):
            if len(value) == 1 and (value[0] is None or self.admits(value[0])):
                return True, value[0]
            return False, None
        return self._convert(value)

    def _convert(self, value: object) -> tuple[bool, object]:
        return False, None


ANY = FeelType()


@dataclass(frozen=True)
class NullType(FeelType):
    """The type of null alone."""

    def admits(self, value: object) -> bool:
        """Nothing but null is of this type."""
        return value is None

    def contains_type(self, other: FeelType) -> bool:
        """Only itself."""
        return isinstance(other, NullType)


NULL = NullType()


@dataclass(frozen=True)
class SimpleType(FeelType):
    """A primitive type by its FEEL name."""

    name: str

    def admits(self, value: object) -> bool:
        """Compare the kind."""
        return kind_of(value) == self.name

    def contains_type(self, other: FeelType) -> bool:
        """Primitive types conform to themselves, and Null to all."""
        return isinstance(other, NullType) or (isinstance(other, SimpleType) and other.name == self.name)

    def _convert(self, value: object) -> tuple[bool, object]:
        if self.name == "date and time" and isinstance(value, Date):
            return True, at_utc_midnight(value)
        return False, None


@dataclass(frozen=True)
class ListType(FeelType):
    """A list of items of one type."""

    item: FeelType = ANY

    def admits(self, value: object) -> bool:
        """Every item must be null or of the item type."""
        return isinstance(value, list) and all(item is None or self.item.admits(item) for item in value)

    def contains_type(self, other: FeelType) -> bool:
        """Lists are covariant."""
        return isinstance(other, NullType) or (isinstance(other, ListType) and self.item.contains_type(other.item))

    def coerce(self, value: object) -> tuple[bool, object]:
        """A single value of the item type becomes a list of one; items are converted one by one."""
        if value is None:
            return True, None
        if self.admits(value):
            return True, value
        coerced = [_coerce_part(self.item, item) for item in (value if isinstance(value, list) else [value])]
        return (True, [item for _, item in coerced]) if all(fits for fits, _ in coerced) else (False, None)


def _coerce_part(kind: FeelType, value: object) -> tuple[bool, object]:
    """Convert an element of a list or an entry of a context; lists are unwrapped only at the top."""
    if isinstance(value, list) and not isinstance(kind, ListType):
        return kind.admits(value), value
    return kind.coerce(value)


@dataclass(frozen=True)
class ContextType(FeelType):
    """A context with at least these entries."""

    fields: Mapping[str, FeelType] = field(default_factory=dict)

    def __hash__(self) -> int:
        """By the names of the entries."""
        return hash(tuple(self.fields))

    def admits(self, value: object) -> bool:
        """Every declared entry must be there, null or of its type."""
        return isinstance(value, dict) and all(
            key in value and (value[key] is None or kind.admits(value[key])) for key, kind in self.fields.items()
        )

    def contains_type(self, other: FeelType) -> bool:
        """The other may have more entries."""
        if isinstance(other, NullType):
            return True
        return isinstance(other, ContextType) and all(
            key in other.fields and kind.contains_type(other.fields[key]) for key, kind in self.fields.items()
        )

    def coerce(self, value: object) -> tuple[bool, object]:
        """Entries are converted one by one; entries that are not declared stay."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None or self.admits(value):
            return True, value
        if not isinstance(value, dict) or not self.fields.keys() <= value.keys():
            return False, None
        coerced = {key: _coerce_part(kind, value[key]) for key, kind in self.fields.items()}
        if not all(fits for fits, _ in coerced.values()):
            return False, None
        return True, {**value, **{key: item for key, (_, item) in coerced.items()}}


@dataclass(frozen=True)
class RangeType(FeelType):
    """A range over one type."""

    point: FeelType = ANY

    def admits(self, value: object) -> bool:
        """Both ends must be open or of the point type."""
        return isinstance(value, Range) and all(
            end is None or self.point.admits(end) for end in (value.start, value.end)
        )

    def contains_type(self, other: FeelType) -> bool:
        """Ranges are covariant."""
        return isinstance(other, NullType) or (isinstance(other, RangeType) and self.point.contains_type(other.point))


@dataclass(frozen=True)
class FunctionType(FeelType):
    """A function from parameter types to a result type."""

    parameters: tuple[FeelType, ...] = ()
    result: FeelType = ANY
    any_parameters: bool = False

    def admits(self, value: object) -> bool:
        """Compare the declared signature where there is one."""
        return isinstance(value, Function) and self.contains_type(type_of(value))

    def contains_type(self, other: FeelType) -> bool:
        """Parameters are contravariant, results covariant."""
        if not isinstance(other, FunctionType):
            return isinstance(other, NullType)
        if self.any_parameters or other.any_parameters:
            return self.result.contains_type(other.result) or other.result == ANY
        if len(self.parameters) != len(other.parameters) or not self.result.contains_type(other.result):
            return False
        return all(theirs.contains_type(ours) for ours, theirs in zip(self.parameters, other.parameters, strict=True))


@runtime_checkable
class Typed(Protocol):
    """A value that declares its own type."""

    def feel_type(self) -> FeelType:
        """The declared type."""
        ...


@dataclass(frozen=True)
class ConstrainedType(FeelType):
    """A type whose values must also pass a test (allowed values of an item definition)."""

    base: FeelType
    test: Callable[[object], bool] = field(compare=False)

    def admits(self, value: object) -> bool:
        """Both the type and the test."""
        return self.base.admits(value) and self.test(value)

    def contains_type(self, other: FeelType) -> bool:
        """The constraint is not part of the comparison."""
        return self.base.contains_type(other)

    def coerce(self, value: object) -> tuple[bool, object]:
        """Convert first, then test; null is tested only by not being there."""
        fits, converted = self.base.coerce(value)
        if not fits or (converted is not None and not self.test(converted)):
            return False, None
        return True, converted


PRIMITIVES: dict[str, FeelType] = {
    "Any": ANY,
    "Null": NULL,
    **{
        name: SimpleType(name)
        for name in (
            "number",
            "string",
            "boolean",
            "date",
            "time",
            "date and time",
            "days and time duration",
            "years and months duration",
        )
    },
}
XML_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


def primitive(name: str) -> FeelType | None:
    """The primitive type of a FEEL name or of the name that DMN's XML uses."""
    return PRIMITIVES.get(XML_NAMES.get(name, name))


def type_of(value: object) -> FeelType:
    """The most specific type of a value; mixed lists are lists of Any."""
    if value is None:
        return NULL
    if isinstance(value, list):
        kinds = [type_of(item) for item in value]
        uniform = kinds and all(kind == kinds[0] for kind in kinds)
        return ListType(kinds[0] if uniform else (NULL if not kinds else ANY))
    if isinstance(value, dict):
        return ContextType({key: type_of(item) for key, item in value.items()})
    if isinstance(value, Range):
        return RangeType(type_of(value.end if value.start is None else value.start))
    if isinstance(value, Typed):
        return value.feel_type()
    return PRIMITIVES.get(kind_of(value)) or FunctionType(any_parameters=True)
