"""Results of surveys as they are shown: tables of texts, charts, the margin of error in words, tables as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from madoguchi.kit import csvio
from madoguchi.kit.charts import Canvas, Line, line_chart
from madoguchi.kit.charts.canvas import ACTUAL, INK, QUIET, SIZE, wrap

from ..enums import AnswerMode
from ..models import Survey
from ..rules.survey import Cell, CrossTable
from .survey_results import Result, answers_by_day, results_of

HIDDEN = "＊"
WIDTH, BAR, GAP = 360.0, 15.0, 12.0
FEW_DAYS = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A question's results as a page shows them: a chart, and its table as heads and rows of texts."""

    code: str
    label: str
    base: int
    chart: Markup | None
    columns: list[dict[str, str]]
    rows: list[list[str]]
    several: bool
    has_hidden: bool = False
    notes: list[str] = field(default_factory=list)


def shown_results(survey: Survey, *, language: str = "ja", suppress: bool = True) -> list[Shown]:
    """Return every question that can be counted, as a page shows it."""
    return [_shown(survey, result) for result in results_of(survey, suppress=suppress, language=language)]


def _shown(survey: Survey, result: Result) -> Shown:
    table, weighted, modes = result.table, result.weighted, result.by_mode
    columns = [_head(_("選択肢")), _head(_("人数"), end=True), _head(_("割合"), end=True)]
    if weighted is not None:
        columns.append(_head(_("ウエイトを付けた割合"), end=True))
    by_mode = [index for index, base in enumerate(modes.bases) if index and base]
    # One way of answering alone says nothing that the total does not say.
    by_mode = by_mode if len(by_mode) > 1 else []
    columns += [_head(modes.columns[index].label, end=True, note=_base(modes.bases[index])) for index in by_mode]
    rows = []
    for place, option in enumerate(table.rows):
        cell = table.total[place]
        row = [option.label or no_answer(), f"{cell.count:,}", percent(cell)]
        if weighted is not None:
            row.append(percent(weighted.total[place]))
        rows.append(row + [written(modes.cells[place][index]) for index in by_mode])
    hidden = any(modes.cells[place][index].is_small for place in range(len(table.rows)) for index in by_mode)
    return Shown(
        code=table.question.code,
        label=table.question.label,
        base=table.bases[0],
        chart=answer_chart(table, weighted, key=f"{survey.code}-{table.question.code}"),
        columns=columns,
        rows=rows,
        several=table.question.several,
        has_hidden=hidden,
    )


def _head(label: str, *, end: bool = False, note: str = "") -> dict[str, str]:
    return {"label": label, **({"align": "end"} if end else {}), **({"note": note} if note else {})}


def _base(number: int) -> str:
    return _("%(count)s人") % {"count": f"{number:,}"}


def no_answer() -> str:
    """Return the words for people who left a question out."""
    return _("無回答")


def percent(cell: Cell) -> str:
    """Return the share of a cell as a text."""
    return HIDDEN if cell.is_small else "－" if cell.percent is None else f"{cell.percent}%"


def written(cell: Cell) -> str:
    """Return count and share of a cell."""
    return HIDDEN if cell.is_small else f"{cell.count:,}（{percent(cell)}）"


def cross_rows(table: CrossTable) -> tuple[list[dict[str, str]], list[list[str]]]:
    """Return heads and rows of a cross table."""
    columns = [_head(_("選択肢")), _head(_("全体"), end=True, note=_base(table.bases[0]))]
    columns += [
        _head(group.label, end=True, note=_base(base))
        for group, base in zip(table.columns[1:], table.bases[1:], strict=True)
    ]
    rows = [
        [option.label or no_answer(), *(written(cell) for cell in cells)]
        for option, cells in zip(table.rows, table.cells, strict=True)
    ]
    return columns, rows


def has_hidden(table: CrossTable) -> bool:
    """Tell whether a cell of a table is hidden."""
    return any(cell.is_small for row in table.cells for cell in row)


def margin_words(survey: Survey, results: Sequence[Result]) -> str:
    """Return how exact the shares are, in words."""
    if survey.is_open_to_all:
        return _("無作為に選んだ人への調査ではないため、市民全体の割合とは限りません。")
    result = max(results, key=lambda item: item.effective, default=None)
    if result is None or result.margin is None:
        return _("回答が少ないため、誤差は計算できません。")
    said = _("無作為抽出による調査です。割合の誤差は、95%%の確からしさで最大±%(points)sポイントです。") % {
        "points": f"{result.margin * 100:.1f}"
    }
    if result.weighted is None:
        return said
    return said + _("ウエイトを付けたときの精度は、単純無作為抽出の%(size)s人分に当たります。") % {
        "size": f"{result.effective:,.0f}"
    }


