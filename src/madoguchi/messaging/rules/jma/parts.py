"""Parts all families share: items of kinds and areas, layers, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ..telegram import Area, Assessment, Change, Layer, Warning
from .assess import assess
from .codes import municipality_of
from .xml import Element, child, children, narrow, tag, text

_LAYERS: tuple[tuple[str, Layer], ...] = (
    ("市町村等", Layer.CITY),
    ("地震情報/細分区域", Layer.SEISMIC),
    ("地震情報/都道府県等", Layer.PREFECTURE),
    ("緊急地震速報/", Layer.REGION),
    ("津波予報区", Layer.COAST),
    ("高潮予報区間", Layer.SECTION),
    ("火山名", Layer.VOLCANO),
    ("海上予報区", Layer.SEA),
    ("河川", Layer.RIVER),
)

_CHANGES: tuple[tuple[str, Change], ...] = (
    ("発表警報・注意報はなし", Change.NONE),
    ("解除", Change.LIFTED),
    ("から", Change.LOWERED),  # 警報から注意報, 特別警報から警報
    ("引下げ", Change.LOWERED),
    ("引上げ", Change.RAISED),
    ("継続", Change.CONTINUED),
    ("発表", Change.NEW),
    ("切替", Change.NEW),
    ("なし", Change.NONE),
)


def layer_of(code_type: str, info_type: str, code: str) -> Layer:
    """Return of what kind an area is, by the attribute ``codeType``, the type of the information around it, and its code."""
    plain = narrow(code_type)
    for pattern, layer in _LAYERS:
        if pattern in plain:
            return layer
    around = narrow(info_type)
    if "府県予報区・細分区域" in plain or "発表細分" in around or "府県予報区" in around or "細分" in around:
        return Layer.PREFECTURE if code.endswith("0000") or "府県予報区" in around else Layer.DISTRICT
    if "(市町村等)" in around:
        return Layer.CITY
    if "まとめた地域" in around:
        return Layer.DISTRICT
    if len(code) == 7 and municipality_of(code):
        return Layer.CITY
    return Layer.OTHER


def change_of(word: str) -> Change | None:
    """Return what a word of state means (Status, Condition); None where it says nothing of that."""
    plain = narrow(word)
    return next((change for pattern, change in _CHANGES if pattern in plain), None)


def read_area(element: Element, info_type: str, code_type: str = "") -> Area:
    """Return an ``Area`` element; ``code_type`` is that of the ``Areas`` around it."""
    code = text(element, "Code")
    layer = layer_of(element.get("codeType") or code_type, info_type, code)
    cities = municipality_of(code) if layer is Layer.CITY else ()
    listed = [code for one in narrow(text(element, "SubCityCodeList")).split() for code in municipality_of(one)]
    cities += municipality_of(text(element, "CityCode")) + tuple(listed)
    return Area(layer, code, text(element, "Name"), tuple(dict.fromkeys(cities)), note=text(element, "Status"))


def areas_of(item: Element, info_type: str) -> list[Area]:
    """Return the areas of an item, which has them directly (``Area``) or in a list (``Areas``)."""
    found = [read_area(one, info_type) for one in children(item, "Area")]
    for group in children(item, "Areas"):
        code_type = group.get("codeType") or ""
        found += [read_area(one, info_type, code_type) for one in children(group, "Area")]
    return found


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind as an item says it: its name and code, what it was before, and what became of it."""

    name: str
    code: str
    condition: str
    last_name: str
    change: Change
    assessment: Assessment


def read_kind(element: Element, last: Element | None, judge: Callable[[str], Assessment] = assess) -> Kind:
    """Return a ``Kind`` element; its ``LastKind`` stands in it or beside it."""
    inner = child(element, "LastKind")
    last = inner if inner is not None else last
    name, condition, state = text(element, "Name"), text(element, "Condition"), text(element, "Status")
    last_name = text(last, "Name")
    assessment = judge(name)
    change = change_of(state) or change_of(condition)
    if change is None:
        change = _compared(assessment, judge(last_name)) if last_name else Change.NEW
    elif change is Change.NEW and last_name and judge(last_name).level.rank > 0:
        change = _compared(assessment, judge(last_name))
    if "解除" in name:
        change = Change.LIFTED
    return Kind(name, text(element, "Code"), condition, last_name, change, assessment)


def _compared(now: Assessment, before: Assessment) -> Change:
    """Tell what became of a warning from what it was: by level, and within a level by 警戒レベル."""
    here, there = (now.level.rank, now.alert_level), (before.level.rank, before.alert_level)
    if now.level.rank == 0:
        return Change.LIFTED if before.level.rank else Change.NONE
    if before.level.rank == 0:
        return Change.NEW
    return Change.RAISED if here > there else Change.LOWERED if here < there else Change.CONTINUED


def warnings_of(items: Iterable[Element], info_type: str, judge: Callable[[str], Assessment] = assess) -> list[Warning]:
    """Return the warnings of the items of one information: one per kind, state and layer, with all its areas."""
    found: dict[tuple[Kind, Layer], list[Area]] = {}
    for item in items:
        places = areas_of(item, info_type)
        beside = child(item, "LastKind")
        for element in children(item, "Kind"):
            kind = read_kind(element, beside, judge)
            if not kind.name and kind.change is not Change.NONE:
                continue
            for area in places:
                found.setdefault((kind, area.layer), []).append(area)
    return [
        Warning(
            code=kind.code,
            name=kind.name,
            assessment=kind.assessment,
            change=kind.change,
            areas=tuple(areas),
            condition=kind.condition,
            last_name=kind.last_name,
        )
        for (kind, _layer), areas in found.items()
    ]


def headline_warnings(head: Element, judge: Callable[[str], Assessment] = assess) -> list[Warning]:
    """Return the warnings the headline lists; the summary by kind (警報注意報種別毎) says nothing new and is left out."""
    found: list[Warning] = []
    for information in children(child(head, "Headline"), "Information"):
        info_type = information.get("type") or ""
        if "種別毎" not in info_type:
            found += warnings_of(children(information, "Item"), info_type, judge)
    return found


def renamed(warnings: Iterable[Warning], name: str) -> list[Warning]:
    """Return warnings under the full name of what they are, judged by it (警戒 → 土砂災害警戒情報)."""
    return [
        replace(one, name=name, assessment=one.assessment if one.change is Change.LIFTED else assess(name))
        for one in warnings
    ]


def paragraphs(body: Element) -> tuple[str, ...]:
    """Return the texts a body carries beside its data, longest last, without empty ones."""
    wanted = {"Text", "VolcanoHeadline", "VolcanoActivity", "VolcanoPrevention", "FreeFormComment"}
    found = [(one.text or "").strip() for one in body.iter("{*}*") if tag(one) in wanted]
    return tuple(dict.fromkeys(line for line in found if line))
