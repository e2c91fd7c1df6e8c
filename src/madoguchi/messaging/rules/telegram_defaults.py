"""The rules the software comes with: what a municipality that has made none of its own does about telegrams."""

from __future__ import annotations

from .telegram import N_, Level
from .telegram_rules import Rule, RuleAction


def _automatic(key: str, name: str, reason: str, **criteria: object) -> Rule:
    return Rule(key, name, RuleAction.AUTOMATIC, reason, **criteria)  # type: ignore[arg-type]


def _draft(key: str, name: str, reason: str, **criteria: object) -> Rule:
    return Rule(key, name, RuleAction.DRAFT, reason, **criteria)  # type: ignore[arg-type]


SHIPPED_RULES: tuple[Rule, ...] = (
    Rule("advisory", N_("注意報など"), RuleAction.NONE, N_("注意報は気象庁と報道の発表に任せます")),
    _automatic("emergency", N_("特別警報級"), N_("命に関わるので、職員を待たずに知らせます"), level=Level.EMERGENCY),
    _draft("warning", N_("警報"), N_("避難情報とあわせて職員が判断します"), level=Level.WARNING),
    _draft(
        "level3",
        N_("警戒レベル3相当"),
        N_("高齢者等避難の発令を職員が判断します"),
        level=Level.WARNING,
        alert_level=3,
        evacuation_level=3,
    ),
    _automatic(
        "level4",
        N_("警戒レベル4相当"),
        N_("避難指示の目安です。事実を自動で知らせ、避難情報は職員が発令します"),
        level=Level.WARNING,
        alert_level=4,
    ),
    _automatic(
        "level5",
        N_("警戒レベル5相当"),
        N_("災害がすでに起きているおそれがあります"),
        level=Level.EMERGENCY,
        alert_level=5,
    ),
    Rule(
        "earthquake",
        N_("震度3以下"),
        RuleAction.NONE,
        N_("被害のおそれがないため、知らせません"),
        hazard="earthquake",
    ),
    _draft("earthquake4", N_("震度4"), N_("被害を確かめて職員が判断します"), hazard="earthquake", intensity=40),
    _automatic(
        "earthquake5",
        N_("震度5弱以上"),
        N_("被害のおそれがあり、すぐに身を守ってもらう必要があります"),
        hazard="earthquake",
        level=Level.WARNING,
        intensity=50,
    ),
    Rule(
        "eew", N_("緊急地震速報（予報）"), RuleAction.NONE, N_("予報は一般に知らせるものではありません"), hazard="eew"
    ),
    _automatic(
        "eew_warning", N_("緊急地震速報（警報）"), N_("数秒後に強い揺れが来ます"), hazard="eew", level=Level.WARNING
    ),
    _automatic(
        "tsunami",
        N_("津波警報・大津波警報"),
        N_("すぐに高い所へ逃げてもらいます"),
        hazard="tsunami",
        level=Level.WARNING,
    ),
    _automatic(
        "tsunami_advisory",
        N_("津波注意報"),
        N_("海の中と海岸の人にすぐ離れてもらいます"),
        hazard="tsunami",
        level=Level.ADVISORY,
    ),
    _automatic(
        "landslide",
        N_("土砂災害警戒情報"),
        N_("避難指示の目安です。事実を自動で知らせ、避難情報は職員が発令します"),
        hazard="landslide",
        level=Level.WARNING,
        alert_level=4,
    ),
    _automatic(
        "river4",
        N_("氾濫危険情報以上"),
        N_("避難指示の目安です。事実を自動で知らせ、避難情報は職員が発令します"),
        hazard="river",
        level=Level.WARNING,
        alert_level=4,
    ),
    _automatic(
        "record_rain",
        N_("記録的短時間大雨情報"),
        N_("災害が起きるおそれが急に高まっています"),
        hazard="record_rain",
        level=Level.WARNING,
    ),
    _automatic(
        "rainband",
        N_("線状降水帯の発生"),
        N_("災害が起きるおそれが急に高まっています"),
        hazard="rainband",
        level=Level.WARNING,
    ),
    _draft(
        "tornado", N_("竜巻注意情報"), N_("屋外の行事があれば職員が知らせます"), hazard="tornado", level=Level.ADVISORY
    ),
    _draft("heat", N_("熱中症"), N_("涼める所の案内とあわせて職員が知らせます"), hazard="heat", level=Level.ADVISORY),
    _draft(
        "volcano",
        N_("火口周辺警報"),
        N_("立入りの規制とあわせて職員が判断します"),
        hazard="volcano",
        level=Level.WARNING,
    ),
    _automatic(
        "volcano_emergency",
        N_("噴火警報（居住地域）・噴火速報"),
        N_("すぐに身を守ってもらう必要があります"),
        hazard="volcano",
        level=Level.EMERGENCY,
    ),
    _draft("ash", N_("降灰"), N_("量と時間をみて職員が判断します"), hazard="ash", level=Level.ADVISORY),
    _draft(
        "nankai",
        N_("南海トラフ地震臨時情報"),
        N_("とるべき備えは地域で違うため、職員が判断します"),
        hazard="nankai",
        level=Level.ADVISORY,
    ),
    _draft(
        "nankai_emergency",
        N_("巨大地震警戒"),
        N_("事前避難の対象地域は市が決めているため、職員が判断します"),
        hazard="nankai",
        level=Level.EMERGENCY,
    ),
    _draft(
        "aftershock",
        N_("北海道・三陸沖後発地震注意情報"),
        N_("備えの確かめ方を職員が知らせます"),
        hazard="aftershock",
        level=Level.ADVISORY,
    ),
)
"""
The rules of a municipality that has made none of its own. Evacuation orders are the mayor's (災害対策基本法第60条): no rule that
comes with the software issues one; a level stands in drafts as a suggestion by 避難情報に関するガイドライン.
"""
