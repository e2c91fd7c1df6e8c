"""The language of a definition: translations, office jargon, sentences and kanji (やさしい日本語の指針)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ..definition import Definition
from .findings import N_, LintFinding, Said, Severity, texts

JARGON: dict[str, str] = {
    "申請者": "申請する人",
    "届出人": "届け出る人",
    "記載": "書く",
    "記入": "書く",
    "押印": "はんこを押す",
    "捺印": "はんこを押す",
    "添付": "いっしょに出す",
    "該当": "あてはまる",
    "遅滞なく": "すぐに",
    "速やかに": "すぐに",
    "疎明": "説明する",
    "交付": "渡す",
    "受領": "受け取る",
    "提示": "見せる",
    "提出": "出す",
    "徴収": "集める",
    "納付": "払う",
    "減免": "安くする、または払わなくてよくする",
    "控除": "引く",
    "扶養": "生活の世話をする",
    "続柄": "家族の関係",
    "当該": "その",
    "所定の": "決められた",
    "別紙": "別の紙",
    "併せて": "いっしょに",
    "及び": "と",
    "並びに": "と",
    "若しくは": "か",
    "又は": "か",
    "但し": "ただし",
    "委任状": "ほかの人に頼むことを書いた紙",
    "代理人": "かわりの人",
    "世帯主": "家族の代表の人",
    "有効期限": "いつまで使えるか",
    "本籍": "戸籍のある場所",
    "原本": "コピーではないもの",
    "写し": "コピー",
    "厳守": "かならず守る",
    "了承": "わかった",
    "差し支え": "困ること",
    "いたしかねます": "できません",
    "ご教示": "教える",
}
"""Words of offices, and what people say instead."""

LONGEST_SENTENCE = 60
LONGEST_EASY_SENTENCE = 40
MOST_KANJI = 0.5
MOST_EASY_KANJI = 0.3

_SENTENCES = re.compile(r"[。！？\n]")
_RUBY = re.compile(r"[（(][ぁ-ゖー・\s]+[）)]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々]")


def check(definition: Definition) -> Iterator[LintFinding]:
    """Yield what the texts make hard to read."""
    for said in texts(definition):
        if said.text:
            yield from _missing(said)
            yield from _jargon(said)
            yield from _sentences(said)
            yield from _kanji(said)


def _missing(said: Said) -> Iterator[LintFinding]:
    if not said.text.ja:
        yield LintFinding(
            "japanese_missing",
            Severity.ERROR,
            f"{said.path}.ja",
            N_("日本語の文がありません。"),
            N_("日本語の文を書いてください。ほかの言語がないときに、この文が表示されます。"),
        )
    for language, text, name in (("ja-easy", said.text.easy, "やさしい日本語"), ("en", said.text.en, "英語")):
        if not text:
            yield LintFinding(
                f"translation_missing_{language.replace('-', '_')}",
                Severity.WARNING,
                f"{said.path}.{language}",
                N_("「%(text)s」の%(language)sがありません。"),
                N_("%(language)sの文を書いてください。書くまでは日本語のまま表示されます。"),
                {"text": _short(said.text.ja), "language": name},
            )


def _jargon(said: Said) -> Iterator[LintFinding]:
    for word, plain in JARGON.items():
        if word in _RUBY.sub("", said.text.easy):
            yield LintFinding(
                "jargon_easy",
                Severity.WARNING,
                f"{said.path}.ja-easy",
                N_("やさしい日本語の文に、役所のことば「%(word)s」があります。"),
                N_("「%(plain)s」のように言いかえてください。"),
                {"word": word, "plain": plain},
            )
        elif word in said.text.ja and not said.text.easy:
            yield LintFinding(
                "jargon",
                Severity.WARNING,
                f"{said.path}.ja",
                N_("役所のことば「%(word)s」があり、やさしい日本語がありません。"),
                N_("「%(plain)s」のように言いかえるか、やさしい日本語の文を書いてください。"),
                {"word": word, "plain": plain},
            )


def _sentences(said: Said) -> Iterator[LintFinding]:
    for language, text, most in (
        ("ja", said.text.ja, LONGEST_SENTENCE),
        ("ja-easy", said.text.easy, LONGEST_EASY_SENTENCE),
    ):
        for sentence in _SENTENCES.split(text):
            length = len(re.sub(r"\s", "", _RUBY.sub("", sentence)))
            if length > most:
                yield LintFinding(
                    "long_sentence",
                    Severity.HINT,
                    f"{said.path}.{language}",
                    N_("文が長すぎます（%(length)s文字）：「%(text)s」"),
                    N_("1つの文を%(most)s文字までにして、2つに分けてください。"),
                    {"length": length, "most": most, "text": _short(sentence)},
                )


def _kanji(said: Said) -> Iterator[LintFinding]:
    # Names of papers are what they are; only sentences can be written more simply.
    if said.is_name:
        return
    for language, text, most in (("ja", said.text.ja, MOST_KANJI), ("ja-easy", said.text.easy, MOST_EASY_KANJI)):
        plain = re.sub(r"[\s0-9０-９、。（）「」・]", "", _RUBY.sub("", text))
        share = sum(1 for sign in plain if _is_kanji(sign)) / len(plain) if len(plain) >= 20 else 0.0
        if share > most:
            yield LintFinding(
                "kanji_density",
                Severity.HINT,
                f"{said.path}.{language}",
                N_("漢字が多く、読みにくい文です（%(percent)s%%）。"),
                N_("漢字の熟語を、やさしい動詞に言いかえてください（例：「提出する」→「出す」）。"),
                {"percent": round(share * 100)},
            )


def _is_kanji(sign: str) -> bool:
    return _HAN.match(unicodedata.normalize("NFC", sign)) is not None


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 30 else f"{plain[:29]}…"
