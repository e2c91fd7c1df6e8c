"""The overview table (柱・施策・個別事業) held against the sheets: both must name the same projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    left = _Unlisted(project for group in projects.values() for project in group)
    for row in rows:
        _check_headings(row, titles, ledger)
        for title in row.projects:
            if (project := left.take(title)) is not None:
                _settle(row, title, project, ledger)
    for row in rows:
        for title in (title for title in row.projects if title not in left.taken):
            if (project := left.take_alike(title)) is not None:
                _settle(row, title, project, ledger)
            else:
                ledger.unplaced(row.line, "一覧にある事業の表が見つかりません。", text=title)
        if not row.projects:
            ledger.unplaced(row.line, "個別事業のない行です。")
    for project in left.rest() if rows else ():
        ledger.warn(project.line, f"事業「{project.title}」が一覧にありません。")


class _Unlisted:
    """The projects that no row of the overview has named yet."""

    def __init__(self, projects: Iterable[DraftProject]) -> None:
        self._by_title: dict[str, list[DraftProject]] = {}
        self.taken: set[str] = set()
        for project in projects:
            self._by_title.setdefault(squash(project.title), []).append(project)

    def take(self, title: str) -> DraftProject | None:
        """Take the project of exactly this title."""
        group = self._by_title.get(squash(title))
        if not group:
            return None
        self.taken.add(title)
        return group.pop(0)

    def take_alike(self, title: str) -> DraftProject | None:
        """Take the project whose title differs least, if it is like enough to be the same."""
        plain = squash(title)
        scored = [(SequenceMatcher(None, plain, squash(item.title)).ratio(), item) for item in self.rest()]
        ratio, item = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return self.take(item.title) if item is not None and ratio >= _ALIKE else None

    def rest(self) -> list[DraftProject]:
        """Give the projects that are left."""
        return [project for group in self._by_title.values() for project in group]


def _settle(row: OverviewRow, title: str, project: DraftProject, ledger: Ledger) -> None:
    measure = measure_heading(row.measure)
    ledger.place(row.line, f"overview/{project.code}")
    _compare(row, title, project, measure[0] if measure else "", ledger)


def _check_headings(row: OverviewRow, titles: dict[str, str], ledger: Ledger) -> None:
    for found in (pillar_heading(row.pillar), measure_heading(row.measure)):
        if found and squash(titles.get(found[0], found[1])) != squash(found[1]):
            ledger.warn(row.line, f"一覧の「{found[0]} {found[1]}」が見出しの「{titles[found[0]]}」と異なります。")


def _compare(row: OverviewRow, title: str, project: DraftProject, measure: str, ledger: Ledger) -> None:
    if squash(title) != squash(project.title):
        ledger.warn(row.line, f"一覧の名称「{title}」が表の名称「{project.title}」と異なります。")
    if measure and not project.code.startswith(f"{measure}-"):
        ledger.warn(row.line, f"一覧では施策{measure}の「{title}」が、本文では別の施策（{project.code}）にあります。")
