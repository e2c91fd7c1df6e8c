"""Earthquakes (observed and forecast), tsunamis, and what is said of great earthquakes to come."""

from __future__ import annotations

from dataclasses import replace

from ..telegram import Area, Assessment, Change, Layer, Level, Warning
from .assess import INTENSITY_NAMES, assess, assess_intensity, assess_long_period, assessed, intensity_of
from .codes import municipality_of
from .parts import headline_warnings, read_kind
from .xml import Element, child, children, narrow, text, within


def read_seismology(title: str, head: Element, body: Element) -> list[Warning]:
    """Return the warnings of a telegram on earthquakes or tsunamis, by what its body holds."""
    observation = child(body, "Intensity", "Observation")
    forecast = child(body, "Intensity", "Forecast")
    found: list[Warning] = []
    if observation is not None:
        found += _observed(observation, "長周期" in title)
    if forecast is not None:
        found += _early_warning(head, forecast)
    coast = child(body, "Tsunami", "Forecast")
    if coast is not None:
        found += _tsunami(coast)
    for info in children(body, "EarthquakeInfo"):
        found += _great_earthquake(title, info)
    return found


def earthquake_facts(body: Element) -> dict[str, str]:
    """Return what is known of the earthquake: ``origin_time`` (ISO 8601), ``epicentre``, ``depth``, ``magnitude``, ``comment``."""
    quake = child(body, "Earthquake")
    place = child(quake, "Hypocenter", "Area")
    coordinate, magnitude = child(place, "Coordinate"), child(quake, "Magnitude")
    facts = {
        "origin_time": text(quake, "OriginTime") or text(quake, "ArrivalTime"),
        "epicentre": text(place, "DetailedName") or text(place, "Name"),
        "location": "" if coordinate is None else (coordinate.get("description") or ""),
        "magnitude": "" if magnitude is None else (magnitude.get("description") or magnitude.text or ""),
        "comment": text(body, "Comments", "ForecastComment", "Text"),
        "max_intensity": text(body, "Intensity", "Observation", "MaxInt"),
    }
    return {key: value for key, value in facts.items() if value}


def _observed(observation: Element, is_long_period: bool) -> list[Warning]:
    """Return the intensities observed: one warning per intensity and layer (prefectures, districts, cities)."""
    found: dict[tuple[int, int, Layer], list[Area]] = {}

    def note(element: Element, layer: Layer, cities: tuple[str, ...]) -> None:
        condition = text(element, "Condition")
        intensity = intensity_of(text(element, "MaxInt"))
        if not intensity and "５弱以上" in condition:
            intensity = 50
        step = text(element, "MaxLgInt")
        long_period = int(step) if is_long_period and step.isascii() and step.isdigit() else 0
        if intensity or long_period:
            area = Area(layer, text(element, "Code"), text(element, "Name"), cities, note=condition)
            found.setdefault((intensity, long_period, layer), []).append(area)

    for prefecture in children(observation, "Pref"):
        note(prefecture, Layer.PREFECTURE, ())
        for district in children(prefecture, "Area"):
            towns = children(district, "City")
            inside = [code for town in towns for code in municipality_of(text(town, "Code"))]
            note(district, Layer.SEISMIC, tuple(dict.fromkeys(inside)))
            for town in towns:
                note(town, Layer.CITY, municipality_of(text(town, "Code")))
    return [
        _shaking(intensity, step, tuple(areas), is_long_period)
        for (intensity, step, _layer), areas in sorted(found.items(), reverse=True)
    ]


def _shaking(intensity: int, step: int, areas: tuple[Area, ...], is_long_period: bool) -> Warning:
    if is_long_period:
        name = f"長周期地震動階級{'０１２３４'[min(step, 4)]}"
        return Warning(str(step), name, assess_long_period(step), Change.NEW, areas, intensity=intensity)
    name = INTENSITY_NAMES.get(intensity, "震度")
    return Warning(str(intensity), name, assess_intensity(intensity), Change.NEW, areas, intensity=intensity)


