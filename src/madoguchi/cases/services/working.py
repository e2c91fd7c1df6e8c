"""What people and other rooms do to a case: open, complete tasks, deliver messages, retry, close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.kit.ids import new_case_number
from madoguchi.trust.api import Account, Unit, municipality_in_scope, record_event

from .. import events
from ..enums import Audience, CaseStatus, Sign, TaskStatus
from ..errors import CasesError, StaleError
from ..models import Case, Task, WorkflowVersion
from ..permissions import case_policy
from ..registry import Run, Variables
from .flow import begin, lock, move, resume
from .handling import note_sign
from .projecting import cancel_tasks, finish, fiscal_year_of_today, set_due
from .undoing import keep_for_undo
from .versions import version_for

_SHARED = ("kind", "subject_id", "topic", "person", "search_key", "channel", "due_on", "priority")
"""Columns a part takes over from the case it was split off."""


@transaction.atomic
def open_case(
    *,
    kind: str,
    subject_id: str | int,
    title: str,
    topic: str = "",
    person: str = "",
    search_key: str = "",
    channel: str = "",
    unit: Unit | None = None,
    workflow_key: str = "default",
    bpmn: str = "",
    due_on: date | None = None,
    variables: Variables | None = None,
    actor: Account | None = None,
    number: str = "",
) -> Case:
    """
    Open a case about the subject of a higher room and start its workflow.

    ``bpmn`` is the workflow's XML; empty takes the library's workflow ``workflow_key``, else the house's default flow.
    ``number`` is that of the subject, so that people hear one number from the receipt to the archive; without it, or where
    it is taken, the case gets one of its own. ``variables`` drive it; the default flow knows ``payment`` ("none",
    "before", "after"), ``fee`` (yen) and ``needs_approval``. Raises ``BpmnError`` for a flow
    that is not supported. Asking twice for the same subject while its case is open returns that case.
    """
    open_one = Case.objects.filter(kind=kind, subject_id=str(subject_id), closed_at__isnull=True, parent=None).first()
    if open_one is not None:
        return open_one
    case = Case(
        municipality=municipality_in_scope(),
        number=_free_number(number),
        kind=kind,
        subject_id=str(subject_id),
        title=title[:200],
        topic=topic[:80],
        person=person[:160],
        search_key=search_key[:400],
        channel=channel[:10],
        unit=unit,
        desk=unit,
        opened_at=clock.now(),
        due_on=due_on,
        fiscal_year=fiscal_year_of_today(),
        workflow=version_for(key=workflow_key or "default", bpmn=bpmn, name=title, actor=actor),
    )
    set_due(case)
    case.save()
    data = {"kind": kind, "topic": case.topic, "channel": case.channel, "unit": case.unit_id}
    record_event(kind=events.CASE_OPENED, subject=case, actor=actor, data=data)
    return begin(case, variables=variables or {}, actor=actor)


def begin_part(*, parent: Case, title: str, unit: Unit | None, version: WorkflowVersion, actor: Account | None) -> Case:
    """Open a case that was split off another one, about the same subject, and start its workflow."""
    part = Case(
        municipality=parent.municipality,
        number=_free_number(),
        title=title[:200],
        unit=unit,
        desk=unit,
        opened_at=clock.now(),
        fiscal_year=fiscal_year_of_today(),
        workflow=version,
        parent=parent,
        **{name: getattr(parent, name) for name in _SHARED},
    )
    set_due(part)
    part.save()
    data = {"kind": part.kind, "topic": part.topic, "channel": part.channel, "unit": part.unit_id, "parent": parent.pk}
    record_event(kind=events.CASE_OPENED, subject=part, actor=actor, data=data)
    return begin(part, variables={}, actor=actor)


def _free_number(wanted: str = "") -> str:
    number = wanted or new_case_number()
    while Case.objects.filter(number=number).exists():
        number = new_case_number()
    return number


@transaction.atomic
def complete_task(
    *, task: Task, outcome: str, actor: Account | None, variables: Variables | None = None, note: str = ""
) -> Case:
    """
    Complete a task with one of its outcomes and move the workflow on; ``actor`` None is the house itself.

    The flow learns ``outcome`` and ``<element id>_outcome``. Raises ``RefusedError`` (also for the reviewer of a case who
    would approve it), ``StaleError`` when somebody was faster, and ``CasesError`` for an outcome the task does not have.
    """
    if actor is not None:
        action = "approve" if task.audience == Audience.APPROVER else "work"
        case_policy.require(actor, action, task)
    case = lock(task.case)
    current = Task.objects.get(pk=task.pk)
    _check_open(current, case)
    choice = _choice(current, outcome, note)
    if actor is not None:
        note_sign(case=case, actor=actor, sign=Sign.ACTED)
    before = keep_for_undo(case, actor=actor)
    current.status, current.outcome, current.note = TaskStatus.DONE, choice, note.strip()
    current.done_at, current.done_by = clock.now(), actor
    current.save()
    hours = int((clock.now() - current.ready_at).total_seconds() // 3600)
    data = {
        "case": case.pk,
        "element": current.element,
        "audience": current.audience,
        "outcome": choice,
        "hours": hours,
    }
    record_event(kind=events.TASK_COMPLETED, subject=current, actor=actor, data=data)
    values = {**(variables or {}), "outcome": choice, f"{current.element}_outcome": choice}

    def act(run: Run) -> None:
        run.complete(current.engine_id, values)

    case, is_irreversible = move(case, act=act, actor=actor)
    before.finish(case, is_irreversible=is_irreversible)
    return case


def _check_open(task: Task, case: Case) -> None:
    if task.status == TaskStatus.READY and case.closed_at is None:
        return
    if task.status == TaskStatus.DONE and task.done_by is not None and task.done_at is not None:
        when = clock.local(task.done_at).strftime("%H:%M")
        raise StaleError(
            f"この作業は、{when}に{task.done_by}さんが「{task.outcome_label}」で終えています。画面を読み込み直してください。"
        )
    raise StaleError("この作業は、すでに終わっているか取り消されています。画面を読み込み直してください。")


def _choice(task: Task, outcome: str, note: str) -> str:
    for choice in task.choices:
        if choice["code"] == outcome:
            if choice.get("needs_note") and not note.strip():
                raise CasesError(f"「{choice['label']}」には、理由を書いてください。")
            return outcome
    labels = "、".join(choice["label"] for choice in task.choices)
    raise CasesError(f"この作業で選べる結果は「{labels}」です。")


def complete_applicant_tasks(
    *, case: Case, variables: Variables | None = None, actor: Account | None = None, outcome: str = ""
) -> Case:
    """
    Complete what the applicant was asked to do (a correction); nothing happens when nothing is open.

    The higher room has checked that it is the applicant who acts. ``outcome`` defaults to each task's first one.
    """
    for task in open_tasks(case, audiences=(Audience.APPLICANT,)):
        chosen = outcome or task.choices[0]["code"]
        case = complete_task(task=task, outcome=chosen, actor=None, variables=variables, note="")
        Task.objects.filter(pk=task.pk).update(done_by=actor)
    return case


@transaction.atomic
def deliver_message(*, case: Case, name: str, variables: Variables | None = None) -> Case:
    """
    Deliver a BPMN message ("payment.received", "payment.expired", …) to the workflow of a case.

    Where nothing waits for it yet but the flow knows it, it is kept until something does; a closed case ignores it.
    """
    found = lock(case)
    if found.closed_at is not None:
        return found
    taken: list[bool] = []

    def act(run: Run) -> None:
        taken.append(run.deliver(name, variables or {}))

    found, _ = move(found, act=act)
    record_event(kind=events.MESSAGE_DELIVERED, subject=found, data={"message": name, "taken": any(taken)})
    return found


@transaction.atomic
def fire_timers(*, case: Case) -> Case:
    """Let the timers of a case that are due fire."""
    found = lock(case)
    if found.closed_at is None and found.next_timer_at is not None and found.next_timer_at <= clock.now():
        found, _ = move(found, act=None)
    return found


@transaction.atomic
def retry_case(*, case: Case, actor: Account | None) -> Case:
    """Try again where the workflow stopped; raises ``CasesError`` when it does not stand still."""
    if actor is not None:
        case_policy.require(actor, "retry", case)
    found = lock(case)
    if found.status != CaseStatus.STUCK:
        raise CasesError("この案件の業務フローは止まっていません。")
    record_event(kind=events.CASE_RESUMED, subject=found, actor=actor)
    return move(found, act=None, actor=actor)[0]


@transaction.atomic
def close_case(*, case: Case, outcome: str, reason: str = "", actor: Account | None = None) -> Case:
    """Close a case by hand (withdrawn, opened by mistake): open tasks are withdrawn, the workflow ends where it stands."""
    if actor is not None:
        case_policy.require(actor, "close", case)
    found = lock(case)
    if found.closed_at is not None:
        return found
    if found.workflow_id is not None and found.state:
        run = resume(found)
        run.cancel()
        found.state = run.dump()
    cancel_tasks(found)
    found.revision += 1
    if reason.strip():
        found.notes.create(municipality=found.municipality, author=actor, text=reason.strip(), at=clock.now())
    finish(found, outcome=outcome, actor=actor)
    return found


def open_tasks(case: Case, *, audiences: Iterable[Audience] = ()) -> list[Task]:
    """Return the tasks of a case that wait, the oldest first."""
    found = case.tasks.filter(status=TaskStatus.READY)
    wanted = list(audiences)
    return list(found.filter(audience__in=wanted) if wanted else found)


def case_of(*, kind: str, subject_id: str | int) -> Case | None:
    """Return the case about a subject: the open one, else the newest."""
    found = Case.objects.filter(kind=kind, subject_id=str(subject_id), parent=None)
    return found.filter(closed_at__isnull=True).first() or found.order_by("-opened_at", "-id").first()
