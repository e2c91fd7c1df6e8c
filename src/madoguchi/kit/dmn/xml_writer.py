"""Writing decision models as DMN 1.5 XML."""

import re
from collections.abc import Callable, Iterable

from lxml import etree

from madoguchi.kit.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    InformationItem,
    InputData,
    ItemDefinition,
    KnowledgeSource,
)
from madoguchi.kit.dmn.namespaces import MODEL_15
from madoguchi.kit.dmn.xml_expression_writer import write_expression, write_function
from madoguchi.kit.dmn.xml_nodes import Writer, Xml

_NCNAME = re.compile(r"[A-Za-z_][\w.\-]*")


def write_model(definitions: Definitions) -> bytes:
    """The document, in UTF-8 with a declaration, valid against the schema of DMN 1.5.

    Identifiers that XML does not allow are replaced; diagrams and extension elements are not part of the model.
    """
    root = etree.Element(f"{{{MODEL_15}}}definitions", nsmap={None: MODEL_15})
    writer = Writer(_identifiers(definitions))
    root.set("name", definitions.name)
    root.set("namespace", definitions.namespace)
    writer.identify(root, definitions.id)
    writer.text(root, "description", definitions.description)
    for item in definitions.imports:
        _import(writer, root, item)
    for definition in definitions.item_definitions:
        _item_definition(writer, root, "itemDefinition", definition)
    kinds = {element.id: element for element in definitions.elements}
    for element in definitions.elements:
        _ELEMENTS[type(element)](writer, root, element, kinds)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _identifiers(definitions: Definitions) -> dict[str, str]:
    """For each element's id an identifier that XML allows."""
    allowed: dict[str, str] = {}
    taken = {element.id for element in definitions.elements if _NCNAME.fullmatch(element.id)}
    for number, element in enumerate(definitions.elements, start=1):
        if _NCNAME.fullmatch(element.id):
            allowed[element.id] = element.id
            continue
        identifier = f"_element{number}"
        while identifier in taken:
            identifier += "_"
        taken.add(identifier)
        allowed[element.id] = identifier
    return allowed


def _import(writer: Writer, root: Xml, item: Import) -> None:
    node = writer.child(root, "import", name=item.name, namespace=item.namespace)
    node.set("importType", item.import_type or MODEL_15)
    writer.attributes(node, locationURI=item.location)


def _item_definition(writer: Writer, parent: Xml, tag: str, item: ItemDefinition) -> None:
    node = writer.child(parent, tag, name=item.name)
    writer.identify(node, item.id)
    writer.attributes(node, label=item.label, isCollection="true" if item.is_collection else "")
    writer.text(node, "description", item.description)
    if item.components:
        for part in item.components:
            _item_definition(writer, node, "itemComponent", part)
    elif item.function is not None:
        signature = writer.child(node, "functionItem")
        writer.attributes(signature, outputTypeRef=item.function.output_type_ref)
        for parameter in item.function.parameters:
            writer.information_item(signature, "parameters", parameter)
    else:
        writer.child(node, "typeRef").text = item.type_ref or "Any"
        writer.tests(node, "allowedValues", item.allowed_values)
        writer.tests(node, "typeConstraint", item.type_constraint)


def _element(writer: Writer, root: Xml, tag: str, element: Element) -> Xml:
    node = writer.child(root, tag, name=element.name)
    writer.identify(node, writer.identifiers.get(element.id, element.id))
    writer.attributes(node, label=element.label)
    writer.text(node, "description", element.description)
    return node


def _variable(writer: Writer, node: Xml, element: Element) -> None:
    writer.information_item(node, "variable", element.variable or InformationItem(element.name))


def _references(writer: Writer, node: Xml, requirement: str, kind: str, references: Iterable[str]) -> None:
    for reference in references:
        writer.reference(writer.child(node, requirement), kind, reference)


def _authorities(writer: Writer, node: Xml, references: Iterable[str], kinds: dict[str, Element]) -> None:
    tags: dict[type[Element], str] = {Decision: "requiredDecision", InputData: "requiredInput"}
    for reference in references:
        target = kinds.get(reference)
        tag = "requiredAuthority" if target is None else tags.get(type(target), "requiredAuthority")
        writer.reference(writer.child(node, "authorityRequirement"), tag, reference)


def _input_data(writer: Writer, root: Xml, element: InputData, kinds: dict[str, Element]) -> None:
    _variable(writer, _element(writer, root, "inputData", element), element)


def _decision(writer: Writer, root: Xml, element: Decision, kinds: dict[str, Element]) -> None:
    node = _element(writer, root, "decision", element)
    writer.text(node, "question", element.question)
    writer.text(node, "allowedAnswers", element.allowed_answers)
    _variable(writer, node, element)
    _references(writer, node, "informationRequirement", "requiredDecision", element.required_decisions)
    _references(writer, node, "informationRequirement", "requiredInput", element.required_inputs)
    _references(writer, node, "knowledgeRequirement", "requiredKnowledge", element.required_knowledge)
    _authorities(writer, node, element.required_authorities, kinds)
    if element.expression is not None:
        write_expression(writer, node, element.expression)


def _knowledge_model(writer: Writer, root: Xml, element: BusinessKnowledgeModel, kinds: dict[str, Element]) -> None:
    node = _element(writer, root, "businessKnowledgeModel", element)
    _variable(writer, node, element)
    if element.logic is not None:
        write_function(writer, node, "encapsulatedLogic", element.logic)
    _references(writer, node, "knowledgeRequirement", "requiredKnowledge", element.required_knowledge)
    _authorities(writer, node, element.required_authorities, kinds)


def _service(writer: Writer, root: Xml, element: DecisionService, kinds: dict[str, Element]) -> None:
    node = _element(writer, root, "decisionService", element)
    _variable(writer, node, element)
    for tag, references in (
        ("outputDecision", element.output_decisions),
        ("encapsulatedDecision", element.encapsulated_decisions),
        ("inputDecision", element.input_decisions),
        ("inputData", element.input_data),
    ):
        for reference in references:
            writer.reference(node, tag, reference)


def _knowledge_source(writer: Writer, root: Xml, element: KnowledgeSource, kinds: dict[str, Element]) -> None:
    node = _element(writer, root, "knowledgeSource", element)
    writer.attributes(node, locationURI=element.location)
    _authorities(writer, node, element.required_authorities, kinds)
    writer.text(node, "type", element.type)


_ELEMENTS: dict[type[Element], Callable[..., None]] = {
    InputData: _input_data,
    Decision: _decision,
    BusinessKnowledgeModel: _knowledge_model,
    DecisionService: _service,
    KnowledgeSource: _knowledge_source,
}
