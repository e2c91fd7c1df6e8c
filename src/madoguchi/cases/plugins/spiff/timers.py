"""Timer events that ask the house's clock and count days as statutes do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.serializer.helpers import EventDefinitionConverter
from SpiffWorkflow.bpmn.specs.event_definitions import CycleTimerEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.util.task import TaskState

from madoguchi.kit import clock

from ...errors import BpmnError
from ...rules import timers


class _Timed:
    """What both kinds share: the text is ISO 8601 as it stands, or FEEL that gives such a text."""

    name: str
    expression: str
    kind: str
    business_days: int | None
    roll_forward: bool

    @property
    def memory(self) -> str:
        """The key of the task's internal data under which the moment is remembered."""
        return f"timer:{self.name}"

    def text(self, my_task: Any) -> str:
        """Return the ISO 8601 text of the timer."""
        raw = (self.expression or "").strip()
        if raw[:1] in "PRpr0123456789" and self._reads(raw):
            return raw
        value = my_task.workflow.script_engine.evaluate(my_task, raw)
        if not isinstance(value, str):
            raise BpmnError(f"タイマー「{self.name}」の式「{raw}」が日付や期間になりません。")
        return value

    def _reads(self, raw: str) -> bool:
        reader = {"date": timers.parse_moment, "duration": timers.parse_duration, "cycle": timers.parse_cycle}
        try:
            reader[self.kind](raw)
        except ValueError:
            return False
        return True


class HouseTimer(_Timed, TimerEventDefinition):  # type: ignore[misc]
    """A timer that fires once: at a date, after a duration, or after open days (開庁日)."""

    def __init__(
        self,
        name: str,
        expression: str,
        kind: str = "duration",
        business_days: int | None = None,
        roll_forward: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(name, expression, **options)
        self.kind, self.business_days, self.roll_forward = kind, business_days, roll_forward

    def has_fired(self, my_task: Any) -> bool:
        """Tell whether the moment has come; it is fixed when the flow first arrives here."""
        moment = my_task.internal_data.get(self.memory)
        if moment is None:
            found = self._moment(my_task)
            if found is None:
                return False
            moment = my_task.internal_data[self.memory] = found.isoformat()
        # No flag is kept: several timers behind one event gateway share the task.
        return datetime.fromisoformat(moment) <= clock.now()

    def reset(self, my_task: Any) -> None:
        """Forget the moment, for the next time the flow comes by."""
        my_task.internal_data.pop(self.memory, None)
        super().reset(my_task)

    def _moment(self, my_task: Any) -> datetime | None:
        if self.business_days is not None:
            return timers.after_business_days(clock.now(), self.business_days)
        try:
            text = self.text(my_task)
            if self.kind == "date":
                return timers.parse_moment(text)
            return timers.parse_duration(text).end(clock.now(), roll_forward=self.roll_forward)
        except (BpmnError, ValueError) as error:
            # Raising here would leave the tasks after this one in between; the run reports it and tries again.
            my_task.workflow.script_engine.timer_problems[my_task.task_spec.bpmn_id] = str(error)
            return None

    def moment(self, my_task: Any) -> datetime | None:
        """Return the moment waited for."""
        found = my_task.internal_data.get(self.memory)
        return None if found is None else datetime.fromisoformat(found)


class HouseCycle(_Timed, CycleTimerEventDefinition):  # type: ignore[misc]
    """A timer that fires again and again (reminders); each time everything after it runs beside the rest."""

    kind = "cycle"
    business_days = None
    roll_forward = False

    def has_fired(self, my_task: Any) -> bool:
        """Tell whether all repetitions are over."""
        return bool(my_task._get_internal_data("event_fired", False))

    def update_task(self, my_task: Any) -> None:
        """Start what follows as often as the moment has come since the last look."""
        state = my_task.internal_data.get(self.memory) or self._begin(my_task)
        while state and state["left"] != 0 and datetime.fromisoformat(state["next"]) <= clock.now():
            state["left"] -= 1
            period = timers.parse_duration(state["period"])
            state["next"] = period.end(datetime.fromisoformat(state["next"])).isoformat()
            for output in my_task.task_spec.outputs:
                child = my_task._add_child(output, TaskState.FUTURE)
                child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
                child.task_spec._update(child)

    def _begin(self, my_task: Any) -> dict[str, Any] | None:
        try:
            text = self.text(my_task)
            cycle = timers.parse_cycle(text)
        except (BpmnError, ValueError) as error:
            my_task.workflow.script_engine.timer_problems[my_task.task_spec.bpmn_id] = str(error)
            return None
        first = cycle.start or cycle.period.end(clock.now())
        state = {"left": cycle.count, "next": first.isoformat(), "period": text.strip().upper().rsplit("/", 1)[1]}
        my_task.internal_data[self.memory] = state
        return state

    def reset(self, my_task: Any) -> None:
        """Forget the repetitions."""
        my_task.internal_data.pop(self.memory, None)
        super().reset(my_task)

    def moment(self, my_task: Any) -> datetime | None:
        """Return the next moment waited for."""
        state = my_task.internal_data.get(self.memory)
        return None if not state or state["left"] == 0 else datetime.fromisoformat(state["next"])


class HouseTimerConverter(EventDefinitionConverter):  # type: ignore[misc]
    """Keeps the house's own attributes of a timer with the specification."""

    def to_dict(self, event_definition: Any) -> dict[str, Any]:
        """Return the timer as a dictionary."""
        kept: dict[str, Any] = super().to_dict(event_definition)
        kept["expression"] = event_definition.expression
        if isinstance(event_definition, HouseTimer):
            kept["kind"] = event_definition.kind
            kept["business_days"] = event_definition.business_days
            kept["roll_forward"] = event_definition.roll_forward
        return kept
