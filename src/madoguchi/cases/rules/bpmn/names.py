"""Names of BPMN 2.0 (OMG formal/2013-12-09, ISO/IEC 19510) and of the house's extension attributes."""

from __future__ import annotations

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
WAYPOINT = "http://www.omg.org/spec/DD/20100524/DI"
HOUSE = "https://madoguchi.example/bpmn"

USER_TASKS = frozenset({"userTask", "manualTask", "task"})
"""What a person does. A plain ``task`` says nothing about how it is done, so a person does it."""
SERVICE_TASKS = frozenset({"serviceTask", "businessRuleTask"})
MESSAGE_TASKS = frozenset({"sendTask", "receiveTask"})
TASKS = USER_TASKS | SERVICE_TASKS | MESSAGE_TASKS | {"scriptTask"}
CONDITIONAL_GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway"})
GATEWAYS = CONDITIONAL_GATEWAYS | {"parallelGateway", "eventBasedGateway", "complexGateway"}
EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "implicitThrowEvent",
    }
)
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
FLOW_NODES = TASKS | GATEWAYS | EVENTS | SUB_PROCESSES | {"callActivity", "callChoreography"}
"""Elements a sequence flow may lead to."""


def model(tag: str) -> str:
    """Return the qualified tag of a BPMN element."""
    return f"{{{MODEL}}}{tag}"


def house(name: str) -> str:
    """Return the qualified name of one of the house's extension elements or attributes."""
    return f"{{{HOUSE}}}{name}"
