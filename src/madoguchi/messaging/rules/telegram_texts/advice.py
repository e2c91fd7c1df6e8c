"""
What to do, by danger and how grave it is: in Japanese, plain Japanese and English.

After the agency's and the Cabinet Office's own words: 避難情報に関するガイドライン (内閣府, 令和3年5月), 津波から身を守る, 緊急地震速報の
利用の心得, 噴火警戒レベルのとるべき防災行動, 熱中症環境保健マニュアル.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..telegram import Level, Warning

Advice = tuple[str, str, str]
"""Japanese, plain Japanese, English."""

_QUAKE: Advice = (
    "まず身の安全を守り、揺れがおさまったら火の元を確かめてください。"
    "落ちてくる物や割れたガラスに気をつけ、この後の同じくらいの揺れに備えてください。"
    "海や川の近くでは津波に注意し、すぐに離れてください。",
    "まず、あなたの体（からだ）を守（まも）ってください。火（ひ）を消（け）してください。"
    "また大（おお）きくゆれるかもしれません。"
    "海（うみ）の近（ちか）くの人（ひと）は、すぐに高（たか）い所（ところ）へ行（い）ってください。",
    "Protect yourself first. When the shaking stops, put out fires and watch for falling objects and broken glass. "
    "Expect more shaking. If you are near the sea, move to high ground at once.",
)
_RAIN_3: Advice = (
    "危険な場所にお住まいで、避難に時間のかかる方は、避難を始めてください。"
    "ほかの方も、ハザードマップと避難先を確かめ、いつでも避難できるように用意してください。",
    "川（かわ）や山（やま）の近（ちか）くは危険（きけん）です。"
    "お年寄（としよ）りや子（こ）どもがいる人（ひと）は、早（はや）く逃（に）げてください。"
    "ほかの人（ひと）も準備（じゅんび）をしてください。",
    "If you live in a dangerous place and need time to move, leave now. "
    "Everybody else: check the hazard map and your shelter, and be ready to leave.",
)
_RAIN_4: Advice = (
    "危険な場所にいる方は、全員、安全な場所へ避難してください。"
    "外に出るほうが危ないときは、崖や川から離れた、少しでも高い部屋へ移ってください。",
    "危険（きけん）な場所（ばしょ）にいる人（ひと）は、今（いま）すぐ全員（ぜんいん）逃（に）げてください。"
    "外（そと）に出（で）ると危（あぶ）ないときは、家（いえ）の高（たか）い所（ところ）へ行（い）ってください。",
    "Everybody in a dangerous place: evacuate now. If going outside is more dangerous, move to a higher room away from cliffs and rivers.",
)
_RAIN_5: Advice = (
    "災害がすでに起きているおそれがあります。命を守るため、今いる場所より少しでも安全な所へ、ただちに移ってください。",
    "もう災害（さいがい）が起（お）きているかもしれません。命（いのち）を守（まも）ってください。"
    "今（いま）すぐ、少（すこ）しでも安全（あんぜん）な所（ところ）へ行（い）ってください。",
    "A disaster may already be happening. Save your life: move at once to the safest place you can reach.",
)
_WIND: Advice = (
    "外出をやめ、丈夫な建物の中で、窓から離れて過ごしてください。飛ばされそうな物は、安全なうちに片付けてください。"
    "海岸や川に近づかないでください。",
    "外（そと）に出（で）ないでください。窓（まど）から離（はな）れてください。海（うみ）や川（かわ）に行（い）かないでください。",
    "Stay inside a strong building and keep away from windows. Do not go near the sea or rivers.",
)
_SNOW: Advice = (
    "不要な外出をやめてください。車が動けなくなるおそれがあります。雪下ろしは2人以上で行い、停電に備えてください。",
    "できるだけ外（そと）に出（で）ないでください。車（くるま）が動（うご）かなくなるかもしれません。"
    "電気（でんき）が止（と）まるかもしれません。",
    "Avoid going out. Cars may be stranded. Never clear roofs alone, and prepare for power cuts.",
)
_SEA: Advice = (
    "海岸や河口に近づかないでください。低い土地にいる方は、高い所へ移ってください。",
    "海（うみ）や川（かわ）の近（ちか）くに行（い）かないでください。"
    "低（ひく）い所（ところ）にいる人（ひと）は、高（たか）い所（ところ）へ行（い）ってください。",
    "Keep away from the shore and river mouths. If you are on low land, move to higher ground.",
)
_TSUNAMI_RUN: Advice = (
    "今すぐ、高台や津波避難ビルなど、少しでも高い所へ逃げてください。津波は何度も来ます。警報が解除されるまで戻らないでください。",
    "今（いま）すぐ、高（たか）い所（ところ）へ逃（に）げてください。"
    "津波（つなみ）は何回（なんかい）も来（き）ます。"
    "市（し）が「もう大丈夫（だいじょうぶ）」と言（い）うまで、戻（もど）らないでください。",
    "Run to high ground or a tsunami evacuation building now. Tsunamis come again and again. Do not go back until the warning is lifted.",
)
_TSUNAMI_SHORE: Advice = (
    "海の中にいる方は、すぐに海から上がってください。海岸や河口から離れ、注意報が解除されるまで近づかないでください。",
    "海（うみ）の中（なか）にいる人（ひと）は、すぐに海（うみ）から出（で）てください。海（うみ）に近（ちか）づかないでください。",
    "Get out of the water at once and leave the shore. Stay away until the advisory is lifted.",
)
_EEW: Advice = (
    "強い揺れに備えてください。あわてず、頭を守り、丈夫な机の下などに隠れてください。外にいる方は、ブロック塀や看板から離れてください。",
    "すぐに大（おお）きくゆれます。頭（あたま）を守（まも）ってください。机（つくえ）の下（した）に入（はい）ってください。",
    "Strong shaking is coming. Protect your head and get under a sturdy table. Outside, move away from walls and signs.",
)
_TORNADO: Advice = (
    "空が急に暗くなる、雷が鳴る、冷たい風が吹くなどしたら、丈夫な建物に入り、窓から離れてください。",
    "空（そら）が急（きゅう）に暗（くら）くなったら、強（つよ）い建物（たてもの）に入（はい）ってください。"
    "窓（まど）から離（はな）れてください。",
    "If the sky turns dark, thunder sounds or cold wind blows, go into a strong building and keep away from windows.",
)
_VOLCANO_RUN: Advice = (
    "市の指示に従って、すぐに避難するか、丈夫な建物の中に入ってください。噴石・火山灰・火砕流に警戒してください。",
    "市（し）の話（はなし）を聞（き）いて、すぐに逃（に）げてください。"
    "逃（に）げられないときは、強（つよ）い建物（たてもの）に入（はい）ってください。",
    "Follow the city's instructions: evacuate at once or take shelter in a strong building. Beware of flying rocks, ash and hot flows.",
)
_VOLCANO_KEEP: Advice = (
    "立入りが規制されている区域に入らないでください。噴石や火砕流に警戒し、火山と市の情報に注意してください。",
    "火山（かざん）に近（ちか）づかないでください。入（はい）ってはいけない所（ところ）に入（はい）らないでください。",
    "Do not enter closed areas around the volcano. Beware of flying rocks and follow the news.",
)
_ASH: Advice = (
    "外出するときはマスクと眼鏡をつけ、窓を閉めてください。車は速度を落とし、側溝に灰を流さないでください。",
    "灰（はい）が降（ふ）ります。窓（まど）を閉（し）めてください。外（そと）に出（で）るときは、マスクをしてください。",
    "Close windows. Wear a mask and glasses outside, and drive slowly.",
)
_GREAT: Advice = (
    "地震への備えを、もう一度確かめてください。"
    "すぐに逃げられる用意をし、家具の固定、水と食料、家族との連絡方法、避難先を確かめてください。"
    "市からの呼びかけに従って行動してください。",
    "大（おお）きな地震（じしん）の準備（じゅんび）をしてください。"
    "水（みず）と食（た）べ物（もの）、逃（に）げる場所（ばしょ）、家族（かぞく）への連絡（れんらく）を確（たし）かめてください。",
    "Check that you are ready for an earthquake: be able to leave at once, secure furniture, keep water and food. "
    "Agree with your family how to get in touch and where to go. "
    "Follow the city's calls.",
)
_HEAT: Advice = (
    "涼しい部屋で過ごし、水分と塩分をとってください。外での運動や作業をやめ、お年寄りや小さなお子さんに声をかけてください。",
    "とても暑（あつ）いです。涼（すず）しい部屋（へや）にいてください。水（みず）をたくさん飲（の）んでください。"
    "外（そと）で運動（うんどう）しないでください。",
    "Stay in a cool room and drink water with some salt. Stop sports and work outside, and check on elderly people and small children.",
)
_OTHER: Advice = (
    "テレビ・ラジオや市のお知らせで最新の情報を確かめ、危険な場所に近づかないでください。",
    "新（あたら）しい情報（じょうほう）を見（み）てください。危（あぶ）ない所（ところ）に行（い）かないでください。",
    "Check the latest news and keep away from dangerous places.",
)

_BY_HAZARD: Mapping[str, Advice] = {
    "earthquake": _QUAKE,
    "long_period": _QUAKE,
    "eew": _EEW,
    "storm": _WIND,
    "snowstorm": _WIND,
    "snow": _SNOW,
    "heavy_snow": _SNOW,
    "avalanche": _SNOW,
    "wave": _SEA,
    "sea": _SEA,
    "surge": _SEA,
    "tornado": _TORNADO,
    "thunder": _TORNADO,
    "record_rain": _RAIN_4,
    "rainband": _RAIN_4,
    "ash": _ASH,
    "nankai": _GREAT,
    "aftershock": _GREAT,
    "heat": _HEAT,
}
_BY_ALERT_LEVEL: Mapping[int, Advice] = {3: _RAIN_3, 4: _RAIN_4, 5: _RAIN_5}


def advice_for(warning: Warning) -> Advice:
    """Return what to do about a warning; by its 警戒レベル where it has one."""
    if warning.hazard == "tsunami":
        return _TSUNAMI_SHORE if warning.level is Level.ADVISORY else _TSUNAMI_RUN
    if warning.hazard == "volcano":
        return _VOLCANO_RUN if warning.level is Level.EMERGENCY else _VOLCANO_KEEP
    by_level = _BY_ALERT_LEVEL.get(warning.assessment.alert_level)
    return by_level or _BY_HAZARD.get(warning.hazard, _OTHER)
