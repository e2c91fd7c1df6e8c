"""Rows that carry nothing of the plan's own: contents, explanations of the method, examples, committees, surveys."""

from __future__ import annotations

import re

from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, squash

from .layout import Chapter, Item, Paragraph, is_contents_row

_BY_HEADER: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"設定時期", "進捗管理", "管理の内容"}), "進捗管理の方法の説明"),
    (frozenset({"対象", "指標", "内容"}), "管理指標の考え方の説明"),
    (frozenset({"氏名", "所属・役職等"}), "学識経験者の名簿"),
    (frozenset({"年度", "開催日等", "会議等"}), "策定の経過"),
)
_MEMBERS = re.compile(r"(?:構成員|委員)$")
_EXAMPLE = re.compile(r"^[(（]例[)）]")
_RULE = re.compile(r"[-=—―\s]*")


def settle_furniture(chapter: Chapter, ledger: Ledger) -> None:
    """Note the rows of a chapter that are no part of the plan, each with the reason; rows already settled stay so."""
    before: Item | None = None
    for item in chapter.items:
        if isinstance(item, Table):
            _settle_table(item, before, ledger)
        before = item


def _settle_table(table: Table, before: Item | None, ledger: Ledger) -> None:
    reason = _reason(table, before)
    for row in table.rows:
        if not ledger.is_settled(row.line) and (why := reason or _row_reason(row)):
            ledger.ignore(row.line, why)


def _reason(table: Table, before: Item | None) -> str:
    if isinstance(before, Paragraph) and _EXAMPLE.match(before.text):
        return "書き方の例"
    header = {squash(cell) for cell in table.rows[0].cells}
    for names, reason in _BY_HEADER:
        if names <= header:
            return reason
    return "会議の構成員" if _MEMBERS.search(squash(table.rows[0].cells[0])) else ""


def _row_reason(row: Row) -> str:
    if is_contents_row("".join(row.cells)):
        return "目次"
    return "罫線" if _RULE.fullmatch("".join(row.cells)) else ""
