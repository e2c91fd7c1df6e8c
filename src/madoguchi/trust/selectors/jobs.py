"""The queue of jobs as an operator sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock

from ..models import municipality_in_scope
from ..registry import job_types
from .people import first_municipality

STATES = ("waiting", "scheduled", "running", "failed", "done")
_PACKAGE = "madoguchi."


@dataclass(frozen=True, slots=True)
class JobLine:
    """One queued job, in words. ``error`` is the last line of what went wrong."""

    id: str
    key: str
    label: str
    state: str
    attempt: int
    attempts: int
    queued_at: datetime
    begins_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    error: str
    traceback: str
    arguments: dict[str, Any]


def jobs_in_scope() -> QuerySet[DBTaskResult[Any, Any]]:
    """Return the jobs of the municipality in scope; the installation's own are seen by its first municipality."""
    municipality = municipality_in_scope()
    mine = Q(args_kwargs__kwargs__municipality_id=municipality.pk)
    if municipality == first_municipality():
        mine |= Q(args_kwargs__kwargs__municipality_id__isnull=True)
    found: QuerySet[DBTaskResult[Any, Any]] = DBTaskResult.objects.filter(mine)
    return found.order_by("-enqueued_at", "-pk")


def jobs_in_state(state: str) -> QuerySet[DBTaskResult[Any, Any]]:
    """Return the jobs in one of ``STATES``; all of them for any other word."""
    found, later = jobs_in_scope(), Q(run_after__gt=clock.now(), run_after__year__lt=9999)
    conditions = {
        "waiting": Q(status=TaskResultStatus.READY) & ~later,
        "scheduled": Q(status=TaskResultStatus.READY) & later,
        "running": Q(status=TaskResultStatus.RUNNING),
        "failed": Q(status=TaskResultStatus.FAILED),
        "done": Q(status=TaskResultStatus.SUCCESSFUL),
    }
    return found.filter(conditions[state]) if state in conditions else found


def count_by_state() -> dict[str, int]:
    """Return how many jobs are in each state."""
    return {state: jobs_in_state(state).count() for state in STATES}


def kinds_in_scope() -> list[tuple[str, str]]:
    """Return (key, label) of the kinds of jobs there are in the queue."""
    paths = jobs_in_scope().order_by().values_list("task_path", flat=True).distinct()
    return sorted((path.removeprefix(_PACKAGE), label_of_job(path.removeprefix(_PACKAGE))) for path in paths)


def jobs_of_kind(found: QuerySet[DBTaskResult[Any, Any]], key: str) -> QuerySet[DBTaskResult[Any, Any]]:
    """Return the jobs of one kind."""
    return found.filter(task_path=_PACKAGE + key)


def label_of_job(key: str) -> str:
    """Return the label of a kind of job in the language of the page, or its key for one that is no longer known."""
    kind = job_types.find(key)
    return gettext(kind.label) if kind else key


def job_line(queued: DBTaskResult[Any, Any]) -> JobLine:
    """Return a queued job in words."""
    key, arguments = queued.task_path.removeprefix(_PACKAGE), dict(queued.args_kwargs["kwargs"])
    kind = job_types.find(key)
    lines = queued.traceback.strip().splitlines()
    return JobLine(
        id=str(queued.pk),
        key=key,
        label=label_of_job(key),
        state=_state(queued),
        attempt=arguments.pop("attempt", 1),
        attempts=kind.attempts if kind else 1,
        queued_at=queued.enqueued_at,
        begins_at=_begins_at(queued),
        started_at=queued.started_at,
        finished_at=queued.finished_at,
        error=lines[-1] if lines and queued.status == TaskResultStatus.FAILED else "",
        traceback=queued.traceback,
        arguments={name: value for name, value in arguments.items() if name != "municipality_id"},
    )


def _begins_at(queued: DBTaskResult[Any, Any]) -> datetime | None:
    # The queue writes the end of time for "as soon as possible".
    return None if queued.run_after.year >= 9999 else queued.run_after


def _state(queued: DBTaskResult[Any, Any]) -> str:
    begins = _begins_at(queued)
    return {
        TaskResultStatus.RUNNING: "running",
        TaskResultStatus.FAILED: "failed",
        TaskResultStatus.SUCCESSFUL: "done",
    }.get(queued.status, "scheduled" if begins and begins > clock.now() else "waiting")
