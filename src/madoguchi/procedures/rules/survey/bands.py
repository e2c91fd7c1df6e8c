"""Age bands: what the options of a question about age mean, so that strata of the register and answers find each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from .tables import Group

OLDEST = 200
_NUMBER = re.compile(r"\d{1,3}")
_BELOW = re.compile(r"未満|under|below|より下", re.IGNORECASE)
_UP_TO = re.compile(r"以下|まで|or younger|and under", re.IGNORECASE)
Band = tuple[int, int]


def band_of_words(text: str) -> Band | None:
    """
    Return the first and the last age of a band as people write it, None where it is no band.

    "16～19歳" is (16, 19), "80歳以上" and "80-" are (80, 200), "15歳以下" is (0, 15), "20歳未満" is (0, 19), "30代" is (30, 39).
    """
    plain = unicodedata.normalize("NFKC", text)
    numbers = [int(number) for number in _NUMBER.findall(plain)]
    if len(numbers) == 2 and numbers[0] <= numbers[1] <= OLDEST:
        return (numbers[0], numbers[1] - 1) if _BELOW.search(plain) else (numbers[0], numbers[1])
    if len(numbers) != 1 or numbers[0] > OLDEST:
        return None
    return _single(plain, numbers[0])


def _single(plain: str, age: int) -> Band:
    if _BELOW.search(plain):
        return 0, age - 1
    if _UP_TO.search(plain) or plain.lstrip().startswith("-"):
        return 0, age
    if "代" in plain and not re.search(r"以上|以降", plain):
        return age, age + 9
    return age, OLDEST


def match_bands(options: Sequence[Group], strata: Sequence[str], minimum: int = 0) -> dict[str, str]:
    """
    Return stratum → code of the option its people would choose; empty where a stratum fits no option wholly.

    Options may be wider than strata ("60歳以上" for 60-69, 70-79 and 80-). A stratum begins no earlier than ``minimum``, the
    lowest age that was asked.
    """
    meant = [(option.code, band) for option in options if (band := band_of_words(option.label)) is not None]
    found: dict[str, str] = {}
    for stratum in strata:
        band = band_of_words(stratum)
        if band is None:
            return {}
        first = max(band[0], minimum)
        code = next((code for code, (low, high) in meant if low <= first and band[1] <= high), None)
        if code is None:
            return {}
        found[stratum] = code
    return found


def population_by_option(options: Sequence[Group], population: Mapping[str, int], minimum: int = 0) -> dict[str, float]:
    """Return the people per option; empty where the bands of the population do not fit the options."""
    sums: dict[str, float] = {}
    for stratum, code in match_bands(options, list(population), minimum).items():
        sums[code] = sums.get(code, 0.0) + population[stratum]
    return sums
