"""Issuing an old telegram again with the times of now, marked as a simulation: for demonstrations and rehearsals alone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from lxml import etree

from .assess import INTENSITY_NAMES, intensity_of
from .xml import HEAD, Element, child, children, parse, tag, text

MARK = "【模擬の電文です】"
_MOMENT = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{5,8}(Z|[+-][0-9]{2}:[0-9]{2})$")
_EVENT = re.compile(r"^[0-9]{14}")


def reissue(data: bytes, *, now: datetime, city: tuple[str, str] | None = None, intensity: str = "") -> bytes:
    """
    Return a telegram with all its times moved so that it is reported ``now``, marked in its headline.

    ``city`` (seven digits, name) takes the place of the city shaken most, ``intensity`` (5-, 5+ …) that of its intensity: so a
    real earthquake can be tried in any municipality. Raises ``TelegramError`` for what is no telegram.
    """
    root = parse(data)
    head = child(root, "Head")
    reported = datetime.fromisoformat(text(head, "ReportDateTime"))
    delta = timedelta(seconds=int((now.replace(microsecond=0) - reported).total_seconds()))
    for element in root.iter("{*}*"):
        words = (element.text or "").strip()
        if _MOMENT.match(words):
            element.text = (datetime.fromisoformat(words) + delta).isoformat()
    _rename_event(head, delta)
    _mark(head)
    if city is not None or intensity:
        _move(root, city, intensity)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _rename_event(head: Element, delta: timedelta) -> None:
    element = child(head, "EventID")
    match = _EVENT.match((element.text or "").strip()) if element is not None else None
    if element is None or match is None:
        return
    try:
        moved = datetime.strptime(match.group(), "%Y%m%d%H%M%S") + delta  # noqa: DTZ007 - Japanese time by definition
    except ValueError:
        return
    element.text = moved.strftime("%Y%m%d%H%M%S") + (element.text or "").strip()[14:]


def _mark(head: Element) -> None:
    headline = child(head, "Headline")
    if headline is None:
        headline = etree.SubElement(head, f"{{{HEAD}}}Headline")
    words: Element = child(headline, "Text")
    if words is None:
        words = etree.SubElement(headline, f"{{{HEAD}}}Text")
        headline.insert(0, words)
    words.text = MARK + (words.text or "").strip()


def _move(root: Element, city: tuple[str, str] | None, intensity: str) -> None:
    towns = [one for one in root.iter("{*}City") if child(one, "MaxInt") is not None]
    if not towns:
        return
    town = max(towns, key=lambda one: intensity_of(text(one, "MaxInt")))
    if city is not None:
        for name, value in (("Code", city[0]), ("Name", city[1])):
            element = child(town, name)
            if element is not None:
                element.text = value
        for station in children(town, "IntensityStation"):
            town.remove(station)
    if intensity_of(intensity):
        around = [town, *(one for one in town.iterancestors() if tag(one) in {"Area", "Pref", "Observation"})]
        for element in (child(one, "MaxInt") for one in around):
            if element is not None:
                element.text = intensity
        headline = child(root, "Head", "Headline")
        if headline is None:
            return
        for information in children(headline, "Information"):
            headline.remove(information)
        words: Element = child(headline, "Text")
        words.text = f"{MARK}最大{INTENSITY_NAMES[intensity_of(intensity)]}の地震がありました。"
