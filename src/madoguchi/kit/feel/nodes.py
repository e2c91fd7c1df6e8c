"""The syntax tree of FEEL expressions and unary tests; every node knows its offset in the text."""

from dataclasses import dataclass
from decimal import Decimal

from madoguchi.kit.feel.temporal_text import Temporal


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression that starts at ``offset``."""

    offset: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or ``@"…"`` value (None also for an ``@`` text that names no value)."""

    value: Decimal | str | bool | Temporal | None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or built-in function, or ``?``."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``source.name``."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function invocation, positional or named (then ``names`` has one name per argument)."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """Arithmetic ``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``left operator right`` with ``+ - * / **``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``left operator right`` with ``= != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between start and end``."""

    value: Node
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: "TypeNode"


@dataclass(frozen=True, slots=True)
class OperatorTest(Node):
    """A unary comparison such as ``<= 10``, also a range value."""

    operator: str
    endpoint: Node


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """``[start..end]`` with each bracket open or closed."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """``[a, b, …]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    """``{key: value, …}``; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then … else …``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source`` or ``name in source..end`` of a loop."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for iterators return body``."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some`` or ``every`` ``iterators satisfies body``."""

    quantifier: str
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class FunctionNode(Node):
    """``function(parameters) body``."""

    parameters: tuple[tuple[str, "TypeNode | None"], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """A type expression: a name, or ``list``, ``range``, ``context``, ``function`` with its arguments."""

    name: str
    arguments: tuple["TypeNode", ...] = ()
    fields: tuple[tuple[str, "TypeNode"], ...] = ()
    result: "TypeNode | None" = None


@dataclass(frozen=True, slots=True)
class Tests:
    """Unary tests: ``-`` (``anything``), a list of positive tests, or ``not(…)`` of them (``negated``)."""

    tests: tuple[Node, ...]
    negated: bool = False
    anything: bool = False
