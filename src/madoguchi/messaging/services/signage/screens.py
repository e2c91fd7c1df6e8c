"""Screens: registered, described, told to show something now, taken away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...errors import StatusError
from ...models import PairingCode, Playlist, Screen
from ...permissions import screen_policy
from .common import touch_screens

CHANGEABLE = frozenset(
    {
        "name", "place", "town", "unit", "groups", "turn", "languages", "takes_drills", "is_muted", "volume",
        "sleeps_from", "sleeps_until",
    }
)  # fmt: skip


@transaction.atomic
def add_screen(*, name: str, actor: Account, **fields: Any) -> Screen:
    """Register a screen; ``fields`` are those of ``CHANGEABLE``."""
    screen_policy.require(actor, "edit")
    _require_known(fields)
    screen = Screen.objects.create(
        municipality=municipality_in_scope(), name=name, created_at=clock.now(), **{"languages": ["ja"], **fields}
    )
    record_event(kind=events.SCREEN_ADDED, subject=screen, actor=actor)
    return screen


@transaction.atomic
def change_screen(*, screen: Screen, actor: Account, **fields: Any) -> Screen:
    """Change what is known of a screen and how it plays."""
    screen_policy.require(actor, "edit")
    _require_known(fields)
    changed = sorted(name for name, value in fields.items() if getattr(screen, name) != value)
    for name in changed:
        setattr(screen, name, fields[name])
    if changed:
        screen.save(update_fields=changed)
        touch_screens(screens=[screen.pk])
        record_event(kind=events.SCREEN_CHANGED, subject=screen, actor=actor, data={"fields": changed})
    return screen


def _require_known(fields: Iterable[str]) -> None:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"a screen has no {', '.join(sorted(unknown))} to be changed")


@transaction.atomic
def remove_screen(*, screen: Screen, actor: Account) -> None:
    """Take a screen away: its device is shut out, its proof of play stays."""
    screen_policy.require(actor, "edit")
    if screen.removed_at is None:
        screen.removed_at, screen.secret_digest = clock.now(), ""
        screen.save(update_fields=["removed_at", "secret_digest"])
        PairingCode.objects.filter(screen=screen).delete()
        screen.schedules.all().delete()
        record_event(kind=events.SCREEN_REMOVED, subject=screen, actor=actor)


@transaction.atomic
def override_screens(*, screens: Iterable[Screen], playlist: Playlist, until: datetime, actor: Account) -> int:
    """Show a playlist now, until a moment, on screens whatever their schedules say; return on how many."""
    screen_policy.require(actor, "edit")
    if until <= clock.now():
        raise StatusError(_("終わりの時刻が過ぎています。これから先の時刻にしてください。"))
    if playlist.removed_at or playlist.stopped_at:
        raise StatusError(_("この番組は止まっています。再開してから選んでください。"))
    chosen = [screen for screen in screens if screen.removed_at is None]
    Screen.objects.filter(pk__in=[screen.pk for screen in chosen]).update(override=playlist, override_until=until)
    touch_screens(screens=[screen.pk for screen in chosen])
    for screen in chosen:
        data = {"playlist": playlist.pk, "until": until.isoformat()}
        record_event(kind=events.SCREEN_OVERRIDDEN, subject=screen, actor=actor, data=data)
    return len(chosen)


@transaction.atomic
def end_override(*, screen: Screen, actor: Account) -> None:
    """Go back to the schedule at once."""
    screen_policy.require(actor, "edit")
    if screen.override_id is not None:
        screen.override, screen.override_until = None, None
        screen.save(update_fields=["override", "override_until"])
        touch_screens(screens=[screen.pk])
        record_event(kind=events.SCREEN_OVERRIDE_ENDED, subject=screen, actor=actor)
