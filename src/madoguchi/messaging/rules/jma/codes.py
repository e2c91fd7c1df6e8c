"""
Codes of places: from the agency's areas to municipalities.

The agency's code of a city (市町村等) has seven digits: the five digits of the municipality (全国地方公共団体コード, JIS X 0402)
and two for a part of it. Earthquakes are told by the ward of a designated city (政令指定都市), warnings by the whole city.
"""

from __future__ import annotations

import re

_WARDS: dict[str, tuple[int, int]] = {
    "01100": (1101, 1110),
    "04100": (4101, 4105),
    "11100": (11101, 11110),
    "12100": (12101, 12106),
    "14100": (14101, 14118),
    "14130": (14131, 14137),
    "14150": (14151, 14153),
    "15100": (15101, 15108),
    "22100": (22101, 22103),
    "22130": (22131, 22140),
    "23100": (23101, 23116),
    "26100": (26101, 26111),
    "27100": (27102, 27128),
    "27140": (27141, 27147),
    "28100": (28101, 28111),
    "33100": (33101, 33104),
    "34100": (34101, 34108),
    "40100": (40101, 40109),
    "40130": (40131, 40137),
    "43100": (43101, 43105),
}
"""The designated cities and the first and last codes of their wards (地方自治法第252条の19, the twenty there are)."""

_CITY_OF_WARD = {f"{ward:05}": city for city, (first, last) in _WARDS.items() for ward in range(first, last + 1)}

PREFECTURES = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
]
"""The prefectures in the order of their codes, 01 to 47."""

_TOKYO_SEISMIC = ("神津島", "伊豆大島", "新島", "三宅島", "八丈島", "小笠原")
_HOKKAIDO_SEISMIC = re.compile(
    r"^(石狩|渡島|檜山|後志|空知|上川|留萌|宗谷|北海道|網走|北見|紋別|胆振|日高|十勝|釧路|根室|利尻|奥尻|オホーツク)"
)


_COASTS: dict[str, tuple[str, ...]] = {
    "オホーツク海沿岸": ("01",),
    "陸奥湾": ("02",),
    "東京湾内湾": ("12", "13", "14"),
    "伊豆諸島": ("13",),
    "小笠原諸島": ("13",),
    "伊豆・小笠原諸島": ("13",),
    "相模湾・三浦半島": ("14",),
    "佐渡": ("15",),
    "伊勢・三河湾": ("23", "24"),
    "淡路島南部": ("28",),
    "隠岐": ("32",),
    "有明・八代海": ("40", "41", "42", "43"),
    "壱岐・対馬": ("42",),
    "種子島・屋久島地方": ("46",),
    "奄美群島・トカラ列島": ("46",),
    "沖縄本島地方": ("47",),
    "大東島地方": ("47",),
    "宮古島・八重山地方": ("47",),
}
"""Coasts (津波予報区) whose names do not begin with their prefecture, and the prefectures they lie in."""


def municipality_of(code: str) -> tuple[str, ...]:
    """
    Return the municipality a city code of the agency is for, five digits; a ward's with the city it is part of after it.

    Anything that is not seven digits of a prefecture 01–47 gives nothing (``0000000`` stands for "not filled in").
    """
    if not re.fullmatch(r"[0-9]{7}", code) or not 1 <= int(code[:2]) <= 47 or code[2:5] == "000":
        return ()
    own = code[:5]
    city = _CITY_OF_WARD.get(own)
    return (own,) if city is None else (own, city)


def with_check_digit(code: str) -> str:
    """Return the six digits of a municipality from its first five (総務省, 検査数字)."""
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return code + str((11 - total % 11) % 10)


def prefectures_of_area(layer: str, code: str, name: str) -> tuple[str, ...]:
    """
    Return the prefectures (two digits each) an area lies in, as far as its code or name say so; nothing otherwise.

    Forecast areas (府県予報区 and their parts) begin with the digits, those of early warnings carry them after a 9; districts of
    earthquakes and coasts mostly bear the prefecture's name, and the others are in a table.
    """
    if layer in {"prefecture", "district", "city"}:
        return _valid(code[:2])
    if layer == "region":
        return _valid(code[1:3]) if len(code) == 4 and code.startswith("9") else ()
    named = next((f"{place:02}" for place, known in enumerate(PREFECTURES, start=1) if name.startswith(known)), "")
    if named:
        return (named,)
    if layer == "coast":
        return _COASTS.get(name, ())
    if layer == "seismic":
        return ("13",) if name in _TOKYO_SEISMIC else ("01",) if _HOKKAIDO_SEISMIC.match(name) else ()
    return ()


def _valid(digits: str) -> tuple[str, ...]:
    return (digits,) if re.fullmatch("[0-9]{2}", digits) and 1 <= int(digits) <= 47 else ()


def covers_prefecture(layer: str, code: str) -> bool:
    """Tell whether a forecast area is a whole prefecture (``130000``); Hokkaido and Okinawa are divided into several."""
    if layer != "prefecture":
        return False
    return (len(code) == 6 and code.endswith("0000") and code[:2] not in {"01", "47"}) or len(code) == 2
