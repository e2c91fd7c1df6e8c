"""
A person's corrections to a read result in its JSON form.

A value is named by its path, ``plans/0/goals/1/projects/3/indicators/0/targets/1/value``. What may stand there follows from
the shape of the draft, so a correction cannot make a draft that could not be published.
"""

from __future__ import annotations

import copy
import re
import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..errors import PlanError
from . import draft
from .draft import ReadResult
from .reading.values import parse_value
from .soundness import FIRST_YEAR, LAST_YEAR

PROTECTED = frozenset({"line"})
PART = re.compile(r"plans/\d+/goals/\d+(/measures/\d+)?(/projects/\d+)?")


class CorrectionError(PlanError):
    """A correction cannot be taken; the message says what the field accepts."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of a value: its path, what stood there and what stands there now."""

    path: str
    before: Any
    after: Any


def correct(content: dict[str, Any], path: str, text: str) -> tuple[dict[str, Any], Correction]:
    """Return a copy of the content with one value replaced; raises ``CorrectionError`` when the text does not fit."""
    hint = _hint_of(path)
    value = _parse(hint, text.strip())
    _check_year(path, value)
    changed = copy.deepcopy(content)
    parent, name = _parent(changed, path)
    before = parent.get(name)
    if value is None or value == "" or value == []:
        parent.pop(name, None)
    else:
        parent[name] = value
    return changed, Correction(path, before, value)


def ignore_row(content: dict[str, Any], line: int, reason: str) -> tuple[dict[str, Any], Correction]:
    """Return a copy in which an unplaced row is set aside with a reason."""
    changed, row = _take_unplaced(content, line)
    changed.setdefault("ignored", []).append({"line": line, "place": reason})
    return changed, Correction(f"unplaced/{line}", row["text"], f"対象外: {reason}")


def place_as_action(content: dict[str, Any], line: int, part: str, label: str) -> tuple[dict[str, Any], Correction]:
    """Return a copy in which an unplaced row becomes an action of a project."""
    changed, row = _take_unplaced(content, line)
    target = _part(changed, part, must_be_project=True)
    target.setdefault("actions", []).append({"label": label or row["text"], "line": line})
    return _placed(changed, line, part, row, "行動目標")


def place_as_indicator(
    content: dict[str, Any], line: int, part: str, *, label: str, fiscal_year: int, text: str
) -> tuple[dict[str, Any], Correction]:
    """Return a copy in which an unplaced row becomes an indicator with a target for a fiscal year."""
    if not label:
        raise CorrectionError("指標名を入力してください。")
    if not FIRST_YEAR <= fiscal_year <= LAST_YEAR:
        raise CorrectionError(f"年度は西暦{FIRST_YEAR}〜{LAST_YEAR}で入力してください。")
    changed, row = _take_unplaced(content, line)
    target = _part(changed, part, must_be_project=False)
    parsed = parse_value(text)
    value: dict[str, Any] = {"fiscal_year": fiscal_year, "text": text or row["text"], "line": line}
    indicator: dict[str, Any] = {"label": label, "line": line, "targets": [value]}
    if parsed is not None and parsed.value is not None:
        value["value"] = parsed.value
        indicator["unit"] = parsed.unit
    target.setdefault("indicators", []).append(indicator)
    return _placed(changed, line, part, row, f"指標「{label}」")


def _placed(
    changed: dict[str, Any], line: int, part: str, row: dict[str, Any], what: str
) -> tuple[dict[str, Any], Correction]:
    changed.setdefault("placed", []).append({"line": line, "place": f"{part} {what}"})
    return changed, Correction(f"unplaced/{line}", row["text"], f"{part} {what}")


def _take_unplaced(content: dict[str, Any], line: int) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = copy.deepcopy(content)
    rows: list[dict[str, Any]] = changed.get("unplaced", [])
    row = next((item for item in rows if item["line"] == line), None)
    if row is None:
        raise CorrectionError(f"{line}行目は、すでに置き場所が決まっています。")
    rows.remove(row)
    return changed, row


def _part(content: dict[str, Any], path: str, *, must_be_project: bool) -> dict[str, Any]:
    if not PART.fullmatch(path) or (must_be_project and "/projects/" not in path):
        raise CorrectionError("置き場所（基本目標・施策・事業）を選んでください。")
    found = value_at(content, path)
    if not isinstance(found, dict):
        raise CorrectionError("選んだ置き場所が見つかりません。画面を読み直してください。")
    return found


def value_at(content: Any, path: str) -> Any:
    """Return what stands at a path, or None."""
    for step in path.split("/"):
        if isinstance(content, list):
            content = content[int(step)] if step.isdigit() and int(step) < len(content) else None
        elif isinstance(content, dict):
            content = content.get(step)
        if content is None:
            return None
    return content


def _parent(content: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    above, _, name = path.rpartition("/")
    parent = value_at(content, above)
    if not isinstance(parent, dict):
        raise CorrectionError("訂正する項目が見つかりません。画面を読み直してください。")
    return parent, name


def _hint_of(path: str) -> Any:
    """Return the type of the field a path leads to; only plain fields of the plans may be corrected."""
    hint: Any = ReadResult
    for step in path.split("/"):
        hint = _element(hint)
        if step.isdigit():
            continue
        names = {item.name for item in fields(hint)} if is_dataclass(hint) and isinstance(hint, type) else set()
        if step not in names or step in PROTECTED:
            raise CorrectionError("この項目は訂正できません。")
        hint = typing.get_type_hints(hint, vars(draft))[step]
    if not path.startswith("plans/") or is_dataclass(_element(hint)):
        raise CorrectionError("この項目は訂正できません。")
    return hint


def _element(hint: Any) -> Any:
    """Return what a field holds: the element of a tuple of dataclasses, the dataclass of an optional."""
    if typing.get_origin(hint) is tuple and is_dataclass(typing.get_args(hint)[0]):
        return typing.get_args(hint)[0]
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next((arm for arm in typing.get_args(hint) if is_dataclass(arm)), hint)
    return hint


def _parse(hint: Any, text: str) -> Any:
    if typing.get_origin(hint) is typing.Literal:
        return _one_of(typing.get_args(hint), text)
    if typing.get_origin(hint) is tuple:
        return [part.strip() for part in re.split(r"[、,\n]", text) if part.strip()]
    arms = set(typing.get_args(hint)) or {hint}
    if bool in arms:
        return _one_of(("はい", "いいえ"), text) == "はい"
    if int in arms or float in arms:
        return _number(text, whole=float not in arms, optional=types.NoneType in arms)
    return text


def _one_of(choices: tuple[str, ...], text: str) -> str:
    if text not in choices:
        raise CorrectionError(f"{'、'.join(item or '（なし）' for item in choices)} のどれかを入力してください。")
    return text


def _number(text: str, *, whole: bool, optional: bool) -> float | int | None:
    if not text and optional:
        return None
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise CorrectionError(f"「{text}」は数ではありません。数字で入力してください（例: 1200、64.8）。") from None
    if number != number or number in (float("inf"), float("-inf")) or (whole and not number.is_integer()):
        raise CorrectionError("整数で入力してください。" if whole else "有限の数で入力してください。")
    return int(number) if number.is_integer() else number


def _check_year(path: str, value: Any) -> None:
    if path.endswith("fiscal_year") and value is not None and not FIRST_YEAR <= value <= LAST_YEAR:
        raise CorrectionError(f"年度は西暦{FIRST_YEAR}〜{LAST_YEAR}で入力してください。")
