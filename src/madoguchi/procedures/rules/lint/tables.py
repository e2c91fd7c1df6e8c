"""Decision tables: cells, gaps, golden examples, reasons, and whether the fee fits what is said about it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

from madoguchi.kit import dmn, feel

from ..definition import Component, Decision, Definition, PaymentTime
from ..forms.compiled import compiled, table_of
from ..forms.deciding import ELIGIBILITY, FEE, RESULTS
from ..forms.evaluation import json_value
from .findings import N_, LintFinding, Severity

_FAILURES = (feel.FeelError, dmn.DmnError, ArithmeticError, ValueError, TypeError, RecursionError)
_CELLS = frozenset({"cell", "unknown-name", "cell-count", "output-name", "output-values", "aggregation"})

_MOST_COMBINATIONS = 1000


def check(definition: Definition) -> Iterator[LintFinding]:
    """Yield what is wrong with the tables."""
    names = feel.Names(variables=frozenset({*(field.code for field in definition.form.fields()), "today", "?"}))
    for name, decision in definition.decisions.items():
        yield from _cells(name, decision, names)
        yield from _catch_all(definition, name, decision)
        yield from _examples(definition, name, decision)
    yield from _fee(definition)
    yield from _eligibility(definition)


def _cells(name: str, decision: Decision, names: feel.Names) -> Iterator[LintFinding]:
    path = f"decisions.{name}.table"
    try:
        # Tables that only the workflow asks may read its variables too.
        found = dmn.check_table(table_of(decision), names=names if name in {FEE, ELIGIBILITY} else None)
    except _FAILURES as error:
        yield LintFinding(
            "table_broken",
            Severity.ERROR,
            path,
            N_("決定表「%(name)s」は読めません：%(reason)s"),
            N_("表を直してください。"),
            {"name": name, "reason": str(error)},
        )
        return
    for item in found:
        if item.code in _CELLS or item.code == "overlap":
            row = item.rows[-1] - 1 if item.rows else None
            yield LintFinding(
                "table_overlap" if item.code == "overlap" else "table_cell",
                Severity.ERROR,
                path if row is None else f"{path}.rows.{row}",
                N_("決定表「%(name)s」：%(text)s"),
                N_("表を直してください。"),
                {"name": name, "text": item.text},
            )
        elif item.code == "gap" and not _has_catch_all(decision):
            yield LintFinding(
                "table_gap",
                Severity.WARNING,
                path,
                N_("決定表「%(name)s」：%(text)s"),
                N_("最後に、すべての入力を「-」にした行を足してください。"),
                {"name": name, "text": item.text},
            )


def _has_catch_all(decision: Decision) -> bool:
    width = len(decision.table.inputs)
    return any(all(cell.strip() in {"-", ""} for cell in row[:width]) for row in decision.table.rows)


def _always_answered(definition: Definition, code: str) -> list[str]:
    """Return the cells of a question with fixed answers that nobody can leave open; empty for any other."""
    field, step = definition.form.find(code), definition.form.step_of(code)
    if field is None or step is None or not field.required:
        return []
    if field.visible_if or field.required_if or step.visible_if:
        return []
    if field.component is Component.YES_NO:
        return ["true", "false"]
    return [f'"{option.code}"' for option in field.options] if field.component is Component.CHOICE else []


def _covers_all(definition: Definition, decision: Decision) -> bool:
    """Tell whether every combination of the answers that must be given is named by a row."""
    inputs = decision.table.inputs
    cells = [_always_answered(definition, column.expression or column.name) for column in inputs]
    if not cells or prod(map(len, cells)) not in range(1, _MOST_COMBINATIONS):
        return False
    rows = [[cell.strip() for cell in row[: len(inputs)]] for row in decision.table.rows]
    return all(
        any(all(cell in {"-", "", wanted} for cell, wanted in zip(row, combination, strict=True)) for row in rows)
        for combination in product(*cells)
    )


def _catch_all(definition: Definition, name: str, decision: Decision) -> Iterator[LintFinding]:
    # A table that covers every value still lets an answer that was left open fall through, unless none can be.
    if name in {FEE, ELIGIBILITY} and not (_has_catch_all(decision) or _covers_all(definition, decision)):
        yield LintFinding(
            "catch_all_missing",
            Severity.ERROR,
            f"decisions.{name}.table.rows",
            N_("決定表「%(name)s」に、どれにも当てはまらないときの行がありません。"),
            N_("最後に、すべての入力を「-」にした行を足してください。手数料が決まらない申請をなくします。"),
            {"name": name},
        )


def _examples(definition: Definition, name: str, decision: Decision) -> Iterator[LintFinding]:
    if not decision.examples and name == FEE:
        yield LintFinding(
            "examples_missing",
            Severity.WARNING,
            f"decisions.{name}.examples",
            N_("手数料の表に確認の例がありません。"),
            N_("条例の金額のとおりになる例を、いくつか残してください。"),
        )
    try:
        model = compiled(definition).model(name)
    except _FAILURES:
        return
    if model is None:
        return
    outputs = [column.name for column in decision.table.outputs]
    for index, example in enumerate(decision.examples):
        got = example_outcome(model, name, outputs, example.given)
        if any(got.get(key) != value for key, value in example.expect.items()):
            yield LintFinding(
                "example_fails",
                Severity.ERROR,
                f"decisions.{name}.examples.{index}",
                N_("決定表「%(name)s」の例%(number)sが合いません：%(expected)s のはずが %(got)s になります。"),
                N_("表か例のどちらかを直してください。"),
                {"name": name, "number": index + 1, "expected": example.expect, "got": got},
            )


def example_outcome(model: dmn.DecisionModel, name: str, outputs: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Return what a table gives for an example, by output; dates in ``given`` are ISO texts."""
    try:
        found = json_value(model.decide(name, {key: _dated(value) for key, value in given.items()}))
    except _FAILURES:
        return {}
    if len(outputs) == 1:
        return {outputs[0]: found}
    return found if isinstance(found, dict) else {}


