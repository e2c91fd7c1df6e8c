"""Checking a CAP message: every rule of the standard that is broken, line by line; old, huge and hostile XML is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from .documents import NAMESPACE, NAMESPACE_11, SIGNATURE_NAMESPACE
from .grammar import ENUMERATIONS, GROUPS, MANY, ONLY_IN_12, Item
from .values import BLANKS, check_value, parse_time

MOST_BYTES = 2_000_000
MOST_FINDINGS = 200
ERROR, WARNING = "error", "warning"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_HINTS = frozenset({f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"})


@dataclass(frozen=True, slots=True)
class CapFinding:
    """One thing about a CAP message: on which ``line`` (0: the file as a whole), at which element, what, how grave."""

    line: int
    path: str
    message: str
    severity: str = ERROR

    @property
    def is_error(self) -> bool:
        """Tell whether the message is not CAP because of it."""
        return self.severity == ERROR

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


class CapError(ValueError):
    """What came is not a CAP message; ``findings`` say why."""

    def __init__(self, findings: list[CapFinding]) -> None:
        first = next((finding for finding in findings if finding.is_error), None)
        super().__init__(f"{first.line}行目 {first.path}：{first.message}" if first else "")
        self.findings = findings


def check_cap(data: bytes) -> list[CapFinding]:
    """Return what the standard finds fault with in a message of CAP 1.1 or 1.2, errors and warnings, by line."""
    try:
        root = parse_cap(data)
    except CapError as error:
        return error.findings
    return check_tree(root)


def parse_cap(data: bytes) -> etree._Element:
    """
    Return the root of a message's XML, without comments.

    Raises ``CapError`` for what is not well-formed, too large, has a document type (entities, 実体爆弾), or is of another kind.
    """
    if len(data) > MOST_BYTES:
        raise _refusal(0, f"大きすぎます（{MOST_BYTES // 1_000_000}MBまで）")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        raise _refusal(line, f"XMLとして読めません：{getattr(error, 'msg', error)}") from error
    information = root.getroottree().docinfo
    if information.doctype or information.internalDTD is not None:
        raise _refusal(1, "文書型宣言（DOCTYPE）のあるXMLは受け取れません")
    if root.tag not in (f"{{{NAMESPACE}}}alert", f"{{{NAMESPACE_11}}}alert"):
        raise _refusal(_line(root), f"CAP 1.2（または1.1）の alert ではありません：{name_of(root)}")
    return root


def version_of(root: etree._Element) -> str:
    """Return the version of a message: ``1.2`` or ``1.1``."""
    return "1.2" if etree.QName(root).namespace == NAMESPACE else "1.1"


def check_tree(root: etree._Element) -> list[CapFinding]:
    """Return what is wrong with a parsed message, by line; after many findings the rest is left out."""
    found = []
    for finding in _Checker(version_of(root)).check(root):
        found.append(finding)
        if len(found) >= MOST_FINDINGS:
            found.append(CapFinding(finding.line, "", "ほかにもあります"))
            break
    return sorted(found, key=lambda finding: (finding.line, not finding.is_error))


def _refusal(line: int, message: str) -> CapError:
    return CapError([CapFinding(line, "", message)])


def _line(element: etree._Element) -> int:
    return int(element.sourceline or 0)


def name_of(element: etree._Element) -> str:
    """Return the name of an element as ``{namespace}name``, shortened."""
    return str(element.tag)[:120]


def text_of(element: etree._Element) -> str:
    """Return the text of an element."""
    return element.text or ""


class _Checker:
    """Walks through one message; ``version`` says by which table."""

    def __init__(self, version: str) -> None:
        self.version, self.groups = version, GROUPS[version]
        self.namespace = NAMESPACE if version == "1.2" else NAMESPACE_11

    def check(self, root: etree._Element) -> Iterator[CapFinding]:
        yield from self.group(root, "alert", "alert")
        yield from self.together(root)
        for info in root.iterchildren(f"{{{self.namespace}}}info"):
            yield from self.times(info)

    def group(self, element: etree._Element, name: str, path: str) -> Iterator[CapFinding]:
        yield from self.attributes(element, path)
        yield from self.stray_text(element, path)
        items = self.groups[name]
        children = list(self.own_children(element, name, path))
        yield from self.foreign(element, name, path)
        yield from self.order(element, items, children, path)
        for child in children:
            item = next((item for item in items if item.name == etree.QName(child).localname), None)
            if item is not None:
                yield from self.one(child, item, f"{path}/{item.name}")

    def one(self, element: etree._Element, item: Item, path: str) -> Iterator[CapFinding]:
        if item.kind == "group":
            yield from self.group(element, item.name, path)
            return
        yield from self.attributes(element, path)
        if len(element):
            yield CapFinding(_line(element), path, "この要素の中に、ほかの要素は書けません")
            return
        text = text_of(element)
        wrong = self.enumeration(item.name, text) if item.kind == "enumeration" else check_value(item.kind, text)
        if wrong is not None:
            shown = text if len(text) <= 60 else text[:60] + "…"
            yield CapFinding(_line(element), path, f"{wrong}（今は「{shown}」）")

    def enumeration(self, name: str, text: str) -> str | None:
        values = [
            value for value in ENUMERATIONS[name] if self.version == "1.2" or value not in ONLY_IN_12.get(name, ())
        ]
        return None if text in values else f"{'・'.join(values)} のどれかにしてください"

    def attributes(self, element: etree._Element, path: str) -> Iterator[CapFinding]:
        for name in element.attrib:
            if name not in _HINTS:
                yield CapFinding(_line(element), path, f"属性「{str(name)[:60]}」は書けません")

    def stray_text(self, element: etree._Element, path: str) -> Iterator[CapFinding]:
        for text in (element.text, *(child.tail for child in element)):
            if (text or "").strip(BLANKS):
                yield CapFinding(_line(element), path, f"要素の外に文字があります：「{(text or '').strip()[:40]}」")
                return

    def own_children(self, element: etree._Element, name: str, path: str) -> Iterable[etree._Element]:
        return (child for child in element if self.is_own(child))

    def is_own(self, child: etree._Element) -> bool:
        return isinstance(child.tag, str) and etree.QName(child).namespace == self.namespace

    def foreign(self, element: etree._Element, name: str, path: str) -> Iterator[CapFinding]:
        """Only signatures may stand beside CAP's own elements, at the end of a message of 1.2."""
        at_end = True
        for child in reversed(element):
            if self.is_own(child):
                at_end = False
            elif not self.is_signature(child, name) or not at_end:
                yield CapFinding(_line(child), path, f"ここに「{name_of(child)}」は書けません")

    def is_signature(self, child: etree._Element, name: str) -> bool:
        if name != "alert" or self.version != "1.2" or not isinstance(child.tag, str):
            return False
        return etree.QName(child).namespace == SIGNATURE_NAMESPACE

    def order(
        self, element: etree._Element, items: tuple[Item, ...], children: list[etree._Element], path: str
    ) -> Iterator[CapFinding]:
        places = {item.name: place for place, item in enumerate(items)}
        counts = dict.fromkeys(places, 0)
        last = 0
        for child in children:
            name = etree.QName(child).localname
            place = places.get(name)
            if place is None:
                yield CapFinding(_line(child), path, f"「{name}」という要素はCAP {self.version}にありません")
                continue
            counts[name] += 1
            if place < last:
                yield CapFinding(_line(child), path, f"「{name}」は「{items[last].name}」より前に書いてください")
            last = max(last, place)
        yield from self.counted(element, items, counts, path)

    def counted(
        self, element: etree._Element, items: tuple[Item, ...], counts: dict[str, int], path: str
    ) -> Iterator[CapFinding]:
        for item in items:
            if counts[item.name] < item.least:
                yield CapFinding(_line(element), path, f"必要な要素「{item.name}」がありません")
            if counts[item.name] > item.most != MANY:
                yield CapFinding(_line(element), path, f"「{item.name}」は1つだけにしてください")

    def value(self, element: etree._Element, name: str) -> str:
        return (element.findtext(f"{{{self.namespace}}}{name}") or "").strip(BLANKS)

    def together(self, root: etree._Element) -> Iterator[CapFinding]:
        """What must hold between elements (section 3.2.1)."""
        msg_type, scope = self.value(root, "msgType"), self.value(root, "scope")
        if scope == "Private" and not self.value(root, "addresses"):
            yield CapFinding(_line(root), "alert", "scope が Private のときは、宛先（addresses）が必要です")
        if scope == "Restricted" and not self.value(root, "restriction"):
            yield CapFinding(_line(root), "alert", "scope が Restricted のときは、制限の説明（restriction）が必要です")
        if msg_type in ("Update", "Cancel", "Ack", "Error") and not self.value(root, "references"):
            yield CapFinding(
                _line(root), "alert", f"msgType が {msg_type} なら、何についてか（references）を書いてください", WARNING
            )
        if msg_type == "Error" and not self.value(root, "note"):
            yield CapFinding(_line(root), "alert", "msgType が Error なら、理由（note）を書いてください", WARNING)
        if msg_type == "Alert" and root.find(f"{{{self.namespace}}}info") is None:
            yield CapFinding(_line(root), "alert", "info がないので、誰にも何も伝わりません", WARNING)

    def times(self, info: etree._Element) -> Iterator[CapFinding]:
        """What must hold within one info."""
        begins, ends = (parse_time(self.value(info, name)) for name in ("effective", "expires"))
        if begins is not None and ends is not None and ends <= begins:
            yield CapFinding(_line(info), "alert/info", "expires が effective より前です", WARNING)
        for area in info.iterchildren(f"{{{self.namespace}}}area"):
            if self.value(area, "ceiling") and not self.value(area, "altitude"):
                yield CapFinding(_line(area), "alert/info/area", "ceiling は altitude と一緒に書いてください")
