"""
Background jobs: started by dotted name, run in their municipality's scope, tried again when they fail, never lost.

A job is queued in the transaction that makes it necessary: both are committed or neither. A job may run twice (a worker
died after its work and before its note of it), so it must be written so that doing it again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.module_loading import autodiscover_modules, import_string
from django_tasks import TaskResultStatus
from django_tasks import task as make_task
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock

from .. import events
from ..models import Account, JobSchedule, Municipality, WorkerHeartbeat, acting_for, current_municipality
from ..registry import JobType, job_types
from .events import record_event

logger = logging.getLogger(__name__)

PACKAGE = "madoguchi."
LOST_AFTER = timedelta(seconds=60)
MAXIMUM_CLAIMS = 3
KEEP_DONE, KEEP_FAILED = timedelta(days=30), timedelta(days=180)
WAITING = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def job(
    *,
    label: str,
    attempts: int = 3,
    backoff: timedelta = timedelta(seconds=30),
    queue: str = "default",
    every: timedelta | None = None,
    is_per_municipality: bool = True,
) -> Callable[[Callable[..., Any]], Any]:
    """
    Make a module-level function of ``<room>.tasks`` a job; it takes keyword arguments that are JSON values.

    It runs in the scope of the municipality it was queued in. After a failure it is queued again, ``attempts`` times in all,
    waiting ``backoff``, then four times as long each time. With ``every`` the worker queues it regularly, for each
    municipality or, where ``is_per_municipality`` is false, once and outside every scope.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        path = f"{function.__module__}.{function.__qualname__}"
        kind = JobType(
            key=path.removeprefix(PACKAGE),
            label=label,
            attempts=attempts,
            backoff=backoff,
            every=every,
            is_per_municipality=is_per_municipality,
        )
        job_types.register(kind.key, kind)
        return make_task(queue_name=queue, takes_context=True)(_runner(function, kind))

    return decorate


def _runner(function: Callable[..., Any], kind: JobType) -> Callable[..., Any]:
    def run(context: Any, *, municipality_id: int | None = None, attempt: int = 1, **arguments: Any) -> Any:
        with _scope_of(municipality_id):
            try:
                return function(**arguments)
            except Exception as error:
                _note_failure(kind, context.task_result.id, attempt, arguments, error)
                raise

    # The queue finds a task by these names. ``functools.wraps`` would also say that it takes the function's arguments.
    run.__name__, run.__qualname__ = function.__name__, function.__qualname__
    run.__module__, run.__doc__ = function.__module__, function.__doc__
    return run


def _scope_of(municipality_id: int | None) -> AbstractContextManager[Any]:
    if municipality_id is None:
        return nullcontext()
    return acting_for(Municipality.objects.get(pk=municipality_id))


def _note_failure(kind: JobType, task_id: str, attempt: int, arguments: dict[str, Any], error: Exception) -> None:
    tries_again = attempt < kind.attempts
    logger.warning("job %s failed (attempt %s of %s): %r", kind.key, attempt, kind.attempts, error)
    with transaction.atomic():
        if current_municipality() is not None:
            data = {"job": kind.key, "attempt": attempt, "final": not tries_again, "error": type(error).__name__}
            record_event(kind=events.JOB_FAILED, subject=DBTaskResult(pk=task_id), data=data)
        if tries_again:
            wait = kind.backoff * 4 ** (attempt - 1)
            _queue(kind.key, {**arguments, "attempt": attempt + 1}, not_before=wait)


def enqueue(task: str, **arguments: Any) -> Any:
    """
    Queue ``<room>.tasks.<name>`` in the municipality in scope; it runs once the present transaction is committed.

    Arguments must be JSON values. Returns the queued result.
    """
    return _queue(task, arguments)


