"""What a telegram says of each event for one municipality: warnings grouped by what one alert is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .telegram import Area, Layer, Telegram, Warning
from .telegram_rules import Match, Reach

EVENT_CODES: Mapping[str, str] = {
    "rain": "heavy_rain",
    "record_rain": "heavy_rain",
    "rainband": "heavy_rain",
    "flood": "flood",
    "river": "flood",
    "landslide": "landslide",
    "surge": "storm_surge",
    "wave": "storm",
    "storm": "storm",
    "snowstorm": "storm",
    "tornado": "storm",
    "typhoon": "storm",
    "snow": "snow",
    "heavy_snow": "snow",
    "avalanche": "snow",
    "earthquake": "earthquake",
    "eew": "earthquake",
    "long_period": "earthquake",
    "nankai": "earthquake",
    "aftershock": "earthquake",
    "tsunami": "tsunami",
    "volcano": "volcano",
    "ash": "volcano",
}
"""Our hazard → the code of the event an alert carries; anything else is ``other``."""

_BY_EARTHQUAKE = frozenset({"earthquake", "eew", "long_period"})


@dataclass(frozen=True, slots=True)
class EventView:
    """
    What a telegram says of one event: ``match`` is the gravest warning that stands (None: nothing stands any more).

    ``is_over``: the telegram says that it is over (lifted, cancelled, or left out of a list that would hold it).
    """

    key: str
    hazard: str
    match: Match | None
    is_over: bool

    @property
    def standing(self) -> Match:
        """Return the warning that stands; ``ValueError`` where none does."""
        if self.match is None:
            raise ValueError(f"nothing stands of {self.key}")
        return self.match

    def signature(self) -> dict[str, Any]:
        """Return by what an alert is told to be the same as before; early warnings follow each other by the second."""
        if self.match is None:
            return {}
        one = self.match.warning
        if one.hazard == "eew":
            return {"level": one.level.value}
        return {"level": one.level.value, "alert_level": one.assessment.alert_level, "intensity": one.intensity}


def event_key(telegram: Telegram, warning: Warning) -> str:
    """
    Return the key of the event a warning is about: alerts with one key follow each other.

    An earthquake is named by the agency's event number; a volcano and a river by their own; the warnings of weather and of
    tsunamis are a state that changes, one for each hazard.
    """
    if warning.hazard in _BY_EARTHQUAKE:
        return f"jma:{warning.hazard}:{telegram.event_id}"
    if warning.hazard == "volcano":
        code = next((area.code for one in telegram.warnings for area in one.areas if area.layer is Layer.VOLCANO), "")
        return f"jma:volcano:{code or telegram.event_id}"
    if warning.hazard in {"river", "ash", "other"}:
        return f"jma:{warning.hazard}:{telegram.event_id}"[:120]
    return f"jma:{warning.hazard}"


def view_events(telegram: Telegram, matches: Sequence[Match]) -> list[EventView]:
    """Return what a telegram says of each event for a municipality, the gravest first."""
    groups: dict[str, list[Match]] = {}
    for match in matches:
        if match.warning.name:
            groups.setdefault(event_key(telegram, match.warning), []).append(match)
    views = [_view(key, found) for key, found in groups.items()]
    views += [EventView(f"jma:{hazard}", hazard, None, True) for hazard in _left_out(telegram, matches, groups)]
    return sorted(views, key=_gravity, reverse=True)


def _view(key: str, found: Sequence[Match]) -> EventView:
    live = [match for match in found if match.warning.is_live]
    sure = [match for match in live if match.reach is Reach.CERTAIN]
    top = max(sure or live, key=_rank, default=None)
    return EventView(key, found[0].warning.hazard, top, top is None)


def _rank(match: Match) -> tuple[int, int, int]:
    one = match.warning
    return one.level.rank, one.assessment.alert_level, one.intensity


def _gravity(view: EventView) -> tuple[int, int, int]:
    return (-1, 0, 0) if view.match is None else _rank(view.match)


def _left_out(telegram: Telegram, matches: Iterable[Match], groups: Mapping[str, object]) -> list[str]:
    """Return the hazards a full list of a city's warnings (気象警報・注意報) does not hold: they are over there."""
    named = any(area.layer is Layer.CITY for match in matches for area in match.areas)
    covered = telegram.facts.get("covers", "")
    if not named or not covered:
        return []
    return [hazard for hazard in covered.split(",") if f"jma:{hazard}" not in groups]


def areas_of(match: Match, home_name: str) -> list[dict[str, str]]:
    """Return the areas of an alert: the parts of the city a warning names, or nothing where it is for all of it."""
    parts = [area for area in match.areas if area.layer is Layer.CITY and _is_part(area, home_name)]
    return [{"name": area.name, "code": area.code} for area in parts]


def _is_part(area: Area, home_name: str) -> bool:
    return not area.code.endswith("00") or (home_name not in area.name and len(area.municipality_codes) > 1)
