"""A BPMN file judged against what this installation offers."""

from __future__ import annotations

from ..registry import service_tasks
from ..rules.bpmn.checks import check
from ..rules.bpmn.report import BpmnReport


def check_bpmn(xml: bytes) -> BpmnReport:
    """
    Judge a BPMN file element by element: supported, or why not, with line and id.

    Raises ``UnreadableBpmnError`` when the file is too large, holds entities, or is no BPMN 2.0.
    """
    return check(xml, frozenset(service_tasks.keys()))
