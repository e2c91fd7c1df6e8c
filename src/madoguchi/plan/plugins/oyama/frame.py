"""What an Oyama document says of the plan as a whole: its name, its policy (基本方針) and the plans it stands among."""

from __future__ import annotations

import re
from collections.abc import Iterator

from madoguchi.plan.rules.draft import Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Document, is_table_row

_FIELD = r"(?:情報|デジタル|ICT|DX|スマート)"
_NAME = r"[^「」『』、。\s]"
_TITLES = (
    re.compile(rf"第\d+次{_NAME}{{0,20}}?{_FIELD}{_NAME}{{0,20}}?計画"),
    re.compile(rf"(?<=「){_NAME}{{0,20}}?{_FIELD}{_NAME}{{0,20}}?計画(?=」)"),
)
_UPPER = re.compile(r"上位計画である「(?P<name>[^「」]+)」")
_NATIONAL = re.compile(r"^(?P<name>自治体DX推進計画)では")
_POLICY_HEADING = "基本方針"


def read_title(document: Document, ledger: Ledger) -> tuple[str, int]:
    """Give the name of the plan as its text states it, and the line; a plan without one is listed for the reviewer."""
    for pattern in _TITLES:
        for number, text in _lines(document):
            if match := pattern.search(text):
                ledger.place(number, "plan/title")
                return match.group(), number
    ledger.unplaced(1, "計画の名前が本文に見つかりません。計画の名前を入力してください。")
    return "名前を確かめる計画", 1


def read_philosophy(document: Document, ledger: Ledger) -> str:
    """Give the lines that stand alone under the heading 「基本方針」, joined; empty when there are none."""
    lines = list(_lines(document, keep_blank=True))
    for index, (_, text) in enumerate(lines):
        if text == _POLICY_HEADING:
            return _paragraph_after(lines[index + 1 :], ledger)
    return ""


def read_superior_plans(document: Document, ledger: Ledger) -> tuple[Relation, ...]:
    """Give the plans that the text calls superior, and the national DX plan whose items it takes up."""
    found: dict[str, Relation] = {}
    for number, text in _lines(document):
        for match in (*_UPPER.finditer(text), *_NATIONAL.finditer(text)):
            found.setdefault(match["name"], Relation(kind="superior_plan", target=match["name"], line=number))
    for relation in found.values():
        ledger.place(relation.line, "plan/superior_plan")
    return tuple(found.values())


def _paragraph_after(lines: list[tuple[int, str]], ledger: Ledger) -> str:
    said: list[str] = []
    for number, text in lines:
        if text:
            said.append(text)
            ledger.place(number, "plan/philosophy")
        elif said:
            break
    return "".join(said)


def _lines(document: Document, *, keep_blank: bool = False) -> Iterator[tuple[int, str]]:
    for line in document.lines:
        text = "" if is_table_row(line) else line.clean.replace("\n", " ")
        if text or keep_blank:
            yield line.number, text
