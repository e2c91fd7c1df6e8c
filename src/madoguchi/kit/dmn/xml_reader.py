"""Reading decision models from the XML of DMN 1.1 to 1.6."""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from lxml import etree

from madoguchi.kit.dmn.errors import DmnError
from madoguchi.kit.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    FunctionItem,
    Import,
    InformationItem,
    InputData,
    ItemDefinition,
    KnowledgeSource,
)
from madoguchi.kit.dmn.namespaces import MODEL_NAMESPACES
from madoguchi.kit.dmn.xml_expressions import (
    Xml,
    attribute,
    child,
    children,
    information_item,
    read_expression,
    read_function,
    text_in,
)
from madoguchi.kit.dmn.xml_safe import local_name, parse_xml

_DEPTH_MAX = 20


class _Common(TypedDict):
    id: str
    name: str
    variable: InformationItem | None
    label: str
    description: str


def read_file(path: Path) -> Definitions:
    """The model in a file."""
    return read_model(path.read_bytes())


def read_model(content: bytes) -> Definitions:
    """The model in a document; DmnError when it is no decision model."""
    root = parse_xml(content)
    if local_name(root) != "definitions" or etree.QName(root).namespace not in MODEL_NAMESPACES:
        raise DmnError("DMNの文書ではありません（definitions がないか、知らない版です）。", code="not-dmn")
    definitions = Definitions(
        name=attribute(root, "name"),
        namespace=attribute(root, "namespace"),
        id=attribute(root, "id"),
        description=text_in(root, "description"),
        imports=tuple(_import(item) for item in children(root, "import")),
        item_definitions=tuple(_item_definition(item) for item in children(root, "itemDefinition")),
        elements=tuple(_ELEMENTS[local_name(item)](item) for item in children(root, *_ELEMENTS)),
    )
    _check_ids(definitions)
    return definitions


def _check_ids(definitions: Definitions) -> None:
    ids = [element.id for element in definitions.elements if element.id]
    double = next((name for name in ids if ids.count(name) > 1), None)
    if double is not None:
        raise DmnError(f"同じ識別子「{double}」の要素が2つあります。", code="duplicate-id")


def _import(element: Xml) -> Import:
    return Import(
        name=attribute(element, "name"),
        namespace=attribute(element, "namespace"),
        import_type=attribute(element, "importType"),
        location=attribute(element, "locationURI"),
    )


def _item_definition(element: Xml, depth: int = 0) -> ItemDefinition:
    if depth > _DEPTH_MAX:
        raise DmnError(f"型の入れ子が深すぎます（上限{_DEPTH_MAX}段）。", code="too-deep")
    return ItemDefinition(
        name=" ".join(attribute(element, "name").split()),
        type_ref=text_in(element, "typeRef") or attribute(element, "typeRef"),
        is_collection=attribute(element, "isCollection") in ("true", "1"),
        allowed_values=text_in(child(element, "allowedValues")),
        type_constraint=text_in(child(element, "typeConstraint")),
        components=tuple(_item_definition(item, depth + 1) for item in children(element, "itemComponent")),
        function=_function_item(child(element, "functionItem")),
        id=attribute(element, "id"),
        label=attribute(element, "label"),
        description=text_in(element, "description"),
    )


def _function_item(element: Xml | None) -> FunctionItem | None:
    if element is None:
        return None
    parameters = tuple(item for item in map(information_item, children(element, "parameters")) if item is not None)
    return FunctionItem(parameters=parameters, output_type_ref=attribute(element, "outputTypeRef"))


def _common(element: Xml) -> _Common:
    return {
        "id": attribute(element, "id"),
        "name": " ".join(attribute(element, "name").split()),
        "variable": information_item(child(element, "variable")),
        "label": attribute(element, "label"),
        "description": text_in(element, "description"),
    }


def _references(element: Xml, requirement: str, *kinds: str) -> tuple[str, ...]:
    return tuple(_reference(target) for item in children(element, requirement) for target in children(item, *kinds))


def _reference(element: Xml) -> str:
    """``id`` of ``#id``, ``namespace#id`` of a reference into another model."""
    return attribute(element, "href").removeprefix("#")


def _authorities(element: Xml) -> tuple[str, ...]:
    kinds = ("requiredAuthority", "requiredDecision", "requiredInput")
    return _references(element, "authorityRequirement", *kinds)


def _decision(element: Xml) -> Element:
    return Decision(
        **_common(element),
        expression=read_expression(element),
        required_inputs=_references(element, "informationRequirement", "requiredInput"),
        required_decisions=_references(element, "informationRequirement", "requiredDecision"),
        required_knowledge=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        required_authorities=_authorities(element),
        question=text_in(element, "question"),
        allowed_answers=text_in(element, "allowedAnswers"),
    )


def _knowledge_model(element: Xml) -> Element:
    logic = child(element, "encapsulatedLogic")
    return BusinessKnowledgeModel(
        **_common(element),
        logic=None if logic is None else read_function(logic),
        required_knowledge=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        required_authorities=_authorities(element),
    )


def _service(element: Xml) -> Element:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(_reference(item) for item in children(element, name))

    return DecisionService(
        **_common(element),
        output_decisions=listed("outputDecision"),
        encapsulated_decisions=listed("encapsulatedDecision"),
        input_decisions=listed("inputDecision"),
        input_data=listed("inputData"),
    )


def _input_data(element: Xml) -> Element:
    return InputData(**_common(element))


def _knowledge_source(element: Xml) -> Element:
    return KnowledgeSource(
        **_common(element),
        location=attribute(element, "locationURI"),
        type=text_in(element, "type"),
        required_authorities=_authorities(element),
    )


_ELEMENTS: dict[str, Callable[[Xml], Element]] = {
    "decision": _decision,
    "inputData": _input_data,
    "businessKnowledgeModel": _knowledge_model,
    "decisionService": _service,
    "knowledgeSource": _knowledge_source,
}
