"""A definition's expressions, compiled once and kept as long as the definition lives."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

from madoguchi.kit import dmn, feel
from madoguchi.kit.feel.nodes import Name
from madoguchi.kit.feel.walk import walk

from ..definition import Decision, Definition, FormField, Step
from .parts import PARTS, row_fields

_cache: dict[int, tuple[weakref.ref[Definition], Compiled]] = {}


class Compiled:
    """
    The conditions and calculations of one definition by their text, and its fields by code.

    ``broken`` holds the texts that do not compile, with the reason; they count as not fulfilled.
    """

    def __init__(self, definition: Definition) -> None:
        """Compile everything that a form may ask."""
        # Not the definition itself: it would keep itself alive through the cache.
        self.decisions = definition.decisions
        self.fields: dict[str, FormField] = {}
        self.steps: dict[str, Step] = {}
        self.step_of: dict[str, Step] = {}
        for step in definition.form.steps:
            self.steps.setdefault(step.code, step)
            for field in step.fields:
                self.fields.setdefault(field.code, field)
                self.step_of.setdefault(field.code, step)
        self.names = feel.Names(
            variables=frozenset({*self.fields, "today", *_inner_codes(definition)}),
            members=frozenset(_members(definition)),
        )
        self.broken: dict[str, str] = {}
        self._expressions: dict[str, feel.Expression | None] = {}
        self._models: dict[str, dmn.DecisionModel] = {}
        self._live: dict[str, frozenset[str]] = {}

    def expression(self, text: str) -> feel.Expression | None:
        """Return the compiled text, or None for one that does not compile."""
        if text not in self._expressions:
            try:
                self._expressions[text] = feel.compile_expression(text, self.names)
            except feel.FeelError as error:
                self.broken[text] = str(error)
                self._expressions[text] = None
        return self._expressions[text]

    def live(self, step: str) -> frozenset[str]:
        """Return the names that conditions and calculations of a step ask for: changing one may change the page."""
        if step not in self._live:
            found = self.steps.get(step)
            texts = [text for field in (found.fields if found else []) for text in _texts(field)]
            self._live[step] = frozenset(name for text in texts for name in self._names(text))
        return self._live[step]

    def _names(self, text: str) -> set[str]:
        expression = self.expression(text)
        return {node.name for node in walk(expression.node) if isinstance(node, Name)} if expression else set()

    def model(self, name: str) -> dmn.DecisionModel | None:
        """Return the evaluator of a decision table, or None where the definition has none of that name."""
        decision = self.decisions.get(name)
        if decision is None:
            return None
        if name not in self._models:
            table = table_of(decision)
            # ``today`` is a function of FEEL too: only as an input does the name mean the day of the application.
            inputs = {**dict.fromkeys((*self.fields, "today"), ""), **dmn.names_used(table)}
            self._models[name] = dmn.model_of_table(name=name, table=table, input_data=inputs)
        return self._models[name]


def table_of(decision: Decision) -> dmn.DecisionTable:
    """Return the DMN table of a decision; raises ``kit.dmn.DmnError``."""
    table = decision.table
    return dmn.table_from_rows(
        inputs=[dmn.InputClause(expression=column.expression or column.name) for column in table.inputs],
        outputs=[dmn.OutputClause(name=column.name) for column in table.outputs],
        rows=table.rows,
        hit_policy=table.hit_policy,
    )


def compiled(definition: Definition) -> Compiled:
    """Return the compiled form of a definition, made on first use; definitions are never changed in place."""
    key = id(definition)
    known = _cache.get(key)
    if known is not None and known[0]() is definition:
        return known[1]
    made = Compiled(definition)
    _cache[key] = (weakref.ref(definition, lambda _gone: _cache.pop(key, None)), made)
    return made


def _texts(field: FormField) -> Iterator[str]:
    yield from (text for text in (field.visible_if, field.required_if, field.calculation) if text)
    for inner in field.fields:
        yield from _texts(inner)


def _inner_codes(definition: Definition) -> Iterator[str]:
    for field in definition.form.fields():
        yield from _below(field)


def _below(field: FormField) -> Iterator[str]:
    for inner in row_fields(field):
        yield inner.code
        yield from _below(inner)


def _members(definition: Definition) -> Iterator[str]:
    yield from _inner_codes(definition)
    for parts in PARTS.values():
        yield from (part.code for part in parts)
