"""Names of dangers in English and plain Japanese; the Japanese name is the agency's own, in the telegram."""

from __future__ import annotations

from collections.abc import Mapping

from ..jma.xml import narrow
from ..telegram import Level, Warning

ENGLISH: Mapping[str, str] = {
    "rain": "Heavy rain",
    "flood": "Flood",
    "river": "River flood",
    "landslide": "Landslide",
    "storm": "Storm wind",
    "snowstorm": "Snowstorm",
    "snow": "Heavy snow",
    "wave": "High wave",
    "surge": "Storm surge",
    "thunder": "Thunderstorm",
    "melting": "Snow melting",
    "fog": "Dense fog",
    "dry": "Dry air",
    "avalanche": "Avalanche",
    "cold": "Low temperature",
    "frost": "Frost",
    "ice": "Ice and snow accretion",
    "tornado": "Tornado",
    "sea": "Marine",
    "typhoon": "Typhoon",
    "heat": "Heat stroke",
    "tsunami": "Tsunami",
    "volcano": "Volcano",
    "ash": "Volcanic ash",
    "other": "Disaster",
}
"""Hazard → its name before "warning"."""

EASY: Mapping[str, str] = {
    "rain": "強（つよ）い雨（あめ）",
    "flood": "川（かわ）の水（みず）があふれる危険（きけん）",
    "river": "川（かわ）の水（みず）があふれる危険（きけん）",
    "landslide": "山（やま）やがけがくずれる危険（きけん）",
    "storm": "強（つよ）い風（かぜ）",
    "snowstorm": "強（つよ）い風（かぜ）と雪（ゆき）",
    "snow": "たくさんの雪（ゆき）",
    "wave": "高（たか）い波（なみ）",
    "surge": "海（うみ）の水（みず）が高（たか）くなる危険（きけん）",
    "thunder": "雷（かみなり）",
    "melting": "雪（ゆき）がとけて起（お）きる災害（さいがい）",
    "fog": "濃（こ）い霧（きり）",
    "dry": "空気（くうき）の乾燥（かんそう）",
    "avalanche": "雪（ゆき）がくずれる危険（きけん）",
    "cold": "とても低（ひく）い気温（きおん）",
    "frost": "霜（しも）",
    "ice": "氷（こおり）や雪（ゆき）がつく危険（きけん）",
    "tornado": "竜巻（たつまき）",
    "sea": "海（うみ）の危険（きけん）",
    "typhoon": "台風（たいふう）",
    "heat": "とても暑（あつ）い日（ひ）",
    "tsunami": "津波（つなみ）",
    "volcano": "火山（かざん）の噴火（ふんか）",
    "ash": "火山（かざん）の灰（はい）",
    "other": "災害（さいがい）",
}
"""Hazard → what it is in short words with readings."""

_ENGLISH_LEVELS = {Level.EMERGENCY: "emergency warning", Level.WARNING: "warning", Level.ADVISORY: "advisory"}
_EASY_LEVELS = {
    Level.EMERGENCY: "とても危険（きけん）です",
    Level.WARNING: "危険（きけん）です",
    Level.ADVISORY: "注意（ちゅうい）してください",
}
_STEPS = {
    10: "1", 20: "2", 30: "3", 40: "4", 50: "5 Lower", 55: "5 Upper", 60: "6 Lower", 65: "6 Upper", 70: "7",
}  # fmt: skip
_FIXED: Mapping[str, tuple[str, str]] = {
    "eew": ("Earthquake early warning", "すぐに強（つよ）い地震（じしん）が来（き）ます"),
    "record_rain": ("Record-breaking heavy rain in a short time", "とても強（つよ）い雨（あめ）が降（ふ）りました"),
    "rainband": ("Band of very heavy rain", "とても強（つよ）い雨（あめ）が続（つづ）いています"),
    "heavy_snow": ("Heavy snow in a short time", "短（みじか）い時間（じかん）にたくさん雪（ゆき）が降（ふ）りました"),
    "aftershock": (
        "Advisory on a possible larger earthquake off Hokkaido and Sanriku",
        "大（おお）きな地震（じしん）がまた来（く）るかもしれません",
    ),
    "nankai": (
        "Information on a Nankai Trough earthquake",
        "とても大（おお）きな地震（じしん）が来（く）るかもしれません",
    ),
    "long_period": (
        "Long, slow shaking from an earthquake",
        "高（たか）い建物（たてもの）がゆっくり大（おお）きくゆれました",
    ),
}
_TSUNAMI = {
    Level.EMERGENCY: ("Major tsunami warning", "とても大（おお）きな津波（つなみ）が来（き）ます"),
    Level.WARNING: ("Tsunami warning", "津波（つなみ）が来（き）ます"),
    Level.ADVISORY: ("Tsunami advisory", "津波（つなみ）が来（く）るかもしれません"),
}
_NANKAI = {
    Level.EMERGENCY: "Nankai Trough earthquake: mega-quake alert",
    Level.WARNING: "Nankai Trough earthquake: mega-quake advisory",
    Level.ADVISORY: "Nankai Trough earthquake: under investigation",
}


def english_name(warning: Warning) -> str:
    """Return what a warning is called in English."""
    if warning.hazard == "earthquake":
        return f"Earthquake: seismic intensity {english_intensity(warning.intensity)}"
    if warning.hazard == "tsunami" and warning.level in _TSUNAMI:
        return _TSUNAMI[warning.level][0]
    if warning.hazard == "nankai" and warning.level in _NANKAI:
        return _NANKAI[warning.level]
    if warning.hazard == "volcano" and "噴火速報" in warning.name:
        return "Volcano: an eruption has been reported"
    if warning.hazard in _FIXED:
        return _FIXED[warning.hazard][0]
    name = f"{ENGLISH.get(warning.hazard, ENGLISH['other'])} {_ENGLISH_LEVELS.get(warning.level, 'information')}"
    number = warning.assessment.alert_level
    return f"{name} (alert level {number})" if number else name


def english_intensity(intensity: int) -> str:
    """Return a seismic intensity (ten times, see ``Warning``) in English; "not known" where there is none."""
    return _STEPS.get(intensity, "not known")


def easy_name(warning: Warning) -> str:
    """Return a warning in short words with readings, a sentence without its full stop."""
    if warning.hazard == "earthquake":
        return "地震（じしん）がありました" + ("。大（おお）きくゆれました" if warning.intensity >= 50 else "")
    if warning.hazard == "tsunami" and warning.level in _TSUNAMI:
        return _TSUNAMI[warning.level][1]
    if warning.hazard in _FIXED:
        return _FIXED[warning.hazard][1]
    what = EASY.get(warning.hazard, EASY["other"])
    if warning.level is Level.ADVISORY:
        return f"{what}に{_EASY_LEVELS[Level.ADVISORY]}"
    return f"{what}：{_EASY_LEVELS.get(warning.level, _EASY_LEVELS[Level.ADVISORY])}"


def japanese_name(warning: Warning) -> str:
    """Return what a warning is called in Japanese, as the agency writes it, with the level of alert where it is not in it."""
    number = warning.assessment.alert_level
    if number >= 3 and "レベル" not in warning.name:
        return f"{warning.name}（警戒レベル{number}相当）"
    if warning.hazard == "volcano" and warning.condition and "レベル" in narrow(warning.condition):
        return f"{warning.name}（{warning.condition}）"
    return warning.name