def enqueue_once(task: str, **arguments: Any) -> Any:
    """Queue a job unless the same one, with the same arguments, is already waiting to begin; None where it was."""
    import_string(PACKAGE + task)
    scoped = _with_scope(task, arguments)
    waiting = DBTaskResult.objects.filter(
        task_path=PACKAGE + task, status=TaskResultStatus.READY, args_kwargs={"args": [], "kwargs": scoped}
    )
    return None if waiting.exists() else _queue(task, arguments)


def _queue(task: str, arguments: dict[str, Any], *, not_before: timedelta | None = None) -> Any:
    found = import_string(PACKAGE + task)
    if not_before is not None:
        found = found.using(run_after=clock.now() + not_before)
    return found.enqueue(**_with_scope(task, arguments))


def _with_scope(task: str, arguments: dict[str, Any]) -> dict[str, Any]:
    municipality, kind = current_municipality(), job_types.find(task)
    if municipality is None or (kind is not None and not kind.is_per_municipality):
        return arguments
    return {"municipality_id": municipality.pk, **arguments}


@transaction.atomic
def retry_job(*, queued: DBTaskResult[Any, Any], actor: Account | None = None) -> Any:
    """Queue a failed job again from its first attempt; raise ``ValueError`` when it has not failed."""
    if queued.status != TaskResultStatus.FAILED:
        raise ValueError("失敗したジョブだけをやり直せます。")
    arguments = {**queued.args_kwargs["kwargs"]}
    arguments.pop("attempt", None)
    again = import_string(queued.task_path).enqueue(*queued.args_kwargs["args"], **arguments)
    record_event(
        kind=events.JOB_RETRIED, subject=queued, actor=actor, data={"job": queued.task_path, "again": again.id}
    )
    return again


def load_jobs() -> None:
    """Import the tasks of every room, so that all kinds of jobs are known."""
    autodiscover_modules("tasks")


def queue_due_jobs() -> int:
    """Queue the periodic jobs that are due, each once however many workers ask; return how many were queued."""
    load_jobs()
    return sum(_queue_periodic(kind) for kind in job_types if kind.every is not None and _claim_turn(kind))


def _claim_turn(kind: JobType) -> bool:
    now = clock.now()
    schedule, is_new = JobSchedule.objects.get_or_create(key=kind.key, defaults={"queued_at": now})
    if is_new:
        return True
    due = JobSchedule.objects.filter(pk=schedule.pk, queued_at__lte=now - (kind.every or timedelta.max))
    return due.update(queued_at=now) == 1


def _queue_periodic(kind: JobType) -> int:
    if not kind.is_per_municipality:
        return int(enqueue_once(kind.key) is not None)
    queued = 0
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            queued += int(enqueue_once(kind.key) is not None)
    return queued


def recover_lost_jobs() -> int:
    """
    Put jobs back into the queue whose worker has shown no sign of life for a minute; return how many.

    One that lost its worker three times probably kills it: it is marked as failed.
    """
    alive = WorkerHeartbeat.objects.filter(seen_at__gte=clock.now() - LOST_AFTER).values_list("worker", flat=True)
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=clock.now() - LOST_AFTER)
    lost = [found for found in running if not found.worker_ids or found.worker_ids[-1] not in set(alive)]
    for found in lost:
        _give_back(found)
    return len(lost)


def _give_back(found: DBTaskResult[Any, Any]) -> None:
    mine = DBTaskResult.objects.filter(pk=found.pk, status=TaskResultStatus.RUNNING, worker_ids=found.worker_ids)
    if len(found.worker_ids) < MAXIMUM_CLAIMS:
        mine.update(status=TaskResultStatus.READY, started_at=None)
        return
    mine.update(
        status=TaskResultStatus.FAILED,
        finished_at=clock.now(),
        exception_class_path="madoguchi.trust.errors.WorkerLostError",
        traceback=f"ジョブの実行中にワーカーが{MAXIMUM_CLAIMS}回止まりました。",
    )


def prune_jobs() -> int:
    """Forget done jobs after 30 days and failed ones after 180; return how many."""
    now = clock.now()
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_DONE)
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED)
    return int(done.delete()[0] + failed.delete()[0])
