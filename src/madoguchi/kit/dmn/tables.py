"""Decision tables: matching rules and the seven hit policies (DMN 1.5 clauses 8.2.10 and 10.3.2.10)."""

from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.kit.dmn.errors import Diagnostic
from madoguchi.kit.dmn.model import Aggregation, DecisionTable, HitPolicy
from madoguchi.kit.dmn.naming import Code, Naming, Test
from madoguchi.kit.feel.builtins import BUILTINS
from madoguchi.kit.feel.compare import same
from madoguchi.kit.feel.environment import Environment

_AGGREGATES = {Aggregation.SUM: "sum", Aggregation.MIN: "min", Aggregation.MAX: "max", Aggregation.COUNT: "count"}
_SINGLE_HIT = frozenset((HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST))


@dataclass(frozen=True, slots=True)
class TableTrace:
    """Why a table answered as it did: inputs with their labels, the rules that matched (from 1), and the answer."""

    table: str
    hit_policy: str
    inputs: tuple[tuple[str, object], ...]
    matched: tuple[int, ...]
    chosen: tuple[int, ...]
    annotations: tuple[tuple[str, ...], ...]
    value: object


@dataclass(frozen=True)
class CompiledRule:
    """A row: the tests of the columns that are not ``-``, and what makes its output."""

    tests: tuple[tuple[int, Test], ...]
    output: Code


@dataclass(frozen=True)
class CompiledTable:
    """A table ready to be evaluated; ``ranks`` order the values of the output columns."""

    table: DecisionTable
    name: str
    inputs: tuple[Code, ...]
    allowed: tuple[tuple[int, Test], ...]
    rules: tuple[CompiledRule, ...]
    default: Code | None
    ranks: tuple[Callable[[object, Environment], int], ...]

    def evaluate(self, environment: Environment) -> object:
        """The answer for the variables of the environment."""
        values = [code(environment) for code in self.inputs]
        if self._refused(values, environment):
            return None
        if not self.rules:
            matched: list[int] = []
        else:
            matched = self._match(values, environment)
        chosen, value = self._decide(matched, environment)
        if environment.budget.observer is not None:
            environment.budget.observe(self._trace(values, matched, chosen, value))
        return value

    def _refused(self, values: list[object], environment: Environment) -> bool:
        for index, test in self.allowed:
            value = values[index]
            items = value if isinstance(value, list) and value else [value]
            if not all(test(item, environment) is True for item in items):
                label = self.label_of(index)
                message = f"「{label}」の値は、表に書かれた取りうる値の中にありません。"
                environment.budget.observe(Diagnostic("input-not-allowed", message, self.name))
                return True
        return False

    def label_of(self, index: int) -> str:
        """What people call an input column."""
        clause = self.table.inputs[index]
        return clause.label or clause.expression

    def _match(self, values: list[object], environment: Environment) -> list[int]:
        """The indices of the rules that match; only the first for FIRST."""
        first = self.table.hit_policy is HitPolicy.FIRST
        matched: list[int] = []
        for number, rule in enumerate(self.rules):
            for index, test in rule.tests:
                if test(values[index], environment) is not True:
                    break
            else:
                matched.append(number)
                if first:
                    break
        return matched

    def _decide(self, matched: list[int], environment: Environment) -> tuple[list[int], object]:
        """The rules that count, and the answer."""
        if not matched:
            return [], self._without_match(environment)
        outputs = {number: self.rules[number].output(environment) for number in matched}
        chosen = self._choose(matched, outputs, environment)
        if self.table.hit_policy in _SINGLE_HIT:
            return chosen, outputs[chosen[0]] if chosen else None
        return chosen, self._aggregate([outputs[number] for number in chosen], environment)

    def _without_match(self, environment: Environment) -> object:
        if self.default is not None:
            return self.default(environment)
        environment.budget.observe(Diagnostic("no-rule", "当てはまる行がありません。", self.name))
        return None

    def _choose(self, matched: list[int], outputs: dict[int, object], environment: Environment) -> list[int]:
        policy = self.table.hit_policy
        if policy is HitPolicy.UNIQUE:
            return self._only(matched, environment)
        if policy is HitPolicy.ANY:
            return self._agreed(matched, outputs, environment)
        if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
            ordered = sorted(matched, key=lambda number: self._rank(outputs[number], environment))
            return ordered[:1] if policy is HitPolicy.PRIORITY else ordered
        return matched

    def _only(self, matched: list[int], environment: Environment) -> list[int]:
        if len(matched) == 1:
            return matched
        rows = "、".join(str(number + 1) for number in matched)
        message = f"{rows}行目が同時に当てはまります（ヒットポリシーUでは1行だけでなければなりません）。"
        environment.budget.observe(Diagnostic("unique-violated", message, self.name))
        return []

    def _agreed(self, matched: list[int], outputs: dict[int, object], environment: Environment) -> list[int]:
        first = outputs[matched[0]]
        different = [number for number in matched if not same(outputs[number], first)]
        if not different:
            return matched[:1]
        message = f"{matched[0] + 1}行目と{different[0] + 1}行目が同時に当てはまり、結果が違います（ヒットポリシーA）。"
        environment.budget.observe(Diagnostic("any-violated", message, self.name))
        return []

    def _rank(self, output: object, environment: Environment) -> tuple[int, ...]:
        if len(self.table.outputs) == 1:
            return tuple(rank(output, environment) for rank in self.ranks)
        parts = list(output.values()) if isinstance(output, dict) else []
        return tuple(rank(part, environment) for rank, part in zip(self.ranks, parts, strict=True))

    def _aggregate(self, outputs: list[object], environment: Environment) -> object:
        aggregation = self.table.aggregation
        if self.table.hit_policy is not HitPolicy.COLLECT or aggregation is Aggregation.NONE:
            return outputs
        if len(self.table.outputs) > 1:
            message = "出力の列が2つ以上ある表は集計できません。"
            environment.budget.observe(Diagnostic("aggregation", message, self.name))
            return None
        return BUILTINS[_AGGREGATES[aggregation]].invoke((outputs,), environment.budget)

    def _trace(self, values: list[object], matched: list[int], chosen: list[int], value: object) -> TableTrace:
        rules = self.table.rules
        return TableTrace(
            table=self.name,
            hit_policy=" ".join(part for part in (self.table.hit_policy, self.table.aggregation) if part),
            inputs=tuple((self.label_of(index), item) for index, item in enumerate(values)),
            matched=tuple(number + 1 for number in matched),
            chosen=tuple(number + 1 for number in chosen),
            annotations=tuple(rules[number].annotations for number in chosen),
            value=value,
        )


