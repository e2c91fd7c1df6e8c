"""
Rules by which a telegram becomes an alert: what of it is for a municipality, which rule decides, and what the rule says.

Nothing here knows a database: a ``Home`` is what is known of a municipality's place, a ``Rule`` what its crisis managers decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .jma.codes import covers_prefecture, prefectures_of_area
from .telegram import N_, Area, Layer, Level, Reason, Telegram, Warning

SHAKING = frozenset({"earthquake", "eew", "long_period"})
OBSERVED_SOMEWHERE = frozenset({"record_rain", "rainband", "heavy_snow"})
"""What is told of a district because it was observed in it: the cities named are no list of all that are meant."""
OBSERVED_AT_A_PLACE = frozenset({"record_rain", "heavy_snow"})
"""What is observed at one place, which the headline names."""


class Reach(StrEnum):
    """How sure it is that a warning is for a municipality."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NONE = "none"


class RuleAction(StrEnum):
    """What a rule says is to be done."""

    AUTOMATIC = "automatic"
    DRAFT = "draft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Home:
    """
    Where a municipality lies: its code without check digit, and the areas staff (or a telegram) said it is in.

    ``places`` are (layer, code) pairs: coasts, districts of earthquakes and forecasts, volcanoes, rivers.
    """

    code: str
    name: str
    places: frozenset[tuple[str, str]] = frozenset()

    @property
    def prefecture(self) -> str:
        """Return the two digits of the prefecture."""
        return self.code[:2]

    @property
    def layers(self) -> frozenset[str]:
        """Return the layers of which it is known where the municipality lies."""
        return frozenset(layer for layer, _code in self.places)


@dataclass(frozen=True, slots=True)
class Match:
    """A warning of a telegram that is, or may be, for a municipality; ``areas`` are those that are."""

    warning: Warning
    areas: tuple[Area, ...]
    reach: Reach
    why: Reason


_NOTHING = Reason("")


def match_area(area: Area, hazard: str, home: Home) -> tuple[Reach, Reason]:
    """Return how sure it is that an area's warning of a hazard is for a municipality, and why (Japanese)."""
    said = {"area": area.name, "city": home.name}
    if home.code in area.municipality_codes:
        return Reach.CERTAIN, Reason(N_("%(area)sは%(city)sにあたります"), said)
    if (area.layer.value, area.code) in home.places:
        return Reach.CERTAIN, Reason(N_("%(area)sは%(city)sが入る区域として登録されています"), said)
    if area.municipality_codes or area.layer is Layer.CITY:
        return Reach.NONE, _NOTHING
    if area.layer is Layer.COUNTRY:
        return Reach.POSSIBLE, Reason(N_("地域を示さない全国的な情報です"))
    if home.prefecture not in prefectures_of_area(area.layer.value, area.code, area.name):
        return Reach.NONE, _NOTHING
    if covers_prefecture(area.layer.value, area.code) and hazard not in SHAKING:
        return Reach.CERTAIN, Reason(N_("%(area)sの全域が対象です"), said)
    if area.layer.value in home.layers:
        return Reach.NONE, _NOTHING
    return (
        Reach.POSSIBLE,
        Reason(N_("%(area)sは同じ都道府県にありますが、%(city)sが入るかどうかは電文からは分かりません"), said),
    )


def match_warnings(telegram: Telegram, home: Home) -> list[Match]:
    """
    Return what of a telegram is, or may be, for a municipality.

    Where a telegram names cities for a hazard, its summaries by district and prefecture are not asked: a city that is not in the
    list is not meant. Of districts and the prefecture around them, the finer one decides.
    """
    finest = _finest_layers(telegram.warnings)
    found = [_match(warning, telegram, home, finest) for warning in telegram.warnings]
    return [one for one in found if one is not None]


def _match(warning: Warning, telegram: Telegram, home: Home, finest: Mapping[str, frozenset[Layer]]) -> Match | None:
    judged = [
        (area, *match_area(area, warning.hazard, home))
        for area in warning.areas
        if area.layer in finest.get(warning.hazard, {area.layer})
    ]
    for reach in (Reach.CERTAIN, Reach.POSSIBLE):
        mine = [(area, why) for area, sure, why in judged if sure is reach]
        if mine:
            areas, why = tuple(area for area, _why in mine), mine[0][1]
            if reach is Reach.CERTAIN and _is_elsewhere(warning, areas, telegram, home):
                said = {"area": areas[0].name, "city": home.name}
                why = Reason(N_("%(area)sのどこで起きたかは文で示され、%(city)sの名前はありません"), said)
                reach = Reach.POSSIBLE
            return Match(warning, areas, reach, why)
    return None


