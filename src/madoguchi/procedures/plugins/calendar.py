"""Deadlines as iCalendar (RFC 5545), for one matter or as a feed that calendar programs read again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
REMINDED_BEFORE = timedelta(days=3)
READ_AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day to remember: ``key`` makes it the same entry each time, ``changed_at`` says when it was last set (aware)."""

    key: str
    day: date
    title: str
    text: str
    url: str
    changed_at: datetime
    is_duty: bool = False


def calendar_of(days: Iterable[CalendarDay], *, name: str, host: str, language: str = "ja") -> bytes:
    """
    Return a calendar of whole days; those that are a duty remind three days before.

    ``host`` makes the identifiers unique in the world. Entries do not block time (TRANSPARENT).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Madoguchi//procedures//JA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    for item in days:
        calendar.add_component(_event(item, host, language))
    return bytes(calendar.to_ical())


def _event(item: CalendarDay, host: str, language: str) -> Event:
    event = Event()
    event.add("uid", f"{item.key}@{host}")
    event.add("dtstamp", item.changed_at)
    event.add("last-modified", item.changed_at)
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", item.title, parameters={"language": "ja" if language.startswith("ja") else language})
    event.add("description", f"{item.text}\n{item.url}".strip())
    event.add("url", item.url)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if item.is_duty:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", item.title)
        alarm.add("trigger", -REMINDED_BEFORE)
        event.add_component(alarm)
    return event
