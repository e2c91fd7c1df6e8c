"""Activities: who or what does them, how often, and what they call."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree

from .. import names
from ..document import N_, Document, Element
from ..report import Fault
from .events import message_faults
from .expressions import feel_problem

AUDIENCES = frozenset({"staff", "approver", "applicant"})
_COMPENSATION = N_("補償のための作業は扱えません。")
_QUANTITY = N_("開始・完了の個数（startQuantity, completionQuantity）は1だけを扱います。")
_NO_SERVICE = N_("どのサービスを動かすのかが決まっていません（madoguchi:service）。")
_UNKNOWN_SERVICE = N_("サービス「%(service)s」は、この窓口にありません。")
_NO_DECISION = N_("どの判定表を使うのかが決まっていません（madoguchi:decision）。")
_AUDIENCE = N_("担当「%(audience)s」はありません。staff, approver, applicant のどれかです。")
_TWICE = N_("結果「%(code)s」が二度あります。")
_DAYS = N_("期限の日数「%(days)s」が数字ではありません。")
_NO_CALL = N_("呼び出すプロセスが決まっていません。")
_OUTER_CALL = N_("呼び出すプロセス「%(called)s」がこのファイルにありません。")
_ENDLESS = N_("呼び出しが自分自身に戻ります。")
_NOT_MESSAGE = N_("待つ・送るメッセージが決まっていません（messageRef）。")
_EVENT_SUB = N_("イベントサブプロセスは扱えません。境界イベントに置き換えてください。")
_NO_REPEAT = N_("繰り返しの回数・対象・条件のどれも決まっていません。")
_REPEAT = N_("繰り返しの式「%(text)s」はFEELの式ではありません: %(detail)s")
_PARAMETER = N_("パラメーター「%(name)s」の式を読めません: %(detail)s")


def faults(document: Document, services: Collection[str] | None) -> Iterator[Fault]:
    """Yield what is wrong with activities."""
    for element in document.of_kind(*names.TASKS, "callActivity", "subProcess"):
        yield from _any(element)
        yield from _loops(element)
    for element in document.of_kind(*names.USER_TASKS):
        yield from _user_task(element)
    for element in document.of_kind("serviceTask"):
        yield from _service(element, services)
    for element in document.of_kind("businessRuleTask"):
        if not element.house("decision"):
            yield Fault(element.id, _NO_DECISION)
    for element in document.of_kind(*names.MESSAGE_TASKS):
        yield from _message_task(document, element)
    for element in document.of_kind("callActivity"):
        yield from _call(document, element)
    for element in document.of_kind("subProcess"):
        if element.get("triggeredByEvent") == "true":
            yield Fault(element.id, _EVENT_SUB)


def _any(element: Element) -> Iterator[Fault]:
    if element.get("isForCompensation") == "true":
        yield Fault(element.id, _COMPENSATION)
    if {element.get("startQuantity") or "1", element.get("completionQuantity") or "1"} != {"1"}:
        yield Fault(element.id, _QUANTITY)


def _user_task(element: Element) -> Iterator[Fault]:
    audience = element.house("audience")
    if audience and audience not in AUDIENCES:
        yield Fault(element.id, _AUDIENCE, {"audience": audience})
    codes = [item.get("code", "") for item in element.extensions("outcome")]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Fault(element.id, _TWICE, {"code": code})
    for attribute in ("dueDays", "dueBusinessDays"):
        days = element.house(attribute)
        if days and not (days.isascii() and days.isdigit() and len(days) < 5):
            yield Fault(element.id, _DAYS, {"days": days})


def _service(element: Element, services: Collection[str] | None) -> Iterator[Fault]:
    service = element.house("service")
    if not service:
        yield Fault(element.id, _NO_SERVICE)
    elif services is not None and service not in services:
        yield Fault(element.id, _UNKNOWN_SERVICE, {"service": service})
    for item in element.extensions("parameter"):
        value = item.get("value", "")
        if value.startswith("=") and (detail := feel_problem(value[1:])):
            yield Fault(element.id, _PARAMETER, {"name": item.get("name", ""), "detail": detail})


def _message_task(document: Document, element: Element) -> Iterator[Fault]:
    reference = element.get("messageRef")
    if not reference:
        yield Fault(element.id, _NOT_MESSAGE)
    else:
        yield from message_faults(document, element, reference)


def _call(document: Document, element: Element) -> Iterator[Fault]:
    called = element.get("calledElement")
    target = document.elements.get(called)
    if not called:
        yield Fault(element.id, _NO_CALL)
    elif target is None or target.kind != "process":
        yield Fault(element.id, _OUTER_CALL, {"called": called})
    elif _calls(document, called, set()) & {called}:
        yield Fault(element.id, _ENDLESS)


def _calls(document: Document, process: str, seen: set[str]) -> set[str]:
    """Return every process a process calls, directly or through others."""
    for call in document.of_kind("callActivity"):
        called = call.get("calledElement")
        if called and called not in seen and _process_of(document, call) == process:
            seen.add(called)
            _calls(document, called, seen)
    return seen


def _process_of(document: Document, element: Element) -> str:
    container = element.container
    while (parent := document.elements.get(container)) is not None and parent.kind != "process":
        container = parent.container
    return container


def _loops(element: Element) -> Iterator[Fault]:
    for node in element.children("multiInstanceLoopCharacteristics"):
        number = _child(node, "loopCardinality")
        collection = node.get(names.house("collection")) or _child(node, "loopDataInputRef")
        if not number and not collection:
            yield Fault(element.id, _NO_REPEAT)
        yield from _feel(element, number, _child(node, "completionCondition"))
    for node in element.children("standardLoopCharacteristics"):
        condition = _child(node, "loopCondition")
        if not condition and not (node.get("loopMaximum") or "").isdigit():
            yield Fault(element.id, _NO_REPEAT)
        yield from _feel(element, condition)


def _feel(element: Element, *texts: str) -> Iterator[Fault]:
    for text in texts:
        if text and (detail := feel_problem(text)):
            yield Fault(element.id, _REPEAT, {"text": text, "detail": detail})


def _child(node: etree._Element, tag: str) -> str:
    found = node.find(names.model(tag))
    return "" if found is None else "".join(found.itertext()).strip()
