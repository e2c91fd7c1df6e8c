"""The survey (アンケート) in the annex of a Hiratsuka document: every figure it states, none of them an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from madoguchi.plan.plugins.hiratsuka.outline import Entry, is_heading
from madoguchi.plan.plugins.hiratsuka.policies import LABEL
from madoguchi.plan.rules.draft import ReportedFigure
from madoguchi.plan.rules.reading.coverage import Ledger

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_FIGURE = re.compile(rf"(?P<name>[^\d、。,()（）\s]*)\s*(?P<text>(?P<number>{_NUMBER})(?:件|人|%))")
_QUOTED = re.compile(
    rf"(?P<names>(?:「[^「」]+」(?:及び|と))*「[^「」]+」)(?:だけ)?(?:が|で|の)、?約?(?P<number>{_NUMBER})%"
)
_SHARE = re.compile(rf"(?<![\d.,」])約?(?P<number>{_NUMBER})%が(?P<name>[^、。%「」\d]{{2,20}})")
_RESPONDENTS = re.compile(r"(?P<who>[一-龥ァ-ヺー]{1,12}回答)(?:において)?は、")
_SENTENCE_END = re.compile(r"。(?!」)")
_SECTION = re.compile(r"[(（]\d{1,2}[)）]")
_FIGURE_GAP = 3
_TOTAL = frozenset({"計", "合計", "総計", "全体"})
_ROUNDING = 0.5


class SurveyReader:
    """Walks over the entries of the part "survey"; ``read`` gives the figures in the order of the document."""

    def __init__(self, ledger: Ledger) -> None:
        """Placements go to ``ledger``."""
        self._ledger = ledger
        self._title = "アンケート"
        self._topic = ""
        self._heading = ""
        self._in_overview = True

    def read(self, entries: Iterable[Entry]) -> tuple[ReportedFigure, ...]:
        """Read headline figures, tables and the shares named in sentences; faults go to the ledger."""
        figures: list[ReportedFigure] = []
        for is_table, group in groupby(entries, key=lambda entry: entry.cells is not None):
            if is_table:
                figures += self._table(tuple(group))
            else:
                figures += [figure for entry in group for figure in self._line(entry)]
        return tuple(figures)

    def _line(self, entry: Entry) -> list[ReportedFigure]:
        figures = [] if entry.is_furniture else self._figures(entry)
        if figures:
            self._ledger.place(entry.line, "plan/reported")
        else:
            self._ledger.ignore(entry.line, "アンケートの見出し・説明文（計画の数値なし）")
        return figures

    def _figures(self, entry: Entry) -> list[ReportedFigure]:
        if "アンケート" in entry.chapter:
            self._title = re.sub(r"[(（].*[)）]", "", entry.chapter).strip()
            return []
        if _SECTION.match(entry.text):
            self._in_overview, self._heading, self._topic = "概要" in entry.text, "", ""
            return []
        if self._in_overview:
            return list(self._headline(entry))
        if is_heading(entry.text):
            if entry.blank_after < _FIGURE_GAP:
                self._heading = entry.text
            return []
        return list(self._shares(entry))

    def _headline(self, entry: Entry) -> Iterator[ReportedFigure]:
        """Read 「【標本数】 発送 3,000件」 and the lines under it that belong to the same label."""
        text = entry.text
        if label := LABEL.match(text):
            self._topic, text = label["label"], text[label.end() :].strip()
        found = list(_FIGURE.finditer(text))
        if not self._topic or not found:
            return
        if len(found) == 1 and found[0].start() > 0:
            yield self._figure((self._title, self._topic), text, found[0]["number"], entry.line)
            return
        for match in found:
            yield self._figure((self._title, self._topic, match["name"]), match["text"], match["number"], entry.line)

    def _shares(self, entry: Entry) -> Iterator[ReportedFigure]:
        """Read the shares that sentences give to a quoted answer (「LINE」で90.6%) or to a group (76.7%が…を利用)."""
        for sentence in _SENTENCE_END.split(entry.text):
            found = [*_QUOTED.finditer(sentence), *_SHARE.finditer(sentence)]
            for match in sorted(found, key=lambda item: item.start()):
                who = [hit["who"] for hit in _RESPONDENTS.finditer(sentence, 0, match.start())]
                groups = match.groupdict()
                names = re.findall(r"「([^「」]+)」", groups["names"]) if "names" in groups else [groups["name"]]
                for name in names:
                    parts = (self._title, self._heading, *who[-1:], name.rstrip("。"))
                    yield self._figure(parts, match.group(), match["number"], entry.line)

    def _table(self, rows: Sequence[Entry]) -> list[ReportedFigure]:
        """Read a table whose first row names the columns and whose first column names the rows."""
        header = rows[0].cells or ()
        if any(_value(cell) is not None for cell in header[1:]) or len(header) < 2:
            for row in rows:
                self._ledger.unplaced(row.line, "アンケートの表に列の見出しがないため、何の数か分かりません。")
            return []
        self._ledger.ignore(rows[0].line, "表の見出し")
        figures = [figure for row in rows[1:] for figure in self._row(row, header)]
        self._check_totals(rows)
        return figures

    def _row(self, row: Entry, header: Sequence[str]) -> list[ReportedFigure]:
        cells = row.cells or ()
        if not cells[0] or (len(cells) > len(header) and any(cells[len(header) :])):
            self._ledger.unplaced(row.line, "アンケートの表の行と列の見出しの数が合いません。")
            return []
        figures = []
        for column, cell in zip(header[1:], cells[1:], strict=False):
            if not cell or not column:
                self._ledger.unplaced(row.line, "アンケートの表に、値か列の見出しの欠けた欄があります。", text=cell)
                continue
            figures.append(self._figure((self._title, self._heading, cells[0], column), cell, cell, row.line))
        for column in header[len(cells) :]:
            self._ledger.unplaced(row.line, f"アンケートの表の「{column}」の欄がありません。")
        if figures:
            self._ledger.place(row.line, "plan/reported")
        return figures

    def _check_totals(self, rows: Sequence[Entry]) -> None:
        body = [row.cells or () for row in rows[1:]]
        for row in rows[1:]:
            cells = row.cells or ()
            if cells[0].replace(" ", "") not in _TOTAL:
                continue
            for index in range(1, len(cells)):
                values = [_value(other[index]) for other in body if other is not cells and index < len(other)]
                total = _value(cells[index])
                if total is not None and abs(total - sum(value or 0 for value in values)) > _ROUNDING:
                    self._ledger.warn(row.line, "計の値が、上の行の合計と合いません。", text=cells[index])

    def _figure(self, parts: Iterable[str], text: str, number: str, line: int) -> ReportedFigure:
        label = "／".join(part for part in parts if part)
        return ReportedFigure(label=label, text=text, value=_value(number), line=line)


def _value(text: str) -> float | None:
    match = re.match(_NUMBER, text.strip())
    return float(match.group().replace(",", "")) if match else None
