"""Definitions for the tests of the form engine."""

from __future__ import annotations

from datetime import date
from typing import Any

from madoguchi.procedures.rules.definition import Component, Definition, read_definition

TODAY = date(2026, 11, 20)

OPTIONS = [
    {"code": "rent", "label": {"ja": "借りている", "ja-easy": "かりています", "en": "Renting"}},
    {"code": "own", "label": {"ja": "自分の家", "ja-easy": "じぶんの いえ", "en": "Own house"}},
]


def definition_of(*fields: dict[str, Any], **more: Any) -> Definition:
    """A definition with one step of the given fields; ``steps`` replaces the step."""
    steps = more.pop("steps", [{"code": "all", "title": "すべて", "fields": list(fields)}])
    return read_definition({"code": "trial", "name": "試し", "form": {"steps": steps}, **more})


def ask(code: str, component: str = "text", **more: Any) -> dict[str, Any]:
    """A field; choices get options."""
    if component in {"choice", "choices"}:
        more.setdefault("options", OPTIONS)
    return {"code": code, "component": component, "label": more.pop("label", code), **more}


def every_component(**more: Any) -> list[dict[str, Any]]:
    """One field of every component, the group with a field of several kinds; ``more`` goes into each."""
    fields = []
    for component in Component:
        field = ask(component.value, component.value, label=f"質問 {component.value}", **more)
        if component is Component.GROUP:
            field["fields"] = [
                ask("name", "person_name", label="お子さんの氏名"),
                ask("born", "birth_date", label="お子さんの生年月日"),
                ask("school", "text", label="学校の名前", visible_if='born < date("2020-04-02")'),
                ask("proof", "file", label="証明書", required=False),
            ]
        if component is Component.CALCULATED:
            field["calculation"] = "integer * 2"
        fields.append(field)
    return fields


NAME = {"family": "平塚", "given": "花子", "family_kana": "ヒラツカ", "given_kana": "ハナコ"}
ADDRESS = {"postal_code": "254-0041", "prefecture": "神奈川県", "city": "平塚市", "town": "浅間町", "street": "9-1"}
ACCOUNT = {"bank": "0001", "branch": "001", "kind": "普通", "number": "1234567", "holder_kana": "ヒラツカ ハナコ"}

GOOD: dict[str, Any] = {
    "text": "こんにちは",
    "textarea": "1行目\n2行目",
    "integer": 3,
    "number": 2.5,
    "money": 1200,
    "date": "2026-11-20",
    "birth_date": "1985-04-01",
    "time": "09:30",
    "yes_no": False,
    "choice": "rent",
    "choices": ["rent", "own"],
    "person_name": NAME,
    "organisation_name": {"name": "浅間町自治会", "kana": "センゲンチョウジチカイ"},
    "corporate_number": "3000020142034",
    "address": ADDRESS,
    "phone": "0463-23-1111",
    "email": "hanako@example.jp",
    "household": [{"name": NAME, "birth_date": "1985-04-01", "relationship": "世帯主"}],
    "bank_account": ACCOUNT,
    "file": [{"file": "12", "name": "図面.pdf", "media_type": "application/pdf", "size": 1000}],
    "signature": {"typed": "平塚 花子"},
    "consent": True,
    "group": [{"name": NAME, "born": "2018-05-05", "school": "浅間小学校"}],
}
"""A right answer for every component that asks."""
