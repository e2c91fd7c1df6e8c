"""The end of an application: its status, and the minutes that were saved."""

from __future__ import annotations

import math

from django.db import transaction

from madoguchi.cases.api import Case, handling_seconds
from madoguchi.kit import clock
from madoguchi.trust.api import record_event

from ... import events
from ...models import Application
from .deciding import GRANTED, decide, final_status
from .facts import application_of, facts_of
from .progress import FINAL


@transaction.atomic
def case_closed(*, case: Case) -> None:
    """Close the application of a case that has ended, once."""
    application = application_of(case)
    if application is None or application.closed_at is not None:
        return
    status = application.status if application.status in FINAL else final_status(application, outcome=case.outcome)
    if status == "completed":
        decide(application=application, decision=GRANTED)
    application.status = status
    application.closed_at = clock.now()
    application.save(update_fields=["status", "closed_at"])
    data = facts_of(application, status=str(status))
    record_event(kind=events.APPLICATION_COMPLETED, subject=application, data=data)
    _count_minutes(application, case)


def _count_minutes(application: Application, case: Case) -> None:
    """Record the minutes saved: those of the paper way less those really worked on the case."""
    minutes = application.version.definition.minutes
    if not minutes.before:
        return
    seconds = handling_seconds(case)
    after = math.ceil(seconds / 60) if seconds else minutes.after
    data = facts_of(application, before=minutes.before, after=after, measured=bool(seconds))
    record_event(kind=events.MINUTES_SAVED, subject=application, quantity=max(minutes.before - after, 0), data=data)
