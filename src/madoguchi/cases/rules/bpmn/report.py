"""What a check says: every element, whether it is supported, and if not why, with its line and id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .document import N_

KIND_NAMES: dict[str, str] = {
    "process": N_("プロセス"),
    "participant": N_("プール"),
    "lane": N_("レーン"),
    "messageFlow": N_("メッセージフロー"),
    "sequenceFlow": N_("シーケンスフロー"),
    "startEvent": N_("開始イベント"),
    "endEvent": N_("終了イベント"),
    "intermediateCatchEvent": N_("中間イベント（受け取り）"),
    "intermediateThrowEvent": N_("中間イベント（送り出し）"),
    "boundaryEvent": N_("境界イベント"),
    "task": N_("タスク"),
    "userTask": N_("人の作業"),
    "manualTask": N_("手作業"),
    "serviceTask": N_("サービスタスク"),
    "businessRuleTask": N_("判定タスク"),
    "scriptTask": N_("スクリプトタスク"),
    "sendTask": N_("送信タスク"),
    "receiveTask": N_("受信タスク"),
    "callActivity": N_("呼び出し"),
    "subProcess": N_("サブプロセス"),
    "transaction": N_("トランザクション"),
    "adHocSubProcess": N_("アドホックサブプロセス"),
    "exclusiveGateway": N_("排他ゲートウェイ"),
    "inclusiveGateway": N_("包含ゲートウェイ"),
    "parallelGateway": N_("並列ゲートウェイ"),
    "eventBasedGateway": N_("イベントゲートウェイ"),
    "complexGateway": N_("複合ゲートウェイ"),
    "globalTask": N_("共通タスク"),
    "globalUserTask": N_("共通の人の作業"),
    "dataObject": N_("データオブジェクト"),
    "dataObjectReference": N_("データオブジェクト"),
    "dataStore": N_("データストア"),
    "dataStoreReference": N_("データストア"),
    "message": N_("メッセージ"),
    "textAnnotation": N_("注釈"),
    "group": N_("グループ"),
    "association": N_("関連"),
    "import": N_("取り込み"),
}
"""Japanese names of the kinds of elements, as a person reads them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why an element is not supported: a sentence (msgid) and its values."""

    element: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in Japanese."""
        return self.message % self.values if self.values else self.message


@dataclass(frozen=True, slots=True)
class ElementFinding:
    """An element of the file and what the engine makes of it; ``faults`` are the reasons one by one, for translation."""

    id: str
    name: str
    kind: str
    is_supported: bool
    reason: str
    line: int
    faults: tuple[Fault, ...] = ()

    @property
    def kind_name(self) -> str:
        """The kind in Japanese."""
        return KIND_NAMES.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class BpmnReport:
    """All elements of a file; it is supported when every one of them is."""

    elements: tuple[ElementFinding, ...]

    @property
    def supported(self) -> bool:
        """Whether the file can be run as it is."""
        return all(element.is_supported for element in self.elements)

    @property
    def faulty(self) -> list[ElementFinding]:
        """The elements that are not supported, in the order of the file."""
        return [element for element in self.elements if not element.is_supported]

    def sentences(self) -> list[str]:
        """Return one Japanese line per element that is not supported: line, kind, name, reason."""
        return [
            f"{element.line}行目 {element.kind_name}「{element.name or element.id}」: {element.reason}"
            for element in self.faulty
        ]
