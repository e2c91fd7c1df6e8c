"""The queue of jobs as django-tasks keeps it in the database, with a statement that is written once for each new job."""

from __future__ import annotations

from typing import Any

from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max

from ..models.prepared import insert_row


class QueueBackend(DatabaseBackend):
    """Queues in the transaction that makes a job necessary, like its parent, at less cost to whoever waits for it."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Write the job and return its result, which is not there yet."""
        self.validate_task(task)
        queued: DBTaskResult[Any, Any] = DBTaskResult(
            id=self._get_id(),
            args_kwargs=normalize_json({"args": args, "kwargs": kwargs}),
            priority=task.priority,
            task_path=task.module_path,
            queue_name=task.queue_name,
            run_after=task.run_after or get_date_max(),
            backend_name=self.alias,
        )
        insert_row(queued)
        result = queued.task_result
        task_enqueued.send(type(self), task_result=result)
        return result