def compile_table(table: DecisionTable, naming: Naming, type_ref: str = "") -> Code:
    """The closure of a decision table."""
    return compiled_table(table, naming, type_ref).evaluate


def compiled_table(table: DecisionTable, naming: Naming, type_ref: str = "") -> CompiledTable:
    """Compile a table; cells that are no FEEL match nothing and are reported by the naming."""
    cells = naming.with_variables(["?"])
    return CompiledTable(
        table=table,
        name=table.output_label or naming.element,
        inputs=tuple(naming.expression(clause.expression) for clause in table.inputs),
        allowed=tuple(
            (index, cells.tests(clause.values)[0]) for index, clause in enumerate(table.inputs) if clause.values
        ),
        rules=tuple(
            CompiledRule(_rule_tests(rule.inputs, cells), _output(table, rule.outputs, naming)) for rule in table.rules
        ),
        default=_default(table, naming),
        ranks=tuple(_rank_of(table, index, cells, type_ref) for index in range(len(table.outputs))),
    )


def _rule_tests(entries: tuple[str, ...], naming: Naming) -> tuple[tuple[int, Test], ...]:
    compiled = [(index, *naming.tests(entry)) for index, entry in enumerate(entries)]
    return tuple((index, test) for index, test, about in compiled if about is None or not about.tests.anything)


def _output(table: DecisionTable, entries: tuple[str, ...], naming: Naming) -> Code:
    codes = [naming.expression(entry) for entry in entries]
    if len(table.outputs) == 1:
        return codes[0] if codes else naming.expression("")
    names = [clause.name for clause in table.outputs]
    return lambda environment: {name: code(environment) for name, code in zip(names, codes, strict=False)}


def _default(table: DecisionTable, naming: Naming) -> Code | None:
    entries = tuple(clause.default for clause in table.outputs)
    return _output(table, entries, naming) if any(entries) else None


def _rank_of(table: DecisionTable, index: int, naming: Naming, type_ref: str) -> Callable[[object, Environment], int]:
    """Where a value stands in the order of the output values; those not listed come last."""
    clause = table.outputs[index]
    values = clause.values or naming.types.allowed_values(clause.type_ref)
    if not values and len(table.outputs) == 1:
        values = naming.types.allowed_values(table.type_ref) or naming.types.allowed_values(type_ref)
    if not values or table.hit_policy not in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        return lambda value, environment: 0
    about = naming.tests(values)[1]
    tests = () if about is None else about.parts

    def rank(value: object, environment: Environment) -> int:
        return next((place for place, test in enumerate(tests) if test(value, environment) is True), len(tests))

    return rank
