"""Making XML elements in the namespace of DMN 1.5."""

import re
from collections.abc import Mapping

from lxml import etree

from madoguchi.kit.dmn.errors import DmnError
from madoguchi.kit.dmn.model import InformationItem
from madoguchi.kit.dmn.namespaces import MODEL_15

Xml = etree._Element
_NCNAME = re.compile(r"[A-Za-z_][\w.\-]*")


class Writer:
    """Adds elements; every identifier is used once, and only where XML allows it."""

    def __init__(self, identifiers: Mapping[str, str]) -> None:
        """``identifiers`` maps the ids of the model's elements to those of the document."""
        self.identifiers = identifiers
        self._used: set[str] = set()
        self._reserved = set(identifiers.values())

    def child(self, parent: Xml, tag: str, **attributes: str) -> Xml:
        """A new child with attributes (empty ones too)."""
        node = etree.SubElement(parent, f"{{{MODEL_15}}}{tag}")
        for name, value in attributes.items():
            self._set(node, name, value)
        return node

    def attributes(self, node: Xml, **attributes: str) -> None:
        """Set the attributes that are not empty."""
        for name, value in attributes.items():
            if value:
                self._set(node, name, value)

    def _set(self, node: Xml, name: str, value: str) -> None:
        try:
            node.set(name, value)
        except ValueError:
            raise DmnError(f"「{value!r}」にはXMLに書けない文字があります。", code="character") from None

    def identify(self, node: Xml, identifier: str) -> None:
        """Set the id when XML allows it and nothing else has it."""
        own = node.tag != f"{{{MODEL_15}}}definitions" and identifier in self._reserved and node.get("name") is None
        if identifier and _NCNAME.fullmatch(identifier) and identifier not in self._used and not own:
            self._used.add(identifier)
            node.set("id", identifier)

    def text(self, parent: Xml, tag: str, text: str) -> None:
        """A child with text, when there is any."""
        if text:
            self.set_text(self.child(parent, tag), text)

    def set_text(self, node: Xml, text: str) -> None:
        """Fill an element."""
        try:
            node.text = text
        except ValueError:
            raise DmnError(f"「{text!r}」にはXMLに書けない文字があります。", code="character") from None

    def tests(self, parent: Xml, tag: str, text: str) -> None:
        """Unary tests, when there are any."""
        if text:
            self.set_text(self.child(self.child(parent, tag), "text"), text)

    def cell(self, parent: Xml, tag: str, text: str) -> Xml:
        """An element with a ``text`` child, also when it is empty."""
        node = self.child(parent, tag)
        self.set_text(self.child(node, "text"), text)
        return node

    def reference(self, parent: Xml, tag: str, reference: str) -> None:
        """A reference to an element of this model (``#id``) or of another (``namespace#id``)."""
        target = reference if "#" in reference else f"#{self.identifiers.get(reference, reference)}"
        self.child(parent, tag, href=target)

    def information_item(self, parent: Xml, tag: str, item: InformationItem) -> None:
        """A variable, parameter or column."""
        node = self.child(parent, tag, name=item.name)
        self.identify(node, item.id if item.id not in self._reserved else "")
        self.attributes(node, typeRef=item.type_ref)