def answer_chart(table: CrossTable, weighted: CrossTable | None = None, *, key: str) -> Markup | None:
    """Return the shares of a question as bars from zero to 100 %, each under its words; None where nobody was asked."""
    if not table.bases[0]:
        return None
    rows = []
    for place, option in enumerate(table.rows):
        cell = table.total[place]
        if option.label or cell.count:
            rows.append((option.label or no_answer(), cell, None if weighted is None else weighted.total[place]))
    lines = [wrap(label, WIDTH - 4, SIZE, 2) for label, _cell, _weight in rows]
    extra = 0.0 if weighted is None else BAR
    height = sum(len(words) * 17 + BAR + extra + GAP for words in lines) + 4
    canvas = Canvas(key=f"answers-{key}", width=WIDTH, height=height)
    y = 0.0
    for words, (_label, cell, weight) in zip(lines, rows, strict=True):
        canvas.lines_of_text(1, y + 13, words, leading=1.35)
        y += len(words) * 17 + 2
        _bar(
            canvas,
            y,
            cell,
            _("%(share)s（%(count)s人）") % {"share": percent(cell), "count": f"{cell.count:,}"},
            is_weighted=False,
        )
        if weight is not None:
            y += BAR
            _bar(canvas, y, weight, _("ウエイト %(share)s") % {"share": percent(weight)}, is_weighted=True)
        y += BAR + GAP - 2
    said = "、".join(f"{label} {percent(cell)}" for label, cell, _weight in rows)
    return canvas.svg(table.question.label, said)


def _bar(canvas: Canvas, y: float, cell: Cell, words: str, *, is_weighted: bool) -> None:
    room = WIDTH - 110
    long = room * float(cell.percent or 0) / 100
    fill = canvas.hatch() if is_weighted else ACTUAL
    canvas.rect(1, y, room, BAR - 3, fill="none", stroke="#d9d9d9", class_="chart__grid")
    name = "chart__provisional" if is_weighted else "chart__actual"
    canvas.rect(1, y, long, BAR - 3, fill=fill, stroke=ACTUAL, stroke_width=1, class_=name)
    canvas.text(room + 6, y + BAR - 4, words, size=11.5, fill=QUIET if is_weighted else INK, width=104)


def day_chart(survey: Survey) -> tuple[Markup | None, list[dict[str, str]], list[list[str]]]:
    """Return answers by day and mode: the chart of what came in so far (None for few days), and the table behind it."""
    days = answers_by_day(survey)
    columns = [
        _head(_("受付日")),
        *(_head(str(mode.label), end=True) for mode in AnswerMode),
        _head(_("累計"), end=True),
    ]
    sums = dict.fromkeys(AnswerMode.values, 0)
    rows: list[list[str]] = []
    lines: dict[str, list[float]] = {mode: [] for mode in AnswerMode.values}
    for day, counts in days.items():
        for mode, number in counts.items():
            sums[mode] += number
            lines[mode].append(float(sums[mode]))
        each = [f"{counts[mode]:,}" for mode in AnswerMode.values]
        rows.append([f"{day.month}月{day.day}日", *each, f"{sum(sums.values()):,}"])
    if len(days) < FEW_DAYS:
        return None, columns, rows
    chart = line_chart(
        [f"{day.month}/{day.day}" for day in days],
        [Line(name=str(mode.label), values=tuple(lines[mode.value])) for mode in AnswerMode if sums[mode.value]],
        key="answers-by-day",
        title=_("回答の累計"),
        unit=_("件"),
        description="、".join(f"{mode.label} {sums[mode.value]:,}" for mode in AnswerMode),
    )
    return chart, columns, rows


def tables_csv(survey: Survey) -> bytes:
    """Return every table as a CSV file (UTF-8 with BOM): one line per option and group, small groups hidden."""
    head = [_("質問"), _("選択肢"), _("区分"), _("人数"), _("割合"), _("ウエイトを付けた割合")]
    return csvio.write_csv(head, [row for result in results_of(survey) for row in _csv_rows(result)])


def _csv_rows(result: Result) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for place, option in enumerate(result.table.rows):
        label = option.label or no_answer()
        cell, weighted = result.table.total[place], result.weighted
        share = "" if weighted is None else _plain(weighted.total[place])
        rows.append([result.table.question.label, label, _("全体"), cell.count, _plain(cell), share])
        for group, inner in zip(result.by_mode.columns[1:], result.by_mode.cells[place][1:], strict=True):
            count: Any = HIDDEN if inner.is_small else inner.count
            rows.append([result.table.question.label, label, group.label, count, _plain(inner), ""])
    return rows


def _plain(cell: Cell) -> str:
    return HIDDEN if cell.is_small else "" if cell.percent is None else str(cell.percent)
