"""Making decision tables from rows of text, as an editor or a data file has them."""

from collections.abc import Iterable, Mapping, Sequence

from madoguchi.kit.dmn.engine import DecisionModel
from madoguchi.kit.dmn.errors import DmnError
from madoguchi.kit.dmn.model import (
    Aggregation,
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    OutputClause,
    Rule,
)
from madoguchi.kit.feel.errors import FeelError
from madoguchi.kit.feel.expression import Names, compile_expression, compile_unary_tests

NAMESPACE = "urn:madoguchi:decision"


def table_from_rows(
    *,
    inputs: Sequence[str | InputClause],
    outputs: Sequence[str | OutputClause],
    rows: Iterable[Sequence[str]],
    hit_policy: HitPolicy | str = HitPolicy.UNIQUE,
    aggregation: Aggregation | str = Aggregation.NONE,
    annotations: Sequence[str] = (),
    label: str = "",
) -> DecisionTable:
    """A decision table of rows of cells: first the inputs (unary tests), then the outputs (FEEL), then the remarks.

    Columns may be given by their expression or name alone; ``hit_policy`` also by its letter (``U A P F R O C``, with
    ``C+ C# C< C>`` for aggregation). DmnError names the row whose number of cells is wrong.
    """
    policy, aggregated = _policy(hit_policy, aggregation)
    ins = tuple(item if isinstance(item, InputClause) else InputClause(expression=item) for item in inputs)
    outs = tuple(item if isinstance(item, OutputClause) else OutputClause(name=item) for item in outputs)
    if not outs:
        raise DmnError("出力の列がありません。", code="columns")
    return DecisionTable(
        inputs=ins,
        outputs=outs,
        rules=tuple(_rule(number, row, len(ins), len(outs), len(annotations)) for number, row in enumerate(rows, 1)),
        hit_policy=policy,
        aggregation=aggregated,
        annotations=tuple(annotations),
        output_label=label,
    )


_LETTERS = {
    "U": ("UNIQUE", ""),
    "A": ("ANY", ""),
    "P": ("PRIORITY", ""),
    "F": ("FIRST", ""),
    "R": ("RULE ORDER", ""),
    "O": ("OUTPUT ORDER", ""),
    "C": ("COLLECT", ""),
    "C+": ("COLLECT", "SUM"),
    "C#": ("COLLECT", "COUNT"),
    "C<": ("COLLECT", "MIN"),
    "C>": ("COLLECT", "MAX"),
}


def _policy(hit_policy: str, aggregation: str) -> tuple[HitPolicy, Aggregation]:
    name, aggregated = _LETTERS.get(hit_policy, (hit_policy, aggregation))
    if name not in set(HitPolicy) or aggregated not in set(Aggregation):
        raise DmnError(f"ヒットポリシー「{hit_policy} {aggregation}」はDMNにありません。", code="hit-policy")
    return HitPolicy(name), Aggregation(aggregated)


def _rule(number: int, row: Sequence[str], inputs: int, outputs: int, annotations: int) -> Rule:
    if not inputs + outputs <= len(row) <= inputs + outputs + annotations:
        wanted = f"{inputs + outputs}個" + (
            f"（備考を入れて{inputs + outputs + annotations}個まで）" if annotations else ""
        )
        raise DmnError(f"{number}行目のセルは{len(row)}個ですが、{wanted}必要です。", code="cell-count")
    cells = [str(cell).strip() for cell in row]
    return Rule(
        inputs=tuple(cells[:inputs]),
        outputs=tuple(cells[inputs : inputs + outputs]),
        annotations=tuple(cells[inputs + outputs :]),
    )


def definitions_of_table(
    *,
    name: str,
    table: DecisionTable,
    input_data: Mapping[str, str] | None = None,
    type_ref: str = "",
    namespace: str = NAMESPACE,
) -> Definitions:
    """A model with one decision made by the table.

    ``input_data`` are the names of the inputs and their FEEL types; left out, they are the names that the table uses.
    """
    needed = dict(input_data) if input_data is not None else names_used(table)
    elements = tuple(
        InputData(id=f"input{number}", name=item, variable=InformationItem(item, kind))
        for number, (item, kind) in enumerate(needed.items(), start=1)
    )
    decision = Decision(
        id="decision",
        name=name,
        variable=InformationItem(name, type_ref),
        expression=table,
        required_inputs=tuple(element.id for element in elements),
    )
    return Definitions(name=name, namespace=namespace, id="model", elements=(*elements, decision))


def model_of_table(
    *, name: str, table: DecisionTable, input_data: Mapping[str, str] | None = None, type_ref: str = ""
) -> DecisionModel:
    """The evaluator of a table: ``model_of_table(…).evaluate(name, inputs)``."""
    return DecisionModel(definitions_of_table(name=name, table=table, input_data=input_data, type_ref=type_ref))


def names_used(table: DecisionTable) -> dict[str, str]:
    """The variables that the texts of a table use, with the type of their column where a column is just the variable.

    The expression of a column may be a name of several words; elsewhere such names count only if a column has them.
    """
    found: dict[str, str] = {}
    for clause in table.inputs:
        for name in _roots(clause.expression):
            kind = clause.type_ref if name == clause.expression else ""
            found[name] = found.get(name) or kind
    names = Names(variables=frozenset(found))
    for rule in table.rules:
        for cell in rule.inputs:
            _add_unknown(found, cell, names, tests=True)
        for cell in rule.outputs:
            _add_unknown(found, cell, names, tests=False)
    return found


def _roots(expression: str) -> list[str]:
    try:
        return sorted(compile_expression(expression).unknown_names)
    except FeelError:
        return [" ".join(expression.split())]


def _add_unknown(found: dict[str, str], text: str, names: Names, *, tests: bool) -> None:
    if not text:
        return
    try:
        compiled = compile_unary_tests(text, names) if tests else compile_expression(text, names)
    except FeelError:
        return
    for name in sorted(compiled.unknown_names - {"?"}):
        found.setdefault(name, "")
