"""Static checks of a decision table: cells that are no FEEL, rules that collide, cases that no rule covers."""

from dataclasses import dataclass

from madoguchi.kit.dmn.model import Aggregation, DecisionTable, HitPolicy
from madoguchi.kit.dmn.regions import Region, covered, describe, regions_of
from madoguchi.kit.feel.errors import FeelError
from madoguchi.kit.feel.expression import Names, UnaryTests, compile_expression, compile_unary_tests

_GAPS_MAX = 20
_NODES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a table that its author should look at.

    ``code`` is one of ``cell`` (no FEEL, or left out), ``unknown-name``, ``cell-count``, ``output-name``,
    ``output-values``, ``aggregation``, ``overlap``, ``gap``, ``gap-fraction`` (only fractions fall through),
    ``not-checked``. ``rows`` and ``column`` count from 1 (0: the heading); inputs come first, then outputs.
    """

    code: str
    text: str
    rows: tuple[int, ...] = ()
    column: int = 0


def check_table(table: DecisionTable, *, names: Names | None = None) -> list[Finding]:
    """All findings; with ``names`` also names that are not declared."""
    findings = [*_shape(table), *_texts(table, names or Names(), report_unknown=names is not None)]
    if any(finding.code in ("cell", "cell-count") for finding in findings):
        return findings
    return [*findings, *_coverage(table, names or Names())]


def _shape(table: DecisionTable) -> list[Finding]:
    findings: list[Finding] = []
    for number, rule in enumerate(table.rules, start=1):
        if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
            findings.append(Finding("cell-count", f"{number}行目のセルの数が、列の数と違います。", (number,)))
    names = [clause.name for clause in table.outputs]
    if len(names) > 1 and ("" in names or len(set(names)) < len(names)):
        findings.append(Finding("output-name", "出力の列が2つ以上あるときは、それぞれに違う名前が必要です。"))
    if table.aggregation is not Aggregation.NONE and (len(names) > 1 or table.hit_policy is not HitPolicy.COLLECT):
        findings.append(Finding("aggregation", "集計は、出力の列が1つの「COLLECT」の表でだけ使えます。"))
    ordered = table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
    if ordered and not any(clause.values or clause.type_ref for clause in table.outputs):
        findings.append(Finding("output-values", "このヒットポリシーでは、出力の値の優先順位を決めてください。"))
    return findings


def _texts(table: DecisionTable, names: Names, *, report_unknown: bool) -> list[Finding]:
    cells = Names(names.variables | {"?"}, names.members, names.types)
    findings: list[Finding] = []

    def check(text: str, row: int, column: int, *, tests: bool) -> None:
        try:
            compiled = compile_unary_tests(text, cells) if tests else compile_expression(text or "null", names)
        except FeelError as error:
            findings.append(Finding("cell", f"「{text}」：{error}", (row,) if row else (), column))
            return
        unknown = sorted(compiled.unknown_names - {"?"}) if report_unknown else []
        findings.extend(
            Finding("unknown-name", f"「{text}」の「{name}」という名前はありません。", (row,) if row else (), column)
            for name in unknown
        )

    for column, clause in enumerate(table.inputs, start=1):
        check(clause.expression, 0, column, tests=False)
        check(clause.values, 0, column, tests=True)
    for column, output in enumerate(table.outputs, start=len(table.inputs) + 1):
        check(output.values, 0, column, tests=True)
        check(output.default, 0, column, tests=False)
    for row, rule in enumerate(table.rules, start=1):
        for column, cell in enumerate(rule.inputs, start=1):
            check(cell, row, column, tests=True)
        for column, cell in enumerate(rule.outputs, start=len(table.inputs) + 1):
            check(cell, row, column, tests=False)
    return findings


@dataclass(frozen=True)
class _Column:
    regions: list[Region]
    masks: tuple[int, ...]


def _coverage(table: DecisionTable, names: Names) -> list[Finding]:
    columns: list[_Column | None] = [_column(table, index, names) for index in range(len(table.inputs))]
    findings = _overlaps(table, columns)
    simple = [column for column in columns if column is not None]
    if len(simple) < len(columns):
        numbers = "、".join(str(index + 1) for index, column in enumerate(columns) if column is None)
        text = f"{numbers}列目に式が入っているため、抜けがあるかは調べていません。"
        return [*findings, Finding("not-checked", text)]
    if not any(clause.default for clause in table.outputs):
        findings.extend(_gaps(simple, len(table.rules)))
    return findings


def _column(table: DecisionTable, index: int, names: Names) -> _Column | None:
    cells: list[UnaryTests] = [compile_unary_tests(rule.inputs[index], names) for rule in table.rules]
    values = table.inputs[index].values
    allowed = compile_unary_tests(values, names) if values else None
    regions = regions_of([cell.tests for cell in cells], None if allowed is None else allowed.tests)
    if regions is None:
        return None
    if allowed is not None and regions[0].sample is not None:
        passed = covered(allowed, regions)
        regions = [region for place, region in enumerate(regions) if passed >> place & 1]
    return _Column(regions, tuple(covered(cell, regions) for cell in cells))


def _overlaps(table: DecisionTable, columns: list[_Column | None]) -> list[Finding]:
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return []
    findings: list[Finding] = []
    for second in range(len(table.rules)):
        for first in range(second):
            if not _collide(table, columns, first, second):
                continue
            text = f"{first + 1}行目と{second + 1}行目が同時に当てはまることがあります"
            text += "。" if table.hit_policy is HitPolicy.UNIQUE else "が、結果が違います。"
            findings.append(Finding("overlap", text, (first + 1, second + 1)))
    return findings


def _collide(table: DecisionTable, columns: list[_Column | None], first: int, second: int) -> bool:
    if table.hit_policy is HitPolicy.ANY and table.rules[first].outputs == table.rules[second].outputs:
        return False
    for index, column in enumerate(columns):
        if column is not None:
            if not column.masks[first] & column.masks[second]:
                return False
        elif table.rules[first].inputs[index] != table.rules[second].inputs[index]:
            return False
    return True


Span = tuple[int, int]


class _GapSearch:
    """Goes through the combinations of regions, following only rules that are still possible."""

    def __init__(self, columns: list[_Column]) -> None:
        self.columns = columns
        self.found: list[tuple[Span, ...]] = []
        self.nodes = 0
        self.complete: set[tuple[int, int]] = set()

    @property
    def stopped(self) -> bool:
        """Whether there was more than can be looked at."""
        return len(self.found) >= _GAPS_MAX * 10 or self.nodes > _NODES_MAX

    def search(self, depth: int, rules: int, path: tuple[Span, ...]) -> bool:
        """Whether the rules cover everything from this column on; records where they do not."""
        self.nodes += 1
        if self.stopped:
            return False
        if not rules:
            rest = tuple((0, len(column.regions) - 1) for column in self.columns[depth:])
            self.found.append(path + rest)
            return False
        if depth == len(self.columns) or (depth, rules) in self.complete:
            return True
        column, covers = self.columns[depth], True
        for place in range(len(column.regions)):
            alive = sum(1 << rule for rule, mask in enumerate(column.masks) if rules >> rule & 1 and mask >> place & 1)
            covers &= self.search(depth + 1, alive, (*path, (place, place)))
        if covers:
            self.complete.add((depth, rules))
        return covers

    def merged(self) -> list[tuple[Span, ...]]:
        """The gaps with neighbours put together, column by column."""
        gaps = self.found
        for index in reversed(range(len(self.columns))):
            gaps = _merge(gaps, index)
        return gaps

    def texts(self, gap: tuple[Span, ...]) -> str:
        """How people write a gap."""
        pairs = zip(self.columns, gap, strict=True)
        return "、".join(describe(column.regions, *span) for column, span in pairs)

    def is_fraction(self, gap: tuple[Span, ...]) -> bool:
        """Whether only fractions between neighbouring whole numbers fall into a gap."""
        pairs = zip(self.columns, gap, strict=True)
        return any(first == last and column.regions[first].between_integers for column, (first, last) in pairs)


def _merge(gaps: list[tuple[Span, ...]], index: int) -> list[tuple[Span, ...]]:
    """Put gaps together that differ in one column only and lie side by side there."""
    groups: dict[tuple[Span, ...], list[Span]] = {}
    for gap in gaps:
        groups.setdefault((*gap[:index], *gap[index + 1 :]), []).append(gap[index])
    merged: list[tuple[Span, ...]] = []
    for rest, spans in groups.items():
        runs: list[Span] = []
        for span in sorted(spans):
            if runs and runs[-1][1] + 1 >= span[0]:
                runs[-1] = (runs[-1][0], max(runs[-1][1], span[1]))
            else:
                runs.append(span)
        merged.extend((*rest[:index], run, *rest[index:]) for run in runs)
    return merged


def _gaps(columns: list[_Column], rules: int) -> list[Finding]:
    search = _GapSearch(columns)
    search.search(0, (1 << rules) - 1, ())
    gaps = search.merged()
    findings = [_gap(search, gap) for gap in gaps[:_GAPS_MAX]]
    if search.stopped or len(gaps) > _GAPS_MAX:
        findings.append(Finding("not-checked", "抜けが多いため、途中までを示しています。"))
    return findings


def _gap(search: _GapSearch, gap: tuple[Span, ...]) -> Finding:
    text = f"（{search.texts(gap)}）に当てはまる行がありません。"
    if search.is_fraction(gap):
        return Finding("gap-fraction", "小数のとき、" + text)
    return Finding("gap", text)
