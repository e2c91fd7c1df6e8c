"""A workflow as SVG from the positions in its file (BPMN DI): the step it stands at is marked by shape and word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from . import names
from .document import Document, Element

SVG = "http://www.w3.org/2000/svg"
MARGIN = 56.0
LINE = 13.0
_GATEWAY_MARKS = {"exclusiveGateway": "×", "parallelGateway": "＋", "inclusiveGateway": "○", "eventBasedGateway": "◇"}
_TASK_MARKS = {"userTask": "人", "manualTask": "人", "task": "人", "serviceTask": "自動", "businessRuleTask": "判定",
               "receiveTask": "待つ", "sendTask": "送る", "callActivity": "呼出"}  # fmt: skip
_EVENT_MARKS = {"timerEventDefinition": "時", "messageEventDefinition": "信", "errorEventDefinition": "誤"}


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


def draw(
    document: Document, *, now: Collection[str] = (), done: Collection[str] = (), changed: Collection[str] = ()
) -> str:
    """Return the SVG of a workflow, or an empty text where the file has no positions."""
    boxes = _boxes(document)
    if not boxes:
        return ""
    routes, labels = _routes(document), _label_boxes(document)
    root = _frame(boxes, routes)
    root.set(
        "aria-label", "、".join(process.name for process in document.main_processes() if process.name) or "業務フロー"
    )
    for identifier, points in routes.items():
        _edge(root, document, identifier, points)
    for identifier, box in boxes.items():
        element = document.elements.get(identifier)
        if element is not None:
            states = (("now", now), ("done", done), ("changed", changed))
            state = next((state for state, ids in states if identifier in ids), "")
            _shape(root, element, box, state, labels.get(identifier))
    return etree.tostring(root, encoding="unicode")


def _number(node: etree._Element, name: str) -> float:
    try:
        value = float(node.get(name, "0"))
    except ValueError:
        return 0.0
    return value if abs(value) < 100_000 else 0.0


def _boxes(document: Document) -> dict[str, Box]:
    found = {}
    for shape in document.root.iter(f"{{{names.DIAGRAM}}}BPMNShape"):
        bounds = shape.find(f"{{{names.BOUNDS}}}Bounds")
        if bounds is not None:
            found[shape.get("bpmnElement", "")] = Box(
                *(_number(bounds, name) for name in ("x", "y", "width", "height"))
            )
    return found


def _label_boxes(document: Document) -> dict[str, Box]:
    """Return where the file puts the names of events and gateways."""
    found = {}
    for shape in document.root.iter(f"{{{names.DIAGRAM}}}BPMNShape"):
        bounds = shape.find(f"{{{names.DIAGRAM}}}BPMNLabel/{{{names.BOUNDS}}}Bounds")
        if bounds is not None:
            found[shape.get("bpmnElement", "")] = Box(
                *(_number(bounds, name) for name in ("x", "y", "width", "height"))
            )
    return found


def _routes(document: Document) -> dict[str, list[tuple[float, float]]]:
    found = {}
    for edge in document.root.iter(f"{{{names.DIAGRAM}}}BPMNEdge"):
        points = [(_number(point, "x"), _number(point, "y")) for point in edge.iter(f"{{{names.WAYPOINT}}}waypoint")]
        if edge.get("bpmnElement") in document.flows and len(points) > 1:
            found[edge.get("bpmnElement", "")] = points
    return found


def _frame(boxes: dict[str, Box], routes: dict[str, list[tuple[float, float]]]) -> etree._Element:
    xs = [x for box in boxes.values() for x in (box.x, box.x + box.width)]
    ys = [y for box in boxes.values() for y in (box.y, box.y + box.height)]
    for points in routes.values():
        xs += [x for x, _ in points]
        ys += [y for _, y in points]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    width, height = max(xs) - left + MARGIN, max(ys) - top + MARGIN + LINE
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    root.set("class", "flow-drawing")
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    root.set("width", f"{width:g}")
    root.set("role", "img")
    definitions = _add(root, "defs")
    marker = _add(definitions, "marker", id="flow-arrow", viewBox="0 0 10 10", refX="9", refY="5",
                  markerWidth="7", markerHeight="7", orient="auto")  # fmt: skip
    _add(marker, "path", d="M0 0 10 5 0 10Z")
    return root


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{SVG}}}{tag}")
    for name, value in attributes.items():
        node.set(name.replace("_", "-"), value)
    if text:
        node.text = text
    return node


def _edge(root: etree._Element, document: Document, identifier: str, points: list[tuple[float, float]]) -> None:
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    _add(root, "polyline", points=path, **{"class": "flow-drawing__line", "marker-end": "url(#flow-arrow)"})
    name = document.flows[identifier].name
    if name:
        (x1, y1), (x2, y2) = points[0], points[1]
        across = y1 == y2
        x, y = ((x1 + x2) / 2, y1 - 5) if across else (x1 + 5, (y1 + y2) / 2)
        _add(root, "text", name, x=f"{x:g}", y=f"{y:g}", text_anchor="middle" if across else "start",
             **{"class": "flow-drawing__name"})  # fmt: skip


def _shape(root: etree._Element, element: Element, box: Box, state: str, label: Box | None) -> None:
    if element.kind not in names.FLOW_NODES | {"lane", "participant"}:
        return
    group = _add(root, "g", **{"class": "flow-drawing__shape", "data-element": element.id, "data-kind": element.kind})
    if state:
        group.set("data-state", state)
    x, y = box.middle
    if element.kind in names.EVENTS:
        _event(group, element, box)
        _outer_name(group, element, box, label)
    elif element.kind in names.GATEWAYS:
        points = f"{x:g},{box.y:g} {box.x + box.width:g},{y:g} {x:g},{box.y + box.height:g} {box.x:g},{y:g}"
        _add(group, "polygon", points=points)
        _add(group, "text", _GATEWAY_MARKS.get(element.kind, "＊"), x=f"{x:g}", y=f"{y + 5:g}", text_anchor="middle")
        _outer_name(group, element, box, label)
    else:
        _activity(group, element, box, state)


def _event(group: etree._Element, element: Element, box: Box) -> None:
    x, y = box.middle
    _add(group, "circle", cx=f"{x:g}", cy=f"{y:g}", r=f"{box.width / 2:g}")
    if element.kind not in {"startEvent", "endEvent"}:
        _add(group, "circle", cx=f"{x:g}", cy=f"{y:g}", r=f"{box.width / 2 - 3:g}")
    marks = [_EVENT_MARKS.get(etree.QName(item).localname, "") for item in element.definitions()]
    if marks and marks[0]:
        _add(group, "text", marks[0], x=f"{x:g}", y=f"{y + 5:g}", text_anchor="middle")


def _outer_name(group: etree._Element, element: Element, box: Box, label: Box | None) -> None:
    """Write the name of an event or gateway: where the file says, else below it, beside it at a boundary."""
    if label is not None and label.width > 0:
        _label(group, element.name, label.middle[0], label.y + 11, max(label.width + 8, 60))
    elif element.kind == "boundaryEvent":  # what leaves it goes down
        _add(group, "text", element.name, x=f"{box.x + box.width + 3:g}", y=f"{box.y + box.height + 2:g}")
    else:
        _label(group, element.name, box.middle[0], box.y + box.height + LINE, box.width + 70)


def _activity(group: etree._Element, element: Element, box: Box, state: str) -> None:
    _add(group, "rect", x=f"{box.x:g}", y=f"{box.y:g}", width=f"{box.width:g}", height=f"{box.height:g}", rx="8")
    mark = _TASK_MARKS.get(element.kind, "")
    if mark:
        _add(group, "text", mark, x=f"{box.x + 7:g}", y=f"{box.y + 15:g}", **{"class": "flow-drawing__mark"})
    word = {"now": "▶ いま", "done": "✓ 済", "changed": "◆ 変更"}.get(state, "")
    if word:
        _add(group, "text", word, x=f"{box.x + box.width - 7:g}", y=f"{box.y + 15:g}", text_anchor="end",
             **{"class": "flow-drawing__state"})  # fmt: skip
    x, y = box.middle
    _label(group, element.name, x, y + 4, box.width - 12, centred=True)


def _label(group: etree._Element, text: str, x: float, y: float, room: float, *, centred: bool = False) -> None:
    lines = _wrapped(text, max(4, int(room / LINE)))
    start = y - (len(lines) - 1) * 8 if centred else y
    for number, line in enumerate(lines):
        _add(group, "text", line, x=f"{x:g}", y=f"{start + number * 16:g}", text_anchor="middle")


def _wrapped(text: str, width: int) -> list[str]:
    """Return at most three lines; a full-width character takes one place, an ASCII one about half."""
    lines, line, used = [], "", 0.0
    for character in text:
        size = 0.55 if character.isascii() else 1.0
        if used + size > width and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + character, used + size
    lines = [*lines, line] if line else lines
    return lines if len(lines) < 4 else [*lines[:2], lines[2][:-1] + "…"]
