"""
How grave a kind of warning is, by its name: the table of ``docs/algorithms/telegrams.md`` as code.

Names are the agency's own and fixed (警報等情報要素, コード管理表); new kinds keep the pattern (…特別警報, …危険警報, …警報, …注意報,
レベルN…), so a name nobody has seen is still taken at its word. Values of CAP follow their definitions in CAP 1.2 §3.2.2; the
level of alert (警戒レベル相当) follows 避難情報に関するガイドライン (内閣府, 令和3年5月) and the agency's reform of 2026.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..telegram import Assessment, Level
from .xml import narrow

_HAZARDS: tuple[tuple[str, str], ...] = (
    ("長周期地震動", "long_period"),
    ("緊急地震速報", "eew"),
    ("南海トラフ|巨大地震|調査中|調査終了|調査継続", "nankai"),
    ("後発地震", "aftershock"),
    ("津波", "tsunami"),
    ("震度", "earthquake"),
    ("噴石|降灰|火山灰", "ash"),
    ("噴火|火口|レベル[1-5]\\(|入山|活火山|爆発|火砕流|溶岩|厳重警戒|周辺海域", "volcano"),
    ("記録的短時間大雨|記録雨", "record_rain"),
    ("線状降水帯", "rainband"),
    ("短時間大雪", "heavy_snow"),
    ("土砂", "landslide"),
    ("氾濫", "river"),
    ("洪水", "flood"),
    ("高潮", "surge"),
    ("竜巻", "tornado"),
    ("海上", "sea"),
    ("大雨|浸水", "rain"),
    ("暴風雪|風雪", "snowstorm"),
    ("暴風|強風", "storm"),
    ("大雪", "snow"),
    ("波浪", "wave"),
    ("雷", "thunder"),
    ("融雪", "melting"),
    ("濃霧", "fog"),
    ("乾燥", "dry"),
    ("なだれ", "avalanche"),
    ("低温", "cold"),
    ("霜", "frost"),
    ("着氷|着雪", "ice"),
    ("熱中症|高温", "heat"),
    ("台風", "typhoon"),
)
"""Pattern in the (narrow) name → key of the hazard; the first that fits."""

GEOPHYSICAL = {"earthquake", "eew", "long_period", "tsunami", "volcano", "ash", "landslide", "nankai", "aftershock"}

WEATHER = (
    "rain", "flood", "landslide", "storm", "snowstorm", "snow", "wave", "surge", "thunder", "melting", "fog", "dry",
    "avalanche", "cold", "frost", "ice",
)  # fmt: skip
"""What the weather warnings of a city (気象警報・注意報) speak of."""

_LEVELS: tuple[tuple[str, Level, int], ...] = (
    ("解除|取消|なし$|^なし|調査終了", Level.NONE, 0),
    ("津波予報|若干の海面変動", Level.NONE, 0),
    ("大津波警報", Level.EMERGENCY, 0),
    ("噴火予報|活火山であること|レベル1\\(", Level.NONE, 0),
    (
        "噴火警報\\(居住地域\\)|居住地域|レベル5\\(避難\\)|レベル4\\((高齢者|避難)|噴火警報:(避難|高齢者)",
        Level.EMERGENCY,
        0,
    ),
    (
        "^レベル[23]\\(|火口周辺警報|噴火警報|入山(規制|危険)|山麓厳重|周辺海域警戒|火口周辺(規制|危険)",
        Level.WARNING,
        0,
    ),
    ("^レベル5|氾濫(発生|特別警報)", Level.EMERGENCY, 5),
    ("熱中症特別", Level.EMERGENCY, 0),
    ("巨大地震警戒", Level.EMERGENCY, 0),
    ("^レベル4|危険警報|氾濫危険", Level.WARNING, 4),
    ("巨大地震注意", Level.WARNING, 0),
    ("^レベル3|氾濫警戒", Level.WARNING, 3),
    ("^レベル2|氾濫注意", Level.ADVISORY, 2),
    ("土砂災害警戒情報", Level.WARNING, 4),
    ("高潮特別警報", Level.EMERGENCY, 4),
    ("(大雨|土砂災害|氾濫|洪水)特別警報", Level.EMERGENCY, 5),
    ("特別警報|特別警戒", Level.EMERGENCY, 0),
    ("高潮警報", Level.WARNING, 4),
    ("(大雨|洪水|土砂災害)警報", Level.WARNING, 3),
    ("(大雨|洪水|土砂災害|高潮)注意報", Level.ADVISORY, 2),
    ("記録的短時間大雨|記録雨|線状降水帯|短時間大雪", Level.WARNING, 0),
    ("後発地震", Level.ADVISORY, 0),
    ("調査中|調査継続", Level.ADVISORY, 0),
    ("竜巻|熱中症|警報級の可能性", Level.ADVISORY, 0),
    ("注意報", Level.ADVISORY, 0),
    ("警報", Level.WARNING, 0),
)
"""Pattern in the (narrow) name → level and 警戒レベル相当; the first that fits. Order matters: 特別警報 contains 警報."""

_CAP_SEVERITY = {
    Level.EMERGENCY: "Extreme",
    Level.WARNING: "Severe",
    Level.ADVISORY: "Moderate",
    Level.NONE: "Minor",
}
_OBSERVED = {"earthquake", "long_period", "record_rain", "rainband", "heavy_snow"}
_AT_ONCE = {"eew", "tsunami", "tornado", "record_rain", "rainband"}


@lru_cache(maxsize=1024)
def assess(name: str) -> Assessment:
    """
    Return how a kind of warning is to be taken, by its name.

    >>> assess("大雨特別警報").level.value, assess("大雨特別警報").alert_level
    ('emergency', 5)
    """
    plain = narrow(name)
    hazard = next((key for pattern, key in _HAZARDS if re.search(pattern, plain)), "other")
    level, alert_level = next(
        ((level, number) for pattern, level, number in _LEVELS if re.search(pattern, plain)), (Level.NONE, 0)
    )
    return assessed(hazard, level, alert_level)


def assessed(hazard: str, level: Level, alert_level: int = 0) -> Assessment:
    """Return the assessment of a hazard at a level, with the values of CAP that follow from them."""
    category = "Geo" if hazard in GEOPHYSICAL else "Health" if hazard == "heat" else "Met"
    if level is Level.NONE:
        return Assessment(hazard, level, 0, category, "Unknown", "Minor", "Unlikely")
    urgency = "Future" if level is Level.ADVISORY else "Expected"
    if hazard in _OBSERVED | _AT_ONCE or level is Level.EMERGENCY or alert_level >= 4:
        urgency = "Immediate"
    certainty = "Possible" if level is Level.ADVISORY else "Likely"
    if hazard in _OBSERVED or alert_level == 5:
        certainty = "Observed"
    return Assessment(hazard, level, alert_level, category, urgency, _CAP_SEVERITY[level], certainty)


_INTENSITIES = {
    "1": 10, "2": 20, "3": 30, "4": 40, "5-": 50, "5弱": 50, "5+": 55, "5強": 55,
    "6-": 60, "6弱": 60, "6+": 65, "6強": 65, "7": 70,
}  # fmt: skip

INTENSITY_NAMES = {
    10: "震度１", 20: "震度２", 30: "震度３", 40: "震度４", 50: "震度５弱", 55: "震度５強", 60: "震度６弱", 65: "震度６強", 70: "震度７",
}  # fmt: skip


def intensity_of(value: str) -> int:
    """Return ten times a seismic intensity (震度), 5弱 = 50, 5強 = 55; 0 for what is none."""
    return _INTENSITIES.get(narrow(value).removeprefix("震度"), 0)


def assess_intensity(intensity: int) -> Assessment:
    """
    Return how an observed intensity is to be taken: 6弱 and more an emergency, 5弱 and more a warning, 4 an advisory.

    The agency's own steps (気象庁震度階級関連解説表): from 5弱 on people feel fear and things fall, from 6弱 on it is hard to stand;
    6弱 is what an earthquake early warning counts as an emergency warning (特別警報).
    """
    level = (
        Level.EMERGENCY if intensity >= 60 else Level.WARNING if intensity >= 50
        else Level.ADVISORY if intensity >= 40 else Level.NONE
    )  # fmt: skip
    if level is Level.NONE:
        return Assessment("earthquake", level, 0, "Geo", "Past", "Minor", "Observed")
    return assessed("earthquake", level)


def assess_long_period(step: int) -> Assessment:
    """Return how a step of long-period ground motion (長周期地震動階級 1–4) is to be taken."""
    level = (Level.NONE, Level.NONE, Level.NONE, Level.ADVISORY, Level.WARNING)[max(0, min(step, 4))]
    return assessed("long_period", level)


def assess_ash(name: str) -> Assessment:
    """Return how a forecast of ash (降灰予報) is to be taken: much ash is a warning, a moderate fall or stones an advisory."""
    plain = narrow(name)
    if plain.startswith("多量"):
        return assessed("ash", Level.WARNING)
    return assessed("ash", Level.ADVISORY if plain.startswith("やや多量") or "噴石" in plain else Level.NONE)