def _dated(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        try:
            return feel.compile_expression(f'date("{value}")').evaluate() or value
        except feel.FeelError:
            return value
    return value


def _fee(definition: Definition) -> Iterator[LintFinding]:
    has_table = FEE in definition.decisions
    if definition.payment is not PaymentTime.NONE and not has_table:
        yield LintFinding(
            "fee_missing",
            Severity.ERROR,
            "decisions",
            N_("手数料を受け取る手続ですが、手数料の表（fee）がありません。"),
            N_("手数料の表を作るか、「手数料なし」にしてください。"),
        )
    if has_table and definition.payment is PaymentTime.NONE:
        yield LintFinding(
            "fee_unpaid",
            Severity.WARNING,
            "payment",
            N_("手数料の表がありますが、支払いの時期が「なし」です。"),
            N_("いつ支払うかを選んでください。"),
        )
    if has_table and not definition.fee_text:
        yield LintFinding(
            "fee_text_missing",
            Severity.WARNING,
            "fee_text",
            N_("手数料の説明がありません。"),
            N_("始める前に読める、手数料の説明を書いてください（例：1通300円）。"),
        )
    decision = definition.decisions.get(FEE)
    outputs = [column.name for column in decision.table.outputs] if decision else []
    if len(outputs) > 1 and "amount" not in outputs:
        yield LintFinding(
            "fee_output",
            Severity.ERROR,
            f"decisions.{FEE}.table.outputs",
            N_("手数料の表に、金額の列（amount）がありません。"),
            N_("金額の列の名前を amount にしてください。"),
        )


def _eligibility(definition: Definition) -> Iterator[LintFinding]:
    decision = definition.decisions.get(ELIGIBILITY)
    if decision is None:
        return
    columns = [column.name for column in decision.table.outputs]
    width = len(decision.table.inputs)
    if "result" not in columns and len(columns) > 1:
        yield LintFinding(
            "eligibility_output",
            Severity.ERROR,
            f"decisions.{ELIGIBILITY}.table.outputs",
            N_("対象かどうかの表に、結果の列（result）がありません。"),
            N_("結果の列の名前を result にしてください。"),
        )
        return
    for index, row in enumerate(decision.table.rows):
        cells = dict(zip(columns, (cell.strip().strip('"') for cell in row[width:]), strict=False))
        result = cells.get("result", next(iter(cells.values()), ""))
        if result not in RESULTS:
            yield _eligibility_cell(index, N_('結果は "yes"、"maybe"、"no" のどれかにしてください。'), result)
        reason = cells.get("reason", "")
        if reason and reason != "null" and reason not in decision.reasons:
            yield _eligibility_cell(index, N_("理由の文を、理由の一覧に書いてください。"), reason)


def _eligibility_cell(index: int, advice: str, cell: str) -> LintFinding:
    return LintFinding(
        "eligibility_cell",
        Severity.ERROR,
        f"decisions.{ELIGIBILITY}.table.rows.{index}",
        N_("対象かどうかの表の%(number)s行目の「%(cell)s」は使えません。"),
        advice,
        {"number": index + 1, "cell": cell},
    )
