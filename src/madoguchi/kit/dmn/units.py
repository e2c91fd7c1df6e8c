"""One model among others: its elements by id, its imports, and the names in scope of each element."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from madoguchi.kit.dmn.errors import Diagnostic, DmnError
from madoguchi.kit.dmn.item_types import TypeRegistry
from madoguchi.kit.dmn.logic import compile_function, compile_logic
from madoguchi.kit.dmn.model import (
    BusinessKnowledgeModel,
    Context,
    Decision,
    DecisionTable,
    Definitions,
    Element,
    Expression,
    FunctionDefinition,
    Relation,
    variable_name,
)
from madoguchi.kit.dmn.namespaces import is_dmn_import
from madoguchi.kit.dmn.naming import Code, Naming, typed
from madoguchi.kit.dmn.walk import expressions_of
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.functions import UserFunction
from madoguchi.kit.feel.types import FeelType, FunctionType


@dataclass(frozen=True)
class Requirement:
    """What an element needs: the unit and element it lives in, and the import name in front of it."""

    unit: "Unit"
    element: Element
    prefix: str


@dataclass
class Unit:
    """A model with the models that it imports."""

    definitions: Definitions
    imports: "dict[str, Unit]" = field(default_factory=dict)
    types: TypeRegistry = field(init=False)
    problems: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Index the elements; compile nothing yet."""
        self.types = TypeRegistry(self.definitions, {name: unit.types for name, unit in self.imports.items()})
        self.by_id = {element.id: element for element in self.definitions.elements if element.id}
        self._codes: dict[str, Code] = {}
        self._functions: dict[str, Callable[[Environment], UserFunction]] = {}
        self._members = frozenset(self.members())
        self._type_mapping = self.types.mapping()

    def members(self) -> Iterator[str]:
        """Every name that may stand behind a dot: components, context entries, columns, outputs, imported elements."""
        yield from self.types.members()
        for element in self.definitions.elements:
            yield variable_name(element)
            for expression in expressions_of(element):
                yield from _members_of(expression)
        for unit in self.imports.values():
            yield from unit.members()

    def requirements(self, references: Iterable[str]) -> Iterator[Requirement]:
        """The elements behind references; references that lead nowhere are left out (and reported by ``check``)."""
        for reference in references:
            found = self.resolve(reference)
            if found is not None:
                yield found

    def resolve(self, reference: str) -> Requirement | None:
        """The element behind a reference, here or in an imported model."""
        namespace, _, identifier = reference.rpartition("#")
        if not namespace or namespace == self.definitions.namespace:
            element = self.by_id.get(identifier)
            return None if element is None else Requirement(self, element, "")
        for name, unit in self.imports.items():
            if unit.definitions.namespace == namespace and identifier in unit.by_id:
                return Requirement(unit, unit.by_id[identifier], name)
        return None

    def paths_to(self, namespace: str) -> "Iterator[tuple[str, ...]]":
        """The import names that lead to a model; one empty path when it is this one."""
        if namespace == self.definitions.namespace:
            yield ()
        for name, unit in self.imports.items():
            for path in unit.paths_to(namespace):
                yield (name, *path) if name else path

    def naming(self, element: Element) -> Naming:
        """The names that the logic of an element may use."""
        names = {item.prefix or variable_name(item.element) for item in self.requirements(required(element))}
        if isinstance(element, BusinessKnowledgeModel):
            names.add(variable_name(element))
        return Naming(
            self.types, self._type_mapping, frozenset(names), self._members, variable_name(element), self.problems
        )

    def type_of(self, element: Element) -> FeelType | None:
        """The declared type of the variable of an element."""
        return None if element.variable is None else self.types.resolve(element.variable.type_ref)

    def decision_code(self, decision: Decision) -> Code:
        """The compiled logic of a decision, with the conversion to its type."""
        code = self._codes.get(decision.id)
        if code is None:
            reference = "" if decision.variable is None else decision.variable.type_ref
            logic = compile_logic(decision.expression, self.naming(decision), reference)
            code = self._codes[decision.id] = typed(logic, self.type_of(decision), variable_name(decision))
        return code

    def function(self, element: BusinessKnowledgeModel, environment: Environment) -> UserFunction | None:
        """The function of a business knowledge model in its environment."""
        if element.logic is None:
            return None
        make = self._functions.get(element.id)
        if make is None:
            declared = self.type_of(element)
            result = declared.result if isinstance(declared, FunctionType) else declared
            make = self._functions[element.id] = compile_function(element.logic, self.naming(element), result)
        return make(environment)


def _members_of(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Context):
        yield from (entry.variable.name for entry in expression.entries if entry.variable is not None)
    elif isinstance(expression, Relation):
        yield from (column.name for column in expression.columns)
    elif isinstance(expression, DecisionTable):
        yield from (clause.name for clause in expression.outputs if clause.name)
    elif isinstance(expression, FunctionDefinition):
        yield from (parameter.name for parameter in expression.parameters)


def required(element: Element) -> tuple[str, ...]:
    """The references of the elements that an element requires."""
    if isinstance(element, Decision):
        return element.required_inputs + element.required_decisions + element.required_knowledge
    return element.required_knowledge if isinstance(element, BusinessKnowledgeModel) else ()


def build_unit(definitions: Definitions, library: dict[str, Definitions], path: tuple[str, ...] = ()) -> Unit:
    """The unit of a model; DmnError when an imported model is missing or imports go in a circle."""
    if definitions.namespace in path:
        raise DmnError("モデルの取り込みが循環しています。", code="import-cycle")
    imports: dict[str, Unit] = {}
    for item in definitions.imports:
        if not is_dmn_import(item.import_type):
            continue
        found = library.get(item.namespace)
        if found is None:
            raise DmnError(f"取り込むモデル「{item.name}」（{item.namespace}）がありません。", code="import-missing")
        imports[item.name] = build_unit(found, library, (*path, definitions.namespace))
    return Unit(definitions, imports)
