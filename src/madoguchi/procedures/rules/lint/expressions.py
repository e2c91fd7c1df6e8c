"""Which names an expression uses."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.kit import feel
from madoguchi.kit.feel.nodes import Name, Path
from madoguchi.kit.feel.walk import walk


@dataclass(frozen=True, slots=True)
class Reading:
    """An expression as read: ``names`` it uses of those known, ``unknown`` ones, (name, member) pairs, why it is broken."""

    names: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    members: frozenset[tuple[str, str]] = frozenset()
    error: str = ""


def read(text: str, known: frozenset[str], members: frozenset[str]) -> Reading:
    """Return the names of a FEEL expression; one that does not compile says why."""
    # Names with a hyphen must be declared to be read; the others show as unknown and are sorted out below, because only
    # so are the variables of loops left out.
    odd = frozenset(name for name in known if not name.isidentifier())
    try:
        expression = feel.compile_expression(text, feel.Names(variables=odd, members=members))
    except feel.FeelError as error:
        return Reading(error=str(error))
    free = expression.unknown_names - {"?"}
    used = {node.name for node in walk(expression.node) if isinstance(node, Name)}
    pairs = {
        (node.source.name, node.name)
        for node in walk(expression.node)
        if isinstance(node, Path) and isinstance(node.source, Name)
    }
    names = frozenset((free & known) | (odd & used))
    return Reading(names, frozenset(free - known), frozenset(pair for pair in pairs if pair[0] in names))
