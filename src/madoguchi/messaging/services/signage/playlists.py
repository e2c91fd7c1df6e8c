"""Playlists, their items and hours. Whatever changes reaches the screens within seconds."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...enums import SignageKind
from ...errors import ContentError
from ...models import Playlist, PlaylistItem, Schedule, Screen
from ...permissions import screen_policy
from ...registry import signage_sources
from .common import touch_screens

FIELDS = frozenset(
    {
        "name", "asset", "source", "path", "contents", "language", "seconds", "valid_from", "valid_until", "days",
        "hours_from", "hours_until", "open_days_only",
    }
)  # fmt: skip
SHORTEST, LONGEST = 3, 3600


@transaction.atomic
def add_playlist(*, name: str, actor: Account, note: str = "") -> Playlist:
    """Begin a playlist; nothing of it is shown before it has items and hours."""
    screen_policy.require(actor, "edit")
    made = Playlist.objects.create(municipality=municipality_in_scope(), name=name, note=note, created_at=clock.now())
    record_event(kind=events.PLAYLIST_CHANGED, subject=made, actor=actor, data={"change": "added"})
    return made


@transaction.atomic
def change_playlist(*, playlist: Playlist, actor: Account, name: str, note: str = "") -> Playlist:
    """Rename a playlist."""
    screen_policy.require(actor, "edit")
    playlist.name, playlist.note = name, note
    playlist.save(update_fields=["name", "note"])
    _changed(playlist, actor, "renamed")
    return playlist


@transaction.atomic
def remove_playlist(*, playlist: Playlist, actor: Account) -> None:
    """Remove a playlist with its hours; what was played of it stays in the proof."""
    screen_policy.require(actor, "edit")
    playlist.removed_at = clock.now()
    playlist.save(update_fields=["removed_at"])
    playlist.schedules.all().delete()
    _changed(playlist, actor, "removed")


@transaction.atomic
def set_playlist_stopped(*, playlist: Playlist, stopped: bool, actor: Account) -> None:
    """Take a playlist off every screen now, or let it be shown again."""
    screen_policy.require(actor, "edit")
    if (playlist.stopped_at is not None) != stopped:
        playlist.stopped_at = clock.now() if stopped else None
        playlist.save(update_fields=["stopped_at"])
        touch_screens()
        kind = events.PLAYLIST_STOPPED if stopped else events.PLAYLIST_RESUMED
        record_event(kind=kind, subject=playlist, actor=actor)


@transaction.atomic
def add_item(*, playlist: Playlist, kind: str, actor: Account, **fields: Any) -> PlaylistItem:
    """Put something at the end of a playlist; raises ``ContentError`` with what is missing."""
    screen_policy.require(actor, "edit")
    last = playlist.items.aggregate(last=Max("order"))["last"] or 0
    item = PlaylistItem(municipality=municipality_in_scope(), playlist=playlist, kind=kind, order=last + 1)
    _fill(item, fields)
    item.save()
    _changed(playlist, actor, "item_added", item=item.pk)
    return item


@transaction.atomic
def change_item(*, item: PlaylistItem, actor: Account, **fields: Any) -> PlaylistItem:
    """Change an item; raises ``ContentError`` with what is missing."""
    screen_policy.require(actor, "edit")
    _fill(item, fields)
    item.save()
    _changed(item.playlist, actor, "item_changed", item=item.pk)
    return item


def _fill(item: PlaylistItem, fields: dict[str, Any]) -> None:
    unknown = set(fields) - FIELDS
    if unknown:
        raise TypeError(f"an item has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(item, name, value)
    problems = _problems_of(item)
    if problems:
        raise ContentError(problems[0][1], problems)


def _problems_of(item: PlaylistItem) -> list[tuple[str, str]]:
    found = []
    if item.kind in (SignageKind.IMAGE, SignageKind.VIDEO):
        asset = item.asset
        if asset is None or asset.removed_at or asset.is_video != (item.kind == SignageKind.VIDEO):
            found.append(("asset", _("表示する素材を選んでください。")))
    if item.kind in (SignageKind.TEXT, SignageKind.PAGE) and not any(
        texts.get("title") or texts.get("body") for texts in item.contents.values()
    ):
        found.append(("title_ja", _("表示する文字を入力してください。")))
    if item.kind == SignageKind.LIVE and item.source not in signage_sources:
        found.append(("source", _("自動で変わる案内を選んでください。")))
    if item.kind == SignageKind.PAGE and not (item.path.startswith("/") and not item.path.startswith("//")):
        found.append(("path", _("このサイトのページを、/ で始まるアドレスで入力してください。")))
    if not SHORTEST <= item.seconds <= LONGEST:
        found.append(("seconds", _("表示する秒数は3から3600までです。")))
    if item.valid_from and item.valid_until and item.valid_until <= item.valid_from:
        found.append(("valid_until", _("掲出の終わりは、始まりより後にしてください。")))
    return found


@transaction.atomic
def move_item(*, item: PlaylistItem, up: bool, actor: Account) -> None:
    """Exchange an item with the one before or after it; at the end nothing happens."""
    screen_policy.require(actor, "edit")
    rows = list(
        PlaylistItem.objects.select_for_update()
        .filter(playlist=item.playlist_id, removed_at__isnull=True)
        .order_by("order", "pk")
    )
    places = [row.pk for row in rows]
    here = places.index(item.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for number, row in enumerate(rows, start=1):
        row.order = number
    PlaylistItem.objects.bulk_update(rows, ["order"])
    _changed(item.playlist, actor, "item_moved", item=item.pk)


@transaction.atomic
def remove_item(*, item: PlaylistItem, actor: Account) -> None:
    """Take an item out of its playlist; what was played of it stays in the proof."""
    screen_policy.require(actor, "edit")
    item.removed_at = clock.now()
    item.save(update_fields=["removed_at"])
    _changed(item.playlist, actor, "item_removed", item=item.pk)


@transaction.atomic
def set_item_stopped(*, item: PlaylistItem, stopped: bool, actor: Account) -> None:
    """Take one item off every screen now, or let it be shown again."""
    screen_policy.require(actor, "edit")
    if (item.stopped_at is not None) != stopped:
        item.stopped_at = clock.now() if stopped else None
        item.save(update_fields=["stopped_at"])
        _changed(item.playlist, actor, "item_stopped" if stopped else "item_resumed", item=item.pk)


@transaction.atomic
def add_schedule(
    *, playlist: Playlist, actor: Account, screen: Screen | None = None, group: str = "", **fields: Any
) -> Schedule:
    """Let a playlist be shown on a screen, a group or everywhere, in its hours."""
    screen_policy.require(actor, "edit")
    made = Schedule.objects.create(
        municipality=municipality_in_scope(),
        playlist=playlist,
        screen=screen,
        group="" if screen else group,
        created_at=clock.now(),
        **fields,
    )
    touch_screens()
    data = {"playlist": playlist.pk, "change": "added"}
    record_event(kind=events.SCHEDULE_CHANGED, subject=made, actor=actor, data=data)
    return made


@transaction.atomic
def remove_schedule(*, schedule: Schedule, actor: Account) -> None:
    """End the hours of a playlist."""
    screen_policy.require(actor, "edit")
    data = {"playlist": schedule.playlist_id, "change": "removed"}
    record_event(kind=events.SCHEDULE_CHANGED, subject=schedule, actor=actor, data=data)
    schedule.delete()
    touch_screens()


def _changed(playlist: Playlist, actor: Account, change: str, **data: Any) -> None:
    touch_screens()
    record_event(kind=events.PLAYLIST_CHANGED, subject=playlist, actor=actor, data={"change": change, **data})
