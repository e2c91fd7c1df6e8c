"""Golden examples of scoring rules (確認例): as stored, as typed, and what a rule makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from madoguchi.kit.dmn import DecisionModel

from ..errors import PlanError
from .scoring import INPUTS, mark

YES, NO, NOTHING = "はい", "いいえ", "なし"
_LIST = re.compile(r"[・、,，\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResult:
    """What a golden example gave."""

    number: int
    decision: str
    inputs: Mapping[str, object]
    note: str
    expected: str
    got: str
    rows: tuple[int, ...]
    trouble: str

    @property
    def passed(self) -> bool:
        """True when the rule answered as expected."""
        return self.expected == self.got


def run_examples(model: DecisionModel, examples: Sequence[Mapping[str, Any]]) -> list[ExampleResult]:
    """Ask a rule every golden example; each has ``decision``, ``inputs``, ``expected`` and maybe ``note``."""
    return [_run(model, number, example) for number, example in enumerate(examples, 1)]


def _run(model: DecisionModel, number: int, example: Mapping[str, Any]) -> ExampleResult:
    decision, inputs = str(example.get("decision", "")), exact_inputs(example.get("inputs", {}))
    answer = mark(model, decision, inputs)
    return ExampleResult(
        number=number,
        decision=decision,
        inputs=inputs,
        note=str(example.get("note", "")),
        expected=str(example.get("expected", "")),
        got=answer.text,
        rows=answer.rows,
        trouble=answer.trouble,
    )


def exact_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs from JSON with numbers as the decimals they were written as."""
    return {name: Decimal(repr(value)) if _is_number(value) else value for name, value in inputs.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_input(name: str, text: str) -> Any:
    """
    Return what a person typed as the value of an input; an empty text or なし is null.

    Raises ``PlanError`` naming the input that no rule knows or whose value is none of its kind.
    """
    if name not in INPUTS:
        raise PlanError(f"「{name}」という入力はありません。使える入力は、画面の下の一覧にあります。")
    kind, text = INPUTS[name][0], text.strip()
    if kind == "list":
        return [] if text == NOTHING else [part for part in _LIST.split(text) if part]
    if text in {"", NOTHING, "null"}:
        return None
    if kind == "number":
        return _number(name, text)
    return _truth(name, text) if kind == "boolean" else text


def _number(name: str, text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise PlanError(f"「{name}」には数を入力してください（{text}）。")
    return found


def _truth(name: str, text: str) -> bool:
    known = {"true": True, YES: True, "false": False, NO: False}
    if text not in known:
        raise PlanError(f"「{name}」には「{YES}」か「{NO}」を入力してください（{text}）。")
    return known[text]


def parse_inputs(text: str) -> dict[str, Any]:
    """Return inputs typed as 「目標との差=20、進捗率=なし」 in the form they are stored; raises ``PlanError``."""
    found: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.replace("\n", "、").split("、"))):
        name, sign, value = part.replace("＝", "=").partition("=")
        if not sign:
            raise PlanError(f"「{part}」は「名前=値」の形で書いてください。")
        found[name.strip()] = _stored(read_input(name.strip(), value))
    return found


def _stored(value: Any) -> Any:
    """Numbers go into JSON as they were written: the shortest text of the float gives them back."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def format_inputs(inputs: Mapping[str, Any]) -> str:
    """Return inputs as a person types them."""
    return "、".join(f"{name}={format_value(value)}" for name, value in inputs.items())


def format_value(value: Any) -> str:
    """Return one value as a person types it."""
    if value is None or value == []:
        return NOTHING
    if isinstance(value, bool):
        return YES if value else NO
    return "・".join(map(str, value)) if isinstance(value, list) else str(value)
