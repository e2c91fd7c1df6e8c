"""Expressions of a workflow in FEEL: the only evaluator SpiffWorkflow gets, so that no file can run Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from madoguchi.kit import clock
from madoguchi.kit.feel import FeelError, cached_expression, text_of

from ...errors import BpmnError
from ...registry import Host


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: whole numbers as int, dates as ISO 8601 text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if key != "typename"}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value) if isinstance(value, timedelta) else text_of(value)


class _NoPython:
    """Stands where SpiffWorkflow keeps its Python environment."""

    def evaluate(self, *arguments: Any, **options: Any) -> NoReturn:
        """Refuse."""
        raise BpmnError("Pythonの式は実行しません。")

    execute = call_service = evaluate


class FeelScriptEngine:
    """Evaluates conditions and values over the facts of the case and the variables of the flow."""

    environment = _NoPython()

    def __init__(self, host: Host) -> None:
        self.host = host
        self.timer_problems: dict[str, str] = {}

    def scope(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an expression may name: facts of the subject, overlaid by the variables of the flow."""
        return {"today": clock.today(), **self.host.facts(), **data}

    def value(self, text: str, data: Mapping[str, Any]) -> Any:
        """Return the value of a FEEL expression as JSON; raise ``BpmnError`` when it cannot be evaluated."""
        try:
            return plain(cached_expression(text).evaluate(self.scope(data)))
        except FeelError as error:
            raise BpmnError(f"式「{text}」を評価できません: {error}") from error

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """Evaluate on behalf of SpiffWorkflow."""
        return self.value(expression, task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> NoReturn:
        """Refuse scripts."""
        raise BpmnError("スクリプトタスクは実行しません。")

    call_service = execute
