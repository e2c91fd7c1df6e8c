"""A workflow in progress: SpiffWorkflow moves the tokens, the house runs services, decisions and people's tasks."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions import (
    ErrorEventDefinition,
    MessageEventDefinition,
    MultipleEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from ...errors import BpmnError, ServiceFault, StaleError
from ...registry import Host
from ...rules.running import OpenTask, Problem
from .parsing import ServiceStep
from .script_engine import FeelScriptEngine, plain
from .specification import CONVERTER, SERIALIZER, Specification
from .timers import HouseCycle, HouseTimer
from .workflow_state import prune

logger = logging.getLogger(__name__)

MAXIMUM_ROUNDS = 300
"""A flow that has not come to rest after so many steps goes in circles without a person."""
PRUNED_EVERY = 20
"""SpiffWorkflow looks no deeper than a thousand tasks: a loop of services must not grow on the way."""


class SpiffRun:
    """See ``registry.Run``."""

    def __init__(self, specification: Specification, host: Host, state: bytes | None = None) -> None:
        self.specification = specification
        self.host = host
        self.problems: list[Problem] = []
        self.thrown: list[str] = []
        self.early: dict[str, dict[str, Any]] = {}
        self.engine = FeelScriptEngine(host)
        self.workflow = self._load(state)

    @classmethod
    def started(cls, specification: Specification, host: Host, variables: Mapping[str, Any]) -> SpiffRun:
        """Begin a workflow."""
        run = cls(specification, host)
        run.workflow.task_tree.data.update(plain(variables))
        for task in run.workflow.get_tasks(state=TaskState.READY):
            task.data.update(plain(variables))
        return run

    def _load(self, state: bytes | None) -> Any:
        spec, subprocesses = self.specification.spec, self.specification.subprocesses
        if state is None:
            return BpmnWorkflow(spec, subprocesses, script_engine=self.engine)
        kept = json.loads(zlib.decompress(state))
        self.early = kept["early"]
        workflow = BpmnWorkflow(spec, subprocesses, script_engine=self.engine, deserializing=True)
        return CONVERTER.restore_into(kept["workflow"], workflow)

    def dump(self) -> bytes:
        """Return the state, compressed."""
        prune(self.workflow)
        kept = {"workflow": json.loads(SERIALIZER.serialize_json(self.workflow)), "early": self.early}
        return zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())

    # Moving on

    def advance(self) -> None:
        """Run everything that needs no person, until only people, messages and times are waited for."""
        self.problems = []
        self.engine.timer_problems.clear()
        stuck: list[Any] = []
        for number in range(MAXIMUM_ROUNDS):
            self._engine_steps(stuck)
            if number % PRUNED_EVERY == PRUNED_EVERY - 1:
                prune(self.workflow)
            if not (self._next_service(stuck) or self._early_message()):
                break
        else:
            self._note(None, "人の作業を待たずに回り続けています。条件を確かめてください。")
        for task in stuck:
            # Standing ready again, it is tried anew when somebody has put the cause right.
            task._set_state(TaskState.READY)
        for element, message in self.engine.timer_problems.items():
            self.problems.append(Problem(element, self._name(element), message))
        self.thrown += [event.event_definition.name for event in self.workflow.get_events()]

    def _engine_steps(self, stuck: list[Any]) -> None:
        self.workflow.refresh_timers()
        for _ in range(MAXIMUM_ROUNDS):
            try:
                self.workflow.do_engine_steps()
                return
            except (SpiffWorkflowException, BpmnError) as error:
                failed = self._failed_task()
                if failed is None:
                    raise BpmnError(str(error)) from error
                self._set_aside(failed, stuck, _reason(error))

    def _set_aside(self, task: Any, stuck: list[Any], reason: str) -> None:
        # "Started" keeps the engine from trying it again in this round, and joins from passing without it.
        task._set_state(TaskState.STARTED)
        stuck.append(task)
        self._note(task, reason)

    def _failed_task(self) -> Any:
        found = self.workflow.get_tasks(state=TaskState.ERROR)
        return found[0] if found else None

    def _next_service(self, stuck: list[Any]) -> bool:
        for task in self.workflow.get_tasks(state=TaskState.READY):
            if isinstance(task.task_spec, ServiceStep):
                self._serve(task, stuck)
                return True
        return False

    def _serve(self, task: Any, stuck: list[Any]) -> None:
        try:
            task.set_data(**plain(self._call(self._settings(task), task.data)))
        except ServiceFault as fault:
            if not self._throw_error(task, fault.code):
                reason = f"{fault}（エラー「{fault.code}」を受け止める境界イベントがありません）"
                self._set_aside(task, stuck, reason)
            return
        except Exception as error:
            logger.warning("service task %s failed: %r", task.task_spec.bpmn_id, error)
            self._set_aside(task, stuck, _said(error))
            return
        task.run()

    def _call(self, settings: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        if settings["kind"] == "businessRuleTask":
            return self.host.decide(settings["decision"], self.engine.scope(data))
        parameters = {name: self._parameter(value, data) for name, value in settings["parameters"].items()}
        return self.host.run_service(settings["service"], parameters)

    def _parameter(self, value: str, data: Mapping[str, Any]) -> Any:
        return self.engine.value(value[1:], data) if value.startswith("=") else value

    def _throw_error(self, task: Any, code: str) -> bool:
        """Hand an error to the nearest boundary event that takes it: at the task, else around its sub-process."""
        event = BpmnEvent(ErrorEventDefinition(code, code))
        while task is not None:
            split = task.parent
            siblings = split.children if split is not None and isinstance(split.task_spec, BoundaryEventSplit) else []
            for sibling in siblings:
                if isinstance(sibling.task_spec, BoundaryEvent) and sibling.task_spec.catches(sibling, event):
                    sibling.task_spec.catch(sibling, event)
                    sibling.task_spec._update(sibling)
                    return True
            parent = task.workflow.parent_task_id
            task = None if parent is None else self.workflow.get_task_from_id(parent)
        return False

    # What comes from outside

    def complete(self, engine_id: str, variables: Mapping[str, Any]) -> None:
        """Complete a user task."""
        task = next((found for found in self._user_tasks() if str(found.id) == engine_id), None)
        if task is None:
            raise StaleError("この作業は、すでに終わっているか取り消されています。画面を読み込み直してください。")
        task.set_data(**plain(variables))
        task.run()

    def deliver(self, name: str, variables: Mapping[str, Any]) -> bool:
        """Hand a message to whoever waits for it; kept until somebody does where the flow knows it at all."""
        self.workflow.refresh_timers()
        event = BpmnEvent(MessageEventDefinition(name), payload=plain(variables))
        if self.workflow.event_manager.catch(event, internal=False):
            self.early.pop(name, None)
            return True
        if name in self.specification.messages:
            self.early[name] = plain(variables)
        return False

    def _early_message(self) -> bool:
        for name in list(self.early):
            if name in self.awaited_messages():
                self.deliver(name, self.early.pop(name))
                return True
        return False

    def awaited_messages(self) -> list[str]:
        """Return the names of the messages the flow waits for."""
        found: set[str] = set()
        for task in self.workflow.event_manager.tasks.values():
            definition = task.task_spec.event_definition
            parts = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
            found.update(part.name for part in parts if isinstance(part, MessageEventDefinition))
        return sorted(found)

    def cancel(self) -> None:
        """End everything that is open."""
        self.workflow.cancel()

    # What it looks like

    def _user_tasks(self) -> list[Any]:
        ready = self.workflow.get_tasks(state=TaskState.READY)
        return [task for task in ready if task.task_spec.manual and not isinstance(task.task_spec, ServiceStep)]

    def open_tasks(self) -> list[OpenTask]:
        """Return the user tasks that wait for a person."""
        found = []
        for task in self._user_tasks():
            settings = self._settings(task)
            instance = task.internal_data.get("key_or_index", task.internal_data.get("item"))
            label = "" if instance is None else str(instance + 1 if isinstance(instance, int) else instance)
            found.append(OpenTask(str(task.id), task.task_spec.bpmn_id, settings["name"], settings, label))
        return found

    def waiting(self) -> list[str]:
        """Return the ids of all elements where something waits."""
        states = TaskState.READY | TaskState.WAITING | TaskState.STARTED
        return _elements(self.workflow.get_tasks(state=states))

    def passed(self) -> list[str]:
        """Return the ids of the elements that are done."""
        return _elements(self.workflow.get_tasks(state=TaskState.COMPLETED))

    def next_timer(self) -> datetime | None:
        """Return the earliest moment a timer waits for."""
        moments = []
        for task in self.workflow.event_manager.tasks.values():
            definition = task.task_spec.event_definition
            parts = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
            moments += [part.moment(task) for part in parts if isinstance(part, (HouseTimer, HouseCycle))]
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def is_finished(self) -> bool:
        """Whether the flow has come to its end."""
        return bool(self.workflow.completed)

    @property
    def result(self) -> str:
        """The result the last end event names, or the last outcome."""
        done = [task for task in self.workflow.get_tasks(state=TaskState.COMPLETED) if task.workflow is self.workflow]
        ends = [task for task in done if self._settings(task).get("result")]
        if ends:
            return str(self._settings(max(ends, key=lambda task: task.last_state_change))["result"])
        return str(self.data.get("outcome", ""))

    @property
    def data(self) -> dict[str, Any]:
        """The variables where the flow stands."""
        last = self.workflow.last_task
        if self.workflow.completed and last is not None:
            return dict(last.data)
        states = TaskState.READY | TaskState.WAITING | TaskState.STARTED
        merged: dict[str, Any] = {}
        for task in sorted(self.workflow.get_tasks(state=states), key=lambda found: found.last_state_change):
            merged.update(task.data)
        return merged

    def _settings(self, task: Any) -> Mapping[str, Any]:
        return self.specification.elements.get(task.task_spec.bpmn_id or "", {})

    def _name(self, element: str) -> str:
        return str(self.specification.elements.get(element, {}).get("name", element))

    def _note(self, task: Any, message: str) -> None:
        element = "" if task is None else task.task_spec.bpmn_id or task.task_spec.name
        self.problems.append(Problem(element, self._name(element) if element else "", message))


def _reason(error: Exception) -> str:
    if "No cond" in str(error):
        return "どの条件にも当てはまらず、既定の流れもありません。"
    return str(error)


def _said(error: Exception) -> str:
    """Return what staff is told of a failed service: its own words when it has some in Japanese, else whom to ask."""
    text = str(error)
    if any(ord(character) > 0x3000 for character in text):
        return text
    return f"処理の途中で誤りがありました（{type(error).__name__}）。やり直しても続くときは、管理者に知らせてください。"


def _elements(tasks: list[Any]) -> list[str]:
    return list(dict.fromkeys(task.task_spec.bpmn_id for task in tasks if task.task_spec.bpmn_id))
