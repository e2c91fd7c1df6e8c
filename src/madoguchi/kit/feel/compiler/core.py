"""The compiler: one function per kind of node, looked up by the class of the node."""

from collections.abc import Callable, Mapping
from typing import Any

from madoguchi.kit.feel import nodes
from madoguchi.kit.feel.compiler import expressions, loops, membership
from madoguchi.kit.feel.compiler.kinds import Code, Test
from madoguchi.kit.feel.types import FeelType


class Compiler:
    """Turns nodes into closures; ``types`` are the item definitions that type names may refer to."""

    def __init__(self, types: Mapping[str, FeelType] | None = None) -> None:
        """Keep the declared types."""
        self.types: Mapping[str, FeelType] = types or {}

    def code(self, node: nodes.Node) -> Code:
        """The closure of an expression."""
        return _COMPILERS[type(node)](self, node)

    def test(self, node: nodes.Node) -> Test:
        """The closure of a unary test: whether a value passes it, or null."""
        return membership.compile_test(self, node)

    def tests(self, tests: nodes.Tests) -> Test:
        """The closure of unary tests: whether a value passes them (null is never returned for ``-``)."""
        return membership.compile_tests(self, tests)


_COMPILERS: dict[type[nodes.Node], Callable[[Compiler, Any], Code]] = {
    nodes.Literal: expressions.compile_literal,
    nodes.Name: expressions.compile_name,
    nodes.Path: expressions.compile_path,
    nodes.Filter: loops.compile_filter,
    nodes.Call: expressions.compile_call,
    nodes.Negation: expressions.compile_negation,
    nodes.Arithmetic: expressions.compile_arithmetic,
    nodes.Logic: expressions.compile_logic,
    nodes.Comparison: expressions.compile_comparison,
    nodes.Between: membership.compile_between,
    nodes.In: membership.compile_in,
    nodes.InstanceOf: expressions.compile_instance_of,
    nodes.OperatorTest: membership.compile_operator_range,
    nodes.Interval: membership.compile_interval,
    nodes.ListNode: expressions.compile_list,
    nodes.ContextNode: expressions.compile_context,
    nodes.If: expressions.compile_if,
    nodes.For: loops.compile_for,
    nodes.Quantified: loops.compile_quantified,
    nodes.FunctionNode: expressions.compile_function,
}
