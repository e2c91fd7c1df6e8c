"""What a person types when a plan is revised, read and checked (計画の見直し)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.kit import fiscal

from ..errors import PlanError
from .reading.values import is_nothing, parse_value

WITHOUT_NUMBER = frozenset({"milestone", "existence"})
FIELD_LABELS = {
    "title": "名称",
    "summary": "内容",
    "effects": "期待される効果",
    "overall_target": "全体目標",
    "sections": "担当課",
    "discontinued_from": "中止する年度",
    "retired_from": "使わなくなる年度",
    "added": "追加",
    "status": "状態",
}
TEXT_FIELDS = ("title", "summary", "effects", "overall_target")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIndicator:
    """An indicator that is added to a project; ``targets`` maps fiscal years to what a person typed."""

    label: str
    unit: str = ""
    type: str = "count"
    kind: str = "annual"
    direction: str = "up"
    baseline_fiscal_year: int | None = None
    baseline_text: str = ""
    targets: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRevision:
    """
    What a project is to be; None and missing keys leave a part as it is.

    ``schedule`` maps actions to words by fiscal year, ``targets`` indicators to texts by fiscal year (empty: no target),
    ``retire`` indicators to the first year without them. ``discontinued_from`` 0 means "carried out again".
    """

    title: str | None = None
    summary: str | None = None
    effects: str | None = None
    overall_target: str | None = None
    sections: Sequence[str] | None = None
    discontinued_from: int | None = None
    schedule: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    targets: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    retire: Mapping[int, int] = field(default_factory=dict)
    add: Sequence[NewIndicator] = ()


def read_target(text: str, *, unit: str, kind: str, label: str, fiscal_year: int) -> dict[str, Any] | None:
    """
    Return the fields of a target from what a person typed; None for an empty text.

    Raises ``PlanError`` naming indicator and year where the unit is another one or a number is missing.
    """
    parsed = None if is_nothing(text) else parse_value(text)
    if parsed is None:
        return None
    place = f"「{label}」の{fiscal.label(fiscal_year)}の目標値"
    if parsed.unit and unit and parsed.unit != unit:
        raise PlanError(f"{place}の単位が「{parsed.unit}」になっています。この指標の単位は「{unit}」です。")
    if parsed.value is None and kind not in WITHOUT_NUMBER:
        raise PlanError(f"{place}から数を読み取れません（{text.strip()}）。数と単位を書いてください。")
    return {
        "value": parsed.value,
        "text": text.strip()[:300],
        "comparison": parsed.comparison,
        "out_of": parsed.out_of,
        "basis": parsed.basis,
    }


def with_word(words: Sequence[Mapping[str, Any]], fiscal_year: int, text: str) -> list[dict[str, Any]]:
    """Return schedule words with those of a year replaced; an empty text leaves the year empty."""
    kept = [dict(word) for word in words if word["fiscal_year"] != fiscal_year]
    if text.strip():
        kept.append({"fiscal_year": fiscal_year, "text": text.strip(), "continued": False, "line": None})
    return sorted(kept, key=lambda word: int(word["fiscal_year"]))


def word_of(words: Sequence[Mapping[str, Any]], fiscal_year: int) -> str:
    """Return the words of a year as one text."""
    return "、".join(str(word["text"]) for word in words if word["fiscal_year"] == fiscal_year)


def field_label(field: str) -> str:
    """Return what people call a changed field: ``target:2025`` is 令和7年度の目標値."""
    name, _, rest = field.partition(":")
    if name == "target":
        return f"{fiscal.label(int(rest))}の目標値"
    if name == "schedule":
        return f"{fiscal.label(int(rest.partition('/')[2]))}の予定"
    return FIELD_LABELS.get(name, field)


def shown(value: Any) -> str:
    """Return a value of the history as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return "、".join(f"{name}: {shown(item)}" for name, item in value.items() if item not in (None, "", []))
    if isinstance(value, list):
        return "、".join(shown(item) for item in value)
    return str(value)
