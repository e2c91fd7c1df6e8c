"""Milestones as ordered states (検討→導入→運用→拡大→完了), read from the words that plans and sections use."""

from __future__ import annotations

import re
from enum import IntEnum


class Stage(IntEnum):
    """How far a milestone has come; a later stage holds all earlier ones."""

    NOT_STARTED = 0
    STUDY = 1
    INTRODUCTION = 2
    OPERATION = 3
    EXPANSION = 4
    COMPLETION = 5


WORDS: dict[Stage, str] = {
    Stage.NOT_STARTED: "未着手",
    Stage.STUDY: "検討",
    Stage.INTRODUCTION: "導入",
    Stage.OPERATION: "運用",
    Stage.EXPANSION: "拡大",
    Stage.COMPLETION: "完了",
}

_KEYWORDS: tuple[tuple[Stage, str], ...] = (
    (Stage.STUDY, "検討|調査|研究|計画|設計|協議|準備|方針|選定|仕様|判断|分析|検証|体制|調整"),
    (Stage.INTRODUCTION, "導入|試行|実証|構築|実施|開始|設置|整備|策定|開設|登用|試験|移行|配置|更新|着手|購入|調達"),
    (Stage.OPERATION, "運用|稼働|継続|活用|提供|公開|利用|定着|対応"),
    (Stage.EXPANSION, "拡大|拡充|充実|増設|展開|推進|促進|全庁"),
    (Stage.COMPLETION, "完了|完成|達成|終了|済み?"),
)
_ANY = re.compile("|".join(f"(?P<s{stage.value}>{words})" for stage, words in _KEYWORDS))
# A stage that was not reached: the negation stands before the noun (未実施) or after it (実施せず, 実施なし).
_NOT = re.compile(
    r"未(?:着手|実施|導入|達成|完了|整備|設置|策定|定|了)|(?:なし|無し|せず|ない|無)$|中止|休止|廃止|^[×✕xX]$"
)
_DONE = re.compile(r"完了|完成|達成|済|終了|^[○〇◯◎]$|^(?:有|あり|有り)$")
_PARALLEL = re.compile(r"[・、,，/／\s　]+")


def stage_of(text: str) -> Stage | None:
    """
    Return the stage that a word of a schedule or a result names, or None where it names none.

    The last keyword of a phrase decides (導入の検討 is a study), the furthest of several phrases (導入・運用 is operation).
    導入済み names the stage that is over, 済み alone completion.
    """
    plain = text.strip()
    if not plain:
        return None
    if _NOT.search(plain):
        return Stage.NOT_STARTED
    if _DONE.fullmatch(plain):
        return Stage.COMPLETION
    found = [stage for part in _PARALLEL.split(plain) if (stage := _stage_of_phrase(part)) is not None]
    return max(found, default=None)


def _stage_of_phrase(phrase: str) -> Stage | None:
    stages = [Stage(int(match.lastgroup[1:])) for match in _ANY.finditer(phrase) if match.lastgroup]
    if not stages:
        return None
    if stages[-1] is Stage.COMPLETION and "済" in phrase and len(stages) > 1:
        return stages[-2]
    return stages[-1]


def says_done(text: str) -> bool:
    """Tell whether a result says in words that the thing is there (完了, 達成, 設置済み, あり, ○)."""
    return bool(_DONE.search(text.strip())) and not _NOT.search(text.strip())


def says_not_done(text: str) -> bool:
    """Tell whether a result says in words that the thing is not there (未実施, なし, 中止, ×, △)."""
    return bool(_NOT.search(text.strip())) or text.strip() in {"△", "▲"}
