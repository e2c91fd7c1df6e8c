"""What players report: that they live, what they showed; and screens nobody has heard of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope, record_event

from ... import events
from ...models import Alert, PlayBatch, PlaylistItem, PlayRecord, Screen
from ...selectors.signage import LOST_AFTER, alert_subject, may_be_silent

HOUR = timedelta(hours=1)
OLDEST = timedelta(days=60)
"""So long a screen may have been alone before what it showed is not counted any more."""
AHEAD = timedelta(minutes=5)
MOST_ENTRIES = 500
REPORTS_KEPT = 20
MOST_ERRORS, LONGEST_ERROR = 5, 120
_SUBJECT = 60


@transaction.atomic
def note_heartbeat(*, screen: Screen, report: Mapping[str, Any]) -> None:
    """Keep what a player says of itself; one that was lost is back."""
    was_lost = screen.lost_at is not None
    screen.last_seen_at, screen.lost_at = clock.now(), None
    screen.version = _text(report.get("version"), 40)
    screen.width, screen.height = _number(report.get("width"), 20_000), _number(report.get("height"), 20_000)
    screen.status = {
        "subject": _text(report.get("subject"), _SUBJECT),
        "manifest": _text(report.get("manifest"), 40),
        "errors": _errors(report.get("errors")),
        "cache_bytes": _number(report.get("cache_bytes"), 10**13) or 0,
        "skew_ms": _signed(report.get("skew_ms"), 10**13),
        "waiting": _number(report.get("waiting"), 10**6) or 0,
        "keeps": report.get("keeps") is not False,
        "asleep": report.get("asleep") is True,
    }
    screen.save(update_fields=["last_seen_at", "lost_at", "version", "width", "height", "status"])
    if was_lost:
        record_event(kind=events.SCREEN_RETURNED, subject=screen)


def _text(value: Any, most: int) -> str:
    return "".join(character for character in value if character.isprintable())[:most] if isinstance(value, str) else ""


def _number(value: Any, most: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _signed(value: Any, most: int) -> int:
    found = _number(abs(value), most) if isinstance(value, int) and not isinstance(value, bool) else None
    return int(value) if found is not None else 0


def _errors(value: Any) -> list[str]:
    texts = [_text(item, LONGEST_ERROR) for item in value[-MOST_ERRORS:]] if isinstance(value, list) else []
    return [text for text in texts if text]


@dataclass(frozen=True, slots=True)
class _Played:
    """One line of a report, checked."""

    subject: str
    hour: datetime
    plays: int
    seconds: int
    first_at: datetime
    last_at: datetime


@transaction.atomic
def record_plays(*, screen: Screen, key: str, entries: Sequence[Any]) -> int:
    """
    Count what a player showed: ``entries`` of ``subject``, ``hour``, ``plays``, ``seconds``, ``first``, ``last`` (milliseconds).

    The same report (by ``key``) is counted once, however often it comes. Entries that cannot be true are left out. Returns how
    many were counted.
    """
    # One report of a screen at a time: whoever comes second finds the first one's key.
    Screen.objects.select_for_update().filter(pk=screen.pk).first()
    now = clock.now()
    _batch, is_new = PlayBatch.objects.get_or_create(
        screen=screen, key=key, defaults={"municipality": municipality_in_scope(), "received_at": now}
    )
    if not is_new:
        return 0
    _forget_old_reports(screen)
    played = [found for entry in entries[:MOST_ENTRIES] if (found := _read(entry, now))]
    known = _known_subjects({entry.subject for entry in played})
    played = [entry for entry in played if entry.subject in known]
    new_alerts = _add(screen, played)
    # What is played every day is in the records alone: an event for each report would bury what people did.
    for subject in new_alerts:
        record_event(kind=events.ALERT_SHOWN, subject=screen, data={"alert": subject.removeprefix("alert:")})
    return len(played)


def _forget_old_reports(screen: Screen) -> None:
    """Keep the newest keys: a player sends its reports in turn, so only one of the last ones can come again."""
    old = PlayBatch.objects.filter(screen=screen).order_by("-pk").values_list("pk", flat=True)[REPORTS_KEPT:][:1]
    for pk in old:
        PlayBatch.objects.filter(screen=screen, pk__lte=pk).delete()


def _read(entry: Any, now: datetime) -> _Played | None:
    if not isinstance(entry, Mapping):
        return None
    subject, plays, seconds = _text(entry.get("subject"), _SUBJECT), entry.get("plays"), entry.get("seconds")
    times = [_moment(entry.get(name)) for name in ("hour", "first", "last")]
    if not subject or None in times or _number(plays, 3600) is None or _number(seconds, 3660) is None:
        return None
    hour, first, last = (moment for moment in times if moment is not None)
    if not now - OLDEST <= hour <= now + AHEAD or hour.minute or hour.second:
        return None
    if not hour <= first <= last < hour + HOUR + AHEAD or last > now + AHEAD:
        return None
    return _Played(subject, hour, int(plays or 0), int(seconds or 0), first, last)


def _moment(value: Any) -> datetime | None:
    number = _number(value, 4 * 10**12)
    return None if number is None else datetime.fromtimestamp(number / 1000, UTC)


def _known_subjects(subjects: set[str]) -> set[str]:
    """Keep the subjects that are of this city: its items, its alerts, the house."""
    items = [int(text) for text in _after(subjects, "item:") if text.isascii() and text.isdigit() and len(text) < 18]
    alerts = list(_after(subjects, "alert:"))
    known = {f"item:{pk}" for pk in PlaylistItem.objects.filter(pk__in=items).values_list("pk", flat=True)}
    known |= {alert_subject(key) for key in Alert.objects.filter(key__in=alerts).values_list("key", flat=True)}
    return known | {"house"}


def _after(subjects: set[str], beginning: str) -> set[str]:
    return {subject.removeprefix(beginning) for subject in subjects if subject.startswith(beginning)}


def _add(screen: Screen, played: Sequence[_Played]) -> set[str]:
    """Add to the hours' rows; return the alerts this screen has not been known to show before."""
    condition = Q()
    for entry in played:
        condition |= Q(subject=entry.subject, hour=entry.hour)
    rows = {(row.subject, row.hour): row for row in screen.plays.filter(condition)} if played else {}
    old = set(rows)
    alerts = {entry.subject for entry in played if entry.subject.startswith("alert:")}
    shown = set(screen.plays.filter(subject__in=alerts).values_list("subject", flat=True)) if alerts else set()
    for entry in played:
        row = rows.get((entry.subject, entry.hour))
        if row is None:
            row = rows[entry.subject, entry.hour] = _new_row(screen, entry)
        row.plays += entry.plays
        row.seconds = min(row.seconds + entry.seconds, 3600)
        row.first_at, row.last_at = min(row.first_at, entry.first_at), max(row.last_at, entry.last_at)
    PlayRecord.objects.bulk_create([row for key, row in rows.items() if key not in old])
    changed = [row for key, row in rows.items() if key in old]
    PlayRecord.objects.bulk_update(changed, ["plays", "seconds", "first_at", "last_at"])
    return alerts - shown


