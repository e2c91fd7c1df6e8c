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
