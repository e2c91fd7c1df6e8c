"""Municipalities and duties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from .. import events
from ..enums import Role
from ..models import Account, Duty, Municipality, MunicipalityHost, Unit, acting_for, current_municipality
from .events import record_event


@transaction.atomic
def add_municipality(*, key: str, code: str, name: str, hosts: tuple[str, ...] = (), **fields: Any) -> Municipality:
    """Add a municipality with its hosts (default ``<key>.localhost``); raises ``ValidationError`` on bad fields."""
    municipality = Municipality(key=key, code=code, name=name, **fields)
    municipality.full_clean()
    municipality.save()
    for host in hosts or (f"{key}.localhost",):
        entry = MunicipalityHost(municipality=municipality, host=host.lower())
        entry.full_clean()
        entry.save()
    with acting_for(municipality):
        record_event(kind=events.MUNICIPALITY_ADDED, subject=municipality)
    return municipality


@transaction.atomic
def assign_duty(
    *,
    account: Account,
    role: Role,
    from_date: date,
    to_date: date | None = None,
    unit: Unit | None = None,
    actor: Account | None = None,
) -> Duty:
    """Give a member of staff a role at a unit for a period; raises ``ValidationError`` on a bad period."""
    duty = Duty(
        municipality=current_municipality(), account=account, role=role, unit=unit, from_date=from_date, to_date=to_date
    )
    duty.full_clean()
    duty.save()
    record_event(kind=events.DUTY_ASSIGNED, subject=duty, actor=actor, data={"role": role, "unit": unit and unit.pk})
    return duty
