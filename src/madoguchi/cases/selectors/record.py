"""The record of a case: what happened, in one order, and who looks at it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Event

from .. import events
from ..enums import TaskStatus
from ..models import Case, Presence, Task
from ..registry import case_subjects

LOOKING = timedelta(minutes=2)
SHOWN_EVENTS = {
    kind.key: kind.label
    for kind in (
        events.CASE_OPENED,
        events.CASE_CLOSED,
        events.CASE_ASSIGNED,
        events.CASE_SPLIT,
        events.CASE_OVERDUE,
        events.CASE_STUCK,
        events.CASE_RESUMED,
        events.CASE_UNDONE,
        events.MESSAGE_DELIVERED,
    )
}
MOST = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history."""

    at: datetime
    title: str
    who: str = ""
    text: str = ""
    state: str = "done"
    kind: str = "event"


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a case, the oldest first, and what is waited for."""

    entries: list[Entry] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)


def history_of(case: Case) -> History:
    """Return the history of a case: events, tasks and notes together."""
    entries = [*_events(case), *_notes(case)]
    waiting: list[Entry] = []
    for task in case.tasks.select_related("done_by", "assignee", "unit"):
        (waiting if task.status == TaskStatus.READY else entries).append(_task(task))
    return History(sorted(entries, key=lambda entry: entry.at), waiting)


def _events(case: Case) -> list[Entry]:
    found = Event.objects.filter(
        subject_type=case._meta.label_lower, subject_id=str(case.pk), key__in=SHOWN_EVENTS
    ).select_related("actor")
    return [
        Entry(event.at, _(SHOWN_EVENTS[event.key]), _who(event.actor), _detail(event))
        for event in found.order_by("id")[:MOST]
    ]


def _detail(event: Any) -> str:
    data = event.data or {}
    if event.key == events.CASE_ASSIGNED.key:
        name = Account.objects.filter(pk=data.get("assignee") or 0).values_list("name", flat=True).first()
        return name or _("担当者なし")
    if event.key == events.MESSAGE_DELIVERED.key:
        return message_words(str(data.get("message", "")))
    return ""


def message_words(name: str) -> str:
    """Return a message of a workflow in words."""
    words = {"payment.received": _("納付がありました"), "payment.expired": _("納付の期限が切れました")}
    return words.get(name, name)


def _notes(case: Case) -> list[Entry]:
    return [
        Entry(note.at, _("メモ"), _who(note.author), note.text, kind="note")
        for note in case.notes.select_related("author")[:MOST]
    ]


def _task(task: Task) -> Entry:
    if task.status == TaskStatus.READY:
        return Entry(task.ready_at, task.name, _who(task.assignee), state="now", kind="task")
    if task.status == TaskStatus.CANCELLED:
        title = _("%(task)s（取り消されました）") % {"task": task.name}
        return Entry(task.done_at or task.ready_at, title, kind="task")
    title = f"{task.name}：{task.outcome_label}"
    return Entry(task.done_at or task.ready_at, title, _who(task.done_by), task.note, kind="task")


def _who(account: Account | None) -> str:
    return "" if account is None else account.name


def onlookers(case: Case, account: Account) -> list[str]:
    """Return the names of the others who have the case open now."""
    found = Presence.objects.filter(case=case, seen_at__gte=clock.now() - LOOKING).exclude(account=account)
    return list(found.order_by("account__name").values_list("account__name", flat=True))


def kind_label(case: Case) -> str:
    """Return what cases of this kind are called."""
    subject = case_subjects.find(case.kind)
    return case.kind if subject is None else str(subject.label)
