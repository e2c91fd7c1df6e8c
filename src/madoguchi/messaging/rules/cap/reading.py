"""Reading a CAP message of version 1.1 or 1.2 into values."""

from __future__ import annotations

from lxml import etree

from .checking import CapError, check_tree, parse_cap, text_of, version_of
from .documents import CapAlert, CapArea, CapInfo
from .values import BLANKS, parse_time

DEFAULT_LANGUAGE = "en-US"


def read_cap(data: bytes) -> CapAlert:
    """Return what a CAP message says; raise ``CapError`` with all findings for one that breaks the standard."""
    root = parse_cap(data)
    findings = check_tree(root)
    if any(finding.is_error for finding in findings):
        raise CapError(findings)
    return _Reader(root).alert(root)


class _Reader:
    """Reads a message that has been checked."""

    def __init__(self, root: etree._Element) -> None:
        self.namespace, self.version = etree.QName(root).namespace, version_of(root)

    def all(self, element: etree._Element, name: str) -> list[etree._Element]:
        return element.findall(f"{{{self.namespace}}}{name}")

    def texts(self, element: etree._Element, name: str) -> tuple[str, ...]:
        return tuple(text_of(child).strip(BLANKS) for child in self.all(element, name))

    def text(self, element: etree._Element, name: str) -> str:
        return next(iter(self.texts(element, name)), "")

    def pairs(self, element: etree._Element, name: str) -> tuple[tuple[str, str], ...]:
        return tuple((self.text(child, "valueName"), self.text(child, "value")) for child in self.all(element, name))

    def alert(self, root: etree._Element) -> CapAlert:
        sent = parse_time(self.text(root, "sent"))
        if sent is None:
            raise ValueError("a message that was checked has a time of sending")
        return CapAlert(
            identifier=self.text(root, "identifier"),
            sender=self.text(root, "sender"),
            sent=sent,
            status=self.text(root, "status"),
            msg_type=self.text(root, "msgType"),
            scope=self.text(root, "scope"),
            source=self.text(root, "source"),
            restriction=self.text(root, "restriction"),
            addresses=self.text(root, "addresses"),
            codes=self.texts(root, "code"),
            note=self.text(root, "note"),
            references=" ".join(self.text(root, "references").split()),
            incidents=self.text(root, "incidents"),
            infos=tuple(self.info(info) for info in self.all(root, "info")),
            version=self.version,
        )

    def info(self, info: etree._Element) -> CapInfo:
        return CapInfo(
            language=self.text(info, "language") or DEFAULT_LANGUAGE,
            categories=self.texts(info, "category"),
            event=self.text(info, "event"),
            response_types=self.texts(info, "responseType"),
            urgency=self.text(info, "urgency"),
            severity=self.text(info, "severity"),
            certainty=self.text(info, "certainty"),
            audience=self.text(info, "audience"),
            event_codes=self.pairs(info, "eventCode"),
            effective=parse_time(self.text(info, "effective")),
            onset=parse_time(self.text(info, "onset")),
            expires=parse_time(self.text(info, "expires")),
            sender_name=self.text(info, "senderName"),
            headline=self.text(info, "headline"),
            description=self.text(info, "description"),
            instruction=self.text(info, "instruction"),
            web=self.text(info, "web"),
            contact=self.text(info, "contact"),
            parameters=self.pairs(info, "parameter"),
            areas=tuple(self.area(area) for area in self.all(info, "area")),
        )

    def area(self, area: etree._Element) -> CapArea:
        return CapArea(
            description=self.text(area, "areaDesc"),
            polygons=self.texts(area, "polygon"),
            circles=self.texts(area, "circle"),
            geocodes=self.pairs(area, "geocode"),
            altitude=self.text(area, "altitude"),
            ceiling=self.text(area, "ceiling"),
        )
