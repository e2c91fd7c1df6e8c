"""The overview table (柱・施策・個別事業) held against the sheets: both must name the same projects."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from madoguchi.plan.plugins.odawara.outline import OverviewRow, measure_heading, pillar_heading
from madoguchi.plan.rules.draft import DraftProject
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.markup import squash

_ALIKE = 0.7


def check_overview(
    rows: Sequence[OverviewRow],
    projects: dict[str, Sequence[DraftProject]],
    titles: dict[str, str],
    ledger: Ledger,
) -> None:
    """
    Place each row of the overview with its projects, and report what differs.

    ``projects`` are the sheets by measure code, ``titles`` the titles of pillars and measures by code. A row whose
    measure cell was lost counts for the measures that its projects belong to.
    """
    left = {project.code: project for group in projects.values() for project in group}
    for row in rows:
        _check_headings(row, titles, ledger)
        measure = measure_heading(row.measure)
        for title in row.projects:
            found = _best(title, list(left.values()))
            if found is None:
                ledger.unplaced(row.line, "一覧にある事業の表が見つかりません。", text=title)
                continue
            left.pop(found.code)
            ledger.place(row.line, f"overview/{found.code}")
            _compare(row, title, found, measure[0] if measure else "", ledger)
        if not row.projects and not ledger.is_settled(row.line):
            ledger.unplaced(row.line, "個別事業のない行です。")
    for project in left.values() if rows else ():
        ledger.warn(project.line, f"事業「{project.title}」が一覧にありません。")


def _check_headings(row: OverviewRow, titles: dict[str, str], ledger: Ledger) -> None:
    for found in (pillar_heading(row.pillar), measure_heading(row.measure)):
        if found and squash(titles.get(found[0], found[1])) != squash(found[1]):
            ledger.warn(row.line, f"一覧の「{found[0]} {found[1]}」が見出しの「{titles[found[0]]}」と異なります。")


def _compare(row: OverviewRow, title: str, project: DraftProject, measure: str, ledger: Ledger) -> None:
    if squash(title) != squash(project.title):
        ledger.warn(row.line, f"一覧の名称「{title}」が表の名称「{project.title}」と異なります。")
    if measure and not project.code.startswith(f"{measure}-"):
        ledger.warn(row.line, f"一覧では施策{measure}の「{title}」が、本文では別の施策（{project.code}）にあります。")


def _best(title: str, projects: Sequence[DraftProject]) -> DraftProject | None:
    scored = [(SequenceMatcher(None, squash(title), squash(item.title)).ratio(), item) for item in projects]
    ratio, item = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return item if ratio >= _ALIKE else None
