"""What a new item of each list begins with, so that a definition stays one after every edit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..definition import Component
from ..finder.questions import QUESTIONS, QuestionKind
from .errors import N_, EditError
from .naming import field_codes, free_code
from .paths import NOT_THERE, Path, code_of, join_path

FIELD_LISTS = re.compile(r"^form\.steps\.\d+(\.fields\.\d+)*\.fields$")
OPTION_LISTS = re.compile(r"^form\.steps\.\d+(\.fields\.\d+)+\.options$")
TABLE = re.compile(r"^decisions\.[a-z][a-z0-9_-]*\.table\.(inputs|outputs|rows)$")
EXAMPLES = re.compile(r"^decisions\.[a-z][a-z0-9_-]*\.examples$")

FIRST_QUESTION = next(code for code, question in QUESTIONS.items() if question.kind == QuestionKind.YES_NO)
"""The question of the finder that a new condition begins with: one that is answered by yes or no."""

WITH_OPTIONS = (Component.CHOICE, Component.CHOICES)
PREFILLS: dict[Component, tuple[str, ...]] = {
    Component.PERSON_NAME: ("person.name",),
    Component.BIRTH_DATE: ("person.birth_date",),
    Component.ADDRESS: ("person.address",),
    Component.HOUSEHOLD: ("person.household",),
    Component.PHONE: ("person.phone",),
    Component.EMAIL: ("person.email",),
    Component.BANK_ACCOUNT: ("person.bank_account",),
    Component.ORGANISATION_NAME: ("organisation.name",),
    Component.CORPORATE_NUMBER: ("organisation.corporate_number",),
}
"""Verified attributes a component can be filled with; the first one is offered."""


def new_item(document: dict[str, Any], path: Path, kind: str = "") -> Any:
    """Return a fresh item for the list at a path; ``kind`` is the component of a new field."""
    place = join_path(path)
    if FIELD_LISTS.match(place):
        return new_field(document, kind)
    if OPTION_LISTS.match(place):
        return _coded(document, path, "option", "label")
    simple = _SIMPLE.get(place)
    if simple is not None:
        return simple(document, path)
    if EXAMPLES.match(place):
        return {"given": {}, "expect": {}}
    raise EditError(NOT_THERE, place)


def new_field(document: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return a field of a component with a free code and what its component needs to be valid."""
    if kind not in set(Component):
        raise EditError(N_("「%(kind)s」という入力の種類はありません。一覧から選んでください。"), "", kind=kind)
    component = Component(kind)
    field: dict[str, Any] = {"code": free_code(component.value, field_codes(document)), "component": component.value}
    if component in WITH_OPTIONS:
        field["options"] = [{"code": "option", "label": {}}, {"code": "option_2", "label": {}}]
    if component in PREFILLS:
        field["prefill"] = PREFILLS[component][0]
    if component in (Component.NOTE, Component.CALCULATED):
        field["required"] = False
    if component is Component.GROUP:
        field |= {"minimum_rows": 1, "fields": [{"code": "name", "component": "text"}]}
    return field


def _coded(document: dict[str, Any], path: Path, stem: str, label: str) -> dict[str, Any]:
    from .paths import list_at

    taken = {code for code in map(code_of, list_at(document, path)) if code}
    return {"code": free_code(stem, taken), label: {}}


def _step(document: dict[str, Any], path: Path) -> dict[str, Any]:
    return {**_coded(document, path, "step", "title"), "fields": []}


def _output(document: dict[str, Any], path: Path) -> dict[str, Any]:
    return {**_coded(document, path, "output", "name"), "kind": "notice", "template": "notice"}


_SIMPLE: dict[str, Callable[[dict[str, Any], Path], dict[str, Any]]] = {
    "form.steps": _step,
    "documents": lambda document, path: _coded(document, path, "document", "name"),
    "outputs": _output,
    "laws": lambda document, path: {"title": ""},
    "faq": lambda document, path: {"question": {}, "answer": {}},
    "not_for": lambda document, path: {},
    "finder": lambda document, path: {"question": FIRST_QUESTION, "test": "true"},
    "tests": lambda document, path: {"name": "", "answers": {}, "expect": {"valid": True}},
}
