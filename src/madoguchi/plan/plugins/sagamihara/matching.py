"""Bringing project sheets and the lists of the plan together: by title, then by the order in which both name projects."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from madoguchi.plan.rules.reading.coverage import Ledger

from .layout import title_key
from .outline import GoalOutline, ListedProject, MeasureOutline
from .sheets import Sheet

_MISREAD = 0.85
"""Titles that are alike to this degree differ by a misread letter, not in what they name."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A project of the lists with its measure and its place in the order of its goal."""

    index: int
    measure: MeasureOutline
    project: ListedProject


@dataclass(frozen=True, slots=True)
class Match:
    """A sheet and the project of the lists it describes; either may be missing."""

    sheet: Sheet | None
    listed: Listed | None
    measure: MeasureOutline | None


def match_sheets(goal: GoalOutline, sheets: list[Sheet], ledger: Ledger) -> list[Match]:
    """Match the sheets of one goal; sheets whose title cannot be known are reported and left out."""
    listed = [
        Listed(index, measure, project)
        for index, (measure, project) in enumerate((m, p) for m in goal.measures for p in m.projects)
    ]
    found = _by_title(sheets, listed, ledger)
    _by_order(sheets, listed, found, ledger)
    matches = [_to_match(position, sheets, found, listed, ledger) for position in range(len(sheets))]
    taken = {match.index for match in found.values()}
    for item in (item for item in listed if item.index not in taken):
        ledger.warn(item.project.line, f"「{item.project.title}」の事業の説明と取組予定が事業一覧に見つかりません。")
        matches.append(Match(None, item, item.measure))
    return [match for match in matches if match is not None]


def _by_title(sheets: list[Sheet], listed: list[Listed], ledger: Ledger) -> dict[int, Listed]:
    found: dict[int, Listed] = {}
    free = {item.project.key: item for item in listed}
    titled = [position for position, sheet in enumerate(sheets) if sheet.title]
    for position in titled:
        if item := free.pop(title_key(sheets[position].title), None):
            found[position] = item
    for position in (position for position in titled if position not in found):
        if alike := _alike(sheets[position].title, list(free.values())):
            found[position] = free.pop(alike.project.key)
            ledger.warn(
                sheets[position].title_line,
                f"事業名「{sheets[position].title}」を{alike.project.line}行目の「{alike.project.title}」の誤記とみなしました。",
            )
    return found


def _alike(title: str, listed: list[Listed]) -> Listed | None:
    """Give the one project whose title differs by a letter or so, None where there is none or more than one."""
    key = title_key(title)
    close = [item for item in listed if SequenceMatcher(None, key, item.project.key).ratio() >= _MISREAD]
    # 「…(中央区)」 and 「…(南区)」 are alike too: where letters differ at the end, the titles name different things.
    close = [item for item in close if item.project.key[-2:] == key[-2:] and len(item.project.key) == len(key)]
    return close[0] if len(close) == 1 else None


def _by_order(sheets: list[Sheet], listed: list[Listed], found: dict[int, Listed], ledger: Ledger) -> None:
    """Name untitled sheets where the lists leave exactly as many projects between their neighbours."""
    for run in _untitled_runs(sheets):
        free = _free_between(run, sheets, listed, found)
        if len(free) != len(run):
            continue
        for position, item in zip(run, free, strict=True):
            found[position] = item
            ledger.warn(
                sheets[position].line,
                f"事業名の見出しがありません。一覧の順序から、{item.project.line}行目の「{item.project.title}」としました。",
            )


def _untitled_runs(sheets: list[Sheet]) -> list[list[int]]:
    runs: list[list[int]] = []
    for position, sheet in enumerate(sheets):
        if sheet.title:
            continue
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs


def _free_between(run: list[int], sheets: list[Sheet], listed: list[Listed], found: dict[int, Listed]) -> list[Listed]:
    taken = {item.index for item in found.values()}
    before, after = run[0] - 1, run[-1] + 1
    if (before >= 0 and before not in found) or (after < len(sheets) and after not in found):
        return []
    low = found[before].index if before >= 0 else -1
    high = found[after].index if after < len(sheets) else len(listed)
    return [item for item in listed if low < item.index < high and item.index not in taken]


def _to_match(
    position: int, sheets: list[Sheet], found: dict[int, Listed], listed: list[Listed], ledger: Ledger
) -> Match | None:
    sheet = sheets[position]
    if item := found.get(position):
        return Match(sheet, item, item.measure)
    if not sheet.title:
        _report_untitled(sheet, ledger)
        return None
    measure = _measure_around(position, found, len(sheets))
    is_repeated = any(title_key(sheet.title) == item.project.key for item in listed)
    ledger.warn(
        sheet.title_line,
        f"「{sheet.title}」が事業一覧に2回あります。"
        if is_repeated
        else f"「{sheet.title}」は施策の事業の一覧にありません。前後の並びから入れる施策を決めたので、確認してください。",
    )
    return Match(sheet, None, measure)


def _measure_around(position: int, found: dict[int, Listed], count: int) -> MeasureOutline | None:
    """Give the measure of the nearest matched sheets where both sides agree, else None."""
    before = next((found[i].measure for i in range(position - 1, -1, -1) if i in found), None)
    after = next((found[i].measure for i in range(position + 1, count) if i in found), None)
    return before if before is after else None


def _report_untitled(sheet: Sheet, ledger: Ledger) -> None:
    reason = "事業名の見出しがなく、一覧の順序からも事業名が分かりません。事業名を補ってください。"
    ledger.unplaced(sheet.line, reason)
    for row in sheet.table.rows if sheet.table else ():
        ledger.unplaced(row.line, reason)
