"""Writing events: the only way a row gets into the event log."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from madoguchi.kit import clock

from .. import events as catalogue
from ..models import Account, Event, current_municipality
from ..rules import event_digest


def record_event(
    *,
    kind: catalogue.EventType,
    subject: models.Model,
    actor: Account | None = None,
    quantity: Decimal | int | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """
    Append one event in the municipality in scope; call it inside the transaction that changes the subject.

    ``data`` carries ids, codes and quantities, never names of people. Raises ``ScopeError`` outside a scope.
    """
    event = Event(
        municipality=current_municipality(),
        key=kind.key,
        at=clock.now(),
        actor=actor,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        quantity=None if quantity is None else Decimal(quantity).quantize(Decimal("0.0001")),
        data=data or {},
    )
    event.digest = event_digest(event.as_sealed())
    event.save(force_insert=True)
    return event
