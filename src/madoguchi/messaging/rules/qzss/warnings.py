"""What each kind of satellite report warns of, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..jma.assess import INTENSITY_NAMES, assess, assess_ash, assess_intensity, assessed, intensity_of
from ..jma.codes import PREFECTURES, municipality_of
from ..telegram import Area, Assessment, Change, Layer, Level, Warning

_WAVES = {"0.2m未満": "津波予報（若干の海面変動）", "1m": "津波注意報", "3m": "津波警報"}
_GREAT_WAVES = {"5m", "10m", "10m超"}


def warnings_of_report(report: Any, number: int) -> list[Warning]:
    """Return the warnings of a report by the number of its disaster category; sea, typhoon and hypocentre warn no city."""
    readers = {
        1: _early_warning,
        3: _intensity,
        4: _nankai,
        5: _tsunami,
        8: _volcano,
        9: _ash,
        10: _weather,
        11: _flood,
    }
    reader = readers.get(number)
    return [] if reader is None else reader(report)


def _list(report: Any, name: str) -> Sequence[Any]:
    return getattr(report, name, None) or ()


def _prefecture(name: str) -> str:
    """Return the two digits of a prefecture by its name, with or without 都府県; empty for a region (四国)."""
    for place, known in enumerate(PREFECTURES, start=1):
        if name in (known, known[:-1]):
            return f"{place:02}"
    return ""


def _early_warning(report: Any) -> list[Warning]:
    highest = intensity_of(str(report.seismic_intensity_upper_limit)) or intensity_of(
        str(report.seismic_intensity_lower_limit)
    )
    level = Level.EMERGENCY if highest >= 60 else Level.WARNING
    areas = []
    for name in _list(report, "eew_forecast_regions"):
        digits = _prefecture(str(name))
        areas.append(Area(Layer.REGION, f"9{digits}0" if digits else "", str(name)))
    return _one("31", "緊急地震速報（警報）", assessed("eew", level), areas, intensity=highest)


def _intensity(report: Any) -> list[Warning]:
    found: dict[int, list[Area]] = {}
    for value, name in zip(_list(report, "seismic_intensities"), _list(report, "prefectures"), strict=False):
        found.setdefault(intensity_of(str(value)), []).append(Area(Layer.PREFECTURE, _prefecture(str(name)), str(name)))
    warnings: list[Warning] = []
    for intensity, areas in found.items():
        if intensity:
            warnings += _one(
                str(intensity), INTENSITY_NAMES[intensity], assess_intensity(intensity), areas, intensity=intensity
            )
    return warnings


def _nankai(report: Any) -> list[Warning]:
    name = f"南海トラフ地震臨時情報（{report.information_serial_code}）"
    return _one("", name, assess(name), [Area(Layer.COUNTRY, "", "南海トラフ沿い")])


def _tsunami(report: Any) -> list[Warning]:
    overall = str(report.tsunami_warning_code)
    if "解除" in overall or "なし" in overall:
        areas = [_coast(code, name, "") for code, name in _coasts(report)]
        return _one("00", "津波警報", assess("津波警報"), areas, change=Change.LIFTED)
    found: dict[str, list[Area]] = {}
    for (code, name), height in zip(_coasts(report), _list(report, "tsunami_heights"), strict=False):
        high = str(height)
        kind = "大津波警報" if high in _GREAT_WAVES else _WAVES.get(high, overall.partition("：")[0])
        found.setdefault(kind, []).append(_coast(code, name, f"高さ{high}"))
    return [one for kind, areas in found.items() for one in _one("", kind, assess(kind), areas)]


def _coasts(report: Any) -> Iterable[tuple[str, str]]:
    codes, names = _list(report, "tsunami_forecast_regions_raw"), _list(report, "tsunami_forecast_regions")
    return [(str(code), str(name)) for code, name in zip(codes, names, strict=False)]


def _coast(code: str, name: str, note: str) -> Area:
    return Area(Layer.COAST, code, name, note=note)


def _cities(report: Any) -> list[Area]:
    codes, names = _list(report, "local_governments_raw"), _list(report, "local_governments")
    return [
        Area(Layer.CITY, f"{int(code):07}", str(name), municipality_of(f"{int(code):07}"))
        for code, name in zip(codes, names, strict=False)
    ]


def _volcano(report: Any) -> list[Warning]:
    said = str(report.volcanic_warning_code)
    is_eruption = said.startswith("噴火")
    name = f"噴火速報（{said}）" if is_eruption else said
    cities = _cities(report)
    mountain = Area(
        Layer.VOLCANO,
        str(report.volcano_name_raw),
        str(report.volcano_name),
        tuple(dict.fromkeys(code for city in cities for code in city.municipality_codes)),
    )
    code = str(report.volcanic_warning_code_raw)
    judged = assessed("volcano", Level.EMERGENCY if is_eruption else assess(name).level)
    return _one(code, name, judged, [mountain]) + _one(code, name, judged, cities, condition=f"{mountain.name} {said}")


def _ash(report: Any) -> list[Warning]:
    found: dict[str, list[Area]] = {}
    for name, city in zip(_list(report, "ash_fall_warning_codes"), _cities(report), strict=False):
        found.setdefault(str(name), []).append(city)
    return [one for name, areas in found.items() for one in _one("", name, assess_ash(name), areas)]


def _weather(report: Any) -> list[Warning]:
    """
    Return warnings of weather; their areas are prefectures or parts of them, and say nothing of a single city.

    They are given as districts for that reason: a whole prefecture in a report is where it is, not all of what it is for.
    """
    change = Change.LIFTED if "解除" in str(report.weather_warning_state) else Change.NEW
    names = _list(report, "weather_related_disaster_sub_categories")
    codes, regions = _list(report, "weather_forecast_regions_raw"), _list(report, "weather_forecast_regions")
    found: dict[str, list[Area]] = {}
    for name, code, region in zip(names, codes, regions, strict=False):
        found.setdefault(str(name), []).append(Area(Layer.DISTRICT, f"{int(code):06}", str(region)))
    return [one for name, areas in found.items() for one in _one("", name, assess(name), areas, change=change)]


def _flood(report: Any) -> list[Warning]:
    levels = _list(report, "flood_warning_levels")
    codes, regions = _list(report, "flood_forecast_regions_raw"), _list(report, "flood_forecast_regions")
    warnings: list[Warning] = []
    for name, code, region in zip(levels, codes, regions, strict=False):
        is_over = "解除" in str(name)
        kind = "氾濫警戒情報" if is_over else str(name)
        area = Area(Layer.RIVER, str(code), str(region))
        warnings += _one("", kind, assess(kind), [area], change=Change.LIFTED if is_over else Change.NEW)
    return warnings


def _one(
    code: str,
    name: str,
    assessment: Assessment,
    areas: Sequence[Area],
    *,
    change: Change = Change.NEW,
    intensity: int = 0,
    condition: str = "",
) -> list[Warning]:
    """Return a warning for some areas, or nothing where there are none."""
    if not areas:
        return []
    return [Warning(code, name, assessment, change, tuple(areas), condition=condition, intensity=intensity)]
