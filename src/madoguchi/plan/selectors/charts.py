"""Charts of plans in the reader's language: what is drawn, and the sentence that says the same."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from madoguchi.kit import fiscal
from madoguchi.kit.charts import (
    Bar,
    Dot,
    Field,
    Line,
    Row,
    Share,
    Span,
    bar_chart,
    bullet,
    line_chart,
    portfolio_map,
    rank_chart,
    schedule_chart,
    share_bar,
    sparkline,
)

from ..enums import PortfolioClass
from ..rules.progress import Progress, Status
from .comparison import ConceptSheet
from .indicator import IndicatorSheet, YearRow
from .portfolio import Portfolio
from .project import ScheduleRow
from .words import class_short, concept_word, number_words, status_word

SHARE_TONES = {
    Status.ACHIEVED: "good",
    Status.ON_TRACK: "active",
    Status.BEHIND: "bad",
    Status.STOPPED: "stopped",
    Status.NOT_MEASURED: "idle",
}


def year_label(year: int) -> str:
    """Return the name of a fiscal year in the reader's language, short enough for an axis."""
    language = get_language() or "ja"
    return f"{year}年度" if language == "ja-easy" else fiscal.label(year, language)


def indicator_chart(sheet: IndicatorSheet) -> Markup | None:
    """Return the chart of an indicator's baseline, actuals and targets by year; None where no number is known."""
    indicator = sheet.indicator
    bars = []
    for row in sheet.rows:
        value = row.actual.value if row.actual else indicator.baseline_value if row.is_baseline else None
        bars.append(
            Bar(
                label=year_label(row.fiscal_year) + (f"（{_('基準')}）" if row.is_baseline else ""),
                value=value,
                target=row.target.value if row.target else None,
                provisional=_is_provisional(row),
                outline=row.is_baseline and row.actual is None,
                note=_("未計測") if row.target is not None else "",
            )
        )
    if not any(bar.value is not None or bar.target is not None for bar in bars):
        return None
    return bar_chart(
        bars,
        key=f"indicator-{indicator.pk}",
        title=_("%(name)sの年度ごとの実績と目標") % {"name": indicator.label},
        description=indicator_sentence(sheet),
        unit=indicator.unit,
        target_word=_("目標"),
        number=number_words(),
    )


def indicator_sentence(sheet: IndicatorSheet) -> str:
    """Return in words what the chart of an indicator shows."""
    progress, unit, number = sheet.progress, sheet.indicator.unit, number_words()
    parts = []
    if progress.actual is not None and progress.actual.fiscal_year is not None:
        value = progress.actual.value
        shown = f"{number(value)}{unit}" if value is not None else progress.actual.text
        parts.append(
            _("%(year)sの実績は%(value)sです。") % {"year": year_label(progress.actual.fiscal_year), "value": shown}
        )
    else:
        parts.append(_("実績はまだありません。"))
    if progress.target is not None and progress.target.fiscal_year is not None:
        value = progress.target.value
        shown = f"{number(value)}{unit}" if value is not None else progress.target.text
        parts.append(
            _("%(year)sの目標は%(value)sです。") % {"year": year_label(progress.target.fiscal_year), "value": shown}
        )
    parts.append(_("状態は「%(status)s」です。") % {"status": status_word(progress.status)})
    if any(_is_provisional(row) for row in sheet.rows):
        parts.append(_("斜線の棒は、年度の途中の値です。"))
    if any(row.is_baseline for row in sheet.rows):
        parts.append(_("白い棒は、計画を始めるときの基準の値です。"))
    return " ".join(parts)


def _is_provisional(row: YearRow) -> bool:
    """Tell whether a value was measured before its year was over."""
    return bool(row.actual and row.actual.as_of and row.actual.as_of < fiscal.end_of(row.fiscal_year))


def progress_bullet(progress: Progress, *, key: str) -> Markup:
    """Return the small bar of how much of the way to the target is done."""
    return bullet(key=key, title=rate_words(progress.rate), rate=progress.rate)


def rate_words(rate: float | None) -> str:
    """Return a rate of progress in words."""
    return _("進捗率は計算できません") if rate is None else _("進捗率 %(rate)s%%") % {"rate": f"{rate:,.0f}"}


def status_chart(counts: dict[Status, int], *, key: str, title: str) -> Markup:
    """Return the bar that shows how many stand at each status; what has no target is left out."""
    shares = [Share(label=status_word(item), count=counts[item], tone=tone) for item, tone in SHARE_TONES.items()]
    words = "、".join(f"{share.label} {share.count}" for share in shares if share.count) or _("なし")
    return share_bar(shares, key=key, title=title, description=words)


def schedule_drawing(years: Sequence[int], rows: Sequence[ScheduleRow], *, key: str, title: str, now: int) -> Markup:
    """Return the schedule of a project as bars under its years; the year ``now`` is framed."""
    return schedule_chart(
        [year_label(year) for year in years],
        [
            Row(label=row.label, spans=tuple(Span(first=bar.first, last=bar.last, text=bar.text) for bar in row.bars))
            for row in rows
        ],
        key=key,
        title=title,
        now=years.index(now) if now in years else None,
    )


def portfolio_drawing(found: Portfolio, *, key: str = "portfolio") -> Markup:
    """Return the portfolio map; numbers are those of the list beside it."""
    dots = [
        Dot(
            number=item.number,
            title=item.project.title,
            field=item.project.portfolio_class or PortfolioClass.CANDIDATE,
            x=item.project.feasibility,
            y=item.project.new_value,
            strong=item.project.is_priority,
        )
        for item in found.placed
    ]
    counts = "、".join(f"{class_short(name)} {number}" for name, number in found.counts.items() if number)
    return portfolio_map(
        dots,
        key=key,
        title=_("事業の位置（実現性と新たな価値）"),
        description=_("区分ごとの事業の数: %(counts)s。番号は一覧の番号です。") % {"counts": counts or _("なし")},
        fields=[Field(key=name, label=class_short(name)) for name in PortfolioClass.values],
        x_word=_("実現性"),
        y_word=_("新たな価値"),
        low_word=_("低"),
        high_word=_("高"),
    )


FEW = 12


def concept_chart(sheet: ConceptSheet) -> Markup | None:
    """Return a chart of a concept: every municipality where there are few, else one's own between least, middle and most."""
    name = concept_word(sheet.key)
    if not sheet.years or not any(item.count for item in sheet.statistics):
        return None
    if sheet.total <= FEW:
        return _ranked(sheet, name)
    lines = [Line(name=_("中央値"), values=tuple(item.middle for item in sheet.statistics))]
    if sheet.own is not None:
        lines.insert(0, Line(name=sheet.own.name, values=sheet.own.actuals))
    return line_chart(
        [str(year) for year in sheet.years],
        lines,
        key="concept",
        title=_("%(name)sの推移") % {"name": name},
        unit=sheet.unit,
        number=number_words(),
    )


def _ranked(sheet: ConceptSheet, name: str) -> Markup:
    column = max(index for index, item in enumerate(sheet.statistics) if item.count)
    bars = [Bar(label=row.name, value=row.actuals[column], note=_("実績なし")) for row in sheet.rows]
    return rank_chart(
        bars,
        key="concept",
        title=_("%(name)s（%(year)s）") % {"name": name, "year": year_label(sheet.years[column])},
        unit=sheet.unit,
        highlight=sheet.own.name if sheet.own else "",
        number=number_words(),
    )


def trend_line(values: Sequence[float | None], *, key: str, title: str) -> Markup:
    """Return the small line of a table cell."""
    return sparkline(values, key=key, title=title)
