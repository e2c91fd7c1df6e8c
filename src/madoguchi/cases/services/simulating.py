"""A workflow tried out with chosen outcomes, without a case and without writing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from madoguchi.kit import clock

from ..errors import BpmnError, CasesError
from ..registry import Run, Variables, engines
from ..selectors.checking import check_bpmn
from .versions import digest_of

MOST = 200


@dataclass(slots=True)
class Trial:
    """Where a trial stands: what was passed and waits, open tasks with their outcomes, and what services were asked."""

    is_finished: bool
    result: str
    passed: list[str]
    waiting: list[str]
    tasks: list[dict[str, Any]]
    messages: list[str]
    next_timer: datetime | None
    problems: list[dict[str, str]]
    calls: list[dict[str, Any]]
    data: dict[str, Any]
    log: list[str] = field(default_factory=list)


class _TrialHost:
    """Answers for the house: services do nothing and are written down, decisions give what the trial says."""

    def __init__(self, facts: Variables, decisions: Mapping[str, Variables]) -> None:
        self._facts, self._decisions = facts, decisions
        self.calls: list[dict[str, Any]] = []

    def facts(self) -> Variables:
        return self._facts

    def run_service(self, key: str, parameters: dict[str, Any]) -> Variables:
        self.calls.append({"service": key, "parameters": parameters})
        return {}

    def decide(self, table: str, variables: Variables) -> Variables:
        self.calls.append({"decision": table, "parameters": {}})
        return self._decisions.get(table, {})


def simulate(
    *,
    bpmn: str,
    variables: Variables,
    choices: Sequence[Mapping[str, Any]],
    decisions: Mapping[str, Variables] | None = None,
) -> Trial:
    """
    Run a workflow from its start through ``choices`` and say where it stands.

    A choice is ``{"element": id, "outcome": code}``, ``{"message": name}`` or ``{"time": true}`` (to the next timer).
    Raises ``BpmnError`` for a file that is not supported, ``CasesError`` for a choice that does not fit.
    """
    report = check_bpmn(bpmn.encode())
    if not report.supported:
        raise BpmnError("\n".join(report.sentences()))
    engine = engines.get("bpmn")
    host = _TrialHost(variables, decisions or {})
    moment = clock.now()
    with clock.frozen(moment):
        run = engine.start(engine.compile(bpmn.encode()), digest_of(bpmn), variables, host)
        run.advance()
    for choice in choices[:MOST]:
        moment = _choose(run, choice, moment)
    return _standing(run, host)


def _choose(run: Run, choice: Mapping[str, Any], moment: datetime) -> datetime:
    if choice.get("time"):
        due = run.next_timer()
        if due is None:
            raise CasesError("時刻を待っているところはありません。")
        moment = max(moment, due) + timedelta(seconds=1)
    with clock.frozen(moment):
        if choice.get("message"):
            run.deliver(str(choice["message"]), dict(choice.get("variables") or {}))
        elif not choice.get("time"):
            _complete(run, choice)
        run.advance()
    return moment


def _complete(run: Run, choice: Mapping[str, Any]) -> None:
    task = next((task for task in run.open_tasks() if task.element == choice.get("element")), None)
    if task is None:
        raise CasesError(f"作業「{choice.get('element')}」は、いま待っていません。")
    outcome = str(choice.get("outcome", ""))
    if outcome not in {item["code"] for item in task.settings["outcomes"]}:
        raise CasesError(f"作業「{task.name}」に結果「{outcome}」はありません。")
    values = {**dict(choice.get("variables") or {}), "outcome": outcome, f"{task.element}_outcome": outcome}
    run.complete(task.engine_id, values)


def _standing(run: Run, host: _TrialHost) -> Trial:
    tasks = [
        {
            "element": task.element,
            "name": task.name,
            "audience": task.settings.get("audience") or "staff",
            "outcomes": list(task.settings["outcomes"]),
        }
        for task in run.open_tasks()
    ]
    return Trial(
        is_finished=run.is_finished,
        result=run.result if run.is_finished else "",
        passed=run.passed(),
        waiting=run.waiting(),
        tasks=[] if run.is_finished else tasks,
        messages=run.awaited_messages(),
        next_timer=run.next_timer(),
        problems=[{"element": item.element, "name": item.name, "message": item.message} for item in run.problems],
        calls=host.calls,
        data=run.data,
    )
