"""The variables of an evaluation: a chain of contexts, innermost first, over the built-in functions."""

from collections.abc import Mapping

from madoguchi.kit.feel.limits import Budget

MISSING = object()


class Environment:
    """Names with FEEL values; ``outer`` is asked for what is not here; ``budget`` is shared by the whole evaluation."""

    __slots__ = ("budget", "names", "outer")

    def __init__(self, names: Mapping[str, object], budget: Budget, outer: "Environment | None" = None) -> None:
        """Open a context."""
        self.names = names
        self.budget = budget
        self.outer = outer

    def inner(self, names: Mapping[str, object]) -> "Environment":
        """A context inside this one."""
        return Environment(names, self.budget, self)

    def find(self, name: str) -> object:
        """The value of a name, or MISSING."""
        here: Environment | None = self
        while here is not None:
            if name in here.names:
                return here.names[name]
            here = here.outer
        return MISSING
