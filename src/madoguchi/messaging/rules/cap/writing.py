"""Writing a CAP 1.2 message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from .documents import NAMESPACE, CapAlert, CapArea, CapInfo, cap_time


def write_cap(alert: CapAlert) -> etree._Element:
    """Return a message as XML in the order of the standard; what is empty is left out. Always CAP 1.2."""
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _put(root, "identifier", alert.identifier)
    _put(root, "sender", alert.sender)
    _put_time(root, "sent", alert.sent)
    _put(root, "status", alert.status)
    _put(root, "msgType", alert.msg_type)
    _put(root, "source", alert.source)
    _put(root, "scope", alert.scope)
    _put(root, "restriction", alert.restriction)
    _put(root, "addresses", alert.addresses)
    for code in alert.codes:
        _put(root, "code", code)
    _put(root, "note", alert.note)
    _put(root, "references", alert.references)
    _put(root, "incidents", alert.incidents)
    for info in alert.infos:
        _put_info(root, info)
    return root


def to_bytes(root: etree._Element) -> bytes:
    """Return a message as a UTF-8 file."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _put_info(root: etree._Element, info: CapInfo) -> None:
    element = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _put(element, "language", info.language)
    for category in info.categories:
        _put(element, "category", category)
    _put(element, "event", info.event)
    for response in info.response_types:
        _put(element, "responseType", response)
    _put(element, "urgency", info.urgency)
    _put(element, "severity", info.severity)
    _put(element, "certainty", info.certainty)
    _put(element, "audience", info.audience)
    _put_pairs(element, "eventCode", info.event_codes)
    _put_time(element, "effective", info.effective)
    _put_time(element, "onset", info.onset)
    _put_time(element, "expires", info.expires)
    _put(element, "senderName", info.sender_name)
    _put(element, "headline", info.headline)
    _put(element, "description", info.description)
    _put(element, "instruction", info.instruction)
    _put(element, "web", info.web)
    _put(element, "contact", info.contact)
    _put_pairs(element, "parameter", info.parameters)
    for area in info.areas:
        _put_area(element, area)


def _put_area(info: etree._Element, area: CapArea) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _put(element, "areaDesc", area.description)
    for polygon in area.polygons:
        _put(element, "polygon", polygon)
    for circle in area.circles:
        _put(element, "circle", circle)
    _put_pairs(element, "geocode", area.geocodes)
    _put(element, "altitude", area.altitude)
    _put(element, "ceiling", area.ceiling)


def _put(parent: etree._Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _put_time(parent: etree._Element, name: str, moment: datetime | None) -> None:
    if moment is not None:
        _put(parent, name, cap_time(moment))


def _put_pairs(parent: etree._Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for value_name, value in pairs:
        element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        _put(element, "valueName", value_name)
        # An empty value is allowed, and the element has to stand.
        etree.SubElement(element, f"{{{NAMESPACE}}}value").text = value
