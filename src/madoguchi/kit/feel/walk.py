"""Going through a syntax tree."""

import dataclasses
from collections.abc import Iterator

from madoguchi.kit.feel.nodes import Node


def walk(node: object) -> Iterator[Node]:
    """A node and everything below it."""
    if isinstance(node, Node):
        yield node
        for item in dataclasses.fields(node):
            yield from walk(getattr(node, item.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from walk(part)