def _is_elsewhere(warning: Warning, areas: Sequence[Area], telegram: Telegram, home: Home) -> bool:
    """Tell whether something that was observed at one place of a district was so at another city's."""
    if warning.hazard not in OBSERVED_AT_A_PLACE or any(area.layer is Layer.CITY for area in areas):
        return False
    return home.name not in telegram.headline


def _finest_layers(warnings: Iterable[Warning]) -> dict[str, frozenset[Layer]]:
    """Return, by hazard, the layers that decide; hazards that are told of a place and its district keep all."""
    seen: dict[str, set[Layer]] = {}
    for one in warnings:
        seen.setdefault(one.hazard, set()).update(area.layer for area in one.areas)
    finest: dict[str, frozenset[Layer]] = {}
    for hazard, layers in seen.items():
        if hazard in OBSERVED_SOMEWHERE:
            continue
        order: Sequence[Layer] = (Layer.CITY, Layer.RIVER, Layer.SEISMIC, Layer.DISTRICT)
        first = next((layer for layer in order if layer in layers), None)
        if first is Layer.RIVER and not _names_cities(warnings, hazard):
            first = None
        if first is not None:
            finest[hazard] = frozenset({first})
    return finest


def _names_cities(warnings: Iterable[Warning], hazard: str) -> bool:
    return any(area.municipality_codes for one in warnings if one.hazard == hazard for area in one.areas)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What is to be done about warnings that fit: every criterion that is set must.

    ``hazard``: our key, empty for any. ``kind``: a part of the warning's name. ``area``: an area's code or name. ``level``,
    ``alert_level``, ``intensity``: at least so much. ``evacuation_level``: the 警戒レベル suggested in a draft, and issued by an
    automatic rule of a municipality that set it. ``contents``: texts instead of the usual ones, by language and part.
    """

    key: str
    name: str
    action: RuleAction
    reason: str
    hazard: str = ""
    kind: str = ""
    area: str = ""
    level: Level = Level.NONE
    alert_level: int = 0
    intensity: int = 0
    evacuation_level: int | None = None
    contents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def fits(self, match: Match) -> bool:
        """Tell whether a warning is one the rule speaks of."""
        one = match.warning
        return (
            (not self.hazard or self.hazard == one.hazard)
            and (not self.kind or self.kind in one.name)
            and (not self.area or any(self.area in (area.code, area.name) for area in match.areas))
            and one.level.rank >= self.level.rank
            and one.assessment.alert_level >= self.alert_level
            and one.intensity >= self.intensity
        )

    @property
    def weight(self) -> tuple[int, int, int, int, int, int]:
        """Return by what the most specific rule is found: the place, the kind, the hazard, then the highest demands."""
        return (
            bool(self.area),
            len(self.kind),
            bool(self.hazard),
            self.level.rank,
            self.alert_level,
            self.intensity,
        )


def choose_rule(rules: Iterable[Rule], match: Match) -> Rule | None:
    """Return the most specific rule that fits a warning; of two alike the more careful one (none, draft, automatic); or None."""
    careful = {RuleAction.NONE: 2, RuleAction.DRAFT: 1, RuleAction.AUTOMATIC: 0}
    fitting = [rule for rule in rules if rule.fits(match)]
    return max(fitting, key=lambda rule: (rule.weight, careful[rule.action]), default=None)


SUGGESTED_EVACUATION: Mapping[str, int] = {"tsunami": 4}
"""The 警戒レベル suggested for hazards the agency gives no number (津波: 避難指示 for all who are in the area)."""


def suggest_evacuation(warning: Warning) -> int | None:
    """
    Return the 警戒レベル a warning suggests by 避難情報に関するガイドライン (内閣府), or None: 3 高齢者等避難, 4 避難指示, 5 緊急安全確保.
    """
    if warning.hazard == "tsunami" and warning.level is not Level.NONE:
        return SUGGESTED_EVACUATION["tsunami"]
    return warning.assessment.alert_level if warning.assessment.alert_level >= 3 else None
