"""Volcanoes: warnings and levels (噴火警戒レベル), eruptions told at once, ash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..telegram import Assessment, Change, Layer, Level, Warning
from .assess import assess, assess_ash, assessed
from .parts import headline_warnings, warnings_of
from .xml import Element, children


def read_volcanology(title: str, head: Element, body: Element) -> list[Warning]:
    """
    Return the warnings of a telegram on volcanoes.

    A volcano's own warning gets the municipalities the telegram names beside it; theirs gets the volcano's level as
    ``condition``. Commentary and observations (解説情報, 火山観測報, 推定噴煙流向報) tell of a state and warn of nothing new.
    """
    judge = _judge(title)
    found: list[Warning] = []
    for group in children(body, "VolcanoInfo"):
        info_type = group.get("type") or ""
        if "防災対応" not in info_type:
            found += warnings_of(children(group, "Item"), info_type, judge)
    if not found:
        found = headline_warnings(head, judge)
    if "噴火速報" in title:
        found = [replace(one, name=f"噴火速報（{one.name}）", change=Change.NEW) for one in found]
    return _joined([replace(one, change=Change.LIFTED) if _is_over(one) else one for one in found])


def _is_over(one: Warning) -> bool:
    return one.level is Level.NONE and one.change is Change.LOWERED


def _judge(title: str) -> Callable[[str], Assessment]:
    if "降灰" in title:
        return assess_ash
    if "噴火速報" in title:
        return lambda name: assessed("volcano", Level.EMERGENCY if name else Level.NONE)
    if "解説情報" in title or "観測報" in title or "流向" in title:
        return lambda name: assessed("volcano", Level.NONE)
    return _warned


def _warned(name: str) -> Assessment:
    found = assess(name)
    return found if found.hazard == "volcano" else assessed("volcano", found.level)


def _joined(warnings: list[Warning]) -> list[Warning]:
    cities = dict.fromkeys(
        code for one in warnings for area in one.areas if area.layer is Layer.CITY for code in area.municipality_codes
    )
    mountains = [one for one in warnings if one.areas and one.areas[0].layer is Layer.VOLCANO]
    state = "、".join(dict.fromkeys(f"{area.name} {one.name}" for one in mountains for area in one.areas))
    joined = []
    for one in warnings:
        if one in mountains:
            named = (
                tuple(replace(area, municipality_codes=tuple(cities)) for area in one.areas)
                if len(mountains) == 1
                else one.areas
            )
            joined.append(replace(one, areas=named))
        else:
            joined.append(replace(one, condition=state[:300] or one.condition))
    return joined
