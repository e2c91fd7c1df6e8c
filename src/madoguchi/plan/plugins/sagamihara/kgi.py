"""The tables of target values of measures (施策目標値, KGI): aim, what is measured and how, present value, target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.plan.rules.draft import DraftIndicator, Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import Row, Table, clean_text, squash, unwrap
from madoguchi.plan.rules.reading.values import is_nothing

from .layout import join
from .values import build_indicator, year_value

_PART = re.compile(r"[(（](説明|捉え方)[)）]\s*")
_CIRCLED = re.compile(r"([①-⑳])\s*")
_SDG = re.compile(r"(?<!\d)(1[0-7]|[1-9])(?:\s+|\s*(?=[^\d\s.]))(?!\d)")
_LABELS = ("ねらい", "施策目標値について", "現状値", "施策目標値")
_MOST_SDG = 17


@dataclass(slots=True)
class KgiEntry:
    """One target value as the table gives it."""

    label: str
    line: int
    baseline: str = ""
    target: str = ""
    note: str = ""
    number: str = ""
    """The circled number where a cell holds several target values."""


@dataclass(slots=True)
class KgiTable:
    """The table of a measure: its aim, the SDG goals whose icons stand beside it, and its target values."""

    aim: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    entries: list[KgiEntry] = field(default_factory=list)

    def indicators(self, *, year: int, notes: Mapping[str, list[str]]) -> tuple[DraftIndicator, ...]:
        """Build the indicators; ``notes`` are the remarks below the table by circled number, "" for the unnumbered."""
        return tuple(_to_indicator(entry, year=year, notes=notes) for entry in self.entries)


def is_kgi_table(table: Table) -> bool:
    """Tell a table of target values by its header."""
    header = {squash(cell) for cell in table.rows[0].cells}
    return {"施策目標値について", "施策目標値"} <= header


def read_kgi_table(table: Table, ledger: Ledger, *, place: str) -> KgiTable:
    """Read a table of target values; rows that fit no column are listed as unplaced."""
    header = [squash(cell) for cell in table.rows[0].cells]
    columns = {label: header.index(label) for label in _LABELS if label in header}
    result = KgiTable(relations=_sdg_relations(table.rows[0], set(columns.values()), ledger))
    ledger.place(table.rows[0].line, place) if result.relations else ledger.ignore(table.rows[0].line, "表の見出し")
    for row in table.rows[1:]:
        if len(row.cells) != len(header):
            ledger.unplaced(row.line, f"列の数（{len(row.cells)}）が見出しの列の数（{len(header)}）と合いません。")
        elif _take_row(row, columns, result):
            ledger.place(row.line, f"{place}/indicator {result.entries[-1].label}")
            _report_other_columns(row, set(columns.values()), ledger)
        else:
            ledger.unplaced(row.line, "施策目標値の「（説明）」がないため、何の値か分かりません。")
    result.entries = [part for entry in result.entries for part in _split_entry(entry, ledger)]
    return result


def _report_other_columns(row: Row, known: set[int], ledger: Ledger) -> None:
    for text in (text for index, text in enumerate(row.clean) if text and index not in known):
        ledger.unplaced(row.line, "施策目標値の表で知られていない列の値です。", text=text)


def _sdg_relations(row: Row, taken: set[int], ledger: Ledger) -> list[Relation]:
    """Read the texts of SDG icons (「8 働きがいも経済成長も」); only their numbers are kept, their words are often misread."""
    relations = []
    for cell in (cell for index, cell in enumerate(row.clean) if index not in taken and cell):
        numbers = [match[1] for match in _SDG.finditer(cell)]
        relations += [Relation(kind="sdg", target=number, line=row.line) for number in numbers]
        if not numbers:
            ledger.unplaced(
                row.line, f"1から{_MOST_SDG}までの番号がないため、SDGsのどの目標か分かりません。", text=cell
            )
    return relations


def _take_row(row: Row, columns: dict[str, int], result: KgiTable) -> bool:
    """Add a row to the table; False where its values belong to no entry."""
    cells = {label: " ".join(row.clean[index].split("\n")) for label, index in columns.items()}
    if aim := cells.get("ねらい"):
        result.aim.append(unwrap(aim))
    parts = _parts(cells["施策目標値について"])
    if "説明" in parts:
        result.entries.append(KgiEntry(parts["説明"], row.line))
    if not result.entries:
        return False
    entry = result.entries[-1]
    entry.note = join([entry.note, parts.get("捉え方", ""), parts.get("", "")])
    values = (cells.get("現状値", ""), cells["施策目標値"])
    if any(values) and (entry.baseline or entry.target):
        return False
    entry.baseline, entry.target = entry.baseline or values[0], entry.target or values[1]
    return True


def _parts(text: str) -> dict[str, str]:
    """Split 「(説明) … (捉え方) …」 into its parts; what stands before the first mark goes under ""."""
    pieces = _PART.split(text)
    found = {"": pieces[0].strip()} if pieces[0].strip() else {}
    return found | {name: body.strip() for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def _split_entry(entry: KgiEntry, ledger: Ledger) -> list[KgiEntry]:
    """Split 「①… ②…」 into one entry per circled number; a value without its number belongs to none of them."""
    labels = _by_number(entry.label)
    if len(labels) < 2 or "" in labels:
        return [entry]
    baselines, targets, notes = (_by_number(text) for text in (entry.baseline, entry.target, entry.note))
    for values in (baselines, targets):
        for number in values.keys() - labels.keys():
            if not is_nothing(values[number]):
                ledger.unplaced(entry.line, "どの番号の施策目標値か分かりません。", text=f"{number}{values[number]}")
    return [
        KgiEntry(
            label,
            entry.line,
            baselines.get(number, ""),
            targets.get(number, ""),
            join([notes.get("", ""), notes.get(number, "")]),
            number,
        )
        for number, label in labels.items()
    ]


def _by_number(text: str) -> dict[str, str]:
    pieces = _CIRCLED.split(clean_text(text))
    found = {"": pieces[0].strip()} if pieces[0].strip() else {}
    return found | {number: body.strip() for number, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def _to_indicator(entry: KgiEntry, *, year: int, notes: Mapping[str, list[str]]) -> DraftIndicator:
    baseline = None if is_nothing(entry.baseline) else year_value(None, entry.baseline, entry.line)
    targets = () if is_nothing(entry.target) else (year_value(year, entry.target, entry.line),)
    remarks = [*notes.get("", []), *(notes.get(entry.number, []) if entry.number else [])]
    return build_indicator(
        entry.label,
        level="kgi",
        baseline=baseline,
        targets=targets,
        note=join([entry.note, *remarks]),
        line=entry.line,
    )
