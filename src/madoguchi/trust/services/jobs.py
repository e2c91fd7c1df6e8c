"""Starting background jobs by dotted name, so that a service need not import the tasks that stand above it."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from ..models import current_municipality


def enqueue(task: str, **arguments: Any) -> Any:
    """
    Queue ``<room>.tasks.<name>`` to run after the present transaction commits, in the municipality in scope.

    Arguments must be JSON values; ``municipality_id`` is added from the scope. Returns the queued result.
    """
    municipality = current_municipality()
    if municipality is not None:
        arguments.setdefault("municipality_id", municipality.pk)
    return import_string(f"madoguchi.{task}").enqueue(**arguments)
