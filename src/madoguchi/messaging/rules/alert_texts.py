"""
Texts of emergencies, from templates per language (``data/alerts/<language>.json``): a further file is a further language.

Stages are those of the guideline on evacuation information (避難情報に関するガイドライン, 令和3年5月): 高齢者等避難 (3), 避難指示 (4),
緊急安全確保 (5), and information. Earthquake, tsunami, volcano and fire carry no 警戒レベル; the number then is the stage alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from .alerts import drill_mark

INFO = "info"
EVACUATION = ("5", "4", "3")
STAGES = (*EVACUATION, INFO)
"""What a municipality says, the gravest first."""

WITHOUT_LEVEL = frozenset(
    {"earthquake", "tsunami", "volcano", "fire", "civil_protection", "water", "power", "telecom", "gas"}
)
"""Events whose evacuation information carries no 警戒レベル."""

CATEGORIES: Mapping[str, str] = {
    "earthquake": "Geo",
    "tsunami": "Geo",
    "heavy_rain": "Met",
    "landslide": "Geo",
    "flood": "Met",
    "storm_surge": "Met",
    "volcano": "Geo",
    "fire": "Fire",
    "storm": "Met",
    "snow": "Met",
    "civil_protection": "Security",
    "water": "Infra",
    "power": "Infra",
    "telecom": "Infra",
    "gas": "Infra",
    "other": "Safety",
}
"""Event code → CAP category, in the order they are offered."""

GRAVITY: Mapping[str, tuple[str, str, str]] = {
    "5": ("Immediate", "Extreme", "Observed"),
    "4": ("Immediate", "Severe", "Likely"),
    "3": ("Expected", "Moderate", "Possible"),
    INFO: ("Expected", "Moderate", "Observed"),
}
"""Stage → CAP urgency, severity, certainty."""

FIRST = ("ja", "en", "ja-easy")
"""Languages in the order they are shown; others follow by name."""


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Return the templates by language, Japanese first."""
    folder = resources.files("madoguchi.messaging").joinpath("data/alerts")
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            document = json.loads(file.read_text("utf-8"))
            found[document["language"]] = document
    order = sorted(found, key=lambda language: (FIRST.index(language) if language in FIRST else len(FIRST), language))
    return {language: found[language] for language in order}


def stages_of(event: str) -> list[str]:
    """Return the stages there are of an event, the gravest first."""
    texts = templates()["ja"]["events"].get(event, templates()["ja"]["events"]["other"])
    return [stage for stage in STAGES if stage in texts["instruction"]]


def event_name(event: str, language: str = "ja") -> str:
    """Return what an event is called; a code nobody knows stands for itself."""
    texts = _in(language)["events"].get(event)
    return str(texts["name"]) if texts else event


def stage_name(stage: str, language: str = "ja") -> str:
    """Return what a stage is called in a language, without its level."""
    return str(_in(language)["stages"][stage]["name"])


def stage_label(event: str, level: int | None, language: str = "ja") -> str:
    """Return a stage with its level where the event has levels: 「警戒レベル4 避難指示」, 「避難指示」; empty for information."""
    if level is None or str(level) not in EVACUATION:
        return ""
    headline = _headline(_in(language), event, str(level))
    return headline.replace("{event}", "").rstrip(" ：:")


def _headline(texts: Mapping[str, Any], event: str, stage: str) -> str:
    return str(texts["stages"][stage]["headline_without_level" if event in WITHOUT_LEVEL else "headline"])


def level_of(stage: str) -> int | None:
    """Return the evacuation level a stage stands for, None for information."""
    return int(stage) if stage in EVACUATION else None


def stage_of(level: int | None) -> str:
    """Return the stage of an evacuation level; 1 and 2 are information."""
    return str(level) if str(level) in EVACUATION else INFO


def fill(event: str, stage: str, *, language: str, city: str, areas: Sequence[str]) -> dict[str, str]:
    """Return headline, description and instruction of an event at a stage for areas (none: the whole city)."""
    texts = _in(language)
    own = texts["events"].get(event, texts["events"]["other"])
    values = {
        "event": own["name"],
        "areas": texts["joiner"].join(areas) if areas else texts["whole"].format(city=city),
        "cause": own["cause"].get(stage, ""),
    }
    return {
        "headline": _put(_headline(texts, event, stage), values),
        "description": _put(texts["stages"][stage]["description"], values).strip(),
        "instruction": str(own["instruction"].get(stage, texts["events"]["other"]["instruction"][stage])),
    }


def closing_words_of(language: str, *, event: str, headline: str, is_mistake: bool) -> dict[str, str]:
    """Return what is said when the danger is over, or when it was a mistake."""
    texts = _in(language)["closing"]["mistake" if is_mistake else "over"]
    values = {"event": event_name(event, language), "headline": headline}
    return {part: _put(text, values) for part, text in texts.items()}


def message_contents(
    contents: Mapping[str, Mapping[str, str]],
    *,
    areas: Sequence[str],
    city: str,
    city_en: str = "",
    is_drill: bool = False,
) -> dict[str, dict[str, str]]:
    """Return subject, body and short text of the message of an alert, in each language of it; of a drill, all marked."""
    said = {
        language: _message(language, texts, areas, city_en or city if language == "en" else city)
        for language, texts in contents.items()
    }
    return {language: _with_mark(texts, drill_mark(language)) for language, texts in said.items()} if is_drill else said


def _with_mark(texts: Mapping[str, str], mark: str) -> dict[str, str]:
    return {part: text if text.startswith(mark) else mark + text for part, text in texts.items()}


def _message(language: str, texts: Mapping[str, str], areas: Sequence[str], city: str) -> dict[str, str]:
    own = _in(language)
    labels = own["labels"]
    where = own["joiner"].join(areas) if areas else own["whole"].format(city=city)
    steps = [f"{labels['instruction']}{labels['colon']}".rstrip()]
    steps += [f"- {line}" for line in _lines(texts.get("instruction", ""))]
    parts = [
        texts.get("description", ""),
        f"{labels['areas']}{labels['colon']}{where}",
        "\n".join(steps),
    ]
    first = next(iter(_lines(texts.get("instruction", ""))), "")
    return {
        "subject": texts["headline"],
        "body": "\n\n".join(part for part in parts if part),
        "short": f"{texts['headline']} {first}".strip(),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _put(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _in(language: str) -> dict[str, Any]:
    """Return the templates of a language; one without templates is told in English, as a language of its own kind."""
    known = templates()
    return known.get(language) or known["en"]
