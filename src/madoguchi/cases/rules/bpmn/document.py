"""A BPMN file read safely: no entities, no network, a limited size; what the checks and the engine look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ...errors import UnreadableBpmnError
from . import names

MAXIMUM_BYTES = 2_000_000
MAXIMUM_ELEMENTS = 50_000


def N_(text: str) -> str:
    """Mark a text to be translated where it is shown."""
    return text


@dataclass(slots=True)
class Element:
    """A BPMN element: its id, local tag, name, line in the file, the process or sub-process around it, and its XML."""

    id: str
    kind: str
    name: str
    line: int
    container: str
    xml: etree._Element

    def get(self, attribute: str) -> str:
        """Return an attribute of BPMN, or an empty text."""
        return self.xml.get(attribute, "")

    def house(self, attribute: str) -> str:
        """Return one of the house's extension attributes, or an empty text."""
        return self.xml.get(names.house(attribute), "")

    def children(self, tag: str) -> list[etree._Element]:
        """Return the children with a BPMN tag."""
        return self.xml.findall(names.model(tag))

    def extensions(self, tag: str) -> list[etree._Element]:
        """Return the house's extension elements, inside ``extensionElements`` or directly below."""
        found = self.xml.findall(f"{names.model('extensionElements')}/{names.house(tag)}")
        return found or self.xml.findall(names.house(tag))

    def definitions(self) -> list[etree._Element]:
        """Return the event definitions of an event."""
        return [child for child in self.xml if _local(child).endswith("EventDefinition")]


@dataclass(slots=True)
class Flow:
    """A sequence flow: from where to where, and the text of its condition (None without one)."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    line: int
    container: str


@dataclass(slots=True)
class Document:
    """Everything of a BPMN file that matters for running it."""

    root: etree._Element
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    leaving: dict[str, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    arriving: dict[str, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """Yield the elements of these kinds in the order of the file."""
        return (element for element in self.elements.values() if element.kind in kinds)

    def nodes_of(self, container: str) -> list[Element]:
        """Return the flow nodes directly inside a process or sub-process."""
        found = (element for element in self.elements.values() if element.container == container)
        return [element for element in found if element.kind in names.FLOW_NODES]

    def main_processes(self) -> list[Element]:
        """Return the processes a case could run: those with content that no call activity of the file calls."""
        called = {element.get("calledElement") for element in self.of_kind("callActivity")}
        found = [element for element in self.of_kind("process") if self.nodes_of(element.id)]
        free = [element for element in found if element.id not in called]
        marked = [element for element in free if element.get("isExecutable") == "true"]
        return marked if len(marked) == 1 else free

    def boundary_events(self, element: str) -> list[Element]:
        """Return the events attached to an activity."""
        return [event for event in self.of_kind("boundaryEvent") if event.get("attachedToRef") == element]


def read_bpmn(xml: bytes) -> Document:
    """Read a BPMN 2.0 file; raise ``UnreadableBpmnError`` when it is too large, holds entities, or is none."""
    if len(xml) > MAXIMUM_BYTES:
        raise UnreadableBpmnError(N_("ファイルが大きすぎます（2メガバイトまで）。"))
    root = _parse(xml)
    if root.tag != names.model("definitions"):
        raise UnreadableBpmnError(N_("BPMN 2.0 のファイルではありません（definitions 要素がありません）。"))
    document = Document(root)
    _index(document)
    return document


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        detail = f"（{line}行目: {error}）" if line else f"（{error}）"
        raise UnreadableBpmnError(N_("XMLとして読めません。") + detail) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableBpmnError(N_("文書型宣言（DOCTYPE）や実体参照を含むファイルは読みません。"))
    return root


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _index(document: Document) -> None:
    for count, node in enumerate(document.root.iter(f"{{{names.MODEL}}}*")):
        if count > MAXIMUM_ELEMENTS:
            raise UnreadableBpmnError(N_("要素の数が多すぎます。"))
        _add(document, node)


def _add(document: Document, node: etree._Element) -> None:
    kind, identifier = _local(node), node.get("id", "")
    if kind == "message":
        document.messages[identifier] = node.get("name") or identifier
    elif kind == "error":
        document.errors[identifier] = node.get("errorCode") or node.get("name") or identifier
    if kind == "sequenceFlow":
        _add_flow(document, node)
    if not identifier:
        return
    if identifier in document.elements:
        raise UnreadableBpmnError(f"id「{identifier}」が二度使われています（{_line(node)}行目）。")
    document.elements[identifier] = Element(
        identifier, kind, " ".join(node.get("name", "").split()), _line(node), _container(node), node
    )


def _add_flow(document: Document, node: etree._Element) -> None:
    expression = node.find(names.model("conditionExpression"))
    flow = Flow(
        id=node.get("id", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        name=" ".join(node.get("name", "").split()),
        condition=None if expression is None else "".join(expression.itertext()).strip(),
        line=_line(node),
        container=_container(node),
    )
    document.flows[flow.id] = flow
    document.leaving[flow.source].append(flow)
    document.arriving[flow.target].append(flow)


def _line(node: etree._Element) -> int:
    return int(node.sourceline or 0)


def _container(node: etree._Element) -> str:
    parent = node.getparent()
    while parent is not None and _local(parent) not in names.SUB_PROCESSES | {"process"}:
        parent = parent.getparent()
    return "" if parent is None else parent.get("id", "")
