"""From a checked file to a specification SpiffWorkflow runs, and that specification as JSON."""

from __future__ import annotations

import json
import zlib
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser, ValidationException
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    IntermediateCatchEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    IntermediateCatchEvent,
    StartEvent,
    UserTask,
)

from ...errors import BpmnError
from ...rules.bpmn import names
from ...rules.bpmn.document import read_bpmn
from ...rules.bpmn.normalise import engine_form
from ...rules.bpmn.settings import element_settings, message_names
from .timers import HouseCycle, HouseTimer, HouseTimerConverter
from .workflow_state import SlimSubWorkflowConverter, SlimWorkflowConverter

from SpiffWorkflow.bpmn import BpmnWorkflow  # isort: skip
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow  # isort: skip


class ServiceStep(UserTask):  # type: ignore[misc]
    """A service or decision task: the house runs it, so that a failure leaves it standing for another try."""


class _Timers:
    """Reads timer events into the house's own."""

    node: Any
    xpath: Any

    def parse_timer_event(self, event: Any) -> Any:
        """Return the timer of an event."""
        name = self.node.get("name") or self.node.get("id")
        house = {**self.node.attrib, **event.attrib}
        for kind, tag in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
            found = event.find(names.model(tag))
            text = "" if found is None else "".join(found.itertext()).strip()
            if text and kind == "cycle":
                return HouseCycle(name, text)
            if text:
                return HouseTimer(name, text, kind, None, house.get(names.house("rollForward")) == "true")
        return HouseTimer(name, "", "duration", int(house[names.house("businessDays")]), False)


class _CatchParser(_Timers, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _BoundaryParser(_Timers, BoundaryEventParser):  # type: ignore[misc]
    pass


class _StartParser(_Timers, StartEventParser):  # type: ignore[misc]
    pass


class HouseParser(BpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's parser with the house's tasks and timers, and without scripts."""

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, tuple[Any, Any]]] = {
        full_tag("task"): (TaskParser, UserTask),
        full_tag("manualTask"): (TaskParser, UserTask),
        full_tag("serviceTask"): (TaskParser, ServiceStep),
        full_tag("businessRuleTask"): (TaskParser, ServiceStep),
        full_tag("scriptTask"): (None, None),
        full_tag("intermediateCatchEvent"): (_CatchParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
        full_tag("startEvent"): (_StartParser, StartEvent),
    }


def make_serializer() -> BpmnWorkflowSerializer:
    """Return a serializer that knows the house's classes and leaves the specification out of the state."""
    config = {
        **DEFAULT_CONFIG,
        ServiceStep: BpmnTaskSpecConverter,
        HouseTimer: HouseTimerConverter,
        HouseCycle: HouseTimerConverter,
        BpmnWorkflow: SlimWorkflowConverter,
        BpmnSubWorkflow: SlimSubWorkflowConverter,
    }
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


def compile_bpmn(xml: bytes, serializer: BpmnWorkflowSerializer) -> bytes:
    """Return the compressed executable form; raises ``BpmnError`` in the engine's words where the checks missed something."""
    document = read_bpmn(xml)
    root, main = engine_form(document)
    parser = HouseParser()
    try:
        # Parsed once more from its text: the line numbers and ids of the copy are then those of one whole file.
        parser.add_bpmn_xml(etree.fromstring(etree.tostring(root)))
        spec = parser.get_spec(main)
        subprocesses = parser.get_subprocess_specs(main)
    except (ValidationException, KeyError, ValueError, IndexError) as error:
        raise BpmnError(f"業務フローを実行できる形にできません: {error}") from error
    kept = {
        "spec": serializer.to_dict(spec),
        "subprocess_specs": {name: serializer.to_dict(item) for name, item in subprocesses.items()},
        "elements": element_settings(document),
        "messages": sorted(message_names(document)),
    }
    return zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 9)
