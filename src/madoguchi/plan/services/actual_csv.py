"""Actual values as CSV: a template to fill in, a preview of every row, and then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from madoguchi.kit import clock, csvio, era, fiscal
from madoguchi.kit.text import normalise_digits
from madoguchi.trust.api import Account
from madoguchi.trust.errors import RefusedError

from .. import events
from ..enums import ActualSource
from ..errors import PlanError
from ..models import Actual, Indicator
from ..permissions import indicator_policy
from ..rules.actual_values import Doubt, ValueRefusedError, read_value, written
from ..selectors.actuals import current_actual, waiting_entry
from ..selectors.loading import with_values
from .actuals import DoubtError, Entry, check_entry, enter_actual
from .refusals import recording_refusals

HEADER = ("指標番号", "計画", "事業", "指標", "単位", "年度", "目標", "実績", "時点", "説明")
REQUIRED = ("指標番号", "年度", "実績")
MAX_ROWS = 2000


@dataclass(slots=True)
class Row:
    """
    A row of an uploaded file as it would be taken: the line, what is there now, what would be entered.

    ``state`` is "new", "change" (a correction of an approved value), "same" or "empty" (nothing to do), or "error" with
    ``problem`` that says what to do.
    """

    line: int
    label: str = ""
    fiscal_year: int | None = None
    indicator: Indicator | None = None
    before: str = ""
    after: str = ""
    state: str = "error"
    problem: str = ""
    entry: Entry | None = None
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do, row by row in the order of the file."""

    rows: list[Row]

    @property
    def errors(self) -> list[Row]:
        """The rows that cannot be taken."""
        return [row for row in self.rows if row.state == "error"]

    @property
    def changes(self) -> list[Row]:
        """The rows that would be entered."""
        return [row for row in self.rows if row.state in {"new", "change"}]

    @property
    def doubtful(self) -> list[Row]:
        """The rows that a person must look at again."""
        return [row for row in self.changes if row.doubts]


def template(*, indicators: Iterable[Indicator], fiscal_years: Iterable[int]) -> bytes:
    """Return a CSV file with a row per indicator and year: what is known is filled in, so that only gaps are left."""
    years = sorted(set(fiscal_years))
    rows = [
        _template_row(indicator, year)
        for indicator in indicators
        for year in years
        if indicator.plan.start_fiscal_year <= year <= indicator.plan.end_fiscal_year
    ]
    return csvio.write_csv(HEADER, rows)


def _template_row(indicator: Indicator, year: int) -> list[Any]:
    target = next((item for item in indicator.targets.all() if item.fiscal_year == year), None)
    actual = waiting_entry(indicator, year) or current_actual(indicator, year)
    return [
        indicator.pk,
        indicator.plan.title,
        indicator.project.title if indicator.project else "",
        indicator.label,
        indicator.unit,
        fiscal.label(year),
        target.text if target else "",
        _cell(indicator, actual),
        actual.as_of.isoformat() if actual and actual.as_of else "",
        "",
    ]


def _cell(indicator: Indicator, actual: Actual | None) -> str:
    if actual is None:
        return ""
    return actual.text if actual.value is None or _is_worded(indicator) else written(actual.value, "")


def _is_worded(indicator: Indicator) -> bool:
    return indicator.type in {"milestone", "existence"}


def preview(*, content: bytes, actor: Account) -> Preview:
    """
    Read a file and say for every row what would happen; changes nothing.

    Raises ``PlanError`` where the file as a whole cannot be read (no CSV, columns missing, too large).
    """
    try:
        table = csvio.read_csv(content, required=REQUIRED, max_rows=MAX_ROWS)
    except csvio.CsvError as error:
        raise PlanError(str(error)) from error
    known = _indicators(table.rows)
    rows = [_read(row, known, actor) for row in table.rows]
    rows += [Row(line=problem.line or 0, problem=str(problem)) for problem in table.problems]
    _refuse_twice(rows)
    return Preview(sorted(rows, key=lambda row: row.line))


def _indicators(rows: Iterable[csvio.CsvRow]) -> dict[int, Indicator]:
    ids = {pk for row in rows if (pk := _number(row["指標番号"])) is not None}
    return {indicator.pk: indicator for indicator in with_values(Indicator.objects.filter(pk__in=ids))}


def _number(text: str) -> int | None:
    plain = normalise_digits(text).strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 18 else None


def _read(cells: csvio.CsvRow, known: dict[int, Indicator], actor: Account) -> Row:
    row = Row(line=cells.line, label=cells.cells.get("指標", ""))
    try:
        _fill(row, cells, known, actor)
    except (PlanError, RefusedError) as error:
        row.state, row.problem = "error", str(error)
    return row


