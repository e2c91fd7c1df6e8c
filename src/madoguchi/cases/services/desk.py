"""What staff does around the flow: notes, assigning, transfer between sections, splitting, due dates."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Duty, Unit, record_event

from .. import events
from ..enums import Audience, TaskStatus
from ..errors import CasesError
from ..models import Case, Note
from ..permissions import WORKERS, case_policy
from .flow import lock
from .projecting import set_due, tell_subject
from .versions import PART_KEY, part_version
from .working import begin_part


@transaction.atomic
def add_note(*, case: Case, text: str, actor: Account | None) -> Note:
    """Write a note for colleagues; raises ``CasesError`` when it is empty."""
    if actor is not None:
        case_policy.require(actor, "note", case)
    if not text.strip():
        raise CasesError("メモの内容を書いてください。")
    note: Note = Note.objects.create(
        municipality=case.municipality, case=case, author=actor, text=text.strip(), at=clock.now()
    )
    record_event(kind=events.NOTE_ADDED, subject=note, actor=actor, data={"case": case.pk})
    return note


@transaction.atomic
def assign_case(*, case: Case, assignee: Account | None, actor: Account | None) -> Case:
    """Give a case to a member of staff of its section (None: nobody); its open staff tasks follow."""
    if actor is not None:
        case_policy.require(actor, "assign", case)
    found = lock(case)
    _check_open(found)
    if assignee is not None and not case_policy.allows(assignee, "work", found):
        raise CasesError(f"{assignee}さんは、この案件の担当課の職員ではありません。")
    found.assignee = assignee
    found.revision += 1
    found.save(update_fields=["assignee", "revision"])
    found.tasks.filter(status=TaskStatus.READY, audience=Audience.STAFF).update(assignee=assignee)
    data = {"assignee": None if assignee is None else assignee.pk}
    record_event(kind=events.CASE_ASSIGNED, subject=found, actor=actor, data=data)
    return found


@transaction.atomic
def transfer_case(*, case: Case, unit: Unit, reason: str, actor: Account | None) -> Case:
    """Move a case to another section with a reason; it arrives there without an assignee."""
    if actor is not None:
        case_policy.require(actor, "transfer", case)
    found = lock(case)
    _check_open(found)
    if not reason.strip():
        raise CasesError("移す理由を書いてください。受け取る課が最初に読みます。")
    if unit.pk == found.unit_id == found.desk_id:
        raise CasesError(f"この案件は、もう{unit}にあります。")
    before = found.unit_id
    waiting = found.tasks.filter(status=TaskStatus.READY).exclude(audience=Audience.APPLICANT)
    waiting.filter(Q(unit=found.unit) | Q(unit=None)).update(unit=unit, assignee=None)
    found.unit, found.desk, found.assignee = unit, unit, None
    found.revision += 1
    found.save(update_fields=["unit", "desk", "assignee", "revision"])
    text = f"{unit}へ移しました。{reason.strip()}"
    Note.objects.create(municipality=found.municipality, case=found, author=actor, text=text, at=clock.now())
    record_event(kind=events.CASE_TRANSFERRED, subject=found, actor=actor, data={"from": before, "to": unit.pk})
    tell_subject(found)
    return found


@transaction.atomic
def reschedule_case(*, case: Case, due_on: date | None, reason: str, actor: Account | None) -> Case:
    """Change the due date of a case, with a reason."""
    if actor is not None:
        case_policy.require(actor, "reschedule", case)
    found = lock(case)
    _check_open(found)
    if not reason.strip():
        raise CasesError("期限を変える理由を書いてください。")
    before = found.due_on
    found.due_on = due_on
    set_due(found)
    if due_on is None or due_on >= clock.today():
        found.priority = Case._meta.get_field("priority").get_default()
    found.revision += 1
    found.save(update_fields=["due_on", "order_on", "priority", "revision"])
    text = f"期限を変えました（{before or '期限なし'}→{due_on or '期限なし'}）。{reason.strip()}"
    Note.objects.create(municipality=found.municipality, case=found, author=actor, text=text, at=clock.now())
    record_event(kind=events.CASE_RESCHEDULED, subject=found, actor=actor, data={"from": before, "to": due_on})
    tell_subject(found)
    return found


@transaction.atomic
def split_case(
    *,
    case: Case,
    title: str,
    unit: Unit | None = None,
    workflow_key: str = PART_KEY,
    reason: str = "",
    actor: Account | None,
) -> Case:
    """
    Split a piece of work off a case (案件を分ける): a case of its own about the same subject, which points back to the first.

    It runs the library's workflow ``workflow_key``, or a single task of the section. Both go on independently.
    """
    if actor is not None:
        case_policy.require(actor, "split", case)
    found = lock(case)
    _check_open(found)
    if not title.strip():
        raise CasesError("分ける案件の件名を書いてください。")
    part = begin_part(
        parent=found, title=title.strip(), unit=unit or found.unit, version=part_version(workflow_key), actor=actor
    )
    if reason.strip():
        Note.objects.create(
            municipality=part.municipality, case=part, author=actor, text=reason.strip(), at=clock.now()
        )
    record_event(kind=events.CASE_SPLIT, subject=found, actor=actor, data={"part": part.pk, "unit": part.unit_id})
    return part


def staff_of(unit_ids: list[int]) -> list[Account]:
    """Return the people who may work on cases of these units, by name."""
    ids = Unit.objects.answering_for(unit_ids)
    held = Duty.objects.on().filter(role__in=WORKERS).filter(unit_id__in=ids)
    return list(Account.objects.filter(pk__in=held.values("account_id"), is_active=True).order_by("name_kana", "name"))


def _check_open(case: Case) -> None:
    if case.closed_at is not None:
        raise CasesError("この案件は終わっています。")
