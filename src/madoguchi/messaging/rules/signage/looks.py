"""
How an alert looks on a screen: word, colour and shape by 警戒レベル (避難情報に関するガイドライン, 内閣府), else by severity.

Colour is never alone: each look has a word and a shape of its own. ``colour`` and ``shape`` are names the style sheet knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and shape by name, and the word by language."""

    colour: str
    shape: str
    words: Words


_BY_LEVEL: Mapping[int, Look] = {
    5: Look(
        "level-5",
        "octagon",
        {
            "ja": "警戒レベル5　緊急安全確保",
            "ja-easy": "レベル5　いのちが あぶない",
            "en": "Level 5: Protect your life now",
        },
    ),
    4: Look(
        "level-4",
        "diamond",
        {"ja": "警戒レベル4　避難指示", "ja-easy": "レベル4　みんな にげて", "en": "Level 4: Evacuate now"},
    ),
    3: Look(
        "level-3",
        "triangle",
        {
            "ja": "警戒レベル3　高齢者等避難",
            "ja-easy": "レベル3　お年寄りなどは にげて",
            "en": "Level 3: Older people and others evacuate",
        },
    ),
    2: Look(
        "level-2",
        "square",
        {
            "ja": "警戒レベル2　避難行動の確認",
            "ja-easy": "レベル2　にげかたを たしかめて",
            "en": "Level 2: Check how to evacuate",
        },
    ),
    1: Look(
        "level-1",
        "circle",
        {"ja": "警戒レベル1　心構え", "ja-easy": "レベル1　気をつけて", "en": "Level 1: Be prepared"},
    ),
}
_EMERGENCY = Look(
    "emergency", "octagon", {"ja": "緊急情報", "ja-easy": "きんきゅう（とても 大切な お知らせ）", "en": "Emergency"}
)
_WARNING = Look("warning", "triangle", {"ja": "警報・注意", "ja-easy": "気をつけて ください", "en": "Warning"})
_DRILL = Look("drill", "circle", {"ja": "訓練です", "ja-easy": "くんれん（れんしゅう）です", "en": "This is a drill"})
_GRAVE = ("Extreme", "Severe")

LABELS: Mapping[str, Words] = {
    "where": {"ja": "対象の地域", "ja-easy": "どこ", "en": "Where"},
    "everywhere": {"ja": "%(city)s全域", "ja-easy": "%(city)sの ぜんぶ", "en": "All of %(city)s"},
    "do": {"ja": "とるべき行動", "ja-easy": "すること", "en": "What to do"},
    "issued": {"ja": "%(time)s 発表", "ja-easy": "%(time)s の お知らせ", "en": "Issued %(time)s"},
    "source": {"ja": "%(city)s", "ja-easy": "%(city)s", "en": "%(city)s"},
}
"""The fixed words of an alert on a screen."""


def look_of(*, evacuation_level: int | None, severity: str) -> Look:
    """Return how an alert looks; a drill wears ``drill_look`` around it."""
    if evacuation_level is not None and evacuation_level in _BY_LEVEL:
        return _BY_LEVEL[evacuation_level]
    return _EMERGENCY if severity in _GRAVE else _WARNING


def drill_look() -> Look:
    """Return what marks a drill."""
    return _DRILL


def word_in(words: Words, language: str) -> str:
    """Return a word in a language; in others than the house's, in English and Japanese, for nobody must be left out."""
    return words[language] if language in words else f"{words['en']} / {words['ja']}"
