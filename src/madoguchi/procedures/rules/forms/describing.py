"""Answers as people read them back: on the review page, the receipt, beside the work list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.kit import era
from madoguchi.kit.money import format_yen

from ..definition import Component, Definition, FormField, Step
from . import banks
from .answers import compute
from .evaluation import Evaluation
from .parts import PARTS, ROWS, is_empty, row_fields


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: the label, the value as shown (lines apart by \\n), its path, its field; ``value`` is "" for none."""

    label: str
    value: str
    path: str
    component: Component
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one step, under its title; ``step`` is its code, for the link that changes them."""

    title: str
    step: str
    rows: list[Row]


_WORDS = {
    "yes": ("はい", "はい", "Yes"),
    "no": ("いいえ", "いいえ", "No"),
    "agreed": ("同意しました", "いいと こたえました", "Agreed"),
    "signed": ("手書きの署名があります", "手で書いた サインが あります", "Signed by hand"),
    "people": ("%s人目", "%s人目", "Person %s"),
    "items": ("%sつ目", "%sつ目", "No. %s"),
    "none": ("なし", "なし", "None"),
}


def words(key: str, language: str) -> str:
    """Return a fixed word of the description in a language."""
    ja, easy, en = _WORDS[key]
    return {"ja-easy": easy, "en": en}.get(language, ja)


def describe(
    definition: Definition,
    answers: Mapping[str, Any],
    language: str = "ja",
    *,
    today: date | None = None,
    empty: bool = True,
) -> list[Section]:
    """
    Return the visible answers step by step, in the reader's language; with ``empty`` also what was left open.

    Dates are written with their era, money in yen, names with their reading, addresses in one line, files by name.
    """
    whole = compute(definition, answers, today)
    found = Evaluation(definition, whole, today)
    sections = []
    for step in definition.form.steps:
        if not found.is_step_visible(step):
            continue
        rows = [row for item in step.fields for row in _rows_of(found, item, whole, language)]
        rows = rows if empty else [row for row in rows if row.value]
        if rows:
            sections.append(Section(step.title.in_language(language), step.code, rows))
    return sections


def describe_step(
    definition: Definition, step: Step, answers: Mapping[str, Any], language: str = "ja", today: date | None = None
) -> Section:
    """Return the visible answers of one step."""
    found = next(
        (item for item in describe(definition, answers, language, today=today) if item.step == step.code), None
    )
    return found or Section(step.title.in_language(language), step.code, [])


def _rows_of(found: Evaluation, item: FormField, answers: Mapping[str, Any], language: str) -> Iterator[Row]:
    if item.component is Component.NOTE or not found.is_visible(item):
        return
    yield from _shown(found, item, answers.get(item.code), item.code, item.label.in_language(language), language)


def _shown(found: Evaluation, item: FormField, value: Any, path: str, label: str, language: str) -> Iterator[Row]:
    if item.component not in ROWS or not isinstance(value, list):
        files = value if item.component is Component.FILE and isinstance(value, list) else []
        yield Row(label, shown_value(item, value, language), path, item.component, files)
        return
    rows = [(index, row) for index, row in enumerate(value) if isinstance(row, Mapping) and not is_empty(row)]
    if not rows:
        yield Row(label, words("none", language), path, item.component)
    counter = words("people" if item.component is Component.HOUSEHOLD else "items", language)
    for number, (index, row) in enumerate(rows, start=1):
        for inner in row_fields(item):
            if inner.component is Component.NOTE or not found.is_row_visible(item, inner, row):
                continue
            name = f"{label} {counter % number}：{inner.label.in_language(language)}"
            yield from _shown(found, inner, row.get(inner.code), f"{path}.{index}.{inner.code}", name, language)


def shown_value(item: FormField, value: Any, language: str = "ja") -> str:
    """Return one answer as people read it, "" for none; what could not be read is shown as it was typed."""
    if is_empty(value):
        return ""
    show = _SHOWN.get(item.component)
    text = show(item, value, language) if show else None
    return _plain(value) if text is None else text


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(_plain(part) for part in value.values() if not is_empty(part))
    if isinstance(value, list):
        return "、".join(_plain(part) for part in value if not is_empty(part))
    return str(value)


def _date(item: FormField, value: Any, language: str) -> str | None:
    try:
        return era.format_date(date.fromisoformat(value), language)
    except (TypeError, ValueError):
        return None


def _birth_date(item: FormField, value: Any, language: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if not language.startswith("ja"):
        return era.format_date(day, language).rsplit(" (", 1)[0]
    known = era.to_era(day)
    name = f"（{known[0].name}{era.era_year(known[1])}年）" if known else ""
    return f"{day.year}年{name}{day.month}月{day.day}日"


def _money(item: FormField, value: Any, language: str) -> str | None:
    return format_yen(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(item: FormField, value: Any, language: str) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return f"{value:,}{_unit(item, language)}"


def _unit(item: FormField, language: str) -> str:
    unit = item.unit.in_language(language)
    return f" {unit}" if unit.isascii() and unit else unit


def _calculated(item: FormField, value: Any, language: str) -> str | None:
    if isinstance(value, bool):
        return words("yes" if value else "no", language)
    if isinstance(value, str) and len(value) == 10 and (day := _date(item, value, language)):
        return day
    return _number(item, value, language)


def _yes_no(item: FormField, value: Any, language: str) -> str | None:
    return words("yes" if value else "no", language) if isinstance(value, bool) else None


def _choice(item: FormField, value: Any, language: str) -> str | None:
    codes = value if isinstance(value, list) else [value]
    labels = {option.code: option.label.in_language(language) for option in item.options}
    separator = "、" if language.startswith("ja") else ", "
    return separator.join(labels.get(code, str(code)) if isinstance(code, str) else str(code) for code in codes)


def _name(item: FormField, value: Any, language: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    name = " ".join(str(value[part]) for part in ("family", "given") if not is_empty(value.get(part)))
    kana = " ".join(str(value[part]) for part in ("family_kana", "given_kana") if not is_empty(value.get(part)))
    return f"{name}（{kana}）" if kana else name


def _organisation(item: FormField, value: Any, language: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    name, kana = str(value.get("name") or ""), value.get("kana")
    return name if is_empty(kana) else f"{name}（{kana}）"


def _address(item: FormField, value: Any, language: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    parts = {part.code: str(value.get(part.code) or "") for part in PARTS[Component.ADDRESS]}
    postal = f"〒{parts['postal_code']} " if parts["postal_code"] else ""
    building = f" {parts['building']}" if parts["building"] else ""
    return postal + parts["prefecture"] + parts["city"] + parts["town"] + parts["street"] + building


def _account(item: FormField, value: Any, language: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    parts = {part.code: str(value.get(part.code) or "") for part in PARTS[Component.BANK_ACCOUNT]}
    bank = banks.bank(parts["bank"])
    branch = banks.branch(parts["bank"], parts["branch"])
    bank_name = f"{bank.name}（{bank.code}）" if bank else parts["bank"]
    branch_name = f"{branch.name}（{branch.code}）" if branch else parts["branch"]
    return " ".join(
        part for part in (bank_name, branch_name, parts["kind"], parts["number"], parts["holder_kana"]) if part
    )


def _files(item: FormField, value: Any, language: str) -> str | None:
    if not isinstance(value, list):
        return None
    return "\n".join(str(one.get("name") or one.get("file") or "") for one in value if isinstance(one, Mapping))


def _signature(item: FormField, value: Any, language: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    return str(value["typed"]) if not is_empty(value.get("typed")) else words("signed", language)


def _consent(item: FormField, value: Any, language: str) -> str | None:
    return words("agreed", language) if value is True else None


def _with_unit(item: FormField, value: Any, language: str) -> str | None:
    return f"{value}{_unit(item, language)}" if isinstance(value, str) else None


_SHOWN: dict[Component, Callable[[FormField, Any, str], str | None]] = {
    Component.TEXT: _with_unit,
    Component.INTEGER: _number,
    Component.NUMBER: _number,
    Component.MONEY: _money,
    Component.DATE: _date,
    Component.BIRTH_DATE: _birth_date,
    Component.YES_NO: _yes_no,
    Component.CHOICE: _choice,
    Component.CHOICES: _choice,
    Component.PERSON_NAME: _name,
    Component.ORGANISATION_NAME: _organisation,
    Component.ADDRESS: _address,
    Component.BANK_ACCOUNT: _account,
    Component.FILE: _files,
    Component.SIGNATURE: _signature,
    Component.CONSENT: _consent,
    Component.CALCULATED: _calculated,
}