def _fill(row: Row, cells: csvio.CsvRow, known: dict[int, Indicator], actor: Account) -> None:
    indicator = known.get(_number(cells["指標番号"]) or 0)
    if indicator is None:
        raise PlanError(
            f"「{cells['指標番号']}」という指標番号はありません。ひな形をダウンロードし直して、番号を変えずに使ってください。"
        )
    row.indicator, row.label = indicator, indicator.label
    row.fiscal_year = year = _year(cells["年度"])
    row.after = cells["実績"].removeprefix("'")
    if not row.after:
        row.state = "empty"
        return
    row.entry, row.doubts = _entry(indicator, year, row.after, cells)
    row.after = row.entry.text or written(row.entry.value, indicator.unit)
    _compare(row, indicator, year, actor)


def _year(text: str) -> int:
    plain = normalise_digits(text).strip()
    year = int(plain) if plain.isdecimal() and len(plain) == 4 else fiscal.parse_fiscal_year(text)
    if year is None:
        raise PlanError(f"「{text}」は年度として読めません。令和7年度 や 2025 のように入力してください。")
    return year


def _entry(indicator: Indicator, year: int, text: str, cells: csvio.CsvRow) -> tuple[Entry, list[Doubt]]:
    as_of = _day(cells.cells.get("時点", ""))
    note = cells.cells.get("説明", "")
    if _is_worded(indicator):
        return Entry(text=text, as_of=as_of, note=note, source=ActualSource.CSV), []
    value, doubts = read_value(text, indicator.unit)
    return Entry(value=value, as_of=as_of, note=note, source=ActualSource.CSV), doubts


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    found = era.parse_date(text)
    if found is None or found.precision is not era.Precision.DAY:
        raise ValueRefusedError(
            f"「{text}」は日付として読めません。2026-03-31 のように入力してください。", field="as_of"
        )
    return found.date


def _compare(row: Row, indicator: Indicator, year: int, actor: Account) -> None:
    entry = row.entry
    if entry is None:
        return
    current, waiting = current_actual(indicator, year), waiting_entry(indicator, year)
    newest = waiting or current
    row.before = newest.text if newest else ""
    if newest is not None and _is_same(newest, entry):
        row.state = "same"
        return
    indicator_policy.require(actor, "enter_actual", indicator)
    try:
        check_entry(indicator=indicator, fiscal_year=year, entry=entry)
    except DoubtError as error:
        row.doubts = [*row.doubts, *error.doubts]
    row.state = "new" if current is None else "change"
    if row.state == "change" and not entry.note.strip():
        raise PlanError(f"承認済みの実績（{row.before}）を訂正する行です。「説明」の列に理由を入力してください。")


def _is_same(actual: Actual, entry: Entry) -> bool:
    if entry.value is None:
        return actual.text == entry.text
    return actual.value is not None and abs(actual.value - entry.value) < 1e-9


def _refuse_twice(rows: list[Row]) -> None:
    seen: dict[tuple[int, int], int] = {}
    for row in rows:
        if row.indicator is None or row.fiscal_year is None or row.state in {"error", "empty"}:
            continue
        first = seen.setdefault((row.indicator.pk, row.fiscal_year), row.line)
        if first != row.line:
            row.state = "error"
            row.problem = f"{first}行目と同じ指標、同じ年度です。どちらか1行だけにしてください。"


@recording_refusals(events.ACTUAL_REFUSED, subject="subject")
def import_actuals(
    *, content: bytes, evidence: str, actor: Account, confirmed: bool = False, subject: Any = None
) -> list[Actual]:
    """
    Enter every row of a file, or none: the file itself (``evidence``, the id of the stored file) is the evidence.

    ``confirmed`` says that a person looked at the doubtful rows. Raises ``PlanError`` naming the lines that cannot be taken.
    """
    found = preview(content=content, actor=actor)
    if found.errors:
        lines = "、".join(str(row.line) for row in found.errors[:10])
        raise PlanError(f"直す必要のある行があります（{lines}行目）。直したファイルをもう一度選んでください。")
    if found.doubtful and not confirmed:
        lines = "、".join(str(row.line) for row in found.doubtful[:10])
        raise PlanError(f"確認の必要な行があります（{lines}行目）。内容を確かめて、確認の欄に印を付けてください。")
    with transaction.atomic():
        return [_take(row, evidence, actor) for row in found.changes]


def _take(row: Row, evidence: str, actor: Account) -> Actual:
    if row.indicator is None or row.fiscal_year is None or row.entry is None:
        raise PlanError(f"{row.line}行目を読み取れませんでした。")
    entry = Entry(
        value=row.entry.value,
        text=row.entry.text,
        as_of=row.entry.as_of,
        note=row.entry.note,
        evidence=evidence,
        confirmed=frozenset(Doubt),
        source=ActualSource.CSV,
    )
    return enter_actual(indicator=row.indicator, fiscal_year=row.fiscal_year, entry=entry, actor=actor)


def today_name() -> str:
    """Return the name of a template downloaded today."""
    return f"actuals-{clock.today():%Y%m%d}.csv"
