"""Functions that a text or a model defines: declared parameters and a body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.types import ANY, FeelType, FunctionType


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter: its name and, when declared, its type."""

    name: str
    type: FeelType | None = None


@dataclass(frozen=True, eq=False)
class UserFunction:
    """A function with declared parameters and a body that takes the coerced arguments by name."""

    parameters: tuple[Parameter, ...]
    body: Callable[[dict[str, object], Budget], object]
    result: FeelType | None = None

    def invoke(self, arguments: Sequence[object], budget: Budget) -> object:
        """Bind positionally; all parameters must be supplied."""
        if len(arguments) != len(self.parameters):
            return None
        return self._call([*zip(self.parameters, arguments, strict=True)], budget)

    def invoke_named(self, arguments: Mapping[str, object], budget: Budget) -> object:
        """Bind by name; parameters left out are null, unknown names make the result null."""
        if not arguments.keys() <= {parameter.name for parameter in self.parameters}:
            return None
        return self._call([(parameter, arguments.get(parameter.name)) for parameter in self.parameters], budget)

    def feel_type(self) -> FunctionType:
        """The declared signature."""
        return FunctionType(tuple(item.type or ANY for item in self.parameters), self.result or ANY)

    def _call(self, pairs: list[tuple[Parameter, object]], budget: Budget) -> object:
        bound: dict[str, object] = {}
        for parameter, value in pairs:
            fits, bound[parameter.name] = _bind(parameter, value)
            if not fits:
                budget.note(f"引数「{parameter.name}」の型が合いません。")
                return None
        budget.enter_call()
        try:
            result = self.body(bound, budget)
        finally:
            budget.leave_call()
        return result if self.result is None else self.result.coerce(result)[1]


def _bind(parameter: Parameter, value: object) -> tuple[bool, object]:
    return (True, value) if parameter.type is None else parameter.type.coerce(value)
