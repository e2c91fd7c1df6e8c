"""Results of the previous plan's indicators (成果指標の達成状況), project by project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from madoguchi.plan.rules.draft import DraftIndicator
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, clean_text, squash
from madoguchi.plan.rules.reading.values import is_nothing
from madoguchi.plan.rules.reading.years import parse_fiscal_year

from .layout import Chapter, Paragraph, angle_headings, goal_heading, is_subheading, join, section_heading, title_key
from .values import Reading, build_indicator, year_value

MARKS = frozenset("○△×")
_SAME_MARKS = str.maketrans({"〇": "○", "◯": "○", "▲": "△", "Δ": "△", "✕": "×", "✖": "×", "╳": "×"})
_COLUMNS = (
    ("baseline", ("策定時", "現状", "基準")),
    ("target", ("目標",)),
    ("actual", ("結果", "実績")),
    ("mark", ("評価",)),
)


def as_mark(text: str) -> str:
    """Give a progress mark in its usual form (〇 and ◯ are ○); other texts as they are."""
    return squash(text).translate(_SAME_MARKS)


@dataclass(slots=True)
class Outcome:
    """What the chapter says of one priority project: summary, indicators and the opinion on their results."""

    title: str
    line: int
    summary: list[str] = field(default_factory=list)
    opinion: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    indicators: list[DraftIndicator] = field(default_factory=list)
    lines: dict[int, str] = field(default_factory=dict)

    def settle(self, place: str, ledger: Ledger) -> None:
        """Note where the rows of the indicators went: under the project at ``place``."""
        for line, label in self.lines.items():
            ledger.place(line, f"{place}/indicator {label}")


@dataclass(frozen=True, slots=True)
class _Columns:
    at: dict[str, int]
    years: dict[str, int | None]
    width: int


def read_outcomes(chapter: Chapter, ledger: Ledger) -> dict[str, Outcome]:
    """Read the results of all projects of a chapter, by folded title."""
    found: dict[str, Outcome] = {}
    for outcome in _sheets(chapter):
        if title_key(outcome.title) in found:
            ledger.warn(outcome.line, f"「{outcome.title}」の成果指標が2回出てきます。")
        kept = found.setdefault(title_key(outcome.title), outcome)
        for table in outcome.tables:
            _read_table(table, outcome, kept, ledger)
    return found


def target_year(outcomes: dict[str, Outcome]) -> int | None:
    """Give the last fiscal year (western) that a target of the previous plan names."""
    years = [v.fiscal_year for o in outcomes.values() for i in o.indicators for v in i.targets]
    return max((year for year in years if year is not None), default=None)


def _sheets(chapter: Chapter) -> Iterator[Outcome]:
    current: Outcome | None = None
    mode = ""
    for item in chapter.items:
        if isinstance(item, Table):
            if current is not None and _is_outcome_table(item):
                current.tables.append(item)
            continue
        headings = angle_headings(item.text)
        if len(headings) == 1 and not goal_heading(item.text):
            if current is not None:
                yield current
            current, mode = Outcome(headings[0], item.line), ""
        elif section_heading(item.text):
            mode = section_heading(item.text)
        elif is_subheading(item):
            mode = ""
        elif current is not None:
            _take_text(current, mode, item)
    if current is not None:
        yield current


def _take_text(outcome: Outcome, mode: str, item: Paragraph) -> None:
    if item.is_footnote:
        return
    if mode == "事業概要":
        outcome.summary.append(item.text)
    elif mode.startswith("結果に対する"):
        outcome.opinion.append(item.text)


def _is_outcome_table(table: Table) -> bool:
    header = [squash(cell) for cell in table.rows[0].cells]
    return "指標" in header[0] and any("目標" in cell for cell in header)


def _read_table(table: Table, outcome: Outcome, kept: Outcome, ledger: Ledger) -> None:
    columns = _columns(table.rows[0])
    ledger.ignore(table.rows[0].line, "表の見出し")
    for row in table.rows[1:]:
        if len(row.cells) != columns.width:
            ledger.unplaced(row.line, f"列の数（{len(row.cells)}）が見出しの列の数（{columns.width}）と合いません。")
        elif not row.clean[0] or "target" not in columns.at:
            ledger.unplaced(row.line, "指標の名称か目標値の列がありません。")
        else:
            kept.indicators.append(_indicator(row, columns, outcome, ledger))
            kept.lines[row.line] = kept.indicators[-1].label
            for text in (t for index, t in enumerate(row.clean) if t and index and index not in columns.at.values()):
                ledger.unplaced(row.line, "成果指標の達成状況の表で知られていない列の値です。", text=text)


def _columns(header: Row) -> _Columns:
    cells = [squash(cell) for cell in header.cells]
    at: dict[str, int] = {}
    for name, words in _COLUMNS:
        index = next((i for i, cell in enumerate(cells) if i and any(word in cell for word in words)), None)
        if index is not None:
            at[name] = index
    years = {name: parse_fiscal_year(cells[index]) for name, index in at.items()}
    # The column 結果 carries no year of its own: it is measured against the target of the column beside it.
    years["actual"] = years.get("actual") or years.get("target")
    return _Columns(at, years, len(cells))


def _indicator(row: Row, columns: _Columns, outcome: Outcome, ledger: Ledger) -> DraftIndicator:
    readings = {name: _reading(name, row, columns, ledger) for name in ("baseline", "target", "actual")}
    mark = as_mark(row.clean[columns.at["mark"]]) if "mark" in columns.at else ""
    if mark not in MARKS:
        ledger.unplaced(row.line, "成果指標の評価が○・△・×のどれでもありません。", text=row.text)
        mark = ""
    target, actual = readings["target"], readings["actual"]
    indicator = build_indicator(
        " ".join(clean_text(row.cells[0]).split("\n")),
        baseline=readings["baseline"],
        targets=(target,) if target else (),
        actuals=(actual,) if actual else (),
        evaluation=mark,
        opinion=join(outcome.opinion),
        line=row.line,
    )
    _check_mark(indicator, ledger)
    return indicator


def _reading(name: str, row: Row, columns: _Columns, ledger: Ledger) -> Reading | None:
    if name not in columns.at or is_nothing(row.cells[columns.at[name]]):
        return None
    text, year = row.clean[columns.at[name]], columns.years[name]
    if year is None and name != "baseline":
        ledger.unplaced(row.line, "この値の列の年度が分かりません。", text=text)
        return None
    return year_value(year, " ".join(text.split("\n")), row.line)


def _check_mark(indicator: DraftIndicator, ledger: Ledger) -> None:
    """Warn where the mark contradicts target and result."""
    target = indicator.targets[0].value if indicator.targets else None
    actual = indicator.actuals[0].value if indicator.actuals else None
    if target is None or actual is None or not indicator.evaluation:
        return
    is_reached = actual >= target if indicator.direction == "up" else actual <= target
    if is_reached != (indicator.evaluation == "○"):
        ledger.warn(
            indicator.line, f"「{indicator.label}」の評価{indicator.evaluation}が、目標値と結果の比較と合いません。"
        )
