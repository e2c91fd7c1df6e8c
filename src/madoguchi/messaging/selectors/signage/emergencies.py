"""Live alerts as screens show them: which concern a screen, and their pages in every language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope

from ...models import Alert, Screen
from ...rules.signage import looks
from ...rules.signage.texts import pages_of
from ..alerts import live_alerts
from .slides import milliseconds

MOST_BODY, MOST_WHERE = 110, 90
"""Half-width characters on a page of an alert: letters of a twentieth of the screen's height and more."""
SECONDS = 8
WITHOUT_END = timedelta(hours=24)
MOST_KEPT = 200
_ORDER = ("ja", "ja-easy", "en")
_documents: dict[tuple[int, str, datetime], dict[str, Any]] = {}


def alerts_for(screen: Screen) -> list[Alert]:
    """Return the live alerts a screen must show now, the gravest first; where one is meant, drills are left out."""
    found = [alert for alert in live_alerts() if concerns(alert, screen)]
    actual = [alert for alert in found if not alert.is_drill]
    return actual or found


def concerns(alert: Alert, screen: Screen) -> bool:
    """Tell whether an alert is for where a screen stands; a screen whose place is not known takes every one."""
    if alert.is_drill and not screen.takes_drills:
        return False
    # A district (栄町一丁目) is part of a town (栄町), and the other way round.
    return (
        not alert.towns
        or not screen.town
        or any(screen.town.startswith(town) or town.startswith(screen.town) for town in alert.towns)
    )


def alerts_document(alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Return the alerts for the player, with a ``version`` that changes when anything to be seen does."""
    return [_document(alert) for alert in alerts]


def _document(alert: Alert) -> dict[str, Any]:
    # What was issued never changes, an update is another alert; every screen asks for it every two seconds.
    kept = (alert.pk, alert.state, end_of(alert))
    found = _documents.get(kept)
    if found is None:
        pages = [
            {"language": language, "html": html, "seconds": SECONDS}
            for language in _languages(alert)
            for html in alert_pages(alert, language)
        ]
        found = {"key": alert.key, "ends": milliseconds(end_of(alert)), "is_drill": alert.is_drill, "pages": pages}
        found["version"] = version_of(found)
        if len(_documents) > MOST_KEPT:
            _documents.clear()
        _documents[kept] = found
    return found


def version_of(document: Any) -> str:
    """Return a digest of a JSON document."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]


def end_of(alert: Alert) -> datetime:
    """Return until when a screen that hears nothing more shows an alert."""
    return alert.expires_at or (alert.issued_at or alert.created_at) + WITHOUT_END


def _languages(alert: Alert) -> list[str]:
    known = [language for language in _ORDER if _says(alert, language)]
    return known + sorted(language for language in alert.contents if language not in known and _says(alert, language))


def _says(alert: Alert, language: str) -> bool:
    return any(str(alert.contents.get(language, {}).get(part, "")).strip() for part in ("headline", "instruction"))


def alert_pages(alert: Alert, language: str) -> list[str]:
    """Return the pages of an alert in a language: each says what it is, where, since when and what to do."""
    texts = alert.contents[language]
    city = municipality_in_scope()
    name = city.name_en if language == "en" and city.name_en else city.name
    look = looks.look_of(evacuation_level=alert.evacuation_level, severity=alert.severity)
    context = {
        "look": look,
        "drill": looks.word_in(looks.drill_look().words, language) if alert.is_drill else "",
        "word": looks.word_in(look.words, language),
        "language": "ja" if language.startswith("ja") else language,
        "headline": str(texts.get("headline") or alert.event_name),
        "labels": {key: looks.word_in(words, language) for key, words in looks.LABELS.items()},
        "issued": looks.word_in(looks.LABELS["issued"], language) % {"time": _time_in(alert, language)},
        "city": name,
    }
    bodies = [("do", page) for page in pages_of(str(texts.get("instruction") or ""), MOST_BODY)]
    bodies += [("", page) for page in pages_of(str(texts.get("description") or ""), MOST_BODY)]
    wheres = pages_of(_where(alert, language, name), MOST_WHERE)
    total = max(len(bodies), len(wheres))
    found = []
    for number in range(total):
        part, body = bodies[number % len(bodies)] if bodies else ("", "")
        said = {"part": part, "body": body, "where": wheres[number % len(wheres)], "number": number + 1, "total": total}
        with translation.override(language if language in ("ja", "ja-easy") else "en"):
            found.append(render_to_string("messaging/signage/_alert.html", {**context, **said}).strip())
    return found


def _where(alert: Alert, language: str, city: str) -> str:
    names = [str(area.get("name") or area.get("town") or "") for area in alert.areas]
    names = [name for name in names if name]
    if not names:
        return looks.word_in(looks.LABELS["everywhere"], language) % {"city": city}
    gap = "、" if language.startswith("ja") else ", "
    return gap.join(names)


def _time_in(alert: Alert, language: str) -> str:
    moment = clock.local(alert.issued_at or alert.created_at)
    hour = f"{moment.hour}:{moment.minute:02d}"
    return f"{moment.month}月{moment.day}日 {hour}" if language.startswith("ja") else f"{moment:%d %b} {hour}"
