"""Screens as staff see them: how they are, in words, problems first; what is on now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madoguchi.kit import clock

from ...models import Playlist, Screen, SignageAsset
from ...rules.signage.choosing import choose, is_within
from .emergencies import alerts_document, alerts_for
from .manifest import build_manifest
from .slides import Stage, languages_of, slides_of

LOST_AFTER = timedelta(minutes=10)
ONLINE_WITHIN = timedelta(seconds=90)
SKEW_MS = 60_000
"""A player corrects its clock by ours; a device so far off still has a wrong one for its own system."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a screen is: ``state`` (ok, asleep, late, lost, unpaired, never), a tone for marks, and what is wrong in words."""

    state: str
    tone: str
    words: str
    age: str
    problems: tuple[str, ...]


def all_screens() -> QuerySet[Screen]:
    """Return the screens that have not been taken away."""
    return Screen.objects.filter(removed_at__isnull=True).select_related("unit", "override")


def problems_first(screens: QuerySet[Screen]) -> QuerySet[Screen]:
    """Order screens by what needs somebody: lost, never connected, in trouble, then by name."""
    late = clock.now() - ONLINE_WITHIN
    place = Case(
        When(~Q(secret_digest="") & Q(lost_at__isnull=False), then=Value(0)),
        When(~Q(secret_digest="") & (Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=late)), then=Value(1)),
        When(secret_digest="", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return screens.annotate(trouble=place).order_by("trouble", "name", "pk")


def with_state(screens: QuerySet[Screen], state: str) -> QuerySet[Screen]:
    """Keep the screens in a state: ``ok``, ``problem`` or ``unpaired``; all for another word."""
    late = clock.now() - ONLINE_WITHIN
    paired = ~Q(secret_digest="")
    conditions = {
        "ok": paired & Q(last_seen_at__gte=late),
        "problem": paired & (Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=late)),
        "unpaired": Q(secret_digest=""),
    }
    return screens.filter(conditions[state]) if state in conditions else screens


def in_group(screens: QuerySet[Screen], group: str) -> list[int]:
    """Return the ids of the screens in a group; portable, for SQLite cannot look into a JSON list."""
    return [pk for pk, groups in screens.values_list("pk", "groups") if group in groups]


def groups() -> list[str]:
    """Return every group some screen is in."""
    return sorted({group for found in all_screens().values_list("groups", flat=True) for group in found})


def age_words(moment: datetime | None) -> str:
    """Return how long ago something was: in words, for people who look after screens."""
    if moment is None:
        return _("まだ連絡がありません")
    seconds = int((clock.now() - moment).total_seconds())
    if seconds < 60:
        return _("1分以内")
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return ngettext("%(count)s分前", "%(count)s分前", minutes) % {"count": minutes}
    if hours < 48:
        return ngettext("%(count)s時間前", "%(count)s時間前", hours) % {"count": hours}
    return ngettext("%(count)s日前", "%(count)s日前", days) % {"count": days}


def is_asleep(screen: Screen, at: datetime | None = None) -> bool:
    """Tell whether a screen is dark by its own hours."""
    if screen.sleeps_from is None or screen.sleeps_until is None:
        return False
    window = {
        "from": screen.sleeps_from.hour * 60 + screen.sleeps_from.minute,
        "until": screen.sleeps_until.hour * 60 + screen.sleeps_until.minute,
    }
    return is_within(window, int((at or clock.now()).timestamp() * 1000), ())


def may_be_silent(screen: Screen) -> bool:
    """Tell whether a screen is dark, or has been so ten minutes ago: its device may be off, or be starting."""
    return is_asleep(screen) or is_asleep(screen, clock.now() - LOST_AFTER)


def health_of(screen: Screen) -> Health:
    """Return how a screen is now."""
    age = age_words(screen.last_seen_at)
    if not screen.is_paired:
        return Health("unpaired", "idle", _("機器がつながっていません"), age, ())
    if screen.last_seen_at is None:
        return Health("never", "caution", _("接続後、まだ連絡がありません"), age, ())
    silent = clock.now() - screen.last_seen_at
    if silent > LOST_AFTER and not may_be_silent(screen):
        words = _("連絡が途絶えています")
        advice = _("電源とネットワークを確かめてください。画面は、保存してある番組を続けて表示しているはずです。")
        return Health("lost", "bad", words, age, (advice,))
    if silent > ONLINE_WITHIN:
        words = _("消灯中") if is_asleep(screen) else _("連絡が遅れています")
        return Health(
            "asleep" if is_asleep(screen) else "late", "idle" if is_asleep(screen) else "caution", words, age, ()
        )
    problems = _problems(screen)
    if problems:
        return Health("trouble", "caution", _("動いていますが、問題があります"), age, problems)
    asleep = is_asleep(screen)
    return Health(
        "asleep" if asleep else "ok", "idle" if asleep else "good", _("消灯中") if asleep else _("正常"), age, ()
    )


def _problems(screen: Screen) -> tuple[str, ...]:
    status = screen.status
    found = [_("画面の報告：%(error)s") % {"error": error} for error in status.get("errors", [])]
    if abs(status.get("skew_ms", 0)) > SKEW_MS:
        minutes = round(abs(status["skew_ms"]) / 60_000)
        found.append(_("機器の時計が約%(count)s分ずれています。表示の時刻は補正しています。") % {"count": minutes})
    if not status.get("keeps", True):
        found.append(_("オフライン用の保存ができません。https で開いているか確かめてください。"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OnNow:
    """What is on a screen by plan: a name, a picture (HTML of a slide), and whether it is an alert."""

    name: str
    html: str
    is_alert: bool = False


def on_now(screen: Screen, site: str, asset_address: Callable[[SignageAsset], str]) -> OnNow:
    """Return what a screen shows now by plan; where the player says which item, that one."""
    alerts = alerts_for(screen)
    if alerts:
        return OnNow(str(alerts[0]), alerts_document(alerts[:1])[0]["pages"][0]["html"], is_alert=True)
    if is_asleep(screen):
        return OnNow(_("消灯中"), "")
    manifest = build_manifest(screen, Stage(languages_of(screen), asset_address, site, screen))
    found = choose(manifest, int(clock.now().timestamp() * 1000))
    said = str(screen.status.get("subject", "")).removeprefix("item:")
    key, place = next((pair for pair in found if pair[0] == said), found[0])
    slides = manifest["house"] if key == "house" else manifest["items"][key]["slides"]
    name = _("日付と時刻（番組がないときの表示）") if key == "house" else manifest["items"][key]["name"]
    return OnNow(name, slides[place]["html"])


def playlist_slides(playlist: Playlist, stage: Stage) -> list[dict[str, Any]]:
    """Return every item of a playlist with its slides, for the preview: what is true now, of stopped ones too."""
    items = playlist.items.select_related("asset__stored").filter(removed_at__isnull=True).order_by("order", "pk")
    now = clock.now()
    return [{"item": item, "slides": [one for one in slides_of(item, stage) if one.is_true(now)]} for item in items]
