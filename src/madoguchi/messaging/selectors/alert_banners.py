"""What pages say of live alerts: the banner on top, and the answer of ``/now/``, which thousands of open pages ask for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.utils import translation

from ..models import Alert
from ..rules.alert_texts import templates
from ..rules.alerts import language_for
from .alerts import live_alerts

ASK_AGAIN = 5
"""Seconds after which an open page asks again."""
_MOST_KNOWN = 500
_documents: dict[tuple[Any, ...], tuple[bytes, str]] = {}


def look_of(alert: Alert) -> str:
    """Return how a banner looks: ``drill``, ``emergency`` (red) or ``warning`` (yellow)."""
    if alert.is_drill:
        return "drill"
    is_grave = (alert.evacuation_level or 0) >= 4 or alert.severity == "Extreme"
    return "emergency" if is_grave else "warning"


def where_of(alert: Alert, language: str, city: str) -> str:
    """Return in words where an alert holds."""
    texts = templates().get(language) or templates()["en"]
    names = [str(area["name"]) for area in alert.areas]
    return str(texts["joiner"].join(names)) if names else str(texts["whole"].format(city=city))


def banner_text(alert: Alert, language: str, city: Any) -> dict[str, str]:
    """Return title and text of the banner of an alert in a language it was said in."""
    said, labels = alert.contents[language], (templates().get(language) or templates()["en"])["labels"]
    first = next((line for line in said.get("instruction", "").splitlines() if line.strip()), "")
    name = city.name_en if language == "en" and city.name_en else city.name
    where = f"{labels['areas']}{labels['colon']}{where_of(alert, language, name)}"
    return {"title": said["headline"], "text": f"{where}{labels['gap']}{first.strip()}"}


def banners(municipality: Any, *, drills: bool) -> list[dict[str, Any]]:
    """Return the banners of a page in its language; drills are shown to staff alone."""
    wanted = translation.get_language() or "ja"
    shown = live_alerts(municipality, drills=None if drills else False)
    return [
        {
            "key": alert.key,
            "url": f"/now/{alert.key}/",
            "level": look_of(alert),
            "language": html_tag(language),
            **banner_text(alert, language, municipality),
        }
        for alert in shown
        for language in [language_for(alert.contents, wanted)]
    ]


def html_tag(language: str) -> str:
    """Return what belongs into ``lang``."""
    return "ja" if language.startswith("ja") else language


def now_document(municipality: Any, *, drills: bool) -> tuple[bytes, str]:
    """
    Return the JSON of what is live and its entity tag; nothing but the live alerts decides it.

    ``{"version", "again" (seconds), "alerts": [{"key", "url", "level", "drill", "evacuation_level", "issued_at", "texts": {language:
    {"title", "text"}}}]}``.
    """
    shown = live_alerts(municipality, drills=None if drills else False)
    key = (municipality.pk, drills, tuple(alert.pk for alert in shown))
    found = _documents.get(key)
    if found is None:
        if len(_documents) >= _MOST_KNOWN:
            _documents.clear()
        found = _documents[key] = _write(municipality, shown)
    return found


def _write(municipality: Any, shown: Sequence[Alert]) -> tuple[bytes, str]:
    entries = [_entry(municipality, alert) for alert in shown]
    version = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()[:16]
    document = {"version": version, "again": ASK_AGAIN, "alerts": entries}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{version}"'


def _entry(municipality: Any, alert: Alert) -> dict[str, Any]:
    return {
        "key": alert.key,
        "url": f"/now/{alert.key}/",
        "level": look_of(alert),
        "drill": alert.is_drill,
        "evacuation_level": alert.evacuation_level,
        "issued_at": alert.issued_at.isoformat() if alert.issued_at else None,
        "texts": {language: banner_text(alert, language, municipality) for language in alert.contents},
    }
