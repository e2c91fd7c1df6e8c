"""Scoring rules as tables of cells: reading, checking, changing, comparing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from madoguchi.kit.dmn import (
    Decision,
    DecisionTable,
    Definitions,
    DmnError,
    Rule,
    check_table,
    read_model,
    write_model,
)
from madoguchi.kit.feel import Names, compile_expression
from madoguchi.kit.feel.errors import FeelError

from ..errors import PlanError
from .scoring import INDICATOR, INPUTS, PROJECT

DECISIONS = (INDICATOR, PROJECT)
_FATAL = frozenset({"cell", "unknown-name", "cell-count", "output-name", "output-values", "aggregation", "overlap"})
ROWS_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What keeps a rule from being published; ``decision``, ``row`` and ``column`` (from 1, 0 the heading) name the cell."""

    text: str
    decision: str = ""
    row: int = 0
    column: int = 0
    is_fatal: bool = True

    def __str__(self) -> str:
        """Say where and what."""
        place = [f"「{self.decision}」の表"] if self.decision else []
        place += [f"{self.row}行目"] if self.row else []
        place += [f"{self.column}列目"] if self.column else []
        return f"{'の'.join(place)}: {self.text}" if place else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that differs between two versions; ``column`` is its heading, ``before`` or ``after`` None for a missing row."""

    decision: str
    row: int
    column: str
    before: str | None
    after: str | None


def read_rule(xml: str | bytes) -> Definitions:
    """Return the model of a rule; raises ``PlanError`` when it is no decision model with the two decision tables."""
    try:
        definitions = read_model(xml.encode() if isinstance(xml, str) else xml)
    except DmnError as error:
        raise PlanError(f"決定表を読み取れません。{error.message}") from error
    for name in DECISIONS:
        if table_of(definitions, name) is None:
            raise PlanError(f"「{name}」という決定表がありません。")
    return definitions


def write_rule(definitions: Definitions) -> str:
    """Return the XML (DMN 1.5) of a rule."""
    return write_model(definitions).decode()


def table_of(definitions: Definitions, name: str) -> DecisionTable | None:
    """Return the table of a decision, or None."""
    found = next((item for item in definitions.decisions() if item.name == name), None)
    return found.expression if found is not None and isinstance(found.expression, DecisionTable) else None


def tables(definitions: Definitions) -> list[tuple[str, DecisionTable]]:
    """Return the two tables with their names."""
    found = [(name, table_of(definitions, name)) for name in DECISIONS]
    return [(name, table) for name, table in found if table is not None]


def headings(table: DecisionTable) -> list[str]:
    """Return the headings of a table: inputs, outputs, remarks."""
    inputs = [clause.label or clause.expression for clause in table.inputs]
    return [*inputs, *(clause.label or clause.name for clause in table.outputs), *table.annotations]


def cells(rule: Rule, table: DecisionTable) -> list[str]:
    """Return the cells of a row in the order of the headings."""
    remarks = [*rule.annotations, *[""] * len(table.annotations)][: len(table.annotations)]
    return [*rule.inputs, *rule.outputs, *remarks]


def allowed_marks(definitions: Definitions, decision: str = PROJECT) -> list[str]:
    """Return the marks a decision may give, the best first: the output values, else those in its cells."""
    table = table_of(definitions, decision)
    if table is None or not table.outputs:
        return []
    texts = [table.outputs[0].values] if table.outputs[0].values else [rule.outputs[0] for rule in table.rules]
    found: list[str] = []
    for text in texts:
        found += [item for item in _strings(text) if item not in found]
    return found


def _strings(text: str) -> list[str]:
    try:
        value = compile_expression(f"[{text}]").evaluate()
    except FeelError:
        return []
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def with_cells(definitions: Definitions, rows: Mapping[str, Sequence[Sequence[str]]]) -> Definitions:
    """
    Return a rule with other cells: decision → rows of cells in the order of the headings. Empty rows are left out.

    An empty condition means "any" (「-」). Raises ``PlanError`` for a table without rows, with too many, or rows of
    another length.
    """
    elements = []
    for element in definitions.elements:
        if isinstance(element, Decision) and element.name in rows and isinstance(element.expression, DecisionTable):
            table = _with_rows(element.name, element.expression, rows[element.name])
            element = replace(element, expression=table)
        elements.append(element)
    return replace(definitions, elements=tuple(elements))


def _with_rows(name: str, table: DecisionTable, rows: Sequence[Sequence[str]]) -> DecisionTable:
    kept = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not kept or len(kept) > ROWS_MAX:
        raise PlanError(f"「{name}」の表には、1行から{ROWS_MAX}行までの規則が必要です。")
    width = len(headings(table))
    wrong = next((number for number, row in enumerate(kept, 1) if len(row) != width), None)
    if wrong is not None:
        raise PlanError(f"「{name}」の表の{wrong}行目は、列の数（{width}）と合いません。")
    return replace(table, rules=tuple(_rule(row, table) for row in kept))


def _rule(row: Sequence[str], table: DecisionTable) -> Rule:
    first, second = len(table.inputs), len(table.inputs) + len(table.outputs)
    inputs = tuple(cell or "-" for cell in row[:first])
    return Rule(inputs=inputs, outputs=tuple(row[first:second]), annotations=tuple(row[second:]))


def faults(definitions: Definitions) -> list[Fault]:
    """Return what is wrong with a rule, cell by cell, the fatal ones first."""
    names = Names(frozenset(element.name for element in definitions.elements))
    found = []
    for name, table in tables(definitions):
        for item in check_table(table, names=names):
            row = item.rows[0] if item.rows else 0
            fatal = item.code in _FATAL
            found.append(Fault(text=item.text, decision=name, row=row, column=item.column, is_fatal=fatal))
        found += _foreign_marks(name, table)
    found += [Fault(text=f"「{name}」という入力はありません。") for name in _unknown_inputs(definitions)]
    return sorted(found, key=lambda fault: not fault.is_fatal)


def _foreign_marks(name: str, table: DecisionTable) -> list[Fault]:
    """Return the result cells that are no mark of the table: a mark nobody declared could never be chosen."""
    column = len(table.inputs) + 1
    known = _strings(table.outputs[0].values) if table.outputs[0].values else []
    found = []
    for number, rule in enumerate(table.rules, 1):
        marks = _strings(rule.outputs[0])
        if len(marks) != 1 or len(marks[0]) > 4 or (known and marks[0] not in known):
            shown = "・".join(known) or "1〜4文字の記号"
            text = f'「{rule.outputs[0]}」は評価の記号ではありません。{shown} を "" で囲んで書いてください。'
            found.append(Fault(text=text, decision=name, row=number, column=column))
    return found


def _unknown_inputs(definitions: Definitions) -> list[str]:
    decisions = {item.name for item in definitions.decisions()}
    return [item.name for item in definitions.elements if item.name not in decisions and item.name not in INPUTS]


def used_inputs(definitions: Definitions, decision: str) -> list[str]:
    """Return the names of the inputs a decision asks for, in the order of the model."""
    found = next((item for item in definitions.decisions() if item.name == decision), None)
    wanted = {reference.lstrip("#") for reference in found.required_inputs} if found else set()
    return [item.name for item in definitions.elements if item.id in wanted and item.name in INPUTS]


def differences(before: Definitions, after: Definitions) -> list[CellChange]:
    """Return the cells in which two versions of a rule differ."""
    found: list[CellChange] = []
    for name in DECISIONS:
        old, new = table_of(before, name), table_of(after, name)
        if old is not None and new is not None:
            found += _table_differences(name, old, new)
    return found


def _table_differences(name: str, old: DecisionTable, new: DecisionTable) -> list[CellChange]:
    found = []
    names = headings(new)
    for index in range(max(len(old.rules), len(new.rules))):
        left = cells(old.rules[index], old) if index < len(old.rules) else [None] * len(names)
        right = cells(new.rules[index], new) if index < len(new.rules) else [None] * len(names)
        for column, (before, after) in zip(names, zip(left, right, strict=False), strict=False):
            if before != after:
                found.append(CellChange(decision=name, row=index + 1, column=column, before=before, after=after))
    return found
