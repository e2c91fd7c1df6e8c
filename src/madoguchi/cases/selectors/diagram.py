"""The workflow of a case as a drawing, with the step marked where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from ..enums import CaseStatus, TaskStatus
from ..errors import BpmnError
from ..models import Case
from ..rules.bpmn.document import read_bpmn
from ..rules.bpmn.drawing import draw


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing as SVG, and the same as a list of steps in words."""

    svg: SafeString
    steps: list[tuple[str, str]]


def diagram_of(case: Case) -> Diagram | None:
    """Return the drawing of a case's workflow, or None where the file has no positions."""
    if case.workflow is None:
        return None
    tasks = list(case.tasks.values_list("element", "status", "name"))
    done = {element for element, status, _ in tasks if status == TaskStatus.DONE}
    now = {element for element, status, _ in tasks if status == TaskStatus.READY}
    if case.status == CaseStatus.CLOSED:
        now = set()
    svg = drawing_of(case.workflow.bpmn, now=now, done=done - now)
    return None if svg is None else Diagram(svg, [(name, status) for _, status, name in tasks])


def drawing_of(
    bpmn: str, *, now: Collection[str] = (), done: Collection[str] = (), changed: Collection[str] = ()
) -> SafeString | None:
    """Return a workflow as SVG; everything from the file is escaped."""
    try:
        svg = draw(read_bpmn(bpmn.encode()), now=now, done=done, changed=changed)
    except BpmnError:
        return None
    return mark_safe(svg) if svg else None  # noqa: S308 - built by lxml, which escapes names and ids
