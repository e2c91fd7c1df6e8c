"""Units of indicators and meters: what they measure, how they convert, and which never stand for each other."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from ..errors import PlanError


class Dimension(StrEnum):
    """What a unit measures."""

    COUNT = "count"
    RATIO = "ratio"
    TIME = "time"
    MONEY = "money"
    MASS = "mass"
    LENGTH = "length"
    AREA = "area"
    DATA = "data"
    NONE = "none"


NAMES = {
    Dimension.COUNT: "数",
    Dimension.RATIO: "割合",
    Dimension.TIME: "時間",
    Dimension.MONEY: "金額",
    Dimension.MASS: "重さ",
    Dimension.LENGTH: "長さ",
    Dimension.AREA: "面積",
    Dimension.DATA: "データの量",
    Dimension.NONE: "単位のない数",
}

# dimension → unit → how many base units it is (1, 秒, 円, kg, m, ㎡, byte).
TABLE: dict[Dimension, dict[str, str]] = {
    Dimension.RATIO: {"%": "0.01", "パーセント": "0.01", "割合": "1", "割": "0.1", "‰": "0.001", "倍": "1", "率": "1"},
    Dimension.TIME: {
        "秒": "1",
        "分": "60",
        "分間": "60",
        "時間": "3600",
        "h": "3600",
        "日": "86400",
        "日間": "86400",
        "週間": "604800",
    },
    Dimension.MONEY: {"円": "1"},
    Dimension.MASS: {"g": "0.001", "kg": "1", "t": "1000", "トン": "1000", "t-co2": "1000", "kg-co2": "1"},
    Dimension.LENGTH: {"mm": "0.001", "cm": "0.01", "m": "1", "メートル": "1", "km": "1000", "キロメートル": "1000"},
    Dimension.AREA: {"m2": "1", "平方メートル": "1", "ha": "10000", "ヘクタール": "10000", "km2": "1000000"},
    Dimension.DATA: {"byte": "1", "b": "1", "kb": "1000", "mb": "1000000", "gb": "1000000000", "tb": "1000000000000"},
}
PREFIXES = {"百万": 10**6, "十億": 10**9, "億": 10**8, "万": 10**4, "千": 1000, "百": 100}
# Counters that offices write for the same thing.
SAME_COUNTER = {
    "手続き": "手続",
    "名": "人",
    "箇所": "か所",
    "カ所": "か所",
    "ヶ所": "か所",
    "ケ所": "か所",
    "ヵ所": "か所",
    "個所": "か所",
    "ヶ月": "か月",
    "カ月": "か月",
    "通": "件",
}
_PER = re.compile(r"\s*(?:/|／|毎|当たり|あたり).*$")
_KNOWN = {name: (dimension, Decimal(factor)) for dimension, units in TABLE.items() for name, factor in units.items()}


class UnitMismatchError(PlanError):
    """Two units that cannot stand for each other; ``found`` and ``expected`` are the units as written."""

    def __init__(self, found: str, expected: str, message: str = "") -> None:
        """Keep both units; the message names them and says what to do."""
        self.found, self.expected = found, expected
        super().__init__(
            message
            or f"単位が合いません。「{expected or '単位なし'}」の値が必要ですが、「{found or '単位なし'}」の値です。"
            f"「{expected or '単位なし'}」に直した値にしてください。"
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """
    A unit: what it measures and how many base units one of it is.

    ``counter`` is the Japanese counter of a count (件, 人), empty where any count will do.
    """

    dimension: Dimension
    factor: Decimal = Decimal(1)
    counter: str = ""
    text: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a unit as a plan writes it: 件, 万件, %, 時間/年, 百万円. Whatever is unknown counts things of that name."""
        plain = _PER.sub("", unicodedata.normalize("NFKC", text)).strip()
        if not plain:
            return cls(Dimension.NONE, text=text)
        known = _KNOWN.get(plain) or _KNOWN.get(plain.lower())
        if known is not None:
            return cls(known[0], known[1], text=text)
        for prefix, size in PREFIXES.items():
            if plain.startswith(prefix) and len(plain) > len(prefix):
                inner = cls.parse(plain[len(prefix) :])
                return cls(inner.dimension, inner.factor * size, inner.counter, text)
        return cls(Dimension.COUNT, Decimal(1), SAME_COUNTER.get(plain, plain), text)

    @property
    def is_number(self) -> bool:
        """True where the unit only counts, so that multiplying by it keeps what the other factor measures."""
        return self.dimension in {Dimension.COUNT, Dimension.NONE}


@dataclass(frozen=True, slots=True)
class Conversion:
    """How values of one unit become values of another: a factor, and a remark a person should confirm (or empty)."""

    factor: Decimal
    remark: str = ""


def convert(found: Unit, expected: Unit) -> Conversion:
    """Return how values in ``found`` are written in ``expected``; raises ``UnitMismatchError`` where they cannot be."""
    if Dimension.NONE in (found.dimension, expected.dimension):
        return _with_missing_unit(found, expected)
    if found.dimension != expected.dimension:
        raise UnitMismatchError(found.text, expected.text)
    factor = found.factor / expected.factor
    if found.counter and expected.counter and found.counter != expected.counter:
        return Conversion(
            factor, f"「{found.text}」の数を「{expected.text}」として扱います。同じものを数えていますか。"
        )
    return Conversion(factor)


def _with_missing_unit(found: Unit, expected: Unit) -> Conversion:
    if found.dimension == expected.dimension:
        return Conversion(Decimal(1))
    stated, missing = (expected, found) if found.dimension is Dimension.NONE else (found, expected)
    if not stated.is_number and stated.dimension is not Dimension.RATIO:
        raise UnitMismatchError(found.text, expected.text)
    whose = "値" if missing is found else "指標"
    return Conversion(Decimal(1), f"{whose}に単位がないので、「{stated.text}」とみなします。")


def same_unit(first: str, second: str) -> bool:
    """Tell whether two units as written mean the same (％ and %, 名 and 人), so that values need no conversion."""
    left, right = Unit.parse(first), Unit.parse(second)
    return (left.dimension, left.factor, left.counter) == (right.dimension, right.factor, right.counter)
