"""What time does to cases: timers fire, due dates pass."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import record_event

from .. import events
from ..models import Case
from .working import fire_timers

URGENT, NORMAL = 1, 2
BATCH = 500


def due_timers() -> int:
    """Let the timers that are due fire, each case in a transaction of its own; return how many cases moved."""
    due = Case.objects.filter(closed_at__isnull=True, next_timer_at__lte=clock.now()).order_by("next_timer_at", "pk")
    cases = list(due.select_related("workflow")[:BATCH])
    for case in cases:
        fire_timers(case=case)
    return len(cases)


@transaction.atomic
def raise_overdue() -> int:
    """Raise the priority of open cases whose due date passed, and write it down once; return how many."""
    passed = Case.objects.filter(closed_at__isnull=True, order_on__lt=clock.today(), priority__gt=URGENT)
    cases = list(passed.select_for_update()[:BATCH])
    for case in cases:
        case.priority = URGENT
        case.revision += 1
        case.save(update_fields=["priority", "revision"])
        late = (clock.today() - (case.due_on or clock.today())) // timedelta(days=1)
        record_event(kind=events.CASE_OVERDUE, subject=case, quantity=late, data={"unit": case.unit_id})
    return len(cases)
