"""Events: what may be waited for and thrown where, named messages, readable timers."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ... import timers
from .. import names
from ..document import N_, Document, Element
from ..report import Fault
from .expressions import feel_problem

ALLOWED: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"message"}),
    "endEvent": frozenset({"terminate", "error", "message"}),
    "intermediateCatchEvent": frozenset({"message", "timer"}),
    "intermediateThrowEvent": frozenset({"message"}),
    "boundaryEvent": frozenset({"message", "timer", "error"}),
}
"""Event definitions that are run, by the kind of event; start, end and throw events also without one."""
_WORDS = {
    "message": N_("メッセージ"),
    "timer": N_("タイマー"),
    "error": N_("エラー"),
    "terminate": N_("強制終了"),
    "signal": N_("シグナル"),
    "escalation": N_("エスカレーション"),
    "compensate": N_("補償"),
    "conditional": N_("条件"),
    "link": N_("リンク"),
    "cancel": N_("取消"),
}
_REFUSED = N_("%(event)sイベントは、この場所では扱えません。")
_SEVERAL = N_("一つのイベントに定義が複数あります。一つにしてください。")
_NOTHING = N_("何を待つのかが決まっていません。")
_REFERENCE = N_("イベント定義の参照（eventDefinitionRef）は扱えません。この場所に定義を書いてください。")
_NO_MESSAGE = N_("メッセージに名前がありません。")
_OUTER_MESSAGE = N_("メッセージ「%(ref)s」がこのファイルにありません。")
_OUTER_ERROR = N_("エラー「%(ref)s」がこのファイルにありません。")
_NO_TIME = N_("タイマーの時刻や期間が決まっていません。")
_BAD_TIME = N_("タイマー「%(text)s」を読めません: %(detail)s")
_CYCLE = N_("繰り返しのタイマーは、作業を中断しない境界イベントでだけ使えます。")
_SUB_START = N_("サブプロセスの開始イベントは、何も待てません。")
_GOING_ON = N_("エラーの境界イベントは、作業を必ず中断します。")
_READERS = {"timeDate": timers.parse_moment, "timeDuration": timers.parse_duration, "timeCycle": timers.parse_cycle}


def faults(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with events."""
    for event in document.of_kind(*ALLOWED):
        yield from _event(document, event)


def _event(document: Document, event: Element) -> Iterator[Fault]:
    definitions = event.definitions()
    if event.children("eventDefinitionRef"):
        yield Fault(event.id, _REFERENCE)
    elif len(definitions) > 1:
        yield Fault(event.id, _SEVERAL)
    elif not definitions and event.kind in {"intermediateCatchEvent", "boundaryEvent"}:
        yield Fault(event.id, _NOTHING)
    for definition in definitions:
        yield from _definition(document, event, definition)


def _definition(document: Document, event: Element, definition: etree._Element) -> Iterator[Fault]:
    kind = etree.QName(definition).localname.removesuffix("EventDefinition")
    if kind not in ALLOWED[event.kind]:
        yield Fault(event.id, _REFUSED, {"event": _WORDS.get(kind, kind)})
    elif event.kind == "startEvent":
        parent = document.elements.get(event.container)
        if parent is not None and parent.kind != "process":
            yield Fault(event.id, _SUB_START)
    elif kind == "message":
        yield from message_faults(document, event, definition.get("messageRef", ""))
    elif kind == "timer":
        yield from _timer(event, definition)
    elif kind == "error":
        yield from _error(document, event, definition)


def message_faults(document: Document, element: Element, reference: str) -> Iterator[Fault]:
    """Yield what is wrong with the message of an event or task."""
    if reference and reference not in document.messages:
        yield Fault(element.id, _OUTER_MESSAGE, {"ref": reference})
    elif not reference and not element.name:
        yield Fault(element.id, _NO_MESSAGE)


def _error(document: Document, event: Element, definition: etree._Element) -> Iterator[Fault]:
    reference = definition.get("errorRef", "")
    if reference and reference not in document.errors:
        yield Fault(event.id, _OUTER_ERROR, {"ref": reference})
    if event.kind == "boundaryEvent" and event.get("cancelActivity") == "false":
        yield Fault(event.id, _GOING_ON)


def _timer(event: Element, definition: etree._Element) -> Iterator[Fault]:
    found = [(tag, _text(definition, tag)) for tag in _READERS if definition.find(names.model(tag)) is not None]
    written = [(tag, text) for tag, text in found if text]
    days = definition.get(names.house("businessDays")) or event.house("businessDays")
    if not written:
        if not (days.isascii() and days.isdigit()):
            yield Fault(event.id, _NO_TIME)
        return
    tag, text = written[0]
    if tag == "timeCycle" and not (event.kind == "boundaryEvent" and event.get("cancelActivity") == "false"):
        yield Fault(event.id, _CYCLE)
    try:
        _READERS[tag](text)
    except ValueError as error:
        if feel_problem(text):
            yield Fault(event.id, _BAD_TIME, {"text": text, "detail": str(error)})


def _text(definition: etree._Element, tag: str) -> str:
    node = definition.find(names.model(tag))
    return "" if node is None else "".join(node.itertext()).strip()
