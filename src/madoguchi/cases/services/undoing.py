"""Taking back: a completed task within a minute, a bulk action within ten, as long as nothing happened since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from .. import events
from ..enums import TaskStatus
from ..errors import StaleError
from ..models import Case, Task, Undo
from ..models.case import NO_DUE_DATE
from .projecting import tell_subject

TASK_WINDOW = timedelta(minutes=1)
BULK_WINDOW = timedelta(minutes=10)
COLUMNS = ("status", "unit_id", "desk_id", "assignee_id", "step", "problem", "priority", "outcome")


@dataclass(slots=True)
class Before:
    """How a case was before an action; ``finish`` keeps it once the action has been done."""

    kind: str
    actor: Account | None
    columns: dict[str, Any]
    state: bytes | None
    case: Case

    def finish(self, case: Case, *, is_irreversible: bool = False) -> Undo | None:
        """Store it, unless nobody acted or something irreversible was done."""
        if self.actor is None or is_irreversible or case.closed_at is not None:
            return None
        Undo.objects.filter(account=self.actor, kind=self.kind).delete()
        return Undo.objects.create(
            municipality=case.municipality,
            account=self.actor,
            kind=self.kind,
            before=[{**self.columns, "case": case.pk, "revision": case.revision}],
            state=self.state,
            at=clock.now(),
        )


def keep_for_undo(case: Case, *, actor: Account | None) -> Before:
    """Note how a case is before a task of it is completed."""
    tasks = list(case.tasks.values_list("pk", flat=True))
    ready = list(case.tasks.filter(status=TaskStatus.READY).values_list("pk", flat=True))
    columns = {**columns_of(case), "tasks": tasks, "ready": ready}
    return Before("task", actor, columns, bytes(case.state or b""), case)


def columns_of(case: Case) -> dict[str, Any]:
    """Return the columns of a case an action may change, as JSON."""
    dates = {"due_on": case.due_on, "next_timer_at": case.next_timer_at}
    found = {name: getattr(case, name) for name in COLUMNS}
    found["desks"] = [list(row) for row in _open(case).values_list("pk", "unit_id", "assignee_id")]
    return {**found, **{name: value.isoformat() if value else None for name, value in dates.items()}}


def _open(case: Case) -> QuerySet[Task]:
    return Task.objects.filter(case=case, status=TaskStatus.READY)


def undo_of(actor: Account, *, kind: str = "", case: Case | None = None) -> Undo | None:
    """Return what an account can still take back, or None."""
    for undo in Undo.objects.filter(account=actor, is_used=False).order_by("-at"):
        window = TASK_WINDOW if undo.kind == "task" else BULK_WINDOW
        fits = (not kind or undo.kind == kind) and clock.now() - undo.at <= window
        if fits and (case is None or _still_fits(undo, case)):
            return undo
    return None


def _still_fits(undo: Undo, case: Case) -> bool:
    return any(item["case"] == case.pk and item["revision"] == case.revision for item in undo.before)


@transaction.atomic
def undo(*, undo: Undo, actor: Account) -> tuple[int, int]:
    """
    Take back an own action; return how many cases were put back, and how many had moved on and were left alone.

    Raises ``StaleError`` when it is too late, somebody else's, used already, or nothing could be put back.
    """
    found = Undo.objects.select_for_update().get(pk=undo.pk)
    window = TASK_WINDOW if found.kind == "task" else BULK_WINDOW
    if found.is_used or found.account_id != actor.pk or clock.now() - found.at > window:
        raise StaleError("時間が過ぎたか、すでに戻したため、この操作は元に戻せません。")
    done = sum(_put_back(found, item, actor) for item in found.before)
    if not done:
        raise StaleError("そのあとに別の操作があったため、元に戻せません。")
    Undo.objects.filter(pk=found.pk).update(is_used=True)
    return done, len(found.before) - done


def _put_back(found: Undo, item: dict[str, Any], actor: Account) -> bool:
    case = Case.objects.select_for_update().filter(pk=item["case"], revision=item["revision"]).first()
    if case is None or case.closed_at is not None:
        return False
    for name in COLUMNS:
        setattr(case, name, item[name])
    case.due_on = date.fromisoformat(item["due_on"]) if item["due_on"] else None
    case.next_timer_at = datetime.fromisoformat(item["next_timer_at"]) if item["next_timer_at"] else None
    case.order_on = case.due_on or NO_DUE_DATE
    if found.kind == "task":
        _reopen_task(case, found, item)
    for pk, unit, assignee in item["desks"]:
        case.tasks.filter(pk=pk).update(unit_id=unit, assignee_id=assignee)
    case.revision += 1
    case.save()
    record_event(kind=events.CASE_UNDONE, subject=case, actor=actor, data={"what": found.kind})
    tell_subject(case)
    return True


def _reopen_task(case: Case, found: Undo, item: dict[str, Any]) -> None:
    case.state = bytes(found.state or b"")
    case.tasks.exclude(pk__in=item["tasks"]).update(status=TaskStatus.CANCELLED, done_at=clock.now())
    case.tasks.filter(pk__in=item["ready"]).update(
        status=TaskStatus.READY, outcome="", note="", done_at=None, done_by=None
    )
