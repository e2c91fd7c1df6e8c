"""Check digits of 全国地方公共団体コード, 法人番号 and, only to refuse one, マイナンバー.

A municipality code is kept as six digits of text. A number of the individual-number scheme (番号法) must never be
stored here: there is a test for texts that hold one, and nothing that makes, formats or returns one.
"""

import re
from dataclasses import dataclass

from madoguchi.kit.text import normalise_digits

_PREFECTURES = 47
_TWELVE = re.compile(r"(?<![0-9])[0-9](?:[\s　\-‐‑–—―−ー－]?[0-9]){11}(?![0-9])(?![\s　\-‐‑–—―−ー－][0-9])")


@dataclass(frozen=True, slots=True)
class RepairedCode:
    """A municipality code in full, and in Japanese what was repaired ("" when nothing was)."""

    code: str
    repair: str = ""


def municipality_check_digit(five: str) -> str:
    """Return the sixth digit of a municipality code: 11 − (Σ digits × 6,5,4,3,2 mod 11), last digit."""
    total = sum(int(digit) * weight for digit, weight in zip(_digits(five, 5), (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def is_municipality_code(code: str) -> bool:
    """Say whether the text is a municipality code of six half-width digits with prefecture 01–47 and a right check."""
    return (
        re.fullmatch(r"[0-9]{6}", code) is not None
        and 1 <= int(code[:2]) <= _PREFECTURES
        and municipality_check_digit(code[:5]) == code[5]
    )


def repair_municipality_code(text: str) -> RepairedCode | None:
    """Return the code a spreadsheet may have damaged, with what was repaired, or None when it cannot be one.

    Full-width digits are narrowed; a leading zero is put back only where the check digit proves that it was lost.
    """
    plain = normalise_digits(text).strip()
    code = plain.zfill(6) if re.fullmatch(r"[0-9]{5}", plain) else plain
    if not is_municipality_code(code):
        return None
    repairs = ["全角の数字を半角にしました"] if plain != text.strip() else []
    repairs += [f"先頭の 0 を補いました（{plain} → {code}）"] if code != plain else []
    return RepairedCode(code, "。".join(repairs))


def corporate_check_digit(twelve: str) -> str:
    """Return the first digit of a 法人番号 from the twelve after it: 9 − (Σ digits × 1,2,1,2… from the right mod 9)."""
    total = sum(int(digit) * (2 if n % 2 else 1) for n, digit in enumerate(reversed(_digits(twelve, 12))))
    return str(9 - total % 9)


def is_corporate_number(number: str) -> bool:
    """Say whether the text is a 法人番号: thirteen half-width digits with a right check digit in front."""
    return re.fullmatch(r"[0-9]{13}", number) is not None and corporate_check_digit(number[1:]) == number[0]


def looks_like_my_number(text: str) -> bool:
    """Say whether the text holds twelve digits (also spaced, hyphened, full width) that pass the check of マイナンバー.

    One in eleven other twelve-digit numbers passes too, so the answer is for asking back, not for accusing.
    """
    for match in _TWELVE.finditer(normalise_digits(text)):
        digits = re.sub(r"[^0-9]", "", match[0])
        if _individual_check_digit(digits[:11]) == int(digits[11]):
            return True
    return False


def _individual_check_digit(eleven: str) -> int:
    weights = (n + 1 if n <= 6 else n - 5 for n in range(1, 12))
    rest = sum(int(digit) * weight for digit, weight in zip(reversed(eleven), weights, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def _digits(text: str, length: int) -> str:
    if not re.fullmatch(rf"[0-9]{{{length}}}", text):
        raise ValueError(f"expected {length} digits, got {text!r}")
    return text
