"""
Meter expressions: how an indicator is computed from what the modules did.

A subset of FEEL (DMN 1.5) whose names are meter keys: ``total(a.b.c[channel = "online"]) / total(a.b.c)``. Units are
carried along, so that an expression that adds 件 to 時間 is refused before it ever shows a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import Any

from madoguchi.kit.feel import DaysTimeDuration, FeelError, compile_expression
from madoguchi.kit.feel.errors import position_of
from madoguchi.kit.feel.nodes import (
    Arithmetic,
    Call,
    Comparison,
    Filter,
    In,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
)

from ..errors import PlanError
from . import amounts
from .amounts import Amount
from .units import Unit, UnitMismatchError

MAX_METERS = 20
MAX_PLACES = 10
FUNCTIONS = "total, average, latest, min, max, round, duration"


class Aggregate(StrEnum):
    """How the days of a meter are put together."""

    TOTAL = "total"
    LATEST = "latest"
    AVERAGE = "average"


USUAL = {"flow": Aggregate.TOTAL, "stock": Aggregate.LATEST, "ratio": Aggregate.AVERAGE}
SENSIBLE = {
    "flow": (Aggregate.TOTAL, Aggregate.AVERAGE),
    "stock": (Aggregate.LATEST, Aggregate.AVERAGE),
    "ratio": (Aggregate.AVERAGE, Aggregate.LATEST),
}
KIND_NAMES = {"flow": "期間の量", "stock": "時点の量", "ratio": "割合"}
Filters = tuple[tuple[str, tuple[str, ...]], ...]


class ExpressionError(PlanError):
    """An expression that cannot be used; ``line`` and ``column`` (from 1) say where, ``code`` names the fault."""

    def __init__(self, message: str, *, code: str, line: int = 1, column: int = 1) -> None:
        """Keep the place apart from the message."""
        super().__init__(message)
        self.code, self.line, self.column = code, line, column


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """What an expression must know of a meter: its unit, its kind ("flow", "stock", "ratio"), its filter names."""

    unit: str
    kind: str
    filters: frozenset[str] = frozenset()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A meter as an expression asks for it: key, accepted values by name (all must hold), and how days are joined."""

    meter: str
    filters: Filters
    aggregate: Aggregate


@dataclass(frozen=True, slots=True)
class MeterExpression:
    """A checked expression: its text, the readings it asks for, and the unit of its result."""

    text: str
    readings: tuple[Reading, ...]
    unit: Unit
    node: Node
    meters: Mapping[str, MeterFacts]

    def evaluate(self, value_of: Callable[[Reading], Decimal | None]) -> Amount:
        """Compute the amount; ``value_of`` returns what a reading shows, in the meter's unit."""
        return _Evaluator(self.text, self.meters, value_of).run(self.node)


def parse_meter_expression(text: str, meters: Mapping[str, MeterFacts]) -> MeterExpression:
    """
    Check an expression against the meters there are.

    Raises ``ExpressionError`` (syntax, unknown meter or filter, something outside the subset) and ``UnitMismatchError``;
    both say where and what to do.
    """
    if not text.strip():
        raise ExpressionError("計算式を入力してください。例: total(plan.actual.entered)", code="empty")
    try:
        node = compile_expression(text).node
    except FeelError as error:
        place = {"line": error.line or 1, "column": error.column or 1}
        raise ExpressionError(str(error), code="syntax", **place) from error
    evaluator = _Evaluator(text, meters, lambda reading: Decimal(1))
    unit = evaluator.run(node).unit
    if not evaluator.readings:
        raise ExpressionError("計算式にメーターがありません。数えたいメーターのキーを入れてください。", code="no-meter")
    if len(evaluator.readings) > MAX_METERS:
        raise ExpressionError(f"メーターは{MAX_METERS}個までにしてください。", code="too-many")
    return MeterExpression(text, tuple(evaluator.readings), unit, node, meters)


