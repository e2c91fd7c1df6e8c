"""Writing events: the only way a row gets into the event log."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from madoguchi.kit import clock

from .. import events as catalogue
from ..models import Account, Event, municipality_in_scope
from ..rules.digests import exact_quantity, plain_data


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

    ``data`` carries ids, codes and quantities, never names of people; dates and numbers that are not whole are kept as
    text. Raises ``ScopeError`` outside a scope, ``TypeError`` or ``ValueError`` for what cannot be kept exactly.
    """
    event = Event(
        municipality=municipality_in_scope(),
        key=kind.key,
        at=clock.now(),
        actor=actor,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        quantity=exact_quantity(quantity),
        data=plain_data(data or {}),
    )
    event.append()
    return event
