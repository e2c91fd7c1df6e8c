"""What the document says of its plans as wholes: titles, years, philosophies, superior plans, figures it states."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.rules.draft import Relation, ReportedFigure
from madoguchi.plan.rules.reading.document import Table
from madoguchi.plan.rules.reading.years import find_years, year_header

from .layout import Chapter, Paragraph, title_key

_YEAR = r"(?:令和|平成|昭和)(?:\d{1,2}|元)年度|\d{4}年度"
_PERIOD = re.compile(rf"(?P<start>{_YEAR})\s*(?:から|[~～〜‐-])\s*(?P<end>{_YEAR})")
_PREVIOUS = re.compile(r"「(?P<title>[^「」]+?)\s*[(（]以下「前計画」")
_MADE = re.compile(r"(?P<date>(?:(?:令和|平成|昭和)(?:\d{1,2}|元)|\d{4})年(?P<month>\d{1,2})月)に")
_PHILOSOPHY = re.compile(r"「(?P<text>[^「」]+)」を基本理念")
_SUPERIOR = (
    re.compile(
        r"(?:^|[、。は])\s*(?P<plan>[^、。は「」()（）]+?(?:計画|構想|戦略|ビジョン))(?:[(（][^()（）]*[)）])?を上位計画"
    ),
    re.compile(r"「(?P<plan>[^「」]+)」を(?:勘案|踏まえ)しながら"),
    re.compile(r"(?P<plan>[^、。はる「」()（）\s]+計画)としても位置付け"),
)
_OPENING_MONTH = 4


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Title, first and last fiscal year (western) and philosophy of a plan, and the line that names it."""

    title: str
    start: int
    end: int
    philosophy: str
    line: int

    @property
    def code(self) -> str:
        """Key of the plan inside the city."""
        return f"ict-{self.start}"


def read_current(chapters: tuple[Chapter, ...]) -> PlanFacts:
    """Read title, years and philosophy of the plan itself; raises DocumentError where a plan has no title or years."""
    title = _title(chapters)
    start, end = _period(chapters)
    return PlanFacts(title.text, start, end, _philosophy(chapters), title.line)


def _title(chapters: tuple[Chapter, ...]) -> Paragraph:
    for paragraph in chapters[0].paragraphs:
        if paragraph.level and not title_key(paragraph.text).startswith(("目次", "資料編")):
            return paragraph
    raise DocumentError("計画の名称が見つかりません。最初の章より前に「# 計画の名称」の行があるか確認してください。")


def _period(chapters: tuple[Chapter, ...]) -> tuple[int, int]:
    for paragraph in (p for chapter in chapters for p in chapter.paragraphs if "計画期間" in p.text):
        if (match := _PERIOD.search(paragraph.text)) and (period := _years_of(match)):
            return _checked(*period, line=paragraph.line)
    years = [year for chapter in chapters for year in _years_of_sheets(chapter)]
    if not years:
        raise DocumentError(
            "計画期間が見つかりません。「計画期間は…令和○年度から令和○年度まで」の文か、年度の見出しのある取組予定の表が必要です。"
        )
    return min(years), max(years)


def _years_of(match: re.Match[str]) -> tuple[int, int] | None:
    start, end = find_years(match["start"]), find_years(match["end"])
    return (start[0].fiscal_year, end[0].fiscal_year) if start and end else None


def _checked(start: int, end: int, *, line: int) -> tuple[int, int]:
    if end < start:
        raise DocumentError("計画期間の終わりが始まりより前になっています。文の年度を確認してください。", line=line)
    return start, end


def _years_of_sheets(chapter: Chapter) -> Iterable[int]:
    for table in (item for item in chapter.items if isinstance(item, Table)):
        labels = {title_key(row.cells[0]) for row in table.rows}
        if "行動目標" in labels:
            yield from (year for year in year_header(table.rows[0].cells) or () if year is not None)


