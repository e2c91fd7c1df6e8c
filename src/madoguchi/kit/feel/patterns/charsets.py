"""Sets of characters as regular expressions name them: ``\\d``, ``\\p{L}``, ``[a-z-[aeiou]]``, ``.``."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from madoguchi.kit.feel.scope import WORD

CharTest = Callable[[str], bool]

# The blocks that Japanese text and the usual European text need (Unicode 15 Blocks.txt).
_BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "CJKUnifiedIdeographsExtensionB": (0x20000, 0x2A6DF),
}
_CATEGORIES = frozenset(
    major + minor
    for major, minors in (
        ("L", "ultmo"),
        ("M", "nce"),
        ("N", "dlo"),
        ("P", "cdseifo"),
        ("Z", "slp"),
        ("S", "mcko"),
        ("C", "cfons"),
    )
    for minor in ("", *minors)
)


def is_digit(character: str) -> bool:
    """``\\d``: a decimal digit of any script."""
    return unicodedata.category(character) == "Nd"


def is_space(character: str) -> bool:
    """``\\s``."""
    return character in " \t\n\r"


def is_word(character: str) -> bool:
    """``\\w``: everything but punctuation, separators and others."""
    return unicodedata.category(character)[0] not in "PZC"


def is_initial(character: str) -> bool:
    """``\\i``: the first character of an XML name."""
    return character == ":" or WORD.fullmatch(character) is not None


def is_name(character: str) -> bool:
    """``\\c``: a character of an XML name."""
    return character in ":-." or WORD.fullmatch("a" + character) is not None


def is_any(character: str) -> bool:
    """``.`` with the flag ``s``."""
    return True


def is_in_line(character: str) -> bool:
    """``.`` without the flag ``s``."""
    return character not in "\n\r"


ESCAPES: dict[str, CharTest] = {"d": is_digit, "s": is_space, "w": is_word, "i": is_initial, "c": is_name}


def negated(test: CharTest) -> CharTest:
    """The complement."""
    return lambda character: not test(character)


@lru_cache(maxsize=64)
def category(name: str) -> CharTest | None:
    """``\\p{name}``: a general category such as ``Lu``, or a block such as ``IsHiragana``; None when unknown."""
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    bounds = _BLOCKS.get(name[2:]) if name.startswith("Is") else None
    if bounds is None:
        return None
    low, high = bounds
    return lambda character: low <= ord(character) <= high


def one_of(singles: frozenset[str], ranges: tuple[tuple[str, str], ...], tests: tuple[CharTest, ...]) -> CharTest:
    """A positive character group."""

    def test(character: str) -> bool:
        if character in singles:
            return True
        return any(low <= character <= high for low, high in ranges) or any(known(character) for known in tests)

    return test


def without(test: CharTest, subtracted: CharTest) -> CharTest:
    """Character class subtraction."""
    return lambda character: test(character) and not subtracted(character)


def ignoring_case(test: CharTest) -> CharTest:
    """The set with the other case of each of its characters."""

    def either(character: str) -> bool:
        return any(len(form) == 1 and test(form) for form in (character, character.lower(), character.upper()))

    return either
