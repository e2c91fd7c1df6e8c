"""A BPMN file judged element by element: what the engine runs, and what it does not and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from ..document import Document, read_bpmn
from ..report import BpmnReport, ElementFinding, Fault
from . import activities, events, gateways, kinds, structure

DRAWN = frozenset({"process", "participant", "lane", "messageFlow", "sequenceFlow", "import"}) | kinds.KNOWN
"""Kinds that are listed in a report; what lies inside an element is told with the element."""


def check_document(document: Document, services: Collection[str] | None = None) -> BpmnReport:
    """Judge a file that was read; ``services`` are the keys of known service tasks (None: not checked)."""
    faults: dict[str, list[Fault]] = defaultdict(list)
    found = [
        *kinds.faults(document),
        *structure.faults(document),
        *events.faults(document),
        *gateways.faults(document),
        *activities.faults(document, services),
    ]
    for fault in found:
        if fault.text not in {known.text for known in faults[fault.element]}:
            faults[fault.element].append(fault)
    elements = [
        ElementFinding(
            id=element.id,
            name=element.name,
            kind=element.kind,
            is_supported=element.id not in faults,
            reason="".join(fault.text for fault in faults.get(element.id, [])),
            line=element.line,
            faults=tuple(faults.get(element.id, ())),
        )
        for element in document.elements.values()
        if element.kind in DRAWN or element.id in faults
    ]
    return BpmnReport(tuple(sorted(elements, key=lambda found: found.line)) + _lost(document, faults))


def _lost(document: Document, faults: dict[str, list[Fault]]) -> tuple[ElementFinding, ...]:
    """Return findings for elements without an id, and for the file as a whole."""
    return tuple(
        ElementFinding(key, "", "file", False, "".join(fault.text for fault in found), 1, tuple(found))
        for key, found in faults.items()
        if key not in document.elements
    )


def check(xml: bytes, services: Collection[str] | None = None) -> BpmnReport:
    """Read and judge a file; raises ``UnreadableBpmnError`` when it cannot be read."""
    return check_document(read_bpmn(xml), services)
