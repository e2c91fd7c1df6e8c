"""The state of a workflow without its specification, which is stored once per version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.serializer.default.workflow import (
    BpmnSubWorkflowConverter,
    BpmnWorkflowConverter,
    WorkflowConverter,
)
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class SlimWorkflowConverter(BpmnWorkflowConverter):  # type: ignore[misc]
    """A running workflow as a dictionary, without specifications."""

    def to_dict(self, workflow: Any) -> dict[str, Any]:
        """Return the running part alone."""
        kept: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        kept["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        kept["bpmn_events"] = []
        return kept

    def restore_into(self, kept: dict[str, Any], workflow: Any) -> Any:
        """Fill an empty workflow, made of the cached specification, with a stored state."""
        workflow.tasks = self.mapping_from_dict(kept["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks.get(UUID(kept["root"]))
        self.set_default_attributes(workflow, kept)
        self.subprocesses_from_dict(kept["subprocesses"], workflow)
        return workflow


class SlimSubWorkflowConverter(BpmnSubWorkflowConverter):  # type: ignore[misc]
    """Called and embedded sub-processes; they keep only the name of their specification."""


def prune(workflow: Any) -> int:
    """
    Cut out the rounds of a loop that are over; return how many tasks went.

    Where the same element stands twice on one branch and everything in between is finished, the later one takes the
    place of the earlier: nothing in the engine looks back beyond the latest pass. Without it a case that goes back and
    forth a hundred times would carry all hundred rounds.
    """
    removed = 0
    for part in [workflow, *workflow.subprocesses.values()]:
        removed += _prune_tree(workflow, part)
    return removed


def _prune_tree(top: Any, part: Any) -> int:
    removed = 0
    first: dict[str, Task] = {}
    for task in _trunk(part.task_tree):
        name = task.task_spec.name
        earlier = first.get(name)
        if earlier is None or earlier.id not in part.tasks:
            first[name] = task
        elif _is_over(top, earlier, task):
            removed += _splice(part, earlier, task)
            first = {key: kept for key, kept in first.items() if kept.id in part.tasks}
            first[name] = task
    return removed


def _trunk(root: Any) -> list[Any]:
    """Return the branch with the open tasks from the root down to where it forks into several open branches."""
    trunk, task = [], root
    while task is not None:
        trunk.append(task)
        open_children = [child for child in task.children if _has_open(child)]
        task = open_children[0] if len(open_children) == 1 else None
    return trunk


def _has_open(task: Any) -> bool:
    return any(found.has_state(TaskState.NOT_FINISHED_MASK) for found in task)


def _is_over(top: Any, earlier: Any, later: Any) -> bool:
    inside = {found.id for found in later}
    return all(
        found.has_state(TaskState.FINISHED_MASK) and found.id not in top.subprocesses
        for found in earlier
        if found.id not in inside
    )


def _splice(part: Any, earlier: Any, later: Any) -> int:
    parent = earlier.parent
    if parent is None:
        return 0
    inside = {found.id for found in later}
    gone = [found.id for found in earlier if found.id not in inside]
    parent._children[parent._children.index(earlier.id)] = later.id
    later._parent = parent.id
    for identifier in gone:
        del part.tasks[identifier]
    return len(gone)
