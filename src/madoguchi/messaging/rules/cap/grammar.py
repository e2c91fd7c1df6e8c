"""What stands where in a CAP message, how often, and what may stand in it (CAP 1.2 section 3.2, CAP 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MANY = 10**6


@dataclass(frozen=True, slots=True)
class Item:
    """An element at its place in the order: how often at least and at most, and of what ``kind`` its text is."""

    name: str
    kind: str
    least: int = 0
    most: int = 1


def _must(name: str, kind: str = "text") -> Item:
    return Item(name, kind, least=1)


def _may(name: str, kind: str = "text") -> Item:
    return Item(name, kind)


def _some(name: str, kind: str = "text", least: int = 0) -> Item:
    return Item(name, kind, least=least, most=MANY)


ENUMERATIONS: Mapping[str, tuple[str, ...]] = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": ("Alert", "Update", "Cancel", "Ack", "Error"),
    "scope": ("Public", "Restricted", "Private"),
    "category": (
        "Geo",
        "Met",
        "Safety",
        "Security",
        "Rescue",
        "Fire",
        "Health",
        "Env",
        "Transport",
        "Infra",
        "CBRNE",
        "Other",
    ),
    "responseType": (
        "Shelter",
        "Evacuate",
        "Prepare",
        "Execute",
        "Avoid",
        "Monitor",
        "Assess",
        "AllClear",
        "None",
    ),
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}
"""Element → its values."""

ONLY_IN_12 = {"responseType": frozenset({"Avoid", "AllClear"})}
"""Values CAP 1.1 does not know."""

ALERT = (
    _must("identifier", "identifier"),
    _must("sender", "identifier"),
    _must("sent", "time"),
    _must("status", "enumeration"),
    _must("msgType", "enumeration"),
    _may("source"),
    _must("scope", "enumeration"),
    _may("restriction"),
    _may("addresses"),
    _some("code"),
    _may("note"),
    _may("references", "references"),
    _may("incidents"),
    _some("info", "group"),
)

INFO = (
    _may("language", "language"),
    _some("category", "enumeration", least=1),
    _must("event", "filled"),
    _some("responseType", "enumeration"),
    _must("urgency", "enumeration"),
    _must("severity", "enumeration"),
    _must("certainty", "enumeration"),
    _may("audience"),
    _some("eventCode", "group"),
    _may("effective", "time"),
    _may("onset", "time"),
    _may("expires", "time"),
    _may("senderName"),
    _may("headline"),
    _may("description"),
    _may("instruction"),
    _may("web", "uri"),
    _may("contact"),
    _some("parameter", "group"),
    _some("resource", "group"),
    _some("area", "group"),
)

RESOURCE = (
    _must("resourceDesc"),
    _must("mimeType"),
    _may("size", "integer"),
    _may("uri", "uri"),
    _may("derefUri"),
    _may("digest"),
)
RESOURCE_11 = (_must("resourceDesc"), _may("mimeType"), *RESOURCE[2:])

AREA = (
    _must("areaDesc", "filled"),
    _some("polygon", "polygon"),
    _some("circle", "circle"),
    _some("geocode", "group"),
    _may("altitude", "height"),
    _may("ceiling", "height"),
)
AREA_11 = (*AREA[:-2], _may("altitude"), _may("ceiling"))

PAIR = (_must("valueName"), _must("value"))

GROUPS: Mapping[str, Mapping[str, tuple[Item, ...]]] = {
    "1.2": {
        "alert": ALERT,
        "info": INFO,
        "resource": RESOURCE,
        "area": AREA,
        "eventCode": PAIR,
        "parameter": PAIR,
        "geocode": PAIR,
    },
    "1.1": {
        "alert": ALERT,
        "info": INFO,
        "resource": RESOURCE_11,
        "area": AREA_11,
        "eventCode": PAIR,
        "parameter": PAIR,
        "geocode": PAIR,
    },
}
"""Version → group → its elements in their order."""
