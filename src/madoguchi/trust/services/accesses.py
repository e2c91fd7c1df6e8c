"""The access log: every look at a personal record is written before the record is handed out."""

from __future__ import annotations

from django.db import models

from madoguchi.kit import clock

from ..enums import AccessAction
from ..models import AccessRecord, Account, municipality_in_scope


def log_access(
    *,
    actor: Account | None,
    subject: models.Model,
    purpose: str,
    action: AccessAction = AccessAction.VIEW,
    address: str | None = None,
) -> AccessRecord:
    """
    Write who looked at which record, why and from where; the record is sealed like an event.

    Every room hands out a personal record through a function ``access_<noun>(actor=…, …)`` that asks the policy, calls
    this, and returns the record; no view reads such a record in another way. ``purpose`` is a short code or sentence of at
    most 80 characters (利用目的), never empty: raises ``ValueError``.
    """
    if not purpose.strip():
        raise ValueError("閲覧の目的がありません。")
    record = AccessRecord(
        municipality=municipality_in_scope(),
        at=clock.now(),
        actor=actor,
        action=action,
        purpose=purpose.strip()[:80],
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        address=address,
    )
    record.append()
    return record