def _new_row(screen: Screen, entry: _Played) -> PlayRecord:
    item = entry.subject.removeprefix("item:") if entry.subject.startswith("item:") else None
    return PlayRecord(
        municipality=municipality_in_scope(),
        screen=screen,
        subject=entry.subject,
        item_id=int(item) if item else None,
        hour=entry.hour,
        first_at=entry.first_at,
        last_at=entry.last_at,
    )


def find_lost_screens() -> int:
    """Note the screens that have been silent for ten minutes, each once, and return how many; one that is dark may be silent."""
    now = clock.now()
    silent = Screen.objects.filter(removed_at__isnull=True, lost_at__isnull=True).exclude(secret_digest="")
    silent = silent.filter(
        Q(last_seen_at__lt=now - LOST_AFTER) | Q(last_seen_at__isnull=True, paired_at__lt=now - LOST_AFTER)
    )
    lost = 0
    for screen in silent:
        if may_be_silent(screen):
            continue
        with transaction.atomic():
            # Another worker may have noted it already.
            if Screen.objects.filter(pk=screen.pk, lost_at__isnull=True, last_seen_at=screen.last_seen_at).update(
                lost_at=now
            ):
                record_event(kind=events.SCREEN_LOST, subject=screen)
                lost += 1
    return lost
