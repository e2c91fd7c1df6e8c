"""Brings a checked BPMN file into the form the engine runs; the file itself is kept as it was drawn."""

from __future__ import annotations

import copy

from lxml import etree

from . import names
from .document import Document

_DECORATION = ("ioSpecification", "dataInputAssociation", "dataOutputAssociation", "property", "potentialOwner")
_OUTSIDE = ("collaboration", "category", "resource", "import")


def engine_form(document: Document) -> tuple[etree._Element, str]:
    """
    Return a copy of the XML for the engine and the id of the process a case runs.

    Data associations and pools are drawing: the engine shares all variables anyway. A condition is wrapped so that only
    ``true`` is true. The start of a case is always the case itself, whatever the first event waits for.
    """
    main = document.main_processes()[0].id
    root = copy.deepcopy(document.root)
    for tag in _OUTSIDE:
        for node in list(root.findall(names.model(tag))):
            root.remove(node)
    for tag in _DECORATION:
        for node in list(root.iter(names.model(tag))):
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
    for process in root.iter(names.model("process")):
        process.set("isExecutable", "true")
        _open_start(process)
        _end_with_errors(process)
    for expression in root.iter(names.model("conditionExpression")):
        _strict(expression)
    for node in root.iter(names.model("multiInstanceLoopCharacteristics")):
        _collection(node)
    return root, main


def _open_start(process: etree._Element) -> None:
    for event in process.findall(names.model("startEvent")):
        for child in list(event):
            if etree.QName(child).localname.endswith("EventDefinition"):
                event.remove(child)


def _end_with_errors(process: etree._Element) -> None:
    # An error nobody is left to catch ends the case at once: that is what a terminate event does.
    for event in process.findall(names.model("endEvent")):
        for child in event.findall(names.model("errorEventDefinition")):
            child.tag = names.model("terminateEventDefinition")
            child.attrib.pop("errorRef", None)


def _strict(expression: etree._Element) -> None:
    text = "".join(expression.itertext()).strip()
    flow = expression.getparent()
    if not text and flow is not None:
        flow.remove(expression)
        return
    for child in list(expression):
        expression.remove(child)
    expression.text = f"({text}) = true"


def _collection(node: etree._Element) -> None:
    collection = node.get(names.house("collection"))
    if not collection:
        return
    etree.SubElement(node, names.model("loopDataInputRef")).text = collection
    item = node.get(names.house("item")) or "item"
    etree.SubElement(node, names.model("inputDataItem")).set("id", item)
