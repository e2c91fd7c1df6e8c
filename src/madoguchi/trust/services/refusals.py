"""Writing that somebody was refused, after the refused change was rolled back."""

from __future__ import annotations

from django.db import models

from .. import events
from ..errors import RefusedError
from ..models import Account, Event, current_municipality
from .events import record_event


def record_refusal(*, error: RefusedError, actor: Account | None = None) -> Event:
    """
    Write ``trust.permission.refused`` for a refusal that reached the edge of the program.

    Call it outside the transaction that the error rolled back: the site does so for every request.
    """
    who = actor or error.actor
    subject = error.subject
    known = isinstance(subject, models.Model) and subject.pk is not None
    return record_event(
        kind=events.PERMISSION_REFUSED,
        subject=subject if known else current_municipality(),
        actor=who if isinstance(who, Account) and who.is_authenticated else None,
        data={"action": error.action},
    )
