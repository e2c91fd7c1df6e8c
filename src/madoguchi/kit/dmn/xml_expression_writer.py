"""Writing boxed expressions as DMN 1.5 XML."""

from collections.abc import Callable
from typing import Any

from madoguchi.kit.dmn.model import (
    Conditional,
    Context,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    ListExpression,
    LiteralExpression,
    Relation,
    Rule,
)
from madoguchi.kit.dmn.xml_nodes import Writer, Xml


def write_expression(writer: Writer, parent: Xml, expression: Expression) -> None:
    """Add an expression to an element."""
    _WRITERS[type(expression)](writer, parent, expression)


def write_function(writer: Writer, parent: Xml, tag: str, function: FunctionDefinition) -> None:
    """A function definition under the tag that its place asks for."""
    node = _start(writer, parent, tag, function)
    if function.kind != "FEEL":
        node.set("kind", function.kind)
    for parameter in function.parameters:
        writer.information_item(node, "formalParameter", parameter)
    if function.body is not None:
        write_expression(writer, node, function.body)


def _start(writer: Writer, parent: Xml, tag: str, expression: Expression) -> Xml:
    node = writer.child(parent, tag)
    writer.identify(node, expression.id)
    writer.attributes(node, label=expression.label, typeRef=expression.type_ref)
    writer.text(node, "description", expression.description)
    return node


def _literal(writer: Writer, parent: Xml, expression: LiteralExpression) -> None:
    node = _start(writer, parent, "literalExpression", expression)
    writer.attributes(node, expressionLanguage=expression.language)
    writer.set_text(writer.child(node, "text"), expression.text)


def _table(writer: Writer, parent: Xml, table: DecisionTable) -> None:
    node = _start(writer, parent, "decisionTable", table)
    node.set("hitPolicy", table.hit_policy.value)
    writer.attributes(
        node,
        aggregation=table.aggregation.value,
        preferredOrientation=table.orientation,
        outputLabel=table.output_label,
    )
    for clause in table.inputs:
        column = writer.child(node, "input")
        writer.identify(column, clause.id)
        writer.attributes(column, label=clause.label)
        writer.attributes(writer.cell(column, "inputExpression", clause.expression), typeRef=clause.type_ref)
        writer.tests(column, "inputValues", clause.values)
    for output in table.outputs:
        column = writer.child(node, "output")
        writer.identify(column, output.id)
        writer.attributes(column, label=output.label, name=output.name, typeRef=output.type_ref)
        writer.tests(column, "outputValues", output.values)
        writer.tests(column, "defaultOutputEntry", output.default)
    for annotation in table.annotations:
        writer.child(node, "annotation", name=annotation)
    for rule in table.rules:
        _rule(writer, node, rule)


def _rule(writer: Writer, parent: Xml, rule: Rule) -> None:
    node = writer.child(parent, "rule")
    writer.identify(node, rule.id)
    writer.text(node, "description", rule.description)
    for tag, cells in (
        ("inputEntry", rule.inputs),
        ("outputEntry", rule.outputs),
        ("annotationEntry", rule.annotations),
    ):
        for text in cells:
            writer.cell(node, tag, text)


def _context(writer: Writer, parent: Xml, expression: Context) -> None:
    node = _start(writer, parent, "context", expression)
    for entry in expression.entries:
        item = writer.child(node, "contextEntry")
        if entry.variable is not None:
            writer.information_item(item, "variable", entry.variable)
        write_expression(writer, item, entry.expression)


def _list(writer: Writer, parent: Xml, expression: ListExpression) -> None:
    _items(writer, parent, "list", expression)


def _items(writer: Writer, parent: Xml, tag: str, expression: ListExpression) -> None:
    node = _start(writer, parent, tag, expression)
    for item in expression.items:
        write_expression(writer, node, item)


def _relation(writer: Writer, parent: Xml, expression: Relation) -> None:
    node = _start(writer, parent, "relation", expression)
    for column in expression.columns:
        writer.information_item(node, "column", column)
    for row in expression.rows:
        _items(writer, node, "row", row)


def _invocation(writer: Writer, parent: Xml, expression: Invocation) -> None:
    node = _start(writer, parent, "invocation", expression)
    if expression.called is not None:
        write_expression(writer, node, expression.called)
    for binding in expression.bindings:
        item = writer.child(node, "binding")
        writer.information_item(item, "parameter", binding.parameter)
        if binding.expression is not None:
            write_expression(writer, item, binding.expression)


def _function(writer: Writer, parent: Xml, expression: FunctionDefinition) -> None:
    write_function(writer, parent, "functionDefinition", expression)


def _parts(writer: Writer, node: Xml, *parts: tuple[str, Expression]) -> None:
    for tag, expression in parts:
        write_expression(writer, writer.child(node, tag), expression)


def _conditional(writer: Writer, parent: Xml, expression: Conditional) -> None:
    node = _start(writer, parent, "conditional", expression)
    _parts(writer, node, ("if", expression.condition), ("then", expression.then), ("else", expression.otherwise))


def _filter(writer: Writer, parent: Xml, expression: Filter) -> None:
    node = _start(writer, parent, "filter", expression)
    _parts(writer, node, ("in", expression.source), ("match", expression.match))


def _iteration(writer: Writer, parent: Xml, expression: Iteration) -> None:
    node = _start(writer, parent, expression.kind, expression)
    writer.attributes(node, iteratorVariable=expression.variable)
    source = writer.child(node, "in")
    writer.attributes(source, typeRef=expression.source_type_ref)
    write_expression(writer, source, expression.source)
    _parts(writer, node, ("return" if expression.kind == "for" else "satisfies", expression.body))


_WRITERS: dict[type[Expression], Callable[[Writer, Xml, Any], None]] = {
    LiteralExpression: _literal,
    DecisionTable: _table,
    Context: _context,
    ListExpression: _list,
    Relation: _relation,
    Invocation: _invocation,
    FunctionDefinition: _function,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
}
