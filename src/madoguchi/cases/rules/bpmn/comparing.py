"""Two versions of a workflow compared: which elements came, went, or changed, and in what."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from . import names
from .checks import DRAWN
from .document import Document, Element


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs: ``kind`` is added, removed or changed; before and after in words."""

    element: Element
    kind: str
    before: str
    after: str


def compare(before: Document, after: Document) -> list[Change]:
    """Return what changed between two versions; where an element was moved in the drawing does not count."""
    old = {element.id: element for element in before.elements.values() if element.kind in DRAWN}
    new = {element.id: element for element in after.elements.values() if element.kind in DRAWN}
    changes = [Change(new[key], "added", "", _said(new[key])) for key in new if key not in old]
    changes += [Change(old[key], "removed", _said(old[key]), "") for key in old if key not in new]
    for key in old:
        if key in new and (was := _said(old[key])) != (now := _said(new[key])):
            before_only = [fact for fact in was.split("\n") if fact not in now.split("\n")]
            after_only = [fact for fact in now.split("\n") if fact not in was.split("\n")]
            changes.append(Change(new[key], "changed", "\n".join(before_only), "\n".join(after_only)))
    return changes


def _said(element: Element) -> str:
    """Return everything of an element that matters, one fact a line."""
    facts = [f"{_label(name)}: {value}" for name, value in sorted(element.xml.attrib.items()) if name != "id"]
    for child in element.xml.iterdescendants():
        if isinstance(child.tag, str) and _inside(child, element):
            text = (child.text or "").strip()
            attributes = "、".join(
                f"{_label(name)}={value}" for name, value in sorted(child.attrib.items()) if name != "id"
            )
            if text or attributes:
                facts.append(f"{_label(child.tag)}: {'　'.join(part for part in (text, attributes) if part)}")
    return "\n".join(facts)


def _inside(child: etree._Element, element: Element) -> bool:
    """Tell whether a descendant belongs to the element itself and not to one drawn inside it."""
    if etree.QName(child).localname in {"incoming", "outgoing", "flowNodeRef"}:
        return False
    parent: etree._Element | None = child
    while parent is not None and parent is not element.xml:
        if etree.QName(parent).localname in DRAWN and etree.QName(parent).namespace == names.MODEL:
            return False
        parent = parent.getparent()
    return True


def _label(name: str) -> str:
    return name.rsplit("}", 1)[-1]