def _early_warning(head: Element, forecast: Element) -> list[Warning]:
    """
    Return the earthquake early warning by district: only what is named a warning (警報) warns; a forecast (予報) is told as such.

    A warning in which 6弱 or more, or long-period motion of step 4, may come is an emergency (特別警報に位置づけ).
    """
    found: dict[tuple[str, str, int, Change], list[Area]] = {}
    gravest, longest = _reach(forecast)
    for prefecture in children(forecast, "Pref"):
        for district in children(prefecture, "Area"):
            category = child(district, "Category")
            element = child(category, "Kind")
            kind = None if element is None else read_kind(element, child(category, "LastKind"))
            name = kind.name if kind and kind.name else "緊急地震速報（予報）"
            change = kind.change if kind else Change.NEW
            intensity = intensity_of(text(district, "ForecastInt", "To")) or intensity_of(
                text(district, "ForecastInt", "From")
            )
            area = Area(
                Layer.SEISMIC, text(district, "Code"), text(district, "Name"), (), note=text(district, "Condition")
            )
            found.setdefault((kind.code if kind else "", name, intensity, change), []).append(area)
    is_emergency = gravest >= 60 or longest >= 4
    warnings = [
        Warning(code, name, _judge(name, is_emergency), change, tuple(areas), intensity=intensity)
        for (code, name, intensity, change), areas in found.items()
    ]
    regions = [
        replace(one, assessment=_judge(one.name, is_emergency), intensity=gravest)
        for one in headline_warnings(head)
        if one.areas[0].layer is not Layer.SEISMIC or not found
    ]
    return warnings + regions


def _reach(forecast: Element) -> tuple[int, int]:
    steps = [step for one in within(forecast, "ForecastLgInt") for step in (text(one, "To"), text(one, "From"))]
    shaking = [value for one in within(forecast, "ForecastInt") for value in (text(one, "To"), text(one, "From"))]
    longest = max((int(step) for step in steps if step.isascii() and step.isdigit()), default=0)
    return max((intensity_of(value) for value in shaking), default=0), longest


def _judge(name: str, is_emergency: bool) -> Assessment:
    if "警報" not in name:
        return assessed("eew", Level.NONE)
    return assessed("eew", Level.EMERGENCY if is_emergency else Level.WARNING)


def _tsunami(forecast: Element) -> list[Warning]:
    found: dict[tuple[str, str, str, Change], list[Area]] = {}
    for item in children(forecast, "Item"):
        element = child(item, "Category", "Kind")
        if element is None:
            continue
        kind = read_kind(element, child(item, "Category", "LastKind"))
        name = kind.name.partition("：")[0]
        area = Area(Layer.COAST, text(item, "Area", "Code"), text(item, "Area", "Name"), (), note=_wave(item))
        found.setdefault((kind.code, name, kind.last_name, kind.change), []).append(area)
    return [
        Warning(code, name, assess(name), change, tuple(areas), last_name=last)
        for (code, name, last, change), areas in found.items()
    ]


def _wave(item: Element) -> str:
    """Return when the first wave comes and how high the highest will be, as the telegram words it."""
    arrival = text(item, "FirstHeight", "ArrivalTime")
    when = text(item, "FirstHeight", "Condition") or (f"{arrival[11:16]}ごろ到達" if len(arrival) >= 16 else "")
    height = child(item, "MaxHeight", "TsunamiHeight")
    high = "" if height is None else narrow(height.get("description") or "")
    return "、".join(part for part in (when, f"高さ{high}" if high else "") if part)


def _great_earthquake(title: str, info: Element) -> list[Warning]:
    """Return what is said of a great earthquake that may come (南海トラフ, 北海道・三陸沖); commentary (解説情報) warns of nothing."""
    serial = child(info, "InfoSerial")
    said = text(info, "InfoKind") or title
    name = f"{said}（{text(serial, 'Name')}）" if text(serial, "Name") else said
    if "南海トラフ" not in name and "後発地震" not in name:
        return []
    assessment = assess(name)
    if "解説情報" in said or "解説情報" in title:
        assessment = assessed("nankai", Level.NONE)
    place = Area(Layer.COUNTRY, "", "南海トラフ沿い" if "南海トラフ" in name else "北海道から東北の太平洋側")
    return [Warning(text(serial, "Code"), name, assessment, Change.NEW, (place,))]
