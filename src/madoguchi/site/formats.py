"""How values are written on pages: dates, times, money, numbers, years, telephone numbers and phrases.

Every function follows the language that is active: Japanese uses eras (令和8年11月20日（金）), plain Japanese
(やさしい日本語) western years, English its own order. Times are those of Japan.
"""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import budoux
from django.utils import translation
from markupsafe import Markup, escape

from madoguchi.kit import clock, era, fiscal

_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - one line reads better
)
_CONTINUES = re.compile(r"度|（[月火水木金土日・祝]{1,3}）")
_DAY = re.compile(r"\d{1,2}日（[月火水木金土日・祝]{1,3}）")
_parser = budoux.load_default_japanese_parser()


def current_language() -> str:
    """Return the code of the active language: ``ja``, ``ja-easy`` or ``en``."""
    return translation.get_language() or "ja"


def html_language() -> str:
    """Return what belongs into the ``lang`` attribute: plain Japanese is Japanese."""
    language = current_language()
    return "ja" if language.startswith("ja") else language


def format_date(value: date | datetime | None, style: str = "full") -> str:
    """Return a date in words, or an empty string for None.

    Styles: ``full`` 令和8年11月20日（金）, ``day`` 令和8年11月20日, ``month`` 令和8年11月, ``short`` 11月20日（金）,
    ``both`` 令和8年（2026年）11月20日（金）, ``iso`` 2026-11-20. An aware datetime is read in Japanese time.
    """
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    if style == "iso":
        return day.isoformat()
    return _english_date(day, style) if current_language() == "en" else _japanese_date(day, style)


def _japanese_date(day: date, style: str) -> str:
    text = f"{day.month}月" if style == "month" else f"{day.month}月{day.day}日"
    if style != "short":
        text = _japanese_year(day, both=style == "both") + text
    return text if style in ("day", "month") else f"{text}（{_WEEKDAYS[day.weekday()]}{_youbi()}）"


def _youbi() -> str:
    return "曜日" if current_language() == "ja-easy" else ""


def _japanese_year(day: date, *, both: bool) -> str:
    found = era.to_era(day)
    if found is None or current_language() == "ja-easy":
        return f"{day.year}年"
    return f"{found[0].name}{era.era_year(found[1])}年" + (f"（{day.year}年）" if both else "")


def _english_date(day: date, style: str) -> str:
    month = _MONTHS_EN[day.month - 1]
    if style == "month":
        return f"{month} {day.year}"
    text = f"{day.day} {month}" if style == "short" else f"{day.day} {month} {day.year}"
    return text if style == "day" else f"{_WEEKDAYS_EN[day.weekday()]} {text}"


def format_time(value: datetime | None) -> str:
    """Return the time of day in 24 hours, ``9:05``; empty for None."""
    if value is None:
        return ""
    local = clock.local(value)
    return f"{local.hour}:{local.minute:02d}"


def format_datetime(value: datetime | None, style: str = "full") -> str:
    """Return date and time, 令和8年11月20日（金）9:05; the styles are those of `format_date`."""
    if value is None:
        return ""
    gap = " " if current_language() == "en" or style == "iso" else ""
    return f"{format_date(value, style)}{gap}{format_time(value)}"


def format_number(value: Decimal | float | None, places: int | None = None) -> str:
    """Return a number with thousands separated, ``1,234.5``; ``places`` fixes the decimals; empty for None."""
    if value is None:
        return ""
    if places is not None:
        return f"{value:,.{places}f}"
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_yen(value: int | None) -> str:
    """Return an amount of yen, ``1,200円`` or ``¥1,200``; empty for None."""
    if value is None:
        return ""
    number = f"{value:,d}"
    return f"¥{number}".replace("¥-", "-¥") if current_language() == "en" else f"{number}円"


def format_fiscal_year(value: int | None) -> str:
    """Return the name of a fiscal year given by the western year of its start: 2023 → 令和5年度, FY2023."""
    return "" if value is None else fiscal.label(value, current_language())


def tel(number: str) -> Markup:
    """Return a telephone number as a link that a phone can call; text without digits is shown as it is."""
    dial = "".join(character for character in number if character in "0123456789+#*")
    if not dial:
        return escape(number)
    return Markup('<a class="link" data-tall href="tel:{}">{}</a>').format(dial, number)


def phrases(text: str) -> Markup:
    """Return Japanese text with a place to break after each phrase, for headings (BudouX); other languages unchanged.

    The element around it needs the class ``phrases``, which forbids other breaks.
    """
    plain = html.unescape(str(text)) if isinstance(text, Markup) else str(text)
    if not html_language().startswith("ja"):
        return escape(plain)
    return _phrases(plain)


@lru_cache(maxsize=4096)
def _phrases(text: str) -> Markup:
    broken = "<wbr>".join(escape(part) for part in _joined(_parser.parse(text)))
    return Markup(_DAY.sub(r'<span class="nowrap">\g<0></span>', broken))  # noqa: S704 - escaped part by part


def _joined(parts: list[str]) -> list[str]:
    """Put back together what belongs to a date: 年|度 and 日|（月）."""
    whole: list[str] = []
    for part in parts:
        if whole and _CONTINUES.match(part) and whole[-1][-1] in "年日":
            whole[-1] += part
        else:
            whole.append(part)
    return whole
