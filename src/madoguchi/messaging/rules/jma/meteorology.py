"""Weather: warnings of cities, landslides, rivers, tornadoes, rain of record, and whatever else says kinds and areas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..telegram import Area, Change, Layer, Warning
from .assess import WEATHER, assess
from .parts import headline_warnings, read_area, renamed, warnings_of
from .xml import Element, child, children, narrow, text, within

_FULL_NAMES = {"土砂災害警戒情報": ("警戒",), "竜巻注意情報": ("竜巻注意情報",)}

_COVERED_BY_TITLE = (
    ("(大雨)", ("rain",)),
    ("(土砂)", ("landslide",)),
    ("(高潮)", ("surge",)),
    ("(暴風)", ("storm", "snowstorm")),
    ("(波浪)", ("wave",)),
    ("(大雪)", ("snow",)),
    ("(その他注意報)", ("thunder", "melting", "fog", "dry", "avalanche", "cold", "frost", "ice")),
)

_TAGS = {"記録雨": "記録的短時間大雨", "線状降水帯発生": "線状降水帯の発生", "短時間大雪": "短時間大雪"}


def read_meteorology(title: str, head: Element, body: Element) -> list[Warning]:
    """Return the warnings of a telegram of weather: those of its body, which say what changed, else those of its headline."""
    found: list[Warning] = []
    for group in children(body, "Warning"):
        info_type = group.get("type") or ""
        if "種別毎" not in info_type:
            found += warnings_of(children(group, "Item"), info_type)
    found = [one for one in found if one.name or one.change is Change.NONE]
    if "洪水予報" in narrow(title) or not any(one.change is Change.NONE or one.name for one in found):
        # The body of a river's forecast tells of stations and districts; what warns stands in the headline.
        found = headline_warnings(head)
    found = _named(title, found)
    found += _observed_places(body, found)
    return _with_flooded_cities(body, found)


def covered_hazards(title: str) -> tuple[str, ...]:
    """Return the hazards of which a telegram tells the whole state of each city, so that what it leaves out is over."""
    plain = narrow(title)
    if not ("気象" in plain and plain.split("(")[0].endswith("注意報")):
        return ()
    found = next((hazards for pattern, hazards in _COVERED_BY_TITLE if pattern in plain), None)
    return tuple(one for one in WEATHER if one != "landslide") if found is None else found


def _named(title: str, warnings: Iterable[Warning]) -> list[Warning]:
    """Give warnings their full name where the telegram's title holds it, and tags of the headline the name of what they say."""
    found: list[Warning] = []
    for one in warnings:
        if one.name == "情報タグ":
            found += _tagged(one)
        elif one.name in _FULL_NAMES.get(title, ()):
            found += renamed([one], title)
        elif one.name == "解除":
            found.append(replace(one, name=title, assessment=assess(title), change=Change.LIFTED))
        elif one.name == "なし":
            found.append(replace(one, assessment=assess(title), change=Change.NONE))
        else:
            found.append(one)
    return found


def _tagged(one: Warning) -> list[Warning]:
    words = [word for word in one.condition.replace("、", " ").replace("　", " ").split() if word]
    found = []
    for word in words:
        name = _TAGS.get(word, word)
        found.append(replace(one, name=name, condition="", assessment=assess(name)))
    return found


def _observed_places(body: Element, warnings: list[Warning]) -> list[Warning]:
    """Return the danger a quick report (気象防災速報) tells, once more for the cities in which it was observed."""
    if len(warnings) == 0 or not all(
        one.areas and one.areas[0].layer in {Layer.DISTRICT, Layer.PREFECTURE} for one in warnings
    ):
        return []
    places: dict[str, Area] = {}
    for info in children(body, "MeteorologicalInfos"):
        if "観測" in (info.get("type") or ""):
            for element in within(info, "Area"):
                area = read_area(element, info.get("type") or "")
                if area.layer is Layer.CITY and area.municipality_codes:
                    places.setdefault(area.code, area)
    observed = [one for one in warnings if one.is_live]
    return [replace(observed[0], areas=tuple(places.values()))] if places and observed else []


def _with_flooded_cities(body: Element, warnings: list[Warning]) -> list[Warning]:
    """Put into the river's area the cities the telegram says may be flooded (浸水想定地区)."""
    if not any(area.layer is Layer.RIVER for one in warnings for area in one.areas):
        return warnings
    cities: dict[str, None] = {}
    for element in within(body, "Area"):
        area = read_area(element, "")
        if child(element, "CityCode") is not None or text(element, "SubCityCodeList"):
            cities.update(dict.fromkeys(area.municipality_codes))
    return [
        replace(
            one,
            areas=tuple(
                replace(a, municipality_codes=tuple(cities)) if a.layer is Layer.RIVER else a for a in one.areas
            ),
        )
        for one in warnings
    ]
