"""Working on Japanese text: widths, digits, split words, footnote marks, slugs and line breaking.

These functions make search keys, labels and readable copies. None of them is for a stored name: see `names`.
"""

import re
import unicodedata
from functools import cache

import budoux

_CJK = r"぀-ヿ\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ"
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGIT_PUNCTUATION = re.compile(r"(?<=[0-9])[．，](?=[0-9])")
_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")

# Things that are counted: a space between a number and one of these is a typesetting accident.
_COUNTERS = (
    "年度|年|か月|ヶ月|カ月|箇月|月|日|時間|時|分|秒|週|期|割|%|％|円|千|万|億|兆|件|回|台|点|校|館|園|戸|世帯|"
    "名|人(?![材権工口])|歳|才|種|箇所|か所|カ所|ヶ所|ケ所|課|部署|事業(?!期|概|名|者|目|内|所)|施設|団体|業務|項目|"
    "条|項|号|章|節|頁|ページ|部|冊|枚|本|位|倍|キロ|メートル|ポイント|店|社|類|級|番|系統|地区|議案"
)
_SPACED_LETTERS = re.compile(
    rf"(?:(?<=[{_CJK}][{_CJK}])[ \u00a0])?(?<![A-Za-z0-9])"
    rf"([A-Za-z](?:[ \u00a0][A-Za-z])+)(?![A-Za-z])(?:[ \u00a0](?=[{_CJK}]))?"
)
_SPACED_ERA = re.compile(r"(明|大|昭|平|令)[ \u00a0]?(治|正|和|成)[ \u00a0]?(?=[0-9０-９元])")
_COUNTED = re.compile(rf"(?:(?<=[{_CJK}])[ \u00a0])?([0-9０-９][0-9０-９,，.．]*)[ \u00a0]?(?={_COUNTERS})")
_SPACED_YEAR = re.compile(r"年[ \u00a0]度")
_SPACED_CJK = re.compile(rf"(?<![{_CJK}])[{_CJK}](?:[ \u00a0][{_CJK}]){{2,}}(?![{_CJK}])")

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUP_POWER = re.compile(r"(?<=[mｍ])<sup>\s*([23])\s*</sup>", re.IGNORECASE)
_SUP_MARK = re.compile(r"<sup>[※*＊注0-9０-９,，、\s()（）]*</sup>", re.IGNORECASE)
_SUPERSCRIPT_MARK = re.compile(rf"(?<=\S)(?<![mｍ])[ \u00a0]?[{_SUPERSCRIPTS}]+|(?<=[mｍ])[{_SUPERSCRIPTS}]{{2,}}")
_WORD_MARK = re.compile(r"(?<=\S)(?:[*＊][0-9０-９]+|※[0-9０-９]{1,2}(?![0-9０-９]|[年月日件人台%％])|※)")
_SLUG_BREAK = re.compile(r"(?:[^\w]|_)+")
_BETWEEN_WORDS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff] [\u3040-\u30ff\u4e00-\u9fff]")
_SPACED_PART = re.compile(r"[^ 。、：！？]+[ 。、：！？]*|[ 。、：！？]+")
_LONGEST_SPACED = 13
"""Letters of a phrase of spaced Japanese, with what closes it; a text with longer parts is not spaced by phrases."""


def normalise_digits(text: str) -> str:
    """Return the text with full-width digits, and the points and commas between them, in half width."""
    return _DIGIT_PUNCTUATION.sub(lambda m: "." if m[0] == "．" else ",", text.translate(_DIGITS))


def squash_spaces(text: str) -> str:
    """Return the text trimmed, with every run of white space (also full-width and zero-width) as one space."""
    return _SPACES.sub(" ", text).strip()


def join_split_words(text: str) -> str:
    """Close the gaps typesetting leaves inside words: I C T → ICT, 令和 5 年度 → 令和5年度, 職 員 課 → 職員課.

    Only single half-width spaces are judged; full-width spaces, tabs and line breaks separate things and stay.
    """
    text = _SPACED_CJK.sub(lambda m: re.sub(r"[ \u00a0]", "", m[0]), text)
    text = _SPACED_LETTERS.sub(_join_letters, text)
    text = _SPACED_ERA.sub(r"\1\2", text)
    return _SPACED_YEAR.sub("年度", _COUNTED.sub(r"\1", text))


def _join_letters(match: re.Match[str]) -> str:
    # Small letters alone are words of a European language or list marks, not an abbreviation taken apart.
    return match[0] if match[1].islower() else re.sub(r"[ \u00a0]", "", match[1])


def strip_footnote_marks(text: str) -> str:
    """Remove marks that point to a note (※, *16, <sup>…</sup>, ¹²), keeping m² and a mark that opens its own note."""
    text = _SUP_POWER.sub(lambda m: "²" if m[1] == "2" else "³", text)
    text = _SUPERSCRIPT_MARK.sub("", _SUP_MARK.sub("", text))
    return _WORD_MARK.sub("", text)


def display_width(text: str) -> int:
    """Return the width in half-width columns: 2 for full-width and ambiguous characters, 0 for combining ones."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def clamp(text: str, width: int, ellipsis: str = "…") -> str:
    """Return the text cut to at most `width` half-width columns, ending in the ellipsis when something was cut."""
    if display_width(text) <= width:
        return text
    room, kept = width - display_width(ellipsis), []
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ellipsis if display_width(ellipsis) <= width else ""


def pad(text: str, width: int) -> str:
    """Return the text filled with spaces on the right to `width` half-width columns; longer text is unchanged."""
    return text + " " * max(0, width - display_width(text))


def slug(text: str, *, fallback: str = "item", max_length: int = 60) -> str:
    """Return a URL part that keeps Japanese letters: NFKC, lower case, everything else as single hyphens."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _SLUG_BREAK.sub("-", folded).strip("-")[:max_length].strip("-") or fallback


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


def phrases(text: str) -> list[str]:
    """
    Return the phrases (文節) a line may be broken between; joined together they are the text.

    Plain Japanese is written with a space after each phrase (分かち書き): its own spaces decide, for the parser was not taught it.
    """
    if _BETWEEN_WORDS.search(text) and all(len(part) <= _LONGEST_SPACED for part in _SPACED_PART.findall(text)):
        return _SPACED_PART.findall(text)
    return list(_parser().parse(text)) if text else []
