"""From the engine's state to columns: tasks, status, whose turn it is, the next moment, and the end of the case."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Account, Unit, record_event

from .. import events
from ..enums import Audience, CaseStatus, TaskStatus
from ..models import Case, Task
from ..models.case import NO_DUE_DATE
from ..registry import CaseSubject, Run, case_subjects
from ..rules.running import OpenTask

LANE_AUDIENCES = {"申請者": Audience.APPLICANT, "承認者": Audience.APPROVER, "決裁者": Audience.APPROVER}
"""Names of lanes that say who rather than which unit."""


def project(case: Case, *, run: Run, actor: Account | None) -> None:
    """Bring the rows of a case in line with its workflow, and tell its subject."""
    was_stuck = case.status == CaseStatus.STUCK
    tasks = [] if run.is_finished else _sync_tasks(case, run.open_tasks(), actor)
    if run.is_finished:
        cancel_tasks(case)
    case.step = "、".join(dict.fromkeys(task.name for task in tasks))[:200]
    case.problem = "\n".join(f"{problem.name}: {problem.message}" for problem in run.problems)
    case.next_timer_at = None if run.is_finished else run.next_timer()
    case.status = _status(case, tasks)
    case.desk_id = next((task.unit_id for task in tasks if task.unit_id), case.unit_id)
    case.revision += 1
    if run.is_finished:
        finish(case, outcome=run.result, actor=actor)
        return
    case.save()
    if case.status == CaseStatus.STUCK and not was_stuck:
        elements = [problem.element for problem in run.problems]
        record_event(kind=events.CASE_STUCK, subject=case, actor=actor, data={"elements": elements})
    tell_subject(case)


def finish(case: Case, *, outcome: str, actor: Account | None, reason: str = "") -> None:
    """Close a case whose workflow is over or was ended by hand."""
    case.status = CaseStatus.CLOSED
    case.closed_at = clock.now()
    case.outcome = outcome[:40]
    case.step, case.problem, case.next_timer_at = "", "", None
    case.save()
    days = (clock.today() - clock.local(case.opened_at).date()).days
    in_time = case.due_on is None or clock.today() <= case.due_on
    data = {
        "kind": case.kind,
        "topic": case.topic,
        "outcome": case.outcome,
        "in_time": in_time,
        "channel": case.channel,
    }
    record_event(kind=events.CASE_CLOSED, subject=case, actor=actor, quantity=days, data={**data, "unit": case.unit_id})
    tell_subject(case)
    if (subject := _subject(case)) is not None:
        subject.closed(case)


def tell_subject(case: Case) -> None:
    """Tell the subject that status or tasks changed; what goes on in a part that was split off is not its matter."""
    if (subject := _subject(case)) is not None:
        subject.progressed(case)


def _subject(case: Case) -> CaseSubject | None:
    return None if case.parent_id else case_subjects.find(case.kind)


def cancel_tasks(case: Case) -> None:
    """Withdraw every open task."""
    case.tasks.filter(status=TaskStatus.READY).update(status=TaskStatus.CANCELLED, done_at=clock.now())


def set_due(case: Case) -> None:
    """Keep the order of the work list in line with the due date."""
    case.order_on = case.due_on or NO_DUE_DATE


def fiscal_year_of_today() -> int:
    """Return the fiscal year a case opened now belongs to."""
    return fiscal.fiscal_year(clock.today())


def _status(case: Case, tasks: Sequence[Task]) -> CaseStatus:
    if case.problem:
        return CaseStatus.STUCK
    audiences = {task.audience for task in tasks}
    if audiences & {Audience.STAFF, Audience.APPROVER}:
        return CaseStatus.WORKING
    return CaseStatus.WAITING_APPLICANT if audiences else CaseStatus.WAITING_EVENT


def _sync_tasks(case: Case, found: Sequence[OpenTask], actor: Account | None) -> list[Task]:
    known = {task.engine_id: task for task in case.tasks.filter(status=TaskStatus.READY)}
    open_ids = {item.engine_id for item in found}
    gone = [task.pk for key, task in known.items() if key not in open_ids]
    if gone:
        case.tasks.filter(pk__in=gone).update(status=TaskStatus.CANCELLED, done_at=clock.now())
    return [known.get(item.engine_id) or _create_task(case, item, actor) for item in found]


def _create_task(case: Case, item: OpenTask, actor: Account | None) -> Task:
    lane = str(item.settings.get("lane") or "")
    audience = item.settings.get("audience") or LANE_AUDIENCES.get(lane, Audience.STAFF)
    task = Task.objects.create(
        municipality=case.municipality,
        case=case,
        element=item.element,
        engine_id=item.engine_id,
        name=f"{item.name}（{item.instance}）"[:200] if item.instance else item.name[:200],
        audience=audience,
        choices=list(item.settings["outcomes"]),
        unit_id=None if audience == Audience.APPLICANT else _unit_of(case, lane),
        assignee_id=case.assignee_id if audience == Audience.STAFF else None,
        due_on=item.due_on(clock.today()),
        ready_at=clock.now(),
    )
    data = {"case": case.pk, "element": item.element, "audience": str(audience)}
    record_event(kind=events.TASK_OPENED, subject=task, actor=actor, data=data)
    return task


def _unit_of(case: Case, lane: str) -> int | None:
    if not lane or lane in LANE_AUDIENCES:
        return case.unit_id
    found = Unit.objects.in_year(fiscal_year_of_today()).filter(name=lane).values_list("pk", flat=True).first()
    return found or case.unit_id
