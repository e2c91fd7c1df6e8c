"""What the pages of emergencies share: finding an alert, previews, whom it goes to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids
from madoguchi.trust.api import Account, account_of, municipality_in_scope

from ...enums import AlertState
from ...forms.alerts import language_name
from ...models import Alert
from ...registry import Outgoing, Preview, channels
from ...rules.alert_audience import audience_of
from ...rules.alert_texts import message_contents, stage_label
from ...rules.alerts import mark_drill
from ...rules.audience import parse_rule
from ...selectors.alert_banners import banner_text, look_of, where_of
from ...selectors.alerts import find_alert, find_live
from ...selectors.audience import AudienceCount, count_audience
from ...selectors.settings import site_address

TONES = {
    AlertState.DRAFT: "caution",
    AlertState.ISSUED: "bad",
    AlertState.UPDATED: "idle",
    AlertState.CANCELLED: "good",
    AlertState.EXPIRED: "idle",
    AlertState.DISCARDED: "idle",
}


def get_alert(key: str) -> Alert:
    """Return the alert with a key; 404 for none."""
    alert = find_alert(key) if ids.is_ulid(key) else None
    if alert is None:
        raise Http404("alert")
    return alert


def actor_of(request: HttpRequest) -> Account:
    """Return who is at work; the decorators have let somebody in."""
    actor = account_of(request)
    assert actor is not None  # noqa: S101 - every page asks for a permission first
    return actor


def trail(here: str, *between: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumbs of a page of emergencies: the first page of them, what lies between, and where one is."""
    steps = [(_("緊急"), reverse("emergency:index")), *between, (here, "")]
    return [{"label": label, "url": url} for label, url in steps]


def frame(alert: Alert, here: str, *between: tuple[str, str]) -> dict[str, Any]:
    """Return what every page of an alert shows; ``here`` is what the page is called in the breadcrumbs."""
    city = municipality_in_scope()
    return {
        "alert": alert,
        "tone": TONES[AlertState(alert.state)],
        "stage": stage_label(alert.event_code, alert.evacuation_level),
        "where": where_of(alert, "ja", city.name),
        "breadcrumbs": trail(here, *between),
        "live_other": _other_live(alert),
    }


def _other_live(alert: Alert) -> Alert | None:
    if alert.state == AlertState.ISSUED:
        return None
    return find_live(alert.event_key, status=alert.status)


def people_of(alert: Alert) -> AudienceCount:
    """Return how many people an alert would go to, by which ways, and how many no way reaches."""
    return count_audience(parse_rule(audience_of(alert.towns, is_drill=alert.is_drill)), is_emergency=True)


def previews(alert: Alert) -> list[tuple[str, str, list[tuple[str, Preview]]]]:
    """Return for each language (code, name) how the alert would look: the banner, a screen, and every way that is set up."""
    city = municipality_in_scope()
    shown = Alert(contents=_as_said(alert), areas=alert.areas, status=alert.status, severity=alert.severity)
    shown.evacuation_level, shown.event_code = alert.evacuation_level, alert.event_code
    messages = message_contents(
        shown.contents,
        areas=[area["name"] for area in alert.areas],
        city=city.name,
        city_en=city.name_en,
        is_drill=alert.is_drill,
    )
    found = []
    for language, said in messages.items():
        if not shown.contents[language].get("headline"):
            continue
        banner = banner_text(shown, language, city)
        parts = [(_("ホームページの帯"), Preview(parts=((banner["title"], banner["text"]),)))]
        screen = Preview(parts=((said["subject"], shown.contents[language]["instruction"]),))
        parts.append((_("サイネージの画面"), screen))
        parts += [(_(channel.label), channel.preview(_outgoing(alert, language, said))) for channel in channels]
        found.append((language, language_name(language), parts))
    return found


def _as_said(alert: Alert) -> dict[str, dict[str, str]]:
    return mark_drill(alert.contents) if alert.is_drill else alert.contents


def look(alert: Alert) -> str:
    """Return how the banner of an alert looks."""
    return look_of(alert)


def _outgoing(alert: Alert, language: str, said: dict[str, str]) -> Outgoing:
    return Outgoing(
        delivery_id=0,
        message_key=alert.key,
        address="",
        details={},
        language=language,
        subject=said["subject"],
        body=said["body"],
        short=said["short"],
        page=f"{site_address()}/now/{alert.key}/",
        alert_key=alert.key,
        is_emergency=True,
        is_drill=alert.is_drill,
        expires_at=alert.expires_at or clock.now(),
    )
