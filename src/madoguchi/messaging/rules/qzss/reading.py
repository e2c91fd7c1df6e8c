"""
Reading one report: a line ``$QZQSM`` of a receiver (NMEA 0183) as IS-QZSS-DCR describes it.

Satellites repeat a report every four seconds, three of them at once; ``content`` is the same for all of these. Reports name
prefectures and coasts, hardly ever cities: what they lead to is a draft for staff unless the area is known to be the city's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import azarashi
from azarashi import AzarashiDecodeError, AzarashiException, AzarashiNotImplementedError

from ..telegram import N_, InfoType, Status, Telegram, TelegramError
from .warnings import warnings_of_report

_LINE = re.compile(r"^\$QZQSM,[0-9]{2},[0-9A-Fa-f]{50,70}\*[0-9A-Fa-f]{2}$")
_KINDS = {
    1: "EEW",
    2: "Hypocenter",
    3: "Intensity",
    4: "Nankai",
    5: "Tsunami",
    6: "NorthwestPacificTsunami",
    8: "Volcano",
    9: "AshFall",
    10: "Weather",
    11: "Flood",
    12: "Typhoon",
    14: "Marine",
}
_INFO_TYPES = {0: InfoType.ISSUED, 1: InfoType.CORRECTED, 2: InfoType.CANCELLED}
_MEANT = {1, 2, 3}
"""Report classifications (最優先, 優先, 通常) that are meant; 7 is training or test, and so is anything unknown."""


@dataclass(frozen=True, slots=True)
class SatelliteReport:
    """A report as a telegram, and the bytes that are the same for every repetition of it."""

    telegram: Telegram
    content: bytes


def read_report(line: str, *, received: datetime) -> SatelliteReport:
    """
    Return what a line of a receiver says; ``received`` (aware) gives the year and month that reports leave out.

    ``TelegramError`` for a line that is none, a wrong checksum, a kind that cannot be decoded, or a report of another service
    (Jアラート・Lアラート・海外).
    """
    text = line.strip()
    if not _LINE.match(text):
        raise TelegramError(N_("$QZQSM の行ではありません。"))
    try:
        report: Any = azarashi.decode(text, "nmea", timestamp=received)
    except AzarashiNotImplementedError as error:
        raise TelegramError(N_("対応していない種類の通報です。")) from error
    except AzarashiDecodeError as error:
        raise TelegramError(N_("壊れた行です（%(error)s）。"), error=error.message[:120]) from error
    except (AzarashiException, ValueError, KeyError, IndexError, AttributeError) as error:
        raise TelegramError(N_("読めない行です（%(error)s）。"), error=type(error).__name__) from error
    number = getattr(report, "disaster_category_no", None)
    if getattr(report, "message_type", "") != "DCR" or number not in _KINDS:
        raise TelegramError(N_("気象庁の防災気象情報ではない通報です。"))
    return SatelliteReport(_telegram(report, number), _content(report, number))


def _telegram(report: Any, number: int) -> Telegram:
    reported: datetime = report.report_time
    occurred = getattr(report, "occurrence_time_of_earthquake", None) or reported
    event_id = f"qzss-{number}-{occurred:%Y%m%d%H%M}"
    info_type = _INFO_TYPES.get(report.information_type_no)
    if info_type is None:
        raise TelegramError(
            N_("%(where)s「%(word)s」が分かりません。"), where=N_("情報形態"), word=report.information_type_no
        )
    warnings = () if info_type is InfoType.CANCELLED else tuple(warnings_of_report(report, number))
    category = str(report.disaster_category)
    return Telegram(
        kind=f"DCR-{_KINDS[number]}",
        title=category,
        head_title=category,
        status=Status.NORMAL if report.report_classification_no in _MEANT else Status.DRILL,
        info_type=info_type,
        info_kind=str(report.report_classification),
        event_id=event_id,
        serial="",
        report_time=reported,
        target_time=occurred,
        valid_until=None,
        office="気象庁",
        headline=_headline(report),
        thread=f"qzss|{number}|{event_id}|{_subject(report)}",
        source="qzss",
        warnings=warnings,
        facts=_facts(report),
    )


def _headline(report: Any) -> str:
    """Return the advice a report carries, one sentence a line."""
    said = getattr(report, "notifications_on_disaster_prevention", None) or []
    return "\n".join(str(line) for line in said)


def _facts(report: Any) -> dict[str, str]:
    facts = {
        "epicentre": getattr(report, "seismic_epicenter", None),
        "magnitude": getattr(report, "magnitude", None),
    }
    found = {name: str(value) for name, value in facts.items() if value}
    occurred = getattr(report, "occurrence_time_of_earthquake", None)
    if occurred is not None:
        found["origin_time"] = occurred.isoformat()
    if "magnitude" in found:
        found["magnitude"] = f"M{found['magnitude']}"
    return found


def _subject(report: Any) -> str:
    """Return what a report is about beside its time: reports of several volcanoes or rivers come in the same minute."""
    names = (
        getattr(report, name, None) for name in ("volcano_name", "flood_forecast_regions", "weather_forecast_regions")
    )
    return "|".join(str(name) for name in names if name)


def _content(report: Any, number: int) -> bytes:
    """Return the bytes of a report without what differs between satellites; pages of one long report are the same report."""
    if number == 4:
        return f"nankai|{report.report_time.isoformat()}|{report.information_serial_code}|{report.report_classification_no}".encode()
    return bytes(report.raw)
