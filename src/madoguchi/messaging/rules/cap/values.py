"""What the text of a CAP element must look like, kind by kind; each says what to do where it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

BLANKS = " \t\r\n"
_IDENTIFIER = re.compile(r"[^\s,&<]+")
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([-+])([0-9]{2}):([0-9]{2})")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_HEIGHT = re.compile(r"\+?([0-9]{1,9}(\.[0-9]{0,6})?|\.[0-9]{1,6})")
_NUMBER = re.compile(r"[-+]?([0-9]{1,3}(\.[0-9]{0,12})?|\.[0-9]{1,12})")
_RADIUS = re.compile(r"\+?([0-9]{1,6}(\.[0-9]{0,12})?|\.[0-9]{1,12})")
_REFERENCE = re.compile(r"[^\s,&<]+,[^\s,&<]+,([^\s,&<]+)")
_CIRCLE = re.compile(r"([^\s]+)[ \t\r\n]([^\s]+)")
_MOST_HOURS = 14

_URI = etree.XMLSchema(
    etree.XML(
        '<schema xmlns="http://www.w3.org/2001/XMLSchema"><element name="u" type="anyURI"/></schema>',
    )
)


def parse_time(text: str) -> datetime | None:
    """Return the moment of a CAP time (``2026-11-20T09:00:00+09:00``, no letters for the zone), None for anything else."""
    found = _TIME.fullmatch(text.strip(BLANKS))
    if found is None:
        return None
    year, month, day, hour, minute, second, hours, minutes = (int(found[at]) for at in (1, 2, 3, 4, 5, 6, 8, 9))
    if hours > _MOST_HOURS or minutes > 59 or (hours == _MOST_HOURS and minutes):
        return None
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if found[7] == "-" else 1)
    # Twenty-four hours is the end of the day in XML; Python knows it as the start of the next.
    is_midnight = hour == 24 and minute == second == 0
    try:
        local = datetime(year, month, day, 0 if is_midnight else hour, minute, second, tzinfo=timezone(offset))
        return (local + timedelta(days=1 if is_midnight else 0)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def check_value(kind: str, text: str) -> str | None:
    """Return what is wrong with the text of an element of this kind, None where nothing is."""
    check = _CHECKS.get(kind)
    return check(text) if check is not None else None


def _identifier(text: str) -> str | None:
    if _IDENTIFIER.fullmatch(text):
        return None
    return "空白、カンマ、< と & を含まない、空でない文字にしてください"


def _time(text: str) -> str | None:
    if parse_time(text) is not None:
        return None
    return "日時は「2026-11-20T09:00:00+09:00」の形にしてください。時差は数字で書き、Z などの文字は使えません"


def _language(text: str) -> str | None:
    return (
        None
        if _LANGUAGE.fullmatch(text.strip(BLANKS))
        else "言語は「ja」「en-US」などの言語タグ（RFC 3066）にしてください"
    )


def _integer(text: str) -> str | None:
    return None if _INTEGER.fullmatch(text.strip(BLANKS)) else "整数にしてください"


def _height(text: str) -> str | None:
    return None if _HEIGHT.fullmatch(text.strip(BLANKS)) else "0以上の数（フィート）にしてください"


def _uri(text: str) -> str | None:
    element = etree.Element("u")
    element.text = text
    return None if _URI.validate(element) else "URIとして読めません"


def _filled(text: str) -> str | None:
    return None if text.strip(BLANKS) else "空にはできません"


def _references(text: str) -> str | None:
    for one in text.split():
        found = _REFERENCE.fullmatch(one)
        if found is None or parse_time(found[1]) is None:
            return "「発信者,識別子,送信日時」を空白で区切って並べてください"
    return None if text.split() else "参照が空です。参照がなければ、要素ごと書かないでください"


def _point(text: str) -> tuple[float, float] | None:
    parts = text.split(",")
    if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    latitude, longitude = float(parts[0]), float(parts[1])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _polygon(text: str) -> str | None:
    points = [_point(part) for part in text.split()]
    if any(point is None for point in points):
        return "多角形は「緯度,経度」を空白で区切って並べてください（緯度は-90〜90、経度は-180〜180）"
    if len(points) < 4:
        return "多角形には4つ以上の点が必要です"
    if points[0] != points[-1]:
        return "多角形が閉じていません。最初と最後の点を同じにしてください"
    return None


def _circle(text: str) -> str | None:
    found = _CIRCLE.fullmatch(text.strip(BLANKS))
    if found is None or _point(found[1]) is None or not _RADIUS.fullmatch(found[2]):
        return "円は「緯度,経度 半径（km）」の形にしてください"
    return None


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "identifier": _identifier,
    "time": _time,
    "language": _language,
    "integer": _integer,
    "height": _height,
    "uri": _uri,
    "filled": _filled,
    "references": _references,
    "polygon": _polygon,
    "circle": _circle,
}
