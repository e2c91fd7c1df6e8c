"""
Plain Japanese (やさしい日本語): what makes a text hard to read.

After 在留支援のためのやさしい日本語ガイドライン (出入国在留管理庁・文化庁, 2020): short sentences, everyday words, readings at kanji.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .problems import N_, ContentProblem, Severity

LONGEST_SENTENCE = 40
JARGON: dict[str, str] = {
    "申請": "市役所に 出す",
    "記入": "書く",
    "記載": "書く",
    "押印": "はんこを 押す",
    "添付": "いっしょに 出す",
    "該当": "あてはまる",
    "速やかに": "すぐに",
    "遅滞なく": "すぐに",
    "交付": "渡す",
    "受領": "受け取る",
    "提出": "出す",
    "持参": "持ってくる",
    "納付": "お金を 払う",
    "減免": "安くする",
    "当該": "その",
    "及び": "と",
    "並びに": "と",
    "又は": "か",
    "若しくは": "か",
    "避難": "逃げる",
    "警戒": "気をつける",
    "倒壊": "こわれる",
    "断水": "水が 出ない",
    "停電": "電気が 止まる",
    "不通": "動いていない",
    "来庁": "市役所に 来る",
    "対象者": "…の人",
    "期日": "いつまで",
    "了承": "わかった",
    "いたしかねます": "できません",
}
"""Words of offices, and what people say instead."""

_SENTENCES = re.compile(r"[。！？!?\n]")
_READING = re.compile(r"[（(][ぁ-ゖァ-ヺー・ 　]+[）)]")
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々]"
# Kana that are no particle may join kanji to one word: 受け取り（うけとり）, but not 市役所に来（き）て.
_JOINING = r"(?:(?![をはがにへとものやで])[ぁ-ゖ]){1,2}"
_READ = re.compile(rf"(?:{_JOINING}{_HAN}{{1,2}})?[ぁ-ゖ]{{0,5}}[（(][ぁ-ゖァ-ヺー・ 　]+[）)]")
_SHOWN = 5


def check_easy(path: str, text: str) -> Iterator[ContentProblem]:
    """Yield what makes a text in plain Japanese hard; none of it keeps the message from being sent."""
    plain = _READING.sub("", text)
    for word, instead in JARGON.items():
        if word in plain:
            yield ContentProblem(
                path,
                "easy_jargon",
                N_("役所のことば「%(word)s」があります。「%(instead)s」のように言いかえるか、説明を付けてください。"),
                {"word": word, "instead": instead},
                Severity.WARNING,
            )
    longest = max(_SENTENCES.split(re.sub(r"https?://\S+", "", plain)), key=len)
    if len(longest.strip()) > LONGEST_SENTENCE:
        yield ContentProblem(
            path,
            "easy_long",
            N_("長い文があります（%(length)s文字）。1つの文は%(limit)s文字までにしてください：「%(start)s…」"),
            {"length": len(longest.strip()), "limit": LONGEST_SENTENCE, "start": longest.strip()[:15]},
            Severity.WARNING,
        )
    if words := words_without_reading(text):
        yield ContentProblem(
            path,
            "easy_reading",
            N_("読みのない漢字があります：%(words)s。「役所（やくしょ）」のように、後ろに読みを書いてください。"),
            {"words": "、".join(words[:_SHOWN]) + ("…" if len(words) > _SHOWN else "")},
            Severity.WARNING,
        )


def words_without_reading(text: str) -> list[str]:
    """Return the runs of kanji that no reading in brackets follows (kana of the same word may stand between), each once."""
    found: dict[str, None] = {}
    for match in re.finditer(rf"{_HAN}+", text):
        rest = text[match.end() : match.end() + 40]
        if not _READ.match(rest):
            found[match[0]] = None
    return list(found)
