"""Kinds of elements: which are run, which are only drawing, and why the others are refused."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .. import names
from ..document import N_, Document
from ..report import Fault

DRAWING = frozenset(
    {
        "laneSet", "dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "textAnnotation", "group",
        "association", "category", "categoryValue", "message", "error", "itemDefinition", "resource", "property",
        "collaboration", "documentation", "correlationKey", "interface", "operation", "extension",
    }
)  # fmt: skip
REFUSED: dict[str, str] = {
    "scriptTask": N_("スクリプトは実行しません。サービスタスクか判定タスクに置き換えてください。"),
    "complexGateway": N_(
        "複合ゲートウェイは扱えません。排他・包含・並列ゲートウェイの組み合わせに置き換えてください。"
    ),
    "transaction": N_(
        "トランザクション（補償を伴うサブプロセス）は扱えません。普通のサブプロセスに置き換えてください。"
    ),
    "adHocSubProcess": N_("アドホックサブプロセスは扱えません。順序を線で示してください。"),
    "callChoreography": N_("コレオグラフィは扱えません。"),
    "choreography": N_("コレオグラフィは扱えません。一つのプロセスとして描いてください。"),
    "choreographyTask": N_("コレオグラフィは扱えません。"),
    "subChoreography": N_("コレオグラフィは扱えません。"),
    "conversation": N_("会話図は扱えません。"),
    "subConversation": N_("会話図は扱えません。"),
    "callConversation": N_("会話図は扱えません。"),
    "globalTask": N_("共通タスク（グローバルタスク）は呼び出せません。プロセスの中に描いてください。"),
    "globalUserTask": N_("共通タスク（グローバルタスク）は呼び出せません。プロセスの中に描いてください。"),
    "globalManualTask": N_("共通タスク（グローバルタスク）は呼び出せません。プロセスの中に描いてください。"),
    "globalBusinessRuleTask": N_("共通タスク（グローバルタスク）は呼び出せません。プロセスの中に描いてください。"),
    "globalScriptTask": N_("スクリプトは実行しません。"),
    "signal": N_("シグナルは扱えません。メッセージに置き換えてください。"),
    "escalation": N_("エスカレーションは扱えません。"),
    "correlationSubscription": N_("相関は扱えません。知らせは案件に直接届きます。"),
    "correlationProperty": N_("相関は扱えません。知らせは案件に直接届きます。"),
}
KNOWN = (names.FLOW_NODES | frozenset(REFUSED)) - {"signal", "escalation"}
_IMPORT = N_("外部のファイル「%(location)s」は読み込みません。必要なものをこのファイルの中に描いてください。")
_MESSAGE_FLOW = N_(
    "メッセージフロー（プールの間のやり取り）は実行しません。一つのプロセスにして、知らせはメッセージイベントで描いてください。"
)
_SEVERAL = N_("動かせるプロセスが複数あります（%(names)s）。一つの案件で動かすのは一つだけです。")
_NOT_RUN = N_("案件で動くのは、実行可能（isExecutable）と書かれたプロセスだけです。このプロセスは動きません。")
_UNKNOWN = N_("この要素（%(kind)s）は扱えません。")
_NO_ID = N_("%(line)s行目の%(kind)sにidがありません。")


def faults(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with the kinds of elements."""
    yield from _refused(document)
    yield from _several_processes(document)
    yield from _foreign_parts(document)


def _refused(document: Document) -> Iterator[Fault]:
    for element in document.elements.values():
        if element.kind in REFUSED:
            yield Fault(element.id, REFUSED[element.kind])
        elif element.kind == "messageFlow":
            yield Fault(element.id, _MESSAGE_FLOW)


def _several_processes(document: Document) -> Iterator[Fault]:
    processes = document.main_processes()
    if len(processes) > 1:
        shown = "、".join(process.name or process.id for process in processes)
        for process in processes:
            yield Fault(process.id, _SEVERAL, {"names": shown})
    called = {element.get("calledElement") for element in document.of_kind("callActivity")}
    for process in document.of_kind("process"):
        if document.nodes_of(process.id) and process not in processes and process.id not in called:
            yield Fault(process.id, _NOT_RUN)


def _foreign_parts(document: Document) -> Iterator[Fault]:
    """Yield imports, and parts of a process that are neither run nor known drawing."""
    for node in document.root.findall(names.model("import")):
        location = node.get("location") or node.get("namespace") or ""
        yield Fault(f"import:{location}", _IMPORT, {"location": location})
    containers = [names.model(kind) for kind in ("process", *names.SUB_PROCESSES)]
    for container in document.root.iter(*containers):
        for child in container:
            yield from _part(child)


def _part(child: etree._Element) -> Iterator[Fault]:
    if not isinstance(child.tag, str) or not child.tag.startswith(f"{{{names.MODEL}}}"):
        return
    kind = etree.QName(child).localname
    inner = {"incoming", "outgoing", "extensionElements", "ioSpecification", "sequenceFlow", "multiInstanceLoopCharacteristics",
             "standardLoopCharacteristics", "dataInputAssociation", "dataOutputAssociation", "auditing", "monitoring",
             "potentialOwner", "performer", "resourceRole", "ioBinding", "supports", "artifact"}  # fmt: skip
    if kind not in KNOWN | DRAWING | inner:
        yield Fault(child.get("id") or f"line:{child.sourceline}", _UNKNOWN, {"kind": kind})
    elif kind in names.FLOW_NODES | {"sequenceFlow"} and not child.get("id"):
        yield Fault(f"line:{child.sourceline}", _NO_ID, {"line": str(child.sourceline), "kind": kind})
