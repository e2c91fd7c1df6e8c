"""Putting the texts of an alert together from what a telegram says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ..jma.xml import narrow
from ..telegram import Area, Change, Layer, Telegram, Warning
from .advice import advice_for
from .names import easy_name, english_intensity, english_name, japanese_name

_TOKYO = ZoneInfo("Asia/Tokyo")
_LONGEST = 700
PLACEHOLDERS = ("warning", "areas", "time", "city", "text")
"""What an operator's own texts may contain in double braces."""

Contents = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """The municipality as texts name it."""

    name: str
    name_en: str


def compose_contents(
    telegram: Telegram,
    warning: Warning,
    areas: Sequence[Area],
    place: Place,
    *,
    own: Mapping[str, Mapping[str, str]] | None = None,
) -> Contents:
    """
    Return the texts of an alert in ``ja``, ``ja-easy`` and ``en``: ``headline``, ``description``, ``instruction``.

    ``own`` are an operator's texts instead of ours, by language and part, with ``PLACEHOLDERS`` in double braces.
    """
    contents = {
        "ja": _japanese(telegram, warning, areas, place),
        "ja-easy": _easy(telegram, warning, place),
        "en": _english(telegram, warning, place),
    }
    for language, texts in (own or {}).items():
        values = _values(telegram, warning, areas, place, language)
        target = contents.setdefault(language, {})
        target.update({part: fill(text, values) for part, text in texts.items() if text.strip()})
    return contents


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled; one nobody knows is taken out rather than shown."""
    return re.sub(r"\{\{\s*([a-z_]+)\s*\}\}", lambda match: values.get(match.group(1), ""), text)


def unknown_placeholders(text: str) -> list[str]:
    """Return the placeholders of a text that are none."""
    return [name for name in re.findall(r"\{\{(.*?)\}\}", text) if name.strip() not in PLACEHOLDERS]


def _japanese(telegram: Telegram, warning: Warning, areas: Sequence[Area], place: Place) -> dict[str, str]:
    return {
        "headline": _headline(telegram, warning, place)[:60],
        "description": _description(telegram, warning, areas, place),
        "instruction": advice_for(warning)[0],
    }


def _headline(telegram: Telegram, warning: Warning, place: Place) -> str:
    if warning.hazard == "earthquake":
        return f"{place.name}で{narrow(warning.name)}の地震がありました"
    if warning.hazard == "long_period":
        return f"{narrow(warning.name)}の大きくゆっくりした揺れを観測しました"
    if warning.hazard == "eew":
        return "緊急地震速報　強い揺れに警戒してください"
    name = japanese_name(warning)
    if len(name) > 40:
        name = warning.name[:40]
    done = {
        Change.RAISED: "に引き上げられました",
        Change.LOWERED: "に切り替わりました",
        Change.CONTINUED: "が続いています",
    }
    if warning.hazard in {"rainband", "heavy_snow"} or "噴火速報" in name:
        return f"{name}が発表されました"
    return f"{name}{done.get(warning.change, 'が発表されました')}"


def _description(telegram: Telegram, warning: Warning, areas: Sequence[Area], place: Place) -> str:
    where = _names(areas, place)
    lines = [f"{_time(telegram.report_time)}、気象庁の発表です。", f"対象：{where}"]
    wave = next((area.note for area in areas if area.layer is Layer.COAST and area.note), "")
    if wave:
        lines.append(f"津波：{wave}")
    if telegram.facts.get("epicentre"):
        lines.append(_quake(telegram))
    said = _cleaned(telegram.headline)
    if said:
        lines.append(said[:_LONGEST])
    comment = _cleaned(telegram.facts.get("comment", ""))
    if comment and comment not in said:
        lines.append(comment[:200])
    return "\n".join(lines)


def _quake(telegram: Telegram) -> str:
    facts = telegram.facts
    at = datetime.fromisoformat(facts["origin_time"]) if facts.get("origin_time") else telegram.report_time
    strength = narrow(facts.get("magnitude", "")).replace("M", "マグニチュード")
    return f"{_time(at)}ごろ、{facts['epicentre']}で地震" + (f"（{strength}）" if strength else "")


def _easy(telegram: Telegram, warning: Warning, place: Place) -> dict[str, str]:
    return {
        "headline": easy_name(warning)[:60],
        "description": f"{_time(telegram.report_time)}のお知らせです。場所（ばしょ）：{place.name}",
        "instruction": advice_for(warning)[1],
    }


def _english(telegram: Telegram, warning: Warning, place: Place) -> dict[str, str]:
    city = place.name_en or "this city"
    local = telegram.report_time.astimezone(_TOKYO)
    lines = [
        f"Issued by the Japan Meteorological Agency at {local:%H:%M} on {local.day} {local:%B %Y} (Japan time).",
        f"Place: {city}.",
    ]
    if warning.intensity and warning.hazard == "eew":
        lines.append(f"Expected seismic intensity: {english_intensity(warning.intensity)} (the scale ends at 7).")
    elif warning.intensity:
        lines.append("The Japanese scale of seismic intensity ends at 7.")
    said = narrow(telegram.facts.get("magnitude", ""))
    magnitude = re.search(r"[0-9]+(\.[0-9]+)?", said)
    if magnitude:
        lines.append(f"Magnitude: {'more than ' if '超' in said else ''}{magnitude.group()}.")
    return {
        "headline": _short(english_name(warning)),
        "description": "\n".join(lines),
        "instruction": advice_for(warning)[2],
    }


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60].rsplit(" ", 1)[0]


def _values(telegram: Telegram, warning: Warning, areas: Sequence[Area], place: Place, language: str) -> dict[str, str]:
    is_english = language not in {"ja", "ja-easy"}
    local = telegram.report_time.astimezone(_TOKYO)
    return {
        "warning": english_name(warning) if is_english else japanese_name(warning),
        "areas": (place.name_en or "this city") if is_english else _names(areas, place),
        "time": f"{local:%H:%M}, {local.day} {local:%B %Y}" if is_english else _time(telegram.report_time),
        "city": (place.name_en or "this city") if is_english else place.name,
        "text": _cleaned(telegram.headline)[:_LONGEST],
    }


def _names(areas: Sequence[Area], place: Place) -> str:
    names = list(dict.fromkeys(area.name for area in areas if area.name)) or [place.name]
    shown = "、".join(names[:12])
    return shown if len(names) <= 12 else f"{shown}ほか"


def _cleaned(text: str) -> str:
    """Return a text of the agency with narrow digits and without the blanks and line ends of its typewriter days."""
    lines = [re.sub(r"[ \t　]+", " ", narrow_digits(line)).strip() for line in text.splitlines()]
    joined = "\n".join(line for line in lines if line)
    return re.sub(r"[{}\x00-\x09\x0b-\x1f]", "", joined)


def narrow_digits(text: str) -> str:
    """Return a text with wide digits and letters made narrow; Japanese brackets and marks stay as they are."""
    return "".join(narrow(sign) if "０" <= sign <= "９" or "Ａ" <= sign <= "ｚ" else sign for sign in text)


def _time(moment: datetime) -> str:
    local = moment.astimezone(_TOKYO)
    return f"{local.month}月{local.day}日{local.hour}時{local.minute:02}分"
