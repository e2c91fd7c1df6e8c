"""One evaluation of a model: what was given, what has been decided so far, and what is reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.kit.dmn.errors import Diagnostic
from madoguchi.kit.dmn.item_types import completed
from madoguchi.kit.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Element,
    InputData,
    variable_name,
)
from madoguchi.kit.dmn.units import Requirement, Unit, required
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.errors import FeelLimitError
from madoguchi.kit.feel.functions import Parameter, UserFunction
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.types import FunctionType

Key = tuple[str, str]


def key_of(unit: Unit, element: Element) -> Key:
    """What tells an element from all others of all models."""
    return unit.definitions.namespace, element.id or element.name


@dataclass
class Session:
    """Values by element; ``inputs`` are FEEL values by name, ``Import.name`` or ``{namespace}name``."""

    main: Unit
    inputs: Mapping[str, object]
    budget: Budget
    values: dict[Key, object] = field(default_factory=dict)
    running: list[Key] = field(default_factory=list)
    order: list[tuple[str, object]] = field(default_factory=list)

    def value(self, unit: Unit, element: Element) -> object:
        """The value of an element: input, decision, function or service; each is worked out once."""
        key = key_of(unit, element)
        if key in self.values:
            return self.values[key]
        if key in self.running:
            message = f"「{element.name}」の決定が自分自身を必要としています。"
            self.budget.observe(Diagnostic("cycle", message, element.name))
            return None
        self.running.append(key)
        try:
            value = self.values[key] = self._work_out(unit, element)
        finally:
            self.running.pop()
        return value

    def _work_out(self, unit: Unit, element: Element) -> object:
        if isinstance(element, Decision):
            return self._decide(unit, element)
        if isinstance(element, InputData):
            return self._input(unit, element)
        if isinstance(element, BusinessKnowledgeModel):
            return self._function(unit, element)
        return self._service(unit, element) if isinstance(element, DecisionService) else None

    def environment(self, unit: Unit, element: Element) -> Environment:
        """The variables that an element may use."""
        names: dict[str, object] = {}
        for requirement in unit.requirements(required(element)):
            self._bind(names, requirement)
        return Environment(names, self.budget)

    def _bind(self, names: dict[str, object], requirement: Requirement) -> None:
        name, value = variable_name(requirement.element), self.value(requirement.unit, requirement.element)
        if not requirement.prefix:
            names[name] = value
            return
        inside = names.setdefault(requirement.prefix, {})
        if isinstance(inside, dict):
            inside[name] = value

    def _decide(self, unit: Unit, decision: Decision) -> object:
        environment = self.environment(unit, decision)
        try:
            value = unit.decision_code(decision)(environment)
        except FeelLimitError as error:
            self.budget.observe(Diagnostic("limit", str(error), decision.name))
            value = None
        except RecursionError:
            self.budget.observe(Diagnostic("limit", "式の入れ子か呼び出しが深すぎます。", decision.name))
            value = None
        self.order.append((variable_name(decision), value))
        return value

    def _input(self, unit: Unit, element: InputData) -> object:
        given = self._given(unit, element)
        kind = unit.type_of(element)
        fits, value = (True, given) if kind is None else kind.coerce(completed(given, kind))
        if not fits:
            message = f"入力「{element.name}」の値が、決められた型か取りうる値に合いません。"
            self.budget.observe(Diagnostic("type", message, element.name))
        return value

    def _given(self, unit: Unit, element: InputData) -> object:
        name = variable_name(element)
        qualified = f"{{{unit.definitions.namespace}}}{name}"
        if qualified in self.inputs:
            return self.inputs[qualified]
        for path in self.main.paths_to(unit.definitions.namespace):
            dotted = ".".join((*path, name))
            if dotted in self.inputs:
                return self.inputs[dotted]
            inside: object = self.inputs
            for part in path:
                inside = inside.get(part) if isinstance(inside, Mapping) else None
            if isinstance(inside, Mapping) and name in inside:
                return inside[name]
        return self.inputs.get(name)

    def _function(self, unit: Unit, element: BusinessKnowledgeModel) -> object:
        environment = self.environment(unit, element)
        function = unit.function(element, environment)
        environment.names[variable_name(element)] = function  # type: ignore[index]  # a dict made just above
        return function

    def _service(self, unit: Unit, service: DecisionService) -> object:
        inputs = [*unit.requirements(service.input_data), *unit.requirements(service.input_decisions)]
        parameters = tuple(Parameter(variable_name(item.element), item.unit.type_of(item.element)) for item in inputs)

        def call(bound: dict[str, object], budget: Budget) -> object:
            given = {key_of(item.unit, item.element): bound[variable_name(item.element)] for item in inputs}
            return self._serve(unit, service, given, budget)

        declared = unit.type_of(service)
        return UserFunction(parameters, call, declared.result if isinstance(declared, FunctionType) else declared)

    def _serve(self, unit: Unit, service: DecisionService, given: dict[Key, object], budget: Budget) -> object:
        inner = Session(self.main, {}, budget, dict(given))
        outputs = list(unit.requirements(service.output_decisions))
        values = {variable_name(item.element): inner.value(item.unit, item.element) for item in outputs}
        self.order.extend(inner.order)
        return next(iter(values.values())) if len(values) == 1 else values
