"""A CAP message as values (OASIS Common Alerting Protocol 1.2, section 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
NAMESPACE_11 = "urn:oasis:names:tc:emergency:cap:1.1"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
MEDIA_TYPE = "application/cap+xml"
JAPAN = timezone(timedelta(hours=9))

LANGUAGES = {"ja-easy": "ja-simple"}
"""Our language → the tag in a CAP message where they differ: plain Japanese (やさしい日本語) has the variant ``simple`` of BCP 47."""

OUR_LANGUAGES = {tag: language for language, tag in LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class CapArea:
    """Where: in words, and by polygons (``lat,lon lat,lon …``, closed), circles (``lat,lon km``) and codes (name, value)."""

    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()
    altitude: str = ""
    ceiling: str = ""


@dataclass(frozen=True, slots=True)
class CapInfo:
    """What is said in one language; times are aware."""

    language: str
    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    response_types: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[CapArea, ...] = ()


@dataclass(frozen=True, slots=True)
class CapAlert:
    """A message: who sent it when, what kind of message it is, to what it refers, and what it says in each language."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    scope: str = "Public"
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: str = ""
    incidents: str = ""
    infos: tuple[CapInfo, ...] = ()
    version: str = "1.2"


def cap_time(moment: datetime) -> str:
    """Return a moment as CAP writes it, in Japanese time: ``2026-11-20T09:00:00+09:00``."""
    return moment.astimezone(JAPAN).isoformat(timespec="seconds")
