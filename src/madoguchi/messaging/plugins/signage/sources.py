"""The live pages of this room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock, era, holidays
from madoguchi.trust.api import municipality_in_scope

from ...enums import MessageKind, MessageStatus
from ...models import Message
from ...registry import SignagePage, SignageRow, SignageSource
from ...selectors.alerts import live_alerts
from ...selectors.signage import concerns

DAYS_AHEAD = 14
"""An offline screen still knows the date for so long."""
NEWS_DAYS = 14
MOST_NEWS = 8
_DAY = timedelta(days=1)
_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better


def midnight(day: date) -> datetime:
    """Return when a day begins in Japan."""
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)


def day_in_words(day: date) -> str:
    """Return a date as it stands on a screen, in the active language."""
    language = translation.get_language() or "ja"
    if language == "en":
        return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]}"
    if language == "ja-easy":
        return f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}曜日）"
    found = era.to_era(day)
    year = f"{found[0].name}{era.era_year(found[1])}年" if found else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def clock_pages(screen: Any) -> list[SignagePage]:
    """Return date, time and office hours for today and the next days."""
    city, today = municipality_in_scope(), clock.today()
    pages = []
    for day in (today + _DAY * ahead for ahead in range(DAYS_AHEAD)):
        open_day = holidays.next_open_day(day)
        is_open = open_day == day
        said = (
            _("開庁時間　%(hours)s") % {"hours": _(city.office_hours)}
            if is_open
            else _("本日は閉庁日です。次の開庁日は%(day)sです。") % {"day": day_in_words(open_day)}
        )
        pages.append(
            SignagePage(
                day_in_words(day),
                style="clock",
                text=said if city.office_hours or not is_open else "",
                note=holidays.holiday_name(day) or "",
                starts=midnight(day),
                ends=midnight(day + _DAY),
            )
        )
    return pages


def closure_pages(screen: Any) -> list[SignagePage]:
    """Return the closed days of the next two weeks beside the usual weekends, seen from today and from each of the next days."""
    today = clock.today()
    return [page for ahead in range(DAYS_AHEAD) if (page := _closures_from(today + _DAY * ahead))]


def _closures_from(day: date) -> SignagePage | None:
    rows = [
        SignageRow(day_in_words(closed), _(_reason(closed)))
        for closed in (day + _DAY * ahead for ahead in range(1, DAYS_AHEAD + 1))
        if _reason(closed)
    ][:6]
    if not rows:
        return None
    return SignagePage(
        _("市役所の休み"),
        rows=tuple(rows),
        note=_("土曜日・日曜日も休みです。"),
        starts=midnight(day),
        ends=midnight(day + _DAY),
    )


def _reason(day: date) -> str:
    """Return why the office is closed on a day beside its being a weekend; empty where it is not."""
    if holidays.is_year_end(day):
        return N_("年末年始")
    return holidays.holiday_name(day) or ""


def news_pages(screen: Any) -> list[SignagePage]:
    """Return what was lately said to everybody, or to all who hear of an open topic, one page each."""
    now = clock.now()
    found = (
        Message.objects.filter(
            Q(topic__isnull=True) | Q(topic__is_open=True, topic__retired_at__isnull=True),
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            kind=MessageKind.BROADCAST,
            status__in=[MessageStatus.SENDING, MessageStatus.SENT],
            is_drill=False,
            fanned_out_at__gte=now - timedelta(days=NEWS_DAYS),
        )
        .select_related("topic")
        .order_by("-fanned_out_at", "-pk")[:50]
    )
    public = [message for message in found if _is_public(message)]
    return [page for message in public[:MOST_NEWS] if (page := _news_page(message))]


def _is_public(message: Message) -> bool:
    """Tell whether a message is for everybody, or for all subscribers of its open topic; whatever else is chosen by is private."""
    audience = message.audience
    if not isinstance(audience, Mapping) or len(audience) != 1:
        return False
    (name, value), *_more = audience.items()
    if name == "everyone":
        return bool(value)
    return name == "topic" and message.topic is not None and value in (message.topic.code, [message.topic.code])


def _news_page(message: Message) -> SignagePage | None:
    language = translation.get_language() or "ja"
    contents = message.contents
    chosen = next((contents[code] for code in (language, "ja") if code in contents), None)
    if not chosen or "{{" in f"{chosen.get('subject', '')}{chosen.get('short', '')}":
        return None
    topic = message.topic.names if message.topic else {}
    return SignagePage(
        str(chosen.get("subject", "")),
        style="notice",
        text=str(chosen.get("short") or ""),
        note=str(topic.get(language) or topic.get("ja", "")),
        ends=message.expires_at,
    )


def alert_pages(screen: Any) -> list[SignagePage]:
    """Return the live alerts that are for other places than the screen's: those that are for it take the whole screen anyway."""
    language = translation.get_language() or "ja"
    return [
        SignagePage(
            str(texts.get("headline") or alert.event_name),
            style="notice",
            text="、".join(str(area.get("name", "")) for area in alert.areas),
            note=_("ほかの地域の緊急情報"),
            ends=alert.expires_at,
        )
        for alert in live_alerts(drills=False)
        if (texts := alert.contents.get(language) or alert.contents.get("ja"))
        and not (screen and concerns(alert, screen))
    ]


SIGNAGE_SOURCES: tuple[SignageSource, ...] = (
    SignageSource("messaging.clock", N_("日付・時刻と開庁時間"), clock_pages),
    SignageSource("messaging.closures", N_("これからの閉庁日"), closure_pages),
    SignageSource("messaging.alerts", N_("ほかの地域の緊急情報"), alert_pages),
    SignageSource("messaging.news", N_("市からの新しいお知らせ"), news_pages),
)
"""Every live page of this room."""
