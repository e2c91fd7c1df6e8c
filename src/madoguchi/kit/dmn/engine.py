"""Evaluating decision models: build a :class:`DecisionModel` once, ask it many times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from madoguchi.kit.dmn.errors import Diagnostic, DmnError
from madoguchi.kit.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    variable_name,
)
from madoguchi.kit.dmn.session import Session
from madoguchi.kit.dmn.tables import TableTrace
from madoguchi.kit.dmn.units import Unit, build_unit
from madoguchi.kit.feel.convert import from_python, to_python
from madoguchi.kit.feel.limits import DEFAULT_LIMITS, Budget, Limits
from madoguchi.kit.feel.numbers import feel_arithmetic
from madoguchi.kit.feel.values import Function


@dataclass(frozen=True)
class DecisionResult:
    """The answer of a decision, and why.

    ``value`` is a Python value (None for null), ``tables`` tell for each table that was asked its inputs and the rules
    that matched, ``decisions`` the values of all decisions on the way, ``diagnostics`` what went wrong.
    """

    decision: str
    value: object
    tables: tuple[TableTrace, ...]
    decisions: dict[str, object]
    diagnostics: tuple[Diagnostic, ...]


class DecisionModel:
    """A model ready to be evaluated. Compiling happens on first use and is kept; evaluations do not touch each other."""

    def __init__(self, definitions: Definitions, library: Iterable[Definitions] = ()) -> None:
        """Take a model and the models that it imports; DmnError when one is missing."""
        self.definitions = definitions
        self.unit: Unit = build_unit(definitions, {item.namespace: item for item in library})

    def evaluate(
        self, decision: str, inputs: Mapping[str, object] | None = None, *, limits: Limits = DEFAULT_LIMITS
    ) -> DecisionResult:
        """Decide: ``decision`` is a name or id, ``inputs`` the input data by name (Python or FEEL values).

        Raises DmnError for an unknown decision and FeelUnsupportedError when the logic uses what is left out; every
        other trouble is null with a diagnostic.
        """
        element = self._element(decision, Decision)
        watcher = _Watcher()
        session = self._session(inputs or {}, limits, watcher)
        with feel_arithmetic():
            value = session.value(self.unit, element)
        notes = tuple(Diagnostic("note", text, element.name) for text in session.budget.notes)
        return DecisionResult(
            decision=element.name,
            value=to_python(value),
            tables=tuple(_python_trace(trace) for trace in watcher.tables),
            decisions={name: to_python(item) for name, item in session.order},
            diagnostics=(*watcher.diagnostics, *notes),
        )

    def decide(self, decision: str, inputs: Mapping[str, object] | None = None) -> object:
        """Only the answer, a little faster: nothing is recorded."""
        session = self._session(inputs or {}, DEFAULT_LIMITS, None)
        with feel_arithmetic():
            return to_python(session.value(self.unit, self._element(decision, Decision)))

    def invoke(self, name: str, arguments: Mapping[str, object], *, limits: Limits = DEFAULT_LIMITS) -> DecisionResult:
        """Call a business knowledge model or a decision service with named arguments."""
        element = self._element(name, (BusinessKnowledgeModel, DecisionService))
        watcher = _Watcher()
        session = self._session({}, limits, watcher)
        values = {key: from_python(value) for key, value in arguments.items()}
        with feel_arithmetic():
            function = session.value(self.unit, element)
            value = function.invoke_named(values, session.budget) if isinstance(function, Function) else None
        decisions = {item: to_python(found) for item, found in session.order}
        tables = tuple(_python_trace(trace) for trace in watcher.tables)
        return DecisionResult(element.name, to_python(value), tables, decisions, tuple(watcher.diagnostics))

    def parameters(self, name: str) -> tuple[str, ...]:
        """The names of the parameters of a business knowledge model or decision service."""
        element = self._element(name, (BusinessKnowledgeModel, DecisionService))
        if isinstance(element, BusinessKnowledgeModel):
            return tuple(item.name for item in element.logic.parameters) if element.logic is not None else ()
        if not isinstance(element, DecisionService):
            return ()
        inputs = self.unit.requirements((*element.input_data, *element.input_decisions))
        return tuple(variable_name(item.element) for item in inputs)

    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the texts of the model: no FEEL, left out, or names that are not in scope."""
        unit = build_unit(self.definitions, self._library())
        session = Session(unit, {}, Budget())
        for element in self.definitions.elements:
            if isinstance(element, Decision):
                unit.decision_code(element)
            elif isinstance(element, BusinessKnowledgeModel):
                unit.function(element, session.environment(unit, element))
        return tuple(dict.fromkeys(unit.problems))

    def _library(self) -> dict[str, Definitions]:
        found: dict[str, Definitions] = {}
        waiting = [self.unit]
        while waiting:
            unit = waiting.pop()
            found[unit.definitions.namespace] = unit.definitions
            waiting.extend(unit.imports.values())
        return found

    def _session(self, inputs: Mapping[str, object], limits: Limits, watcher: "_Watcher | None") -> Session:
        budget = Budget(limits)
        if watcher is not None:
            budget.observer = watcher.see
        values = {" ".join(name.split()): from_python(value) for name, value in inputs.items()}
        return Session(self.unit, values, budget)

    def _element(self, name: str, kinds: type[Element] | tuple[type[Element], ...]) -> Element:
        matching = [element for element in self.definitions.elements if isinstance(element, kinds)]
        found = next((element for element in matching if element.name == name), None)
        found = found or next((element for element in matching if element.id == name), None)
        if found is None:
            raise DmnError(f"「{name}」という決定はモデルにありません。", code="unknown-decision")
        return found


class _Watcher:
    """Collects what an evaluation reports."""

    def __init__(self) -> None:
        self.tables: list[TableTrace] = []
        self.diagnostics: list[Diagnostic] = []

    def see(self, event: object) -> None:
        """Sort an event."""
        if isinstance(event, TableTrace):
            self.tables.append(event)
        elif isinstance(event, Diagnostic) and event not in self.diagnostics:
            self.diagnostics.append(event)


def _python_trace(trace: TableTrace) -> TableTrace:
    return TableTrace(
        table=trace.table,
        hit_policy=trace.hit_policy,
        inputs=tuple((label, to_python(value)) for label, value in trace.inputs),
        matched=trace.matched,
        chosen=trace.chosen,
        annotations=trace.annotations,
        value=to_python(trace.value),
    )
