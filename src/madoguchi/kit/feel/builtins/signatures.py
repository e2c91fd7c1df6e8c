"""How built-in functions declare their parameters, and how arguments find the signature they fit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.types import (
    ANY,
    PRIMITIVES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
)

_KINDS: dict[str, FeelType] = {
    **PRIMITIVES,
    "any": ANY,
    "list": ListType(),
    "context": ContextType(),
    "range": RangeType(),
    "function": FunctionType(any_parameters=True),
}
_REFUSED = object()
Call = TypeVar("Call", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Formal:
    """A parameter written ``name: kind``; ``name?: kind`` may be left out, ``name: kind?`` may be null."""

    name: str
    kind: FeelType
    optional: bool
    nullable: bool

    @classmethod
    def parse(cls, text: str) -> "Formal":
        """Read the short form."""
        name, _, kind = (part.strip() for part in text.partition(":"))
        nullable = kind.endswith("?") or kind == "any" or name.endswith("?")
        return cls(name.rstrip("?"), _KINDS[kind.rstrip("?")], name.endswith("?"), nullable)

    def bind(self, value: object) -> object:
        """The value after implicit conversion, or _REFUSED."""
        if value is None:
            return None if self.nullable else _REFUSED
        if self.kind is ANY:
            return value
        fits, converted = self.kind.coerce(value)
        return converted if fits and (converted is not None or self.nullable) else _REFUSED


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function; a ``variadic`` one takes any number (at least one) of its last parameter."""

    formals: tuple[Formal, ...]
    call: Callable[..., object]
    variadic: bool
    wants_budget: bool

    def positional(self, arguments: Sequence[object]) -> list[object] | None:
        """The bound arguments, or None when they do not fit."""
        required = sum(not formal.optional for formal in self.formals)
        if len(arguments) < required or (len(arguments) > len(self.formals) and not self.variadic):
            return None
        formals = [*self.formals, *[self.formals[-1]] * (len(arguments) - len(self.formals))] if self.formals else []
        bound = [formal.bind(value) for formal, value in zip(formals, arguments, strict=False)]
        return None if any(value is _REFUSED for value in bound) else bound

    def named(self, arguments: Mapping[str, object]) -> list[object] | None:
        """The bound arguments in order, or None when names or values do not fit."""
        if not arguments.keys() <= {formal.name for formal in self.formals}:
            return None
        bound = [formal.bind(arguments.get(formal.name)) for formal in self.formals]
        return None if any(value is _REFUSED for value in bound) else bound

    def apply(self, bound: list[object], budget: Budget) -> object:
        """Call the function; arithmetic out of range gives null."""
        try:
            return self.call(budget, *bound) if self.wants_budget else self.call(*bound)
        except (ArithmeticError, ValueError):
            return None


@dataclass(frozen=True, eq=False)
class Builtin:
    """A built-in function with all its signatures; arguments that fit none give null."""

    name: str
    signatures: list[Signature] = field(default_factory=list)

    def invoke(self, arguments: Sequence[object], budget: Budget) -> object:
        """The result of the first signature that the arguments fit."""
        for signature in self.signatures:
            bound = signature.positional(arguments)
            if bound is not None:
                return signature.apply(bound, budget)
        return budget.reject(f"関数「{self.name}」に渡した値の数か型が合いません。")

    def invoke_named(self, arguments: Mapping[str, object], budget: Budget) -> object:
        """The result of the first signature that has these names."""
        for signature in self.signatures:
            bound = signature.named(arguments)
            if bound is not None:
                return signature.apply(bound, budget)
        return budget.reject(f"関数「{self.name}」に渡した値の数か型が合いません。")


class Library:
    """A collection of built-ins filled by a decorator."""

    def __init__(self) -> None:
        """Start empty."""
        self.functions: dict[str, Builtin] = {}

    def define(self, name: str, *formals: str, budget: bool = False) -> Callable[[Call], Call]:
        """Register a Python function as a signature; a formal with ``*`` in front is variadic."""
        variadic = bool(formals) and formals[-1].startswith("*")
        parsed = tuple(Formal.parse(text.lstrip("*")) for text in formals)

        def register(call: Call) -> Call:
            builtin = self.functions.setdefault(name, Builtin(name))
            builtin.signatures.append(Signature(parsed, call, variadic, budget))
            return call

        return register