def _philosophy(chapters: tuple[Chapter, ...]) -> str:
    """Give the heading that follows the section 「基本理念」."""
    for chapter in chapters:
        in_section = False
        for paragraph in (p for p in chapter.paragraphs if p.level):
            if in_section:
                return paragraph.text
            in_section = re.fullmatch(r"\d*\s*基本理念", paragraph.text) is not None
    return ""


def read_previous(chapters: tuple[Chapter, ...], *, target_year: int | None, before: int) -> PlanFacts:
    """
    Read title, years and philosophy of the previous plan (前計画).

    Its first year is the fiscal year that follows the month in which the plan was made (策定): a plan made in March
    starts in April. Its last year is the target year of its indicators, or the year ``before`` the next plan starts.
    """
    end = target_year or before
    for paragraph in (p for chapter in chapters for p in chapter.paragraphs):
        if match := _PREVIOUS.search(paragraph.text):
            philosophy = _PHILOSOPHY.search(paragraph.text[: match.start()])
            start = _start_after(paragraph.text[: match.start()])
            text = philosophy["text"] if philosophy else ""
            return PlanFacts(match["title"], start if start and start <= end else end, end, text, paragraph.line)
    return PlanFacts("前計画", end, end, "", 1)


def _start_after(text: str) -> int | None:
    dates = list(_MADE.finditer(text))
    years = find_years(dates[-1]["date"]) if dates else []
    if not years:
        return None
    month = int(dates[-1]["month"])
    # A year word with a month is a calendar year: March 2017 lies in fiscal 2016, and its plan starts in April 2017.
    return years[0].fiscal_year + (month > _OPENING_MONTH)


def superior_plans(chapters: tuple[Chapter, ...]) -> tuple[Relation, ...]:
    """Find the plans and laws that the document names as above or beside it (上位計画, 勘案する計画)."""
    found: dict[str, Relation] = {}
    for paragraph in (p for chapter in chapters for p in chapter.paragraphs):
        for pattern in _SUPERIOR:
            for match in pattern.finditer(paragraph.text):
                name = match["plan"].strip()
                found.setdefault(title_key(name), Relation(kind="superior_plan", target=name, line=paragraph.line))
    return tuple(found.values())


def stated_figures(chapters: tuple[Chapter, ...]) -> tuple[ReportedFigure, ...]:
    """Collect what the document states of the plan itself: revision, numbers of goals, measures, projects, review cycle."""
    found: dict[str, ReportedFigure] = {}
    for paragraph in (p for chapter in chapters for p in chapter.paragraphs):
        for label, pattern in _STATED:
            if match := pattern.search(paragraph.text):
                number = match.groupdict().get("n")
                value = float(number) if number else None
                figure = ReportedFigure(label=label, text=match["text"], value=value, line=paragraph.line)
                found.setdefault(label, figure)
    return tuple(found.values())


_STATED = (
    (
        "改定",
        re.compile(r"^[(（]?(?P<text>(?:令和|平成)(?:\d{1,2}|元)年\d{1,2}月(?:一部)?(?:改定|改訂|見直し))[)）]?$"),
    ),
    ("基本目標数", re.compile(r"(?P<text>(?P<n>\d+)つの基本目標)を達成するため")),
    ("施策数", re.compile(r"(?P<text>(?P<n>\d+)つの施策)を設定")),
    ("事業数", re.compile(r"各施策を推進する取組として、(?P<text>(?P<n>\d+)の事業)")),
    ("重点事業数", re.compile(r"(?P<text>(?P<n>\d+)の事業)については、重点事業として")),
    ("基本法5方針に関連する事業数", re.compile(r"(?:次の)?(?P<text>(?P<n>\d+)事業)をアの\d+つの方針に関連する")),
    ("見直しの周期（重点事業）", re.compile(r"^重点事業[・…\s]+(?P<text>\S+単位)$")),
    ("見直しの周期（重点以外の事業）", re.compile(r"^重点以外の事業[・…\s]+(?P<text>\S+単位)$")),
)
