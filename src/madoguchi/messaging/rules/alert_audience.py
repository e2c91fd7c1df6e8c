"""Whom an alert goes to, as a rule of an audience."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

DRILL_TOPIC = "drill"
"""Who subscribes to this topic agrees to get drills."""

DRILL_SOURCE = "messaging.staff"
"""The audience source of the city's own staff."""

TOWN_SOURCE = "messaging.town"
"""The audience source that tells people whose town is not known."""

TOLD_SOURCE = "messaging.told"
"""The audience source of everybody something was sent to about an event, by the key of its first alert."""

MOST_TOWNS = 900
"""An alert for more towns than this goes to everybody: a rule takes no more."""


def audience_of(towns: Sequence[str], *, is_drill: bool) -> dict[str, Any]:
    """
    Return the rule for everybody in some towns (none: everybody); of a drill, for staff and those who agreed to drills.

    People whose town the city does not know are told too: a guest who gave no more than an address may live there.
    """
    if is_drill:
        return {"any": [{"source": {"key": DRILL_SOURCE, "values": ["all"]}}, {"topic": [DRILL_TOPIC]}]}
    if not towns or len(towns) > MOST_TOWNS:
        return {"everyone": True}
    return {"any": [{"town": sorted(set(towns))}, {"source": {"key": TOWN_SOURCE, "values": ["unknown"]}}]}


def audience_of_end(towns: Sequence[str], *, is_drill: bool, told: str) -> dict[str, Any]:
    """
    Return the rule for the end of an event: everybody it is for, and everybody who was told of it until now.

    Whoever has moved, has ended a subscription or lives in a town an update left out must not go on believing that it holds.
    ``told`` is the key of the first alert of the event.
    """
    known = {"source": {"key": TOLD_SOURCE, "values": [told]}}
    return {"any": [audience_of(towns, is_drill=is_drill), known]}
