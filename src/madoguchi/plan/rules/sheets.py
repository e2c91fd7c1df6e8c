"""A read result as sheets for a person to check: the source lines on one side, the extracted values on the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LABELS = {
    "title": "名称",
    "code": "番号",
    "sections": "担当課",
    "portfolio_class": "事業区分",
    "is_priority": "重点",
    "is_new": "新規",
    "progress": "進捗評価",
    "summary": "内容",
    "effects": "期待される効果",
    "overall_target": "全体目標",
    "label": "名称",
    "unit": "単位",
    "type": "種類",
    "kind": "集計",
    "direction": "向き",
    "level": "区分",
    "note": "説明",
    "opinion": "見解",
    "evaluation": "評価",
    "target": "相手",
    "philosophy": "基本理念",
    "start_fiscal_year": "開始年度",
    "end_fiscal_year": "終了年度",
    "text": "表記",
    "value": "値",
    "fiscal_year": "年度",
    "as_of": "時点",
    "comparison": "比較",
    "out_of": "全体数",
    "basis": "基準",
    "predecessor": "前計画",
}
GROUPS = {
    "indicators": "指標",
    "targets": "目標値",
    "actuals": "実績",
    "baseline": "基準値",
    "actions": "行動目標",
    "words": "予定",
    "relations": "関連",
    "reported": "計画書が示す集計値",
}
PARTS = {"plans": "計画", "goals": "基本目標", "measures": "施策", "projects": "事業"}
HIDDEN = frozenset({"line", "continued", "municipality", "is_previous", "kind_of"})


@dataclass(frozen=True, slots=True)
class SheetValue:
    """One extracted value: its path, what it is in words, the value as text, and its source line."""

    path: str
    label: str
    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plan, goal, measure or project with its values and the span of source lines it came from."""

    path: str
    kind: str
    title: str
    first_line: int
    last_line: int
    values: tuple[SheetValue, ...]


def sheets_of(content: dict[str, Any], lines: int) -> list[Sheet]:
    """Return the sheets of a read result in the order of the document; ``lines`` is the length of the source."""
    found = [(path, kind, part) for path, kind, part in _parts(content)]
    starts = sorted({part["line"] for _, _, part in found})
    return [_sheet(path, kind, part, _end(part["line"], starts, lines)) for path, kind, part in found]


def _end(start: int, starts: list[int], lines: int) -> int:
    following = next((line for line in starts if line > start), lines + 1)
    # A part that stands far from the next one (a chapter between them) would drag that chapter along.
    return min(following - 1, start + 60)


def _parts(content: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number, plan in enumerate(content.get("plans", [])):
        yield from _below(f"plans/{number}", "plans", plan)


def _below(path: str, kind: str, part: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield path, PARTS[kind], part
    for inner in ("goals", "measures", "projects"):
        for number, item in enumerate(part.get(inner, [])):
            yield from _below(f"{path}/{inner}/{number}", inner, item)


def _sheet(path: str, kind: str, part: dict[str, Any], last: int) -> Sheet:
    values = tuple(_values(path, part, part["line"], ""))
    title = f"{part.get('code', '')} {part['title']}".strip()
    return Sheet(path, kind, title, part["line"], last, values)


def _values(path: str, part: dict[str, Any], line: int, prefix: str) -> Iterator[SheetValue]:
    here = part.get("line", line)
    for name, value in part.items():
        if name in PARTS or name in HIDDEN:
            continue
        label = f"{prefix}{_label(name, part)}"
        if isinstance(value, dict):
            yield from _values(f"{path}/{name}", value, here, f"{prefix}{GROUPS.get(name, name)} ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for number, item in enumerate(value):
                step = f"{prefix}{GROUPS.get(name, name)}{_which(item, number)} "
                yield from _values(f"{path}/{name}/{number}", item, here, step)
        else:
            yield SheetValue(f"{path}/{name}", label, _text(value), here)


def _label(name: str, part: dict[str, Any]) -> str:
    # The kind of an indicator says how its years add up, the kind of a relation what it is tied to.
    return "種類" if name == "kind" and "target" in part else LABELS.get(name, name)


def _which(item: dict[str, Any], number: int) -> str:
    year = item.get("fiscal_year")
    return str(year) if year is not None else str(number + 1)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return "" if value is None else str(value)
