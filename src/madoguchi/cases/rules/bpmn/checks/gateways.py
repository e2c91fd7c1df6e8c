"""Gateways: conditions in FEEL, a default way out, and what an event gateway may lead to."""

from __future__ import annotations

from collections.abc import Iterator

from .. import names
from ..document import N_, Document, Element
from ..report import Fault
from .expressions import feel_problem

_NO_CONDITION = N_("ゲートウェイ「%(gateway)s」から出る線に条件がありません。条件を書くか、既定の線にしてください。")
_NO_DEFAULT = N_("どの条件にも当てはまらないときの線（既定のフロー）がありません。")
_UNKNOWN_DEFAULT = N_("既定の線「%(flow)s」は、ここから出ていません。")
_NO_FEEL = N_("条件「%(condition)s」はFEELの式ではありません: %(detail)s")
_MISPLACED = N_("条件は、排他ゲートウェイか包含ゲートウェイから出る線にだけ書けます。")
_NOT_EVENT = N_("イベントゲートウェイの先「%(target)s」は、メッセージかタイマーの受け取りではありません。")
_ONE_EVENT = N_("イベントゲートウェイからは、二つ以上の線が出ていなければなりません。")
_INSTANTIATE = N_("案件を始めるイベントゲートウェイは扱えません。")
_CATCHING = frozenset({"intermediateCatchEvent", "receiveTask"})


def faults(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with gateways and conditions."""
    for element in document.of_kind(*names.CONDITIONAL_GATEWAYS):
        yield from _conditional(document, element)
    for element in document.of_kind("eventBasedGateway"):
        yield from _event_based(document, element)
    for flow in document.flows.values():
        source = document.elements.get(flow.source)
        if flow.condition is None or source is None:
            continue
        if source.kind not in names.CONDITIONAL_GATEWAYS:
            yield Fault(flow.id, _MISPLACED)
        elif flow.condition and (detail := feel_problem(flow.condition)):
            yield Fault(flow.id, _NO_FEEL, {"condition": flow.condition, "detail": detail})


def _conditional(document: Document, gateway: Element) -> Iterator[Fault]:
    leaving, default = document.leaving.get(gateway.id, []), gateway.get("default")
    if default and default not in {flow.id for flow in leaving}:
        yield Fault(gateway.id, _UNKNOWN_DEFAULT, {"flow": default})
    if len(leaving) < 2:
        return
    for flow in leaving:
        if flow.id != default and not flow.condition:
            yield Fault(flow.id, _NO_CONDITION, {"gateway": gateway.name or gateway.id})
    if not default:
        yield Fault(gateway.id, _NO_DEFAULT)


def _event_based(document: Document, gateway: Element) -> Iterator[Fault]:
    leaving = document.leaving.get(gateway.id, [])
    if gateway.get("instantiate") == "true":
        yield Fault(gateway.id, _INSTANTIATE)
    if len(leaving) < 2:
        yield Fault(gateway.id, _ONE_EVENT)
    for flow in leaving:
        target = document.elements.get(flow.target)
        if target is not None and target.kind not in _CATCHING:
            yield Fault(gateway.id, _NOT_EVENT, {"target": target.name or target.id})
