"""What the selects and check boxes of the builder offer, as pairs of value and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.trust.enums import RetentionClass

from ...rules.definition import Component
from ...rules.definition.text import Text
from ...rules.editing import PREFILLS, all_fields, find, parse_path
from ...rules.finder.events import CATEGORIES, LIFE_EVENTS
from ...rules.finder.questions import QUESTIONS
from .words import PREFILL_WORDS, component_word, name_of, text_of

Pairs = list[tuple[str, str]]
MEDIA = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIC", "application/pdf": "PDF"}
TEMPLATES = ("certificate", "notice", "permit", "receipt")
SILENT = frozenset({Component.NOTE, Component.FILE, Component.SIGNATURE})


def options_of(name: str, document: dict[str, Any], path: str = "") -> Pairs:
    """Return the options called ``name`` for a property at a path."""
    found = OPTIONS[name](document, path)
    current = find(document, parse_path(path))
    known = {value for value, _words in found}
    for value in current if isinstance(current, list) else [current]:
        if isinstance(value, str) and value not in known:
            found.append((value, value or _("選ぶ")))
    return found


def question_options(document: dict[str, Any], *, fixed: bool = False) -> Pairs:
    """Return the fields that a condition or a table can ask for; ``fixed`` are those with answers to choose from."""
    wanted = {Component.YES_NO, Component.CHOICE} if fixed else set(Component) - SILENT
    return [
        (field["code"], name_of(field))
        for path, field in all_fields(document)
        if field["component"] in wanted and len(path) == 5
    ]


def _said(text: Text) -> str:
    return text.in_language(get_language() or "ja")


def _dates(document: dict[str, Any], _path: str) -> Pairs:
    dates = {Component.DATE, Component.BIRTH_DATE}
    found = [(field["code"], name_of(field)) for _place, field in all_fields(document) if field["component"] in dates]
    return [("", _("決まっていない")), *found]


def _prefills(document: dict[str, Any], path: str) -> Pairs:
    field = find(document, parse_path(path)[:-1])
    keys = PREFILLS.get(Component(field["component"]), ()) if isinstance(field, dict) else ()
    return [(key, str(PREFILL_WORDS.get(key, key))) for key in ("", *keys)]


def _fields(document: dict[str, Any], _path: str) -> Pairs:
    return [
        (field["code"], name_of(field))
        for path, field in all_fields(document)
        if len(path) == 5 and field["component"] != Component.NOTE
    ]


def _output_kinds(_document: dict[str, Any], _path: str) -> Pairs:
    return [("certificate", _("証明書")), ("notice", _("通知書")), ("permit", _("許可証")), ("receipt", _("領収書"))]


def _templates(document: dict[str, Any], path: str) -> Pairs:
    return [
        ("notice", _("通知書の様式")), ("certificate", _("証明書の様式")), ("permit", _("許可証の様式")),
        ("receipt", _("領収書の様式")),
    ]  # fmt: skip


def _hit_policies(_document: dict[str, Any], _path: str) -> Pairs:
    return [
        ("F", _("上から見て、最初に合った行を使う（ふつうはこれ）")),
        ("U", _("合う行は必ず1つだけ")),
        ("A", _("合う行がいくつあっても、結果は同じ")),
        ("P", _("結果の優先順で選ぶ")),
        ("C", _("合った行をすべて並べる")),
        ("C+", _("合った行の結果を合計する")),
        ("C<", _("合った行の中で、いちばん小さい値")),
        ("C>", _("合った行の中で、いちばん大きい値")),
        ("C#", _("合った行の数を数える")),
        ("R", _("合った行を上から並べる")),
        ("O", _("合った行を優先順に並べる")),
    ]


OPTIONS: dict[str, Callable[[dict[str, Any], str], Pairs]] = {
    "categories": lambda _d, _p: [("", _("選んでください")), *((code, _said(text)) for code, text in CATEGORIES.items())],
    "life_events": lambda _d, _p: [(code, _said(event.label)) for code, event in LIFE_EVENTS.items()],
    "questions": lambda _d, _p: [(code, _said(question.text)) for code, question in QUESTIONS.items()],
    "otherwise": lambda _d, _p: [("no", _("対象にならない")), ("maybe", _("職員の確認が必要"))],
    "online": lambda _d, _p: [
        ("attach", _("ファイルで付けてもらう")), ("identity", _("本人確認で足りる")), ("not_needed", _("いらない")),
    ],
    "dates": _dates,
    "prefills": _prefills,
    "fields": _fields,
    "media_types": lambda _d, _p: list(MEDIA.items()),
    "assurances": lambda _d, _p: [
        ("none", _("確認しない（だれでも、匿名でも）")),
        ("account", _("サインインした人")),
        ("authenticated", _("マイナンバーカードなどで本人を確かめた人")),
        ("signed", _("本人を確かめ、電子署名をした人")),
    ],
    "applicants": lambda _d, _p: [("person", _("個人")), ("business", _("法人・個人事業主"))],
    "payments": lambda _d, _p: [
        ("none", _("支払いはない")), ("before", _("申請のときに支払う")), ("after", _("市が確認したあとで支払う")),
    ],
    "retentions": lambda _d, _p: [(value, str(label)) for value, label in RetentionClass.choices],
    "channels": lambda _d, _p: [("online", _("オンライン")), ("counter", _("窓口")), ("post", _("郵送"))],
    "output_kinds": _output_kinds,
    "templates": _templates,
    "hit_policies": _hit_policies,
}  # fmt: skip


def cell_options(document: dict[str, Any], column: dict[str, Any]) -> Pairs:
    """Return the cells that a column of a table offers (FEEL, words); empty where the cell is typed."""
    from ...rules.editing import ANY, values_of

    code = column.get("expression") or column.get("name")
    field = next((item for _path, item in all_fields(document) if item["code"] == code), None)
    cells = [(cell, text_of(label) or cell) for cell, label in values_of(field)]
    return [(ANY, _("どれでも")), *cells] if cells else []


def component_options() -> Pairs:
    """Return every component with its name."""
    return [(component.value, component_word(component)) for component in Component]
