"""Opening hours as people write them: 「月〜金 8:30〜17:15」, and whether that is now."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time

from madoguchi.kit import clock
from madoguchi.kit.holidays import is_closed

_DAYS = "月火水木金土日"
_RANGE = re.compile(r"([月火水木金土日])曜?日?(?:[〜~\-－から]+)([月火水木金土日])曜?日?")
_TIMES = re.compile(r"(\d{1,2})(?::|時)(\d{2})?分?(?:[〜~\-－から]+)(\d{1,2})(?::|時)(\d{2})?")


def is_open(hours: str, moment: datetime) -> bool | None:
    """
    Return whether an office is open at an aware moment; None where the text is not understood.

    Reads the days (月〜金; Monday to Friday where none are named) and the first hours. Public holidays and the closing of the
    year are closed unless the days include 日.
    """
    plain = unicodedata.normalize("NFKC", hours).replace("～", "〜")
    times = _TIMES.search(plain)
    if times is None:
        return None
    days = _RANGE.search(plain)
    first, last = (_DAYS.index(days[1]), _DAYS.index(days[2])) if days else (0, 4)
    local = clock.local(moment)
    if not first <= local.weekday() <= last or (last < 6 and _closed_beside_weekend(local)):
        return False
    try:
        opens, closes = time(int(times[1]), int(times[2] or 0)), time(int(times[3]), int(times[4] or 0))
    except ValueError:
        return None
    return opens <= local.time() < closes


def _closed_beside_weekend(local: datetime) -> bool:
    return local.weekday() < 5 and is_closed(local.date())
