"""What statuses, kinds and relations are called on pages, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.kit.charts import compact_number

from ..enums import ActualSource, BindingKind, Direction, IndicatorKind, IndicatorType, PortfolioClass, RelationKind
from ..rules.concepts import concept as find_concept
from ..rules.progress import Reason, Status

TONES = {
    Status.ACHIEVED: "good",
    Status.ON_TRACK: "active",
    Status.BEHIND: "caution",
    Status.STOPPED: "idle",
    Status.NOT_MEASURED: "idle",
    Status.NO_TARGET: None,
}


def number_words() -> Callable[[float], str]:
    """Return how numbers are written in charts in the reader's language."""
    language = get_language() or "ja"
    return lambda value: compact_number(value, language)


def status_word(status: Status) -> str:
    """Return the word of a status."""
    return {
        Status.ACHIEVED: _("達成"),
        Status.ON_TRACK: _("順調"),
        Status.BEHIND: _("遅れ"),
        Status.STOPPED: _("中止"),
        Status.NOT_MEASURED: _("未計測"),
        Status.NO_TARGET: _("目標なし"),
    }[status]


def status_meaning(status: Status) -> str:
    """Return what a status means, for the explanation beside the words."""
    return {
        Status.ACHIEVED: _("実績がその年度の目標に届いています。"),
        Status.ON_TRACK: _("目標の年度はまだですが、今の時点で必要な水準に届いています。"),
        Status.BEHIND: _("実績がその年度の目標、または今の時点で必要な水準に届いていません。"),
        Status.STOPPED: _("取りやめました。"),
        Status.NOT_MEASURED: _("目標はありますが、比べられる実績がまだありません。"),
        Status.NO_TARGET: _("計画書に目標値がありません。"),
    }[status]


def reason_words(reason: Reason) -> str:
    """Return why a status was given."""
    return {
        Reason.MET: _("実績が目標に届いています"),
        Reason.ON_PATH: _("今の時点で必要な水準に届いています"),
        Reason.NOT_DUE: _("目標の年度はまだ先で、段階は進んでいます"),
        Reason.BELOW_PATH: _("今の時点で必要な水準に届いていません"),
        Reason.NOT_MET: _("実績が目標に届いていません"),
        Reason.NO_ACTUAL: _("承認された実績がありません"),
        Reason.NO_TARGET: _("目標値がありません"),
        Reason.NOT_COMPARABLE: _("目標が数ではないため、自動では判定できません"),
        Reason.MARK: _("評価の結果によります"),
    }[reason]


def type_word(value: str) -> str:
    """Return the word of an indicator's type."""
    return {
        IndicatorType.COUNT: _("件数"),
        IndicatorType.RATIO: _("割合"),
        IndicatorType.DURATION: _("時間"),
        IndicatorType.MONEY: _("金額"),
        IndicatorType.MILESTONE: _("到達段階"),
        IndicatorType.EXISTENCE: _("有無"),
    }[IndicatorType(value)]


def kind_word(value: str) -> str:
    """Return the words of how an indicator's yearly values are counted."""
    return {
        IndicatorKind.ANNUAL: _("年度ごとの値"),
        IndicatorKind.CUMULATIVE: _("累計（始めからの合計）"),
        IndicatorKind.STOCK: _("年度末の時点の値"),
    }[IndicatorKind(value)]


def direction_word(value: str) -> str:
    """Return the words of an indicator's direction."""
    return _("大きいほどよい") if value == Direction.UP else _("小さいほどよい")


def binding_word(value: str) -> str:
    """Return how an indicator's values are obtained."""
    return {
        BindingKind.METER: _("業務のシステムから自動で測っています"),
        BindingKind.MANUAL: _("担当が根拠資料を付けて入力し、別の人が承認しています"),
        BindingKind.PUSH: _("外部のシステムから受け取っています"),
    }[BindingKind(value)]


def source_word(value: str) -> str:
    """Return where an actual value came from."""
    return {
        ActualSource.DOCUMENT: _("計画書"),
        ActualSource.MANUAL: _("手入力"),
        ActualSource.METER: _("自動計測"),
        ActualSource.PUSH: _("外部システム"),
        ActualSource.CSV: _("CSV取込"),
    }[ActualSource(value)]


def class_word(value: str) -> str:
    """Return the name of a portfolio class with what it means."""
    return {
        PortfolioClass.A.value: _("A（実現性が高く、新たな価値が大きい）"),
        PortfolioClass.B.value: _("B（実現性が高い）"),
        PortfolioClass.C.value: _("C（実現性が低い）"),
        PortfolioClass.CANDIDATE.value: _("候補（まだ明らかでない）"),
    }.get(value, _("区分なし"))


def class_short(value: str) -> str:
    """Return the short name of a portfolio class."""
    return _("候補") if value == PortfolioClass.CANDIDATE else value


def relation_word(value: str) -> str:
    """Return the name of a kind of relation."""
    return {
        RelationKind.SDG: _("SDGs（持続可能な開発目標）"),
        RelationKind.BASIC_POLICY: _("官民データ活用推進基本法の基本方針"),
        RelationKind.DX_PRIORITY: _("自治体DX推進計画の重点取組事項"),
        RelationKind.SUPERIOR_PLAN: _("上位・関連計画"),
        RelationKind.POLICY_FIELD: _("施策分野"),
        RelationKind.GOAL_CATEGORY: _("目標区分"),
        RelationKind.PREDECESSOR: _("前の計画の事業"),
        RelationKind.LEGEND: _("計画書の印"),
    }[RelationKind(value)]


def sdg_name(number: int) -> str:
    """Return the name of a goal of the 2030 Agenda (SDGs), as the Ministry of Foreign Affairs translates it."""
    return {
        1: _("貧困をなくそう"),
        2: _("飢餓をゼロに"),
        3: _("すべての人に健康と福祉を"),
        4: _("質の高い教育をみんなに"),
        5: _("ジェンダー平等を実現しよう"),
        6: _("安全な水とトイレを世界中に"),
        7: _("エネルギーをみんなに そしてクリーンに"),
        8: _("働きがいも経済成長も"),
        9: _("産業と技術革新の基盤をつくろう"),
        10: _("人や国の不平等をなくそう"),
        11: _("住み続けられるまちづくりを"),
        12: _("つくる責任 つかう責任"),
        13: _("気候変動に具体的な対策を"),
        14: _("海の豊かさを守ろう"),
        15: _("陸の豊かさも守ろう"),
        16: _("平和と公正をすべての人に"),
        17: _("パートナーシップで目標を達成しよう"),
    }.get(number, "")


def mark_meaning(mark: str) -> str:
    """Return what a mark of progress means in words, empty for a mark of another scale."""
    return {
        "◎": _("計画を上回る"),
        "○": _("計画どおり"),
        "〇": _("計画どおり"),
        "△": _("計画より遅れ"),
        "×": _("中止"),
    }.get(mark, "")


def concept_word(key: str) -> str:
    """Return the name of a concept that municipalities are compared on; its key where the catalogue does not know it."""
    known = find_concept(key)
    return _(known.name) if known else key
