"""Decision models as plain values: the elements of OMG DMN 1.5 that carry meaning (diagrams are not kept).

Everything is immutable and compares by value, so that a stored version of a model never changes under a reader.
References between elements are the ids behind ``#`` of DMN's ``href``, with the namespace before it when imported.
"""

from dataclasses import dataclass
from enum import StrEnum


class HitPolicy(StrEnum):
    """What a table answers when several rules match (DMN 1.5 clause 8.2.10)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(StrEnum):
    """How COLLECT makes one value of the outputs."""

    NONE = ""
    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class InformationItem:
    """A named and typed variable: of an element, a parameter, a column or a context entry."""

    name: str
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Decision logic; ``type_ref`` is the declared type of its value."""

    type_ref: str = ""
    id: str = ""
    label: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(Expression):
    """A FEEL text."""

    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A condition column: the tested ``expression`` and the ``values`` (unary tests) that it may take."""

    expression: str
    label: str = ""
    type_ref: str = ""
    values: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A result column; ``values`` in order of priority, ``default`` when no rule matches."""

    name: str = ""
    label: str = ""
    type_ref: str = ""
    values: str = ""
    default: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: unary tests, output expressions, and remarks for people."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...] = ()
    id: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Expression):
    """A decision table; ``annotations`` are the names of the remark columns."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...] = ()
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation = Aggregation.NONE
    annotations: tuple[str, ...] = ()
    output_label: str = ""
    orientation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """An entry of a boxed context; without a variable it is the result of the context."""

    variable: InformationItem | None
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Expression):
    """A boxed context."""

    entries: tuple[ContextEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExpression(Expression):
    """A boxed list."""

    items: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Expression):
    """A boxed relation: a list of contexts, column by column."""

    columns: tuple[InformationItem, ...] = ()
    rows: tuple[ListExpression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An argument of a boxed invocation."""

    parameter: InformationItem
    expression: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Expression):
    """A boxed invocation."""

    called: Expression | None = None
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Expression):
    """A boxed function; ``kind`` is FEEL, Java or PMML (the last two are refused when called)."""

    parameters: tuple[InformationItem, ...] = ()
    body: Expression | None = None
    kind: str = "FEEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Expression):
    """A boxed condition."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Expression):
    """A boxed filter."""

    source: Expression
    match: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration(Expression):
    """A boxed ``for``, ``some`` or ``every`` (``kind``)."""

    kind: str
    variable: str
    source: Expression
    body: Expression
    source_type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem:
    """The signature of a function type."""

    parameters: tuple[InformationItem, ...] = ()
    output_type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A declared type: another type, a structure of components, or a function, possibly a collection of it."""

    name: str
    type_ref: str = ""
    is_collection: bool = False
    allowed_values: str = ""
    type_constraint: str = ""
    components: tuple["ItemDefinition", ...] = ()
    function: FunctionItem | None = None
    id: str = ""
    label: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A node of the decision requirements graph."""

    id: str
    name: str
    variable: InformationItem | None = None
    label: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Element):
    """Information that comes from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource(Element):
    """An authority for decisions, such as an article of an ordinance."""

    location: str = ""
    type: str = ""
    required_authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """A decision: its logic, and what it needs to know."""

    expression: Expression | None = None
    required_inputs: tuple[str, ...] = ()
    required_decisions: tuple[str, ...] = ()
    required_knowledge: tuple[str, ...] = ()
    required_authorities: tuple[str, ...] = ()
    question: str = ""
    allowed_answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledgeModel(Element):
    """A function that decisions share."""

    logic: FunctionDefinition | None = None
    required_knowledge: tuple[str, ...] = ()
    required_authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService(Element):
    """A set of decisions offered as a function."""

    output_decisions: tuple[str, ...] = ()
    encapsulated_decisions: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model whose elements are used under ``name``."""

    name: str
    namespace: str
    import_type: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """A decision model."""

    name: str
    namespace: str
    id: str = ""
    description: str = ""
    imports: tuple[Import, ...] = ()
    item_definitions: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()

    def decisions(self) -> tuple[Decision, ...]:
        """The decisions in document order."""
        return tuple(element for element in self.elements if isinstance(element, Decision))

    def find(self, name_or_id: str) -> Element | None:
        """The element of that name or id."""
        by_name = next((element for element in self.elements if element.name == name_or_id), None)
        return by_name or next((element for element in self.elements if element.id == name_or_id), None)


def variable_name(element: Element) -> str:
    """The name under which the value of an element is known."""
    return element.variable.name if element.variable is not None and element.variable.name else element.name
