"""From type expressions to types."""

from collections.abc import Mapping

from madoguchi.kit.feel.nodes import TypeNode
from madoguchi.kit.feel.types import ContextType, FeelType, FunctionType, ListType, RangeType, primitive


def resolve_type(node: TypeNode, declared: Mapping[str, FeelType]) -> FeelType | None:
    """The type that an expression names, or None when it is not in the lattice (``list`` needs a parameter)."""
    if node.name == "context" and node.fields:
        return _context(node, declared)
    if node.name == "function" and node.result is not None:
        return _function(node, declared)
    if node.name in ("list", "range") and node.arguments:
        inner = resolve_type(node.arguments[0], declared)
        wrap = ListType if node.name == "list" else RangeType
        return None if inner is None else wrap(inner)
    return declared.get(node.name) or primitive(node.name)


def _context(node: TypeNode, declared: Mapping[str, FeelType]) -> FeelType | None:
    fields = {name: resolve_type(kind, declared) for name, kind in node.fields}
    known = {name: kind for name, kind in fields.items() if kind is not None}
    return ContextType(known) if len(known) == len(fields) else None


def _function(node: TypeNode, declared: Mapping[str, FeelType]) -> FeelType | None:
    kinds = [resolve_type(argument, declared) for argument in node.arguments]
    known = tuple(kind for kind in kinds if kind is not None)
    result = resolve_type(node.result, declared) if node.result is not None else None
    return FunctionType(known, result) if result is not None and len(known) == len(kinds) else None
