"""Reading boxed expressions from DMN XML."""

from collections.abc import Callable, Iterator

from lxml import etree

from madoguchi.kit.dmn.errors import DmnError
from madoguchi.kit.dmn.model import (
    Aggregation,
    Binding,
    Conditional,
    Context,
    ContextEntry,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    HitPolicy,
    InformationItem,
    InputClause,
    Invocation,
    Iteration,
    ListExpression,
    LiteralExpression,
    OutputClause,
    Relation,
    Rule,
)
from madoguchi.kit.dmn.xml_safe import local_name

Xml = etree._Element
_DEPTH_MAX = 40


def children(element: Xml, *names: str) -> Iterator[Xml]:
    """The child elements of those names in the namespace of DMN (any version)."""
    namespace = etree.QName(element).namespace
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).namespace == namespace and local_name(child) in names:
            yield child


def child(element: Xml, name: str) -> Xml | None:
    """The first child of that name, or None."""
    return next(children(element, name), None)


def text_in(element: Xml | None, name: str = "text") -> str:
    """The text of a child element, without white space around it."""
    found = None if element is None else child(element, name)
    return "" if found is None else "".join(str(part) for part in found.itertext()).strip()


def attribute(element: Xml, name: str) -> str:
    """An attribute, or an empty string."""
    return str(element.get(name) or "")


def information_item(element: Xml | None) -> InformationItem | None:
    """A ``variable``, ``parameter`` or ``column``."""
    if element is None:
        return None
    name = " ".join(attribute(element, "name").split())
    return InformationItem(name, attribute(element, "typeRef") or text_in(element, "typeRef"), attribute(element, "id"))


def read_expression(element: Xml, depth: int = 0) -> Expression | None:
    """The first boxed expression among the children, or None."""
    found = next(children(element, *_READERS), None)
    return None if found is None else _read(found, depth)


def _read(element: Xml, depth: int) -> Expression:
    if depth > _DEPTH_MAX:
        raise DmnError(f"式の入れ子が深すぎます（上限{_DEPTH_MAX}段）。", code="too-deep")
    return _READERS[local_name(element)](element, depth + 1)


def _needed(element: Xml, depth: int) -> Expression:
    found = read_expression(element, depth)
    return LiteralExpression() if found is None else found


def _common(element: Xml) -> dict[str, str]:
    return {
        "type_ref": attribute(element, "typeRef"),
        "id": attribute(element, "id"),
        "label": attribute(element, "label"),
        "description": text_in(element, "description"),
    }


def _literal(element: Xml, depth: int) -> Expression:
    if child(element, "importedValues") is not None:
        return LiteralExpression(**_common(element), language="importedValues")
    return LiteralExpression(
        **_common(element), text=text_in(element), language=attribute(element, "expressionLanguage")
    )


def _table(element: Xml, depth: int) -> Expression:
    policy = " ".join(attribute(element, "hitPolicy").split()) or "UNIQUE"
    aggregation = attribute(element, "aggregation")
    if policy not in set(HitPolicy) or aggregation not in set(Aggregation):
        raise DmnError(f"ヒットポリシー「{policy} {aggregation}」はDMNにありません。", code="hit-policy")
    return DecisionTable(
        **_common(element),
        inputs=tuple(_input(item) for item in children(element, "input")),
        outputs=tuple(_output(item) for item in children(element, "output")),
        rules=tuple(_rule(item) for item in children(element, "rule")),
        hit_policy=HitPolicy(policy),
        aggregation=Aggregation(aggregation),
        annotations=tuple(attribute(item, "name") for item in children(element, "annotation")),
        output_label=attribute(element, "outputLabel"),
        orientation=attribute(element, "preferredOrientation"),
    )


def _input(element: Xml) -> InputClause:
    expression = child(element, "inputExpression")
    return InputClause(
        expression=text_in(expression),
        label=attribute(element, "label"),
        type_ref="" if expression is None else attribute(expression, "typeRef"),
        values=text_in(child(element, "inputValues")),
        id=attribute(element, "id"),
    )


def _output(element: Xml) -> OutputClause:
    return OutputClause(
        name=attribute(element, "name"),
        label=attribute(element, "label"),
        type_ref=attribute(element, "typeRef"),
        values=text_in(child(element, "outputValues")),
        default=text_in(child(element, "defaultOutputEntry")),
        id=attribute(element, "id"),
    )


def _rule(element: Xml) -> Rule:
    return Rule(
        inputs=tuple(text_in(item) for item in children(element, "inputEntry")),
        outputs=tuple(text_in(item) for item in children(element, "outputEntry")),
        annotations=tuple(text_in(item) for item in children(element, "annotationEntry")),
        id=attribute(element, "id"),
        description=text_in(element, "description"),
    )


def _context(element: Xml, depth: int) -> Expression:
    entries = tuple(
        ContextEntry(variable=information_item(child(entry, "variable")), expression=_needed(entry, depth))
        for entry in children(element, "contextEntry")
    )
    return Context(**_common(element), entries=entries)


def _list(element: Xml, depth: int) -> Expression:
    return read_list(element, depth)


def read_list(element: Xml, depth: int) -> ListExpression:
    """A ``list``, or a ``row`` of a relation."""
    items = tuple(_read(item, depth) for item in children(element, *_READERS))
    return ListExpression(**_common(element), items=items)


def _relation(element: Xml, depth: int) -> Expression:
    columns = tuple(item for item in map(information_item, children(element, "column")) if item is not None)
    rows = tuple(read_list(row, depth) for row in children(element, "row"))
    return Relation(**_common(element), columns=columns, rows=rows)


def _invocation(element: Xml, depth: int) -> Expression:
    bindings = tuple(
        Binding(parameter=parameter, expression=read_expression(binding, depth))
        for binding in children(element, "binding")
        if (parameter := information_item(child(binding, "parameter"))) is not None
    )
    return Invocation(**_common(element), called=read_expression(element, depth), bindings=bindings)


def _function(element: Xml, depth: int) -> Expression:
    return read_function(element, depth)


def read_function(element: Xml, depth: int = 0) -> FunctionDefinition:
    """A ``functionDefinition``, or the ``encapsulatedLogic`` of a business knowledge model."""
    parameters = tuple(item for item in map(information_item, children(element, "formalParameter")) if item is not None)
    kind = attribute(element, "kind") or "FEEL"
    return FunctionDefinition(
        **_common(element), parameters=parameters, body=read_expression(element, depth), kind=kind
    )


def _part(element: Xml, name: str, depth: int) -> Expression:
    found = child(element, name)
    return LiteralExpression() if found is None else _needed(found, depth)


def _conditional(element: Xml, depth: int) -> Expression:
    condition, then, otherwise = (_part(element, name, depth) for name in ("if", "then", "else"))
    return Conditional(**_common(element), condition=condition, then=then, otherwise=otherwise)


def _filter(element: Xml, depth: int) -> Expression:
    return Filter(**_common(element), source=_part(element, "in", depth), match=_part(element, "match", depth))


def _iteration(element: Xml, depth: int) -> Expression:
    kind, source = local_name(element), child(element, "in")
    return Iteration(
        **_common(element),
        kind=kind,
        variable=attribute(element, "iteratorVariable"),
        source=_part(element, "in", depth),
        body=_part(element, "return" if kind == "for" else "satisfies", depth),
        source_type_ref="" if source is None else attribute(source, "typeRef"),
    )


_READERS: dict[str, Callable[[Xml, int], Expression]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
}