class _Evaluator:
    """Walks a syntax tree with amounts; the same walk checks an expression and computes it."""

    def __init__(
        self, text: str, meters: Mapping[str, MeterFacts], value_of: Callable[[Reading], Decimal | None]
    ) -> None:
        self.text, self.meters, self.value_of = text, meters, value_of
        self.readings: dict[Reading, None] = {}

    def run(self, node: Node) -> Amount:
        """Compute with 28 digits; what is not finite is no value."""
        with localcontext(Context(prec=28, traps=[])):
            amount = self.amount(node)
        return amount if amount.value is None or amount.value.is_finite() else Amount(None, amount.unit)

    def amount(self, node: Node) -> Amount:
        """Return the amount of a part of the expression."""
        match node:
            case Literal():
                return self._literal(node)
            case Negation():
                return self.amount(node.operand).map(lambda value: -value)
            case Arithmetic():
                return self._arithmetic(node)
            case Call():
                return self._call(node)
            case Name() | Path() | Filter():
                return self._meter(node, None)
        raise self._fail(node, "unsupported", "この書き方は使えません。メーター、数、+ - * / だけを使ってください。")

    def _literal(self, node: Literal) -> Amount:
        if isinstance(node.value, DaysTimeDuration):
            return Amount(Decimal(node.value.seconds), amounts.SECONDS)
        if isinstance(node.value, Decimal):
            return Amount(node.value, is_literal=True)
        raise self._fail(node, "unsupported", "ここに書けるのは数だけです。")

    def _arithmetic(self, node: Arithmetic) -> Amount:
        left, right = self.amount(node.left), self.amount(node.right)
        match node.operator:
            case "+":
                return self._placed(node, amounts.add, left, right)
            case "-":
                return self._placed(node, amounts.add, left, right, sign=-1)
            case "*":
                return self._placed(node, amounts.multiply, left, right)
            case "/":
                return self._placed(node, amounts.divide, left, right)
        raise self._fail(node, "unsupported", f"「{node.operator}」は使えません。+ - * / だけを使ってください。")

    def _call(self, node: Call) -> Amount:
        name = node.function.name if isinstance(node.function, Name) else ""
        count = len(node.arguments)
        if name in list(Aggregate) and count == 1 and not node.names:
            return self._meter(node.arguments[0], Aggregate(name))
        if name in {"min", "max"} and count >= 2:
            every = [self.amount(argument) for argument in node.arguments]
            return self._placed(node, amounts.extreme, every, min if name == "min" else max)
        if name == "round" and count == 2:
            return amounts.round_half_up(self.amount(node.arguments[0]), self._places(node.arguments[1]))
        if name == "duration" and count == 1:
            return self._duration(node, node.arguments[0])
        message = f"使える関数は {FUNCTIONS} です。total などには、メーターを1つ渡します。"
        raise self._fail(node, "unsupported", message)

    def _places(self, node: Node) -> int:
        if isinstance(node, Literal) and isinstance(node.value, Decimal) and 0 <= node.value <= MAX_PLACES:
            return int(node.value)
        raise self._fail(node, "unsupported", f"round の2番目は、0から{MAX_PLACES}までの桁数にしてください。")

    def _duration(self, node: Call, argument: Node) -> Amount:
        value = compile_expression("duration(text)", ["text"]).evaluate({"text": _text(argument)})
        if isinstance(value, timedelta):
            return Amount(Decimal(value // timedelta(microseconds=1)).scaleb(-6), amounts.SECONDS)
        raise self._fail(node, "syntax", '時間は duration("PT5M")（5分）のように書いてください。')

    def _meter(self, node: Node, aggregate: Aggregate | None) -> Amount:
        source, conditions = node, []
        while isinstance(source, Filter):
            conditions.append(source.condition)
            source = source.source
        key = _dotted(source)
        facts = self.meters.get(key)
        if facts is None:
            raise self._fail(node, "unknown-meter", self._unknown(key))
        chosen = aggregate or USUAL[facts.kind]
        if chosen not in SENSIBLE[facts.kind]:
            usable = "、".join(SENSIBLE[facts.kind])
            kind = KIND_NAMES[facts.kind]
            raise self._fail(node, "aggregate", f"「{key}」は{kind}なので {chosen} は使えません。{usable} を使います。")
        pairs = [pair for condition in conditions for pair in self._conditions(condition, key, facts)]
        reading = Reading(key, tuple(sorted(pairs)), chosen)
        self.readings[reading] = None
        return Amount(self.value_of(reading), Unit.parse(facts.unit))

    def _unknown(self, key: str) -> str:
        room = key.split(".")[0]
        near = sorted(name for name in self.meters if room and name.split(".")[0] == room)[:5]
        hint = f"使えるもの: {'、'.join(near)}" if near else "メーターの一覧から選んでください。"
        return f"「{key or 'この部分'}」というメーターはありません。{hint}"

    def _conditions(self, node: Node, key: str, facts: MeterFacts) -> list[tuple[str, tuple[str, ...]]]:
        if isinstance(node, Logic) and node.operator == "and":
            return [pair for operand in node.operands for pair in self._conditions(operand, key, facts)]
        if isinstance(node, Comparison) and node.operator == "=" and isinstance(node.left, Name):
            return [self._condition(node, node.left.name, (node.right,), key, facts)]
        if isinstance(node, In) and isinstance(node.value, Name):
            return [self._condition(node, node.value.name, node.tests, key, facts)]
        raise self._fail(
            node, "filter", '絞り込みは [名前 = "値"] か [名前 in ("値1", "値2")] と書き、and でつなぎます。'
        )

    def _condition(
        self, node: Node, name: str, values: tuple[Node, ...], key: str, facts: MeterFacts
    ) -> tuple[str, tuple[str, ...]]:
        if name not in facts.filters:
            known = "、".join(sorted(facts.filters)) or "なし"
            raise self._fail(node, "unknown-filter", f"「{key}」は「{name}」で絞り込めません。使える名前: {known}")
        texts = tuple(sorted({_text(value) for value in values}))
        if "" in texts:
            raise self._fail(node, "filter", f'「{name}」の値は "online" のように引用符で囲んでください。')
        return name, texts

    def _placed(self, node: Node, operation: Callable[..., Amount], *arguments: Any, **options: Any) -> Amount:
        """Do an operation; where units do not go together, say at which place of the text."""
        try:
            return operation(*arguments, **options)
        except UnitMismatchError as error:
            line, column = position_of(self.text, node.offset)
            place = f"{line}行{column}文字目から: {error}"
            raise UnitMismatchError(error.found, error.expected, place) from error

    def _fail(self, node: Node, code: str, message: str) -> ExpressionError:
        line, column = position_of(self.text, node.offset)
        return ExpressionError(f"{line}行{column}文字目: {message}", code=code, line=line, column=column)


def _dotted(node: Node) -> str:
    """Return the key that a chain of names spells, or an empty text."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Path):
        source = _dotted(node.source)
        return f"{source}.{node.name}" if source else ""
    return ""


def _text(node: Node) -> str:
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""
