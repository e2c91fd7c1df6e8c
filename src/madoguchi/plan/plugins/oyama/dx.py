"""The DX table (自治体DX推進の取り組み): which national DX item each project serves, and the 取組 that serve it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.plan.plugins.oyama.wording import agreement
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, clean_text, squash

_GROUP = re.compile(r"【[^【】]+】")
_ITEM_NUMBER = re.compile(r"^[(（]\d{1,2}[)）]\s*")
_PROJECT = re.compile(r"(?:^|(?<=\s))(?P<code>\d{1,3}) ?[.．] ?(?=[^\d\s])")
# A star opens a point below a point; cleaning would take it for the mark of a footnote.
_STARRED = re.compile(r"(?<=[\s>])[*＊](?=[^\s)）])")
_POINT = re.compile(r"(?:^|(?<=\s))・\s*")
# Greek and Cyrillic letters do not occur in these names: where one stands, a character reader mistook a kana for it.
_MISREAD = re.compile(r"[\u0370-\u04ff]")
_NAMES_A_MISREADING_MAY_MEAN = 0.7
# 総務省「自治体DX推進計画」: 重点取組事項, あわせて取り組む事項, 必要に応じ実施を検討する取組.
_NATIONAL_ITEMS = (
    "自治体の情報システムの標準化・共通化",
    "マイナンバーカードの普及促進",
    "自治体の行政手続のオンライン化",
    "自治体のAI・RPAの利用推進",
    "テレワークの推進",
    "セキュリティ対策の徹底",
    "地域社会のデジタル化",
    "デジタルデバイド対策",
    "デジタル原則に基づく条例等の規制の点検・見直し",
    "BPRの取組の徹底",
    "オープンデータの推進・官民データ活用の推進",
)


@dataclass(frozen=True, slots=True)
class DxTie:
    """One project named beside a national item, with the 取組 listed for it."""

    line: int
    target: str
    code: str
    name: str
    actions: tuple[str, ...]


def read_dx(rows: Iterable[Row], ledger: Ledger) -> list[DxTie]:
    """Read the rows of the DX table into ties; the caller places each row once the project is known."""
    ties: list[DxTie] = []
    for row in rows:
        first = row.clean[0]
        text = "\n".join(clean_text(_STARRED.sub("・", cell)) for cell in row.cells[1:]).strip()
        if "DX取組事項" in squash(first):
            ledger.ignore(row.line, "自治体DXの表の見出し")
        elif _GROUP.fullmatch(" ".join(first.split())) and not text:
            ledger.ignore(row.line, "自治体DXの表の区分見出し")
        elif first and _PROJECT.search(text):
            ties += _ties(row.line, _target(row.line, first, ledger), text, ledger)
        else:
            ledger.unplaced(row.line, "自治体DXの表の行ですが、取組事項か施策の番号が読み取れません。")
    return ties


def _target(line: int, cell: str, ledger: Ledger) -> str:
    name = _ITEM_NUMBER.sub("", " ".join(cell.split()))
    if not _MISREAD.search(name):
        return name
    meant = max(_NATIONAL_ITEMS, key=lambda item: agreement(item, name))
    if agreement(meant, name) < _NAMES_A_MISREADING_MAY_MEAN:
        ledger.warn(line, f"「{name}」に日本語でない文字が混じっています。原本で確かめてください。", text=name)
        return name
    ledger.warn(line, f"「{name}」は文字の読み誤りとみて「{meant}」としました。原本で確かめてください。", text=name)
    return meant


def _ties(line: int, target: str, text: str, ledger: Ledger) -> list[DxTie]:
    starts = list(_PROJECT.finditer(text))
    if before := text[: starts[0].start()].strip():
        ledger.unplaced(line, "自治体DXの表で、どの施策の取組か分からない文です。", text=before)
    ends = [match.start() for match in starts[1:]] + [len(text)]
    ties = []
    for start, end in zip(starts, ends, strict=True):
        name, *points = (" ".join(part.split()) for part in _POINT.split(text[start.end() : end]))
        actions = tuple(point for point in points if point)
        ties.append(DxTie(line, target, str(int(start["code"])), name, actions))
    return ties
