"""Going through the expressions of a model."""

import dataclasses
from collections.abc import Iterator

from madoguchi.kit.dmn.model import BusinessKnowledgeModel, Decision, Element, Expression


def expressions_of(element: Element) -> Iterator[Expression]:
    """The logic of an element and every expression inside it."""
    if isinstance(element, Decision):
        yield from walk(element.expression)
    elif isinstance(element, BusinessKnowledgeModel):
        yield from walk(element.logic)


def walk(value: object) -> Iterator[Expression]:
    """An expression and everything below it."""
    if isinstance(value, Expression):
        yield value
    if isinstance(value, tuple):
        for part in value:
            yield from walk(part)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for item in dataclasses.fields(value):
            yield from walk(getattr(value, item.name))
