"""Names of people and companies: how they are searched, printed on systems with fewer characters, and varied.

A name is stored as received, variation selectors and all: never normalised, because NFC and NFKC already replace
compatibility ideographs (U+FA19 becomes U+795E) and the holder of the name would not find it again. What these
functions return stands beside the stored name, never in its place.
"""

import heapq
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from madoguchi.kit import kanji

Profile = Literal["x0208", "x0213", "mj"]

GETA = "〓"

_CODECS = {"x0208": "iso2022_jp", "x0213": "euc_jis_2004"}
_PLACEHOLDERS = frozenset("〓●\ufffd")
# The same JIS characters under the code points Windows gives them; systems of either making take both.
_WINDOWS_TWINS = frozenset("～∥－￠￡￢―")

_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d"
_SELECTOR = re.compile(f"[{_SELECTORS}]")
_IGNORED = re.compile(f"[{_SELECTORS}\u00ad\u034f\u200b-\u200f\u2060-\u2064\ufeff]")
_SEPARATORS = re.compile(r"[\s・･゠=＝\-‐‑‒–—―−－~〜ーｰ'’`´.,，、]+")
_REPEATED_KANJI = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af])[々〻]")
_REPEATED_KANA = re.compile(r"([ァ-ヴ])([ヽヾ])")
_KATAKANA = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)} | {"ゝ": "ヽ", "ゞ": "ヾ"}
# Small and historical kana: offices write キヤノン and キャノン, ミヅキ and ミズキ, for the same person.
_FOLDED_KANA = dict(zip("ァィゥェォヵヶッャュョヮヂヅヰヱヲ", "アイウエオカケツヤユヨワジズイエオ", strict=True))
_KANA = str.maketrans({k: _FOLDED_KANA.get(v, v) for k, v in _KATAKANA.items()} | _FOLDED_KANA)
# One sign of writing: half-width kana with its voicing, or a character with its combining marks.
_UNIT = re.compile(f"(?:[ｦ-ﾝ][ﾞﾟ]|.[\u0300-\u036f\u3099\u309a]*)[{_SELECTORS}]?", re.DOTALL)
_OLD_KANA = re.compile("[\U0001b000-\U0001b167]")
_OLD_KANA_NAME = re.compile(r"(?:HENTAIGANA|HIRAGANA|KATAKANA) LETTER (?:ARCHAIC |SMALL )?([A-Z]+)")
_LOST_SOUNDS = {"YE": "E", "YI": "I", "WU": "U"}


class LossKind(StrEnum):
    """What happened to a character in print."""

    GLYPH = "glyph"  # 字形: the variation selector went, the character stayed
    SUBSTITUTED = "substituted"  # another character of its family stands for it
    UNPRINTABLE = "unprintable"  # 〓 stands for it


@dataclass(frozen=True, slots=True)
class Loss:
    """One character that is not printed as stored: its index in the stored text, itself, and what is printed."""

    index: int
    original: str
    printed: str
    kind: LossKind


@dataclass(frozen=True, slots=True)
class PrintForm:
    """A text as a profile can print it, with everything that was lost on the way."""

    text: str
    losses: tuple[Loss, ...]

    @property
    def is_lossless(self) -> bool:
        """Say whether the text is printed exactly as stored."""
        return not self.losses


def search_key(text: str) -> str:
    """Return the key under which a name is found whatever way it was typed.

    NFKC, without variation selectors, case, spaces, ー and punctuation; kanji as the one that stands for their family
    (渡邉 and 渡邊 as 渡辺), 々 written out, kana as large katakana. Taking the key of a key changes nothing.
    """
    previous, key = text, _fold(text)
    while key != previous:
        previous, key = key, _fold(key)
    return key


def print_form(text: str, profile: Profile = "x0208") -> PrintForm:
    """Return the text in the characters of a profile, and what was lost.

    `x0208`: JIS levels 1 and 2, what most systems take; `x0213`: JIS levels 1 to 4; `mj`: everything with a code
    point, variation selectors included. What the profile lacks becomes the nearest character it has, else 〓.
    """
    parts, losses = [], []
    for index, unit in _units(text):
        printed, kind = _printed(unit, profile)
        parts.append(printed)
        if kind is not None:
            losses.append(Loss(index, unit, printed, kind))
    return PrintForm("".join(parts), tuple(losses))


