"""From item definitions to types (DMN 1.5 clause 7.3.3)."""

from collections.abc import Callable, Iterator, Mapping

from madoguchi.kit.dmn.model import Definitions, ItemDefinition
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.errors import FeelError
from madoguchi.kit.feel.expression import Names, compile_unary_tests
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.numbers import feel_arithmetic
from madoguchi.kit.feel.types import (
    ANY,
    ConstrainedType,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    primitive,
)


class TypeRegistry:
    """The types that a model declares, and those of the models it imports under their names."""

    def __init__(self, definitions: Definitions, imported: "Mapping[str, TypeRegistry] | None" = None) -> None:
        """Resolve nothing yet; item definitions may refer to each other in any order."""
        self.items = {item.name: item for item in definitions.item_definitions}
        self.imported = imported or {}
        self._resolved: dict[str, FeelType] = {}

    def names(self) -> Iterator[str]:
        """All type names, imported ones with their prefix."""
        yield from self.items
        for prefix, registry in self.imported.items():
            for name in registry.names():
                yield f"{prefix}.{name}" if prefix else name

    def mapping(self) -> dict[str, FeelType]:
        """All declared types by name."""
        return {name: self.resolve(name) or ANY for name in self.names()}

    def resolve(self, reference: str) -> FeelType | None:
        """The type of a ``typeRef``; None for an empty or unknown one."""
        name = " ".join(reference.removeprefix("feel:").split())
        if name in self.items:
            return self._declared(name)
        for prefix, registry in self.imported.items():
            inner = name.removeprefix(f"{prefix}.") if prefix else name
            if inner != name or not prefix:
                found = registry.resolve(inner)
                if found is not None:
                    return found
        return primitive(name) if name else None

    def _declared(self, name: str) -> FeelType:
        if name not in self._resolved:
            self._resolved[name] = ANY  # a definition that contains itself is not followed further
            self._resolved[name] = self._build(self.items[name])
        return self._resolved[name]

    def _build(self, item: ItemDefinition) -> FeelType:
        kind = self._base(item)
        if item.allowed_values:
            kind = constrained(kind, item.allowed_values)
        if item.is_collection:
            kind = ListType(kind)
        return constrained(kind, item.type_constraint) if item.type_constraint else kind

    def _base(self, item: ItemDefinition) -> FeelType:
        if item.components:
            return ContextType({part.name: self._build(part) for part in item.components})
        if item.function is not None:
            parameters = tuple(self.resolve(part.type_ref) or ANY for part in item.function.parameters)
            return FunctionType(parameters, self.resolve(item.function.output_type_ref) or ANY)
        return self.resolve(item.type_ref) or ANY

    def allowed_values(self, reference: str) -> str:
        """The allowed values of a declared type (unary tests), or an empty string."""
        item = self.items.get(reference)
        if item is None:
            return ""
        return item.allowed_values or item.type_constraint or self.allowed_values(item.type_ref)

    def members(self) -> Iterator[str]:
        """The names of all components, at any depth."""
        for item in self.items.values():
            yield from _components(item)
        for registry in self.imported.values():
            yield from registry.members()


def _components(item: ItemDefinition) -> Iterator[str]:
    for part in item.components:
        yield part.name
        yield from _components(part)


def completed(value: object, kind: FeelType) -> object:
    """Input with null for the components that were not given: what comes from outside leaves out what is not known."""
    if isinstance(kind, ConstrainedType):
        return completed(value, kind.base)
    if isinstance(kind, ListType) and isinstance(value, list):
        return [completed(item, kind.item) for item in value]
    if isinstance(kind, ContextType) and isinstance(value, dict):
        return {**value, **{name: completed(value.get(name), part) for name, part in kind.fields.items()}}
    return value


def constrained(kind: FeelType, tests: str) -> FeelType:
    """A type whose values must pass unary tests; tests that are no FEEL are passed by everything."""
    check = value_test(tests)
    return kind if check is None else ConstrainedType(kind, check)


def value_test(tests: str) -> Callable[[object], bool] | None:
    """Whether a FEEL value passes unary tests, as a function; None when the text is no FEEL."""
    try:
        compiled = compile_unary_tests(tests, Names())
    except FeelError:
        return None

    def check(value: object) -> bool:
        with feel_arithmetic():
            return compiled.code(value, Environment({"?": value}, Budget())) is True

    return check
