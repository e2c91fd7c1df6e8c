"""The manifest: everything a screen needs to play by itself for days, and the small state it asks for every two seconds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Q

from madoguchi.kit import clock, holidays

from ...models import Playlist, PlaylistItem, Schedule, Screen, SignageAsset
from ...models.signage import TimedModel
from .emergencies import alerts_document, alerts_for, version_of
from .slides import Stage, house_slides, languages_of, milliseconds, slides_of

DAYS_AHEAD = 120
"""So far an offline screen knows on which days the office is closed."""
ROUND = 30
"""Seconds after which live pages are asked again."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    What a screen plays, as JSON for the player.

    ``order`` (revision of the screen, round) says which of two is the newer one; ``version`` is the digest of the content.
    """

    document: dict[str, Any]
    version: str
    order: tuple[int, int]


def window_of(timed: TimedModel, starts: datetime | None = None, ends: datetime | None = None) -> dict[str, Any]:
    """Return the hours of something as a window (``rules.signage.choosing``)."""
    window = {
        "days": list(timed.days) or None,
        "from": _minutes(timed.hours_from),
        "until": _minutes(timed.hours_until),
        "starts": milliseconds(starts),
        "ends": milliseconds(ends),
        "open_days": timed.open_days_only or None,
    }
    return {name: value for name, value in window.items() if value is not None}


def _minutes(hour: time | None) -> int | None:
    return None if hour is None else hour.hour * 60 + hour.minute


def schedules_of(screen: Screen) -> list[Schedule]:
    """Return the schedules that concern a screen: its own, those of its groups, those for all."""
    found = Schedule.objects.select_related("playlist").filter(
        Q(screen=screen) | Q(screen__isnull=True, group="") | Q(screen__isnull=True, group__in=list(screen.groups)),
        playlist__removed_at__isnull=True,
        playlist__stopped_at__isnull=True,
    )
    return list(found.order_by("-priority", "id"))


def items_of(playlists: Iterable[int]) -> list[PlaylistItem]:
    """Return what of the playlists is to be shown, in order."""
    found = PlaylistItem.objects.select_related("asset__stored").filter(
        playlist__in=playlists, removed_at__isnull=True, stopped_at__isnull=True
    )
    return list(found.order_by("playlist_id", "order", "id"))


def stage_of(screen: Screen, site: str) -> Stage:
    """Return the stage of a paired screen: files come from its own address, so that its service worker keeps them."""
    base = f"/signage/{screen.number}/assets/"

    def address(asset: SignageAsset) -> str:
        return f"{base}{asset.pk}/{asset.stored.digest[:16]}/"

    return Stage(languages_of(screen), address, site, screen)


def build_manifest(screen: Screen, stage: Stage) -> dict[str, Any]:
    """Return what a screen plays, without version: schedules, playlists, items with their slides, files, the house's own."""
    now = clock.now()
    schedules = schedules_of(screen)
    override = _override_of(screen, now)
    playlists = {schedule.playlist_id for schedule in schedules} | ({override.pk} if override else set())
    items = items_of(playlists)
    slides = {item.pk: slides_of(item, stage) for item in items}
    order: dict[str, list[str]] = {str(pk): [] for pk in sorted(playlists)}
    for item in items:
        order[str(item.playlist_id)].append(str(item.pk))
    assets = {slide.asset.pk: slide.asset for found in slides.values() for slide in found if slide.asset}
    today = clock.today()
    days = (today + _DAY * ahead for ahead in range(-1, DAYS_AHEAD))
    return {
        "screen": _screen_document(screen),
        "closed": [day.isoformat() for day in days if holidays.is_closed(day)],
        "override": {"playlist": str(override.pk), "until": milliseconds(screen.override_until)} if override else None,
        "schedules": [_schedule_document(schedule) for schedule in schedules],
        "playlists": order,
        "items": {
            str(item.pk): {
                "name": item.name,
                "window": window_of(item, item.valid_from, item.valid_until),
                "slides": [slide.as_json() for slide in slides[item.pk]],
            }
            for item in items
        },
        "house": [slide.as_json() for slide in house_slides(stage)],
        "assets": {str(pk): _asset_document(asset, stage) for pk, asset in sorted(assets.items())},
    }


def _override_of(screen: Screen, now: datetime) -> Playlist | None:
    playlist, until = screen.override, screen.override_until
    if playlist is None or until is None or until <= now or playlist.removed_at or playlist.stopped_at:
        return None
    return playlist


def _screen_document(screen: Screen) -> dict[str, Any]:
    sleeps = {"from": _minutes(screen.sleeps_from), "until": _minutes(screen.sleeps_until)}
    return {
        "number": screen.number,
        "turn": screen.turn,
        "volume": 0 if screen.is_muted else screen.volume,
        "sleeps": sleeps if None not in sleeps.values() else None,
    }


def _schedule_document(schedule: Schedule) -> dict[str, Any]:
    starts = _midnight(schedule.starts_on) if schedule.starts_on else None
    ends = _midnight(schedule.ends_on + _DAY) if schedule.ends_on else None
    return {
        "playlist": str(schedule.playlist_id),
        "priority": schedule.priority,
        "window": window_of(schedule, starts, ends),
    }


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)


def _asset_document(asset: SignageAsset, stage: Stage) -> dict[str, Any]:
    stored = asset.stored
    return {
        "address": stage.asset_address(asset),
        "digest": stored.digest,
        "size": stored.size,
        "type": stored.media_type,
    }


class _Kept:
    """Manifests of screens, made anew when a screen's revision has grown or a round is over."""

    MOST: ClassVar[int] = 2000

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], Manifest] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, screen: Screen, site: str) -> Manifest:
        """Return the manifest of a screen as of this round."""
        order = (screen.revision, int(clock.now().timestamp()) // ROUND)
        key = (screen.pk, site)
        found = self._known.get(key)
        if found is not None and found.order == order:
            return found
        document = build_manifest(screen, stage_of(screen, site))
        made = Manifest(document, version_of(document), order)
        with self._lock:
            self._known[key] = made
            self._known.move_to_end(key)
            while len(self._known) > self.MOST:
                self._known.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()


kept_manifests = _Kept()


def manifest_of(screen: Screen, site: str) -> Manifest:
    """Return what a screen plays; ``site`` is the beginning of every address of the city (``https://…``)."""
    return kept_manifests.get(screen, site)


def state_of(screen: Screen, site: str, player: str) -> dict[str, Any]:
    """Return what a player asks for every two seconds: which manifest holds, the alerts themselves, the player's version."""
    manifest = manifest_of(screen, site)
    return {
        "manifest": manifest.version,
        "order": list(manifest.order),
        "player": player,
        "alerts": alerts_document(alerts_for(screen)),
    }