def has_unencodable(text: str) -> bool:
    """Say whether a name holds a character without a public code (外字): private use, or a placeholder (〓, ●, U+FFFD)."""
    return any(character in _PLACEHOLDERS or _has_no_code(character) for character in text)


def variants(text: str, *, limit: int = 32) -> list[str]:
    """Return other writings of a name from the families of its kanji, likelier ones first, the text itself not among them.

    渡辺 gives 渡邊, 渡邉 and more; at most `limit`.
    """
    bare = _SELECTOR.sub("", text)
    choices = [_choices(character) for character in bare]
    found: list[str] = []
    for writing in _best_first(choices):
        if len(found) >= limit:
            break
        if writing != text:
            found.append(writing)
    return found


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _OLD_KANA.sub(_modern_kana, _IGNORED.sub("", text)))
    plain = _SEPARATORS.sub("", _IGNORED.sub("", plain.casefold()))
    plain = _REPEATED_KANJI.sub(r"\1\1", plain)
    plain = "".join(map(kanji.canonical, plain)).translate(_KANA)
    return _REPEATED_KANA.sub(_repeat_kana, plain)


def _modern_kana(match: re.Match[str]) -> str:
    # The names of 変体仮名 hold their reading: HENTAIGANA LETTER KA-1, HIRAGANA LETTER ARCHAIC YE.
    name = _OLD_KANA_NAME.match(unicodedata.name(match[0], ""))
    if name is None:
        return match[0]
    return unicodedata.lookup(f"HIRAGANA LETTER {_LOST_SOUNDS.get(name[1], name[1])}")


def _repeat_kana(match: re.Match[str]) -> str:
    voiced = unicodedata.normalize("NFC", match[1] + "\u3099") if match[2] == "ヾ" else match[1]
    return match[1] + (voiced if len(voiced) == 1 else match[1])


def _units(text: str) -> Iterator[tuple[int, str]]:
    """Yield (index, character with its marks and variation selector)."""
    for match in _UNIT.finditer(text):
        yield match.start(), match[0]


def _printed(unit: str, profile: Profile) -> tuple[str, LossKind | None]:
    if profile == "mj":
        return (GETA, LossKind.UNPRINTABLE) if _has_no_code(unit[0]) else (unit, None)
    base = _SELECTOR.sub("", unit)
    if _is_printable(base, profile):
        return base, LossKind.GLYPH if base != unit else None
    for candidate in _replacements(base):
        if _is_printable(candidate, profile):
            return candidate, LossKind.SUBSTITUTED
    return GETA, LossKind.UNPRINTABLE


def _is_printable(text: str, profile: Profile) -> bool:
    try:
        "".join(character for character in text if character not in _WINDOWS_TWINS).encode(_CODECS[profile])
    except UnicodeEncodeError:
        return False
    return True


def _replacements(unit: str) -> Iterator[str]:
    yield unicodedata.normalize("NFKC", unit)
    if len(unit) == 1:
        yield from kanji.shrink_steps(unit)
        yield kanji.canonical(unit)
    stripped = "".join(c for c in unicodedata.normalize("NFKD", unit) if not unicodedata.combining(c))
    if stripped:
        yield stripped


def _has_no_code(character: str) -> bool:
    return unicodedata.category(character) in {"Co", "Cn", "Cs"}


def _choices(character: str) -> list[tuple[int, str]]:
    """Return (cost, character): itself for nothing, then its family, rarer sets of characters far behind."""
    others = [one for one in kanji.family(character) if one != character]
    return [
        (0, character),
        *((n + 100 * max(0, kanji.commonness(one)[0] - 1), one) for n, one in enumerate(others, start=1)),
    ]


def _best_first(choices: Sequence[Sequence[tuple[int, str]]]) -> Iterator[str]:
    """Yield the combinations of the choices by rising cost; the choices of each place are in that order already."""
    start = (0,) * len(choices)
    queue, seen = [(0, start)], {start}
    while queue:
        cost, picks = heapq.heappop(queue)
        yield "".join(options[pick][1] for options, pick in zip(choices, picks, strict=True))
        for place, pick in enumerate(picks):
            step = (*picks[:place], pick + 1, *picks[place + 1 :])
            if pick + 1 < len(choices[place]) and step not in seen:
                seen.add(step)
                more = choices[place][pick + 1][0] - choices[place][pick][0]
                heapq.heappush(queue, (cost + more, step))
