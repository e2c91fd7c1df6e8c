"""Joins what the list of projects and the DX table say to the projects' own tables, and checks one against the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from madoguchi.plan.plugins.oyama.dx import DxTie
from madoguchi.plan.plugins.oyama.overview import OverviewEntry
from madoguchi.plan.plugins.oyama.sheet import Sheet
from madoguchi.plan.plugins.oyama.wording import agreement, nearly_agree
from madoguchi.plan.rules.draft import DraftAction, Relation
from madoguchi.plan.rules.reading.coverage import Ledger

_LAST_SDG = 17


def join_overview(sheets: Sequence[Sheet], entries: Mapping[str, OverviewEntry], ledger: Ledger) -> None:
    """Give each project the SDGs of its row in the list; a row without a project is listed as unplaced."""
    by_code = _by_code(sheets)
    for entry in entries.values():
        sheet = by_code.get(entry.code)
        if sheet is None or not _same_name(entry.name, sheet.title):
            ledger.unplaced(entry.line, f"施策一覧表の施策{entry.code}に当たる施策表が見つかりません。")
            continue
        ledger.place(entry.line, f"{sheet.place}/SDGs")
        _add_sdgs(sheet, entry, ledger)
        _compare(sheet, entry, ledger)
    for sheet in sheets if entries else ():
        if sheet.code not in entries:
            ledger.warn(sheet.line, "この施策は施策一覧表に載っていません。SDGs との関係が分かりません。")


def join_dx(sheets: Sequence[Sheet], ties: Sequence[DxTie], ledger: Ledger) -> None:
    """Give each project its national DX items, and the 取組 that only the DX table names."""
    by_code = _by_code(sheets)
    for tie in ties:
        sheet = by_code.get(tie.code)
        if sheet is None or not _same_name(tie.name, sheet.title):
            reason = f"自治体DXの表の施策{tie.code}に当たる施策表が見つかりません。"
            ledger.unplaced(tie.line, reason, text=f"{tie.code}.{tie.name}")
            continue
        ledger.place(tie.line, f"{sheet.place}/自治体DX")
        sheet.relations.append(Relation(kind="dx_priority", target=tie.target, line=tie.line))
        if agreement(_main(tie.name), _main(sheet.title)) < 1:
            ledger.warn(tie.line, f"施策{tie.code}の名称が施策表（{sheet.title}）と違います。", text=tie.name)
        for label in tie.actions:
            _join_action(sheet, label, tie.line, ledger)


def _by_code(sheets: Sequence[Sheet]) -> dict[str, Sheet]:
    by_code: dict[str, Sheet] = {}
    for sheet in sheets:
        by_code.setdefault(sheet.code, sheet)
    return by_code


def _add_sdgs(sheet: Sheet, entry: OverviewEntry, ledger: Ledger) -> None:
    for number in entry.sdgs:
        if 1 <= number <= _LAST_SDG:
            sheet.relations.append(Relation(kind="sdg", target=str(number), line=entry.line))
            continue
        # A number that no goal bears is kept as the mark it is, not guessed into another goal.
        sheet.relations.append(Relation(kind="legend", target=f"SDGs {number}", line=entry.line))
        reason = (
            f"SDGs の目標は17までですが、{number}番の印があります。目標には結びつけていません。原本で確かめてください。"
        )
        ledger.warn(entry.line, reason, text=str(number))
    if not entry.sdgs:
        ledger.warn(entry.line, "施策一覧表の SDGs の欄が読み取れません。")


def _compare(sheet: Sheet, entry: OverviewEntry, ledger: Ledger) -> None:
    marks = len(sheet.categories) if entry.categories is None else set(sheet.categories)
    listed = entry.mark_count if entry.categories is None else set(entry.categories)
    if marks != listed:
        ledger.warn(entry.line, f"基本目標の○が、施策{entry.code}の施策表の目標区分と違います。施策表を採りました。")
    if set(entry.fields) != set(sheet.fields):
        ledger.warn(entry.line, f"施策分類が、施策{entry.code}の施策表の施策分野と違います。施策表を採りました。")
    if agreement(_main(entry.name), _main(sheet.title)) < 1:
        ledger.warn(entry.line, f"施策{entry.code}の名称が施策表（{sheet.title}）と違います。", text=entry.name)


def _join_action(sheet: Sheet, label: str, line: int, ledger: Ledger) -> None:
    known = max(sheet.actions, key=lambda action: agreement(action.label, label), default=None)
    if known is None or not nearly_agree(known.label, label):
        sheet.actions.append(DraftAction(label=label, line=line))
        ledger.warn(line, f"施策{sheet.code}の施策表にない取組です。取組として加えました。", text=label)
    elif agreement(known.label, label) < 1:
        ledger.warn(line, f"取組の名称が施策{sheet.code}の施策表（{known.label}）と違います。", text=label)


def _same_name(one: str, other: str) -> bool:
    return nearly_agree(one, other) or nearly_agree(_main(one), _main(other))


def _main(title: str) -> str:
    """Give a title without the remark in brackets at its end, which the shorter tables leave out."""
    stripped = title.rstrip()
    if stripped.endswith((")", "）")):
        start = max(stripped.rfind("("), stripped.rfind("（"))
        return stripped[:start].rstrip() or stripped
    return stripped
