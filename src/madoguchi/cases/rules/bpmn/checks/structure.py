"""The shape of a flow: a start, an end, everything reachable, every line from somewhere to somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from .. import names
from ..document import N_, Document, Element
from ..report import Fault

_NO_PROCESS = N_("動かせるプロセスがありません。")
_NO_START = N_("開始イベントがありません。")
_STARTS = N_("開始イベントが%(count)s個あります。一つにしてください。")
_NO_END = N_("終了イベントがありません。")
_UNREACHABLE = N_("開始からたどり着けません。線をつなぐか、取り除いてください。")
_DEAD_END = N_("この先に線がありません。終了イベントまでつないでください。")
_AFTER_END = N_("終了イベントの先に線があります。")
_BEFORE_START = N_("開始イベントに入る線があります。")
_LOOSE = N_("線の%(side)sがありません。")
_OUTSIDE = N_("線が別のプロセスやサブプロセスへ渡っています。")
_SPLITS = N_("%(count)s本の線が出ています。ゲートウェイで分けてください。")
_ATTACHED = N_("付いている作業「%(ref)s」がこのファイルにありません。")


def faults(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with the shape."""
    if not document.main_processes():
        yield Fault("file", _NO_PROCESS)
    for container in document.of_kind("process", "subProcess", "transaction"):
        if document.nodes_of(container.id) or container.kind != "process":
            yield from _container(document, container)
    yield from _flows(document)


def _container(document: Document, container: Element) -> Iterator[Fault]:
    nodes = document.nodes_of(container.id)
    starts = [node for node in nodes if node.kind == "startEvent"]
    if not starts:
        yield Fault(container.id, _NO_START)
    elif len(starts) > 1:
        for start in starts:
            yield Fault(start.id, _STARTS, {"count": str(len(starts))})
    if not any(node.kind == "endEvent" for node in nodes):
        yield Fault(container.id, _NO_END)
    reached = _reached(document, starts)
    for node in nodes:
        yield from _node(document, node, is_reached=node.id in reached or not starts)


def _reached(document: Document, starts: list[Element]) -> set[str]:
    found: set[str] = set()
    waiting = [start.id for start in starts]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        waiting += [flow.target for flow in document.leaving.get(current, [])]
        waiting += [event.id for event in document.boundary_events(current)]
    return found


def _node(document: Document, node: Element, *, is_reached: bool) -> Iterator[Fault]:
    leaving, arriving = document.leaving.get(node.id, []), document.arriving.get(node.id, [])
    if not is_reached and node.get("triggeredByEvent") != "true" and node.get("isForCompensation") != "true":
        yield Fault(node.id, _UNREACHABLE)
    if node.kind == "endEvent" and leaving:
        yield Fault(node.id, _AFTER_END)
    if node.kind == "startEvent" and arriving:
        yield Fault(node.id, _BEFORE_START)
    is_open = node.kind != "endEvent" and not leaving
    if is_open and node.get("triggeredByEvent") != "true" and node.get("isForCompensation") != "true":
        yield Fault(node.id, _DEAD_END)
    if len(leaving) > 1 and node.kind not in names.GATEWAYS:
        yield Fault(node.id, _SPLITS, {"count": str(len(leaving))})
    if node.kind == "boundaryEvent" and node.get("attachedToRef") not in document.elements:
        yield Fault(node.id, _ATTACHED, {"ref": node.get("attachedToRef")})


def _flows(document: Document) -> Iterator[Fault]:
    for flow in document.flows.values():
        source, target = document.elements.get(flow.source), document.elements.get(flow.target)
        if source is None:
            yield Fault(flow.id, _LOOSE, {"side": "元"})
        if target is None:
            yield Fault(flow.id, _LOOSE, {"side": "先"})
        if source is not None and target is not None and source.container != target.container:
            yield Fault(flow.id, _OUTSIDE)
