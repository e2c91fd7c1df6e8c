"""Kinds of telegrams (電文種別) by the title in their Control; the XML itself does not carry the code."""

from __future__ import annotations

import re

from .xml import narrow

KIND_BY_TITLE: dict[str, str] = {
    "気象警報・注意報": "VPWW50",
    "気象特別警報・警報・注意報": "VPWW53",
    "気象警報・注意報(H27)": "VPWW54",
    "気象警報・注意報(R06)(大雨)": "VPWW55",
    "気象警報・注意報(R06)(土砂)": "VPWW56",
    "気象警報・注意報(R06)(高潮)": "VPWW57",
    "気象警報・注意報(R06)(暴風)": "VPWW58",
    "気象警報・注意報(R06)(波浪)": "VPWW59",
    "気象警報・注意報(R06)(大雪)": "VPWW60",
    "気象警報・注意報(R06)(その他注意報)": "VPWW61",
    "土砂災害警戒情報": "VXWW50",
    "指定河川洪水予報": "VXKOii",
    "記録的短時間大雨情報": "VPOA50",
    "竜巻注意情報": "VPHW50",
    "竜巻注意情報(目撃情報付き)": "VPHW51",
    "府県気象防災速報": "VPBS50",
    "全般気象情報": "VPZJ50",
    "地方気象情報": "VPCJ50",
    "府県気象情報": "VPFJ50",
    "府県天気予報": "VPFD50",
    "府県天気予報(R1)": "VPFD51",
    "府県天気概況": "VPFG50",
    "府県週間天気予報": "VPFW50",
    "熱中症警戒アラート": "VPFT50",
    "台風解析・予報情報(3日予報)": "VPTW40",
    "台風解析・予報情報(5日予報)": "VPTW50",
    "台風解析・予報情報(5日予報)(H30)": "VPTW60",
    "緊急地震速報配信テスト": "VXSE42",
    "緊急地震速報(警報)": "VXSE43",
    "緊急地震速報(予報)": "VXSE44",
    "緊急地震速報(地震動予報)": "VXSE45",
    "震度速報": "VXSE51",
    "震源に関する情報": "VXSE52",
    "震源・震度に関する情報": "VXSE53",
    "地震の活動状況等に関する情報": "VXSE56",
    "地震回数に関する情報": "VXSE60",
    "顕著な地震の震源要素更新のお知らせ": "VXSE61",
    "長周期地震動に関する観測情報": "VXSE62",
    "津波警報・注意報・予報a": "VTSE41",
    "津波情報a": "VTSE51",
    "沖合の津波観測に関する情報": "VTSE52",
    "南海トラフ地震臨時情報": "VYSE50",
    "南海トラフ地震関連解説情報": "VYSE51",
    "北海道・三陸沖後発地震注意情報": "VYSE60",
    "地震・津波に関するお知らせ": "VZSE40",
    "噴火警報・予報": "VFVO50",
    "火山の状況に関する解説情報": "VFVO51",
    "噴火に関する火山観測報": "VFVO52",
    "降灰予報(定時)": "VFVO53",
    "降灰予報(速報)": "VFVO54",
    "降灰予報(詳細)": "VFVO55",
    "噴火速報": "VFVO56",
    "推定噴煙流向報": "VFVO60",
    "火山に関するお知らせ": "VZVO40",
    "季節観測": "VGSK50",
    "生物季節観測": "VGSK55",
    "特殊気象報": "VGSK60",
}
"""Titles in narrow digits and brackets → code. Where one title serves several codes (typhoons by their number), the first."""

_CODE = re.compile(r"(?<![A-Z])(V[A-Z]{3}(?:[0-9]{2}|ii))(?![0-9])")


def kind_of(title: str, name: str = "") -> str:
    """
    Return the code of a telegram from its title, more exactly from the name of its file or feed entry where that agrees.

    A title nobody knows gives the code of the name, or nothing; the telegram is still read by its structure.
    """
    known = KIND_BY_TITLE.get(narrow(title), "")
    match = _CODE.search(name)
    said = match.group(1) if match else ""
    if not known:
        return said
    return said if said[:4] == known[:4] else known
