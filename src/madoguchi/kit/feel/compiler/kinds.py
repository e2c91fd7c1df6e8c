"""What the parts of the compiler know of each other: closures, and the compiler that makes them."""

from collections.abc import Callable, Mapping
from typing import Protocol

from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.nodes import Node
from madoguchi.kit.feel.types import FeelType

Code = Callable[[Environment], object]
Test = Callable[[object, Environment], bool | None]


class NodeCompiler(Protocol):
    """Makes closures of nodes; ``types`` are the item definitions that type names may refer to."""

    types: Mapping[str, FeelType]

    def code(self, node: Node) -> Code:
        """The closure of an expression."""
        ...

    def test(self, node: Node) -> Test:
        """The closure of a unary test."""
        ...
