"""
What a telegram of the Meteorological Agency says (防災気象情報), whichever way it came: as XML or by satellite.

A ``Telegram`` holds ``Warning``\\ s; a warning is one kind of danger in one state of change for some ``Area``\\ s of one layer (a
prefecture, a forecast district, a city, a coast, a volcano …). Layers are kept apart, because the same danger is said of each.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


def N_(message: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so, as a msgid and its values; in Japanese as a string."""

    msgid: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.values


class TelegramError(ValueError):
    """A telegram cannot be read; the message says why in Japanese, ``reason`` as a msgid with its values."""

    def __init__(self, msgid: str, **values: Any) -> None:
        self.reason = Reason(msgid, values)
        super().__init__(str(self.reason))


class Status(StrEnum):
    """What a telegram is for (Control/Status): only ``NORMAL`` (通常) may ever alert anybody; drill is 訓練, test is 試験."""

    NORMAL = "normal"
    DRILL = "drill"
    TEST = "test"


class InfoType(StrEnum):
    """Head/InfoType: 発表, 訂正, 遅延, 取消."""

    ISSUED = "issued"
    CORRECTED = "corrected"
    DELAYED = "delayed"
    CANCELLED = "cancelled"


class Level(StrEnum):
    """How grave: 特別警報 and its equals, 警報, 注意報, or nothing to warn of."""

    EMERGENCY = "emergency"
    WARNING = "warning"
    ADVISORY = "advisory"
    NONE = "none"

    @property
    def rank(self) -> int:
        """Return 3 for an emergency down to 0 for nothing."""
        return {"emergency": 3, "warning": 2, "advisory": 1, "none": 0}[self.value]


class Change(StrEnum):
    """What became of a warning in an area: newly issued, raised, lowered, going on, lifted; none where none stands."""

    NEW = "new"
    RAISED = "raised"
    LOWERED = "lowered"
    CONTINUED = "continued"
    LIFTED = "lifted"
    NONE = "none"


class Layer(StrEnum):
    """Of what kind an area is, and so of which table its code."""

    CITY = "city"  # 市町村等: seven digits
    DISTRICT = "district"  # 市町村等をまとめた地域, 一次細分区域: six digits
    PREFECTURE = "prefecture"  # 府県予報区, 都道府県
    SEISMIC = "seismic"  # 地震情報の細分区域: three digits
    REGION = "region"  # 緊急地震速報の地方・府県予報区
    COAST = "coast"  # 津波予報区
    SECTION = "section"  # 高潮予報区間
    RIVER = "river"  # 指定河川洪水予報の予報区域
    VOLCANO = "volcano"  # 火山名
    SEA = "sea"  # 海上予報区
    COUNTRY = "country"  # the telegram names no area
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Area:
    """
    An area a warning is for. ``municipality_codes``: first five digits of the municipalities (全国地方公共団体コード without
    check digit) the telegram itself puts in it; empty where it does not say.
    """

    layer: Layer
    code: str
    name: str
    municipality_codes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """
    How a kind of warning is to be taken: ``hazard`` (our key), ``level``, ``alert_level`` (警戒レベル相当, 1–5, 0 where there is
    none) and the values of CAP 1.2.
    """

    hazard: str
    level: Level
    alert_level: int
    category: str
    urgency: str
    severity: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Warning:
    """One kind of danger (``code``, ``name`` as the agency writes them) in one state of ``change``, for areas of one layer."""

    code: str
    name: str
    assessment: Assessment
    change: Change
    areas: tuple[Area, ...]
    condition: str = ""
    last_name: str = ""
    intensity: int = 0  # 10 × 震度, 5弱 = 50, 5強 = 55, 6弱 = 60, 6強 = 65; 0 where it is not about shaking

    @property
    def level(self) -> Level:
        """Return how grave it is."""
        return self.assessment.level

    @property
    def hazard(self) -> str:
        """Return what kind of danger it is."""
        return self.assessment.hazard

    @property
    def is_live(self) -> bool:
        """Tell whether it warns of something now; of an earthquake one may want to speak from 震度3 on, though it harms nobody."""
        is_felt = self.hazard == "earthquake" and self.intensity >= 30
        return (self.level is not Level.NONE or is_felt) and self.change not in {Change.LIFTED, Change.NONE}


@dataclass(frozen=True, slots=True)
class Telegram:
    """
    A telegram as read. Times are aware. ``thread`` joins telegrams that tell on one story (an earthquake, the warnings of one
    office), so that a later one takes the place of an earlier one.
    """

    kind: str
    title: str
    head_title: str
    status: Status
    info_type: InfoType
    info_kind: str
    event_id: str
    serial: str
    report_time: datetime
    target_time: datetime | None
    valid_until: datetime | None
    office: str
    headline: str
    thread: str
    source: str = "jma"
    warnings: tuple[Warning, ...] = ()
    texts: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def top(self) -> Level:
        """Return the gravest level that stands in it."""
        return max(
            (one.level for one in self.warnings if one.is_live), key=lambda level: level.rank, default=Level.NONE
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; times as ISO 8601."""
        return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(self).items()}
