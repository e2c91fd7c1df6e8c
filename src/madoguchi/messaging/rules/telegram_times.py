"""How long telegrams hold: which come too late to act on, and until when an alert made of one stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from .telegram import N_, Reason, Telegram

_TOO_OLD: dict[str, timedelta] = {
    "eew": timedelta(minutes=5),
    "tornado": timedelta(minutes=90),
    "record_rain": timedelta(hours=3),
    "rainband": timedelta(hours=3),
    "earthquake": timedelta(hours=3),
    "long_period": timedelta(hours=3),
    "heavy_snow": timedelta(hours=6),
}
"""How old a telegram may be, by what it warns of; anything else a day."""

_LIFE: dict[str, timedelta] = {
    "eew": timedelta(minutes=10),
    "tornado": timedelta(minutes=90),
    "record_rain": timedelta(hours=3),
    "rainband": timedelta(hours=3),
    "heavy_snow": timedelta(hours=6),
    "earthquake": timedelta(hours=6),
    "long_period": timedelta(hours=6),
    "volcano": timedelta(days=7),
    "nankai": timedelta(days=7),
    "aftershock": timedelta(days=7),
    "tsunami": timedelta(days=2),
}
USUAL_LIFE = timedelta(days=1)
EARLY = timedelta(minutes=10)
"""How far the agency's clock may be ahead of ours."""


def life_of(hazard: str) -> timedelta:
    """Return how long an alert of a hazard stands if nothing more is heard."""
    return _LIFE.get(hazard, USUAL_LIFE)


def refuse_time(telegram: Telegram, now: datetime) -> Reason | None:
    """Return why a telegram is too old, expired, or from the future; None for one that is in time."""
    if telegram.report_time > now + EARLY:
        return Reason(N_("発表時刻（%(time)s）が先の時刻です。"), {"time": _said(telegram.report_time)})
    if telegram.valid_until is not None and telegram.valid_until <= now:
        return Reason(N_("有効な時刻（%(time)s）を過ぎています。"), {"time": _said(telegram.valid_until)})
    limits = [_TOO_OLD.get(one.hazard, USUAL_LIFE) for one in telegram.warnings] or [USUAL_LIFE]
    if telegram.report_time < now - max(limits):
        return Reason(N_("古い電文です（発表は%(time)s）。"), {"time": _said(telegram.report_time)})
    return None


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
