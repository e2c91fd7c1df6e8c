"""Municipalities, organisation units that change from one fiscal year to the next, and duties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from madoguchi.kit import clock, fiscal

from .. import events
from ..enums import Role, UnitKind
from ..errors import OrganisationError
from ..models import Account, Duty, Municipality, MunicipalityHost, Unit, acting_for, current_municipality
from ..permissions import duty_policy, unit_policy
from .events import record_event
from .sessions import end_sessions


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
    """
    Give a member of staff a role at a unit for a period, both days inclusive; if it begins now, their sessions end.

    Without ``actor`` the installation itself acts (set-up, imports). Raises ``RefusedError``, ``ValidationError`` on a
    bad period and ``OrganisationError`` for an account that is not staff or a unit that does not exist then.
    """
    if actor is not None:
        duty_policy.require(actor, "assign", account)
    _check_duty(account, unit, from_date, to_date)
    duty = Duty(
        municipality=current_municipality(), account=account, role=role, unit=unit, from_date=from_date, to_date=to_date
    )
    duty.full_clean()
    duty.save()
    record_event(kind=events.DUTY_ASSIGNED, subject=duty, actor=actor, data={"role": role, "unit": unit and unit.pk})
    if from_date <= clock.today():
        end_sessions(account=account, actor=actor, reason="role")
    return duty


@transaction.atomic
def end_duty(*, duty: Duty, to_date: date, actor: Account | None = None) -> Duty:
    """
    Let a duty end on a day (inclusive); unless the day lies ahead, the account's sessions end.

    Raises ``RefusedError``, ``ValidationError`` for a day before the duty began, and ``OrganisationError`` when nobody
    would be left who can administer.
    """
    if actor is not None:
        duty_policy.require(actor, "end", duty)
    if duty.role == Role.ADMINISTRATOR and not _another_administrator(duty, to_date):
        raise OrganisationError("管理者がいなくなります。先に別の職員を管理者にしてください。")
    duty.to_date = to_date
    duty.full_clean()
    _write_end(duty, actor)
    return duty


@transaction.atomic
def add_unit(
    *,
    name: str,
    kind: UnitKind,
    fiscal_year: int,
    parent: Unit | None = None,
    phone: str = "",
    actor: Account | None = None,
) -> Unit:
    """Add an organisation unit from a fiscal year on. Raises ``RefusedError``, ``ValidationError``, ``OrganisationError``."""
    _require_change(actor)
    _check_parent(parent, fiscal_year)
    _check_name(name, parent, fiscal_year)
    unit = _save_unit(name=name, kind=kind, valid_from_fiscal_year=fiscal_year, parent=parent, phone=phone)
    record_event(kind=events.UNIT_ADDED, subject=unit, actor=actor, data={"fiscal_year": fiscal_year})
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, actor: Account | None = None, parent: Unit | None, phone: str, kind: UnitKind) -> Unit:
    """Correct what a unit is under, its telephone and level; a new name is a new unit: see ``rename_unit``."""
    _require_change(actor, unit)
    _check_parent(parent, unit.valid_from_fiscal_year)
    if parent is not None and parent.pk in _below(unit):
        raise OrganisationError(f"「{parent.name}」は「{unit.name}」の下にあるため、上位組織にできません。")
    unit.parent, unit.phone, unit.kind = parent, phone, kind
    unit.full_clean()
    unit.save(update_fields=["parent", "phone", "kind"])
    record_event(kind=events.UNIT_CHANGED, subject=unit, actor=actor)
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, fiscal_year: int, actor: Account | None = None) -> Unit:
    """
    Rename a unit (改称) from a fiscal year on: a new unit with ``unit`` as its predecessor takes its place.

    The units below keep theirs (``unit_tree`` finds the successor) and duties that last into the new year are continued
    at the new unit. The old unit and all that was done in its name stay.
    Raises ``RefusedError``, ``ValidationError`` and ``OrganisationError``.
    """
    _require_change(actor, unit)
    _close(unit, fiscal_year)
    _check_name(name, unit.parent, fiscal_year)
    new = _save_unit(
        name=name,
        kind=unit.kind,
        valid_from_fiscal_year=fiscal_year,
        parent=unit.parent,
        phone=unit.phone,
        predecessor=unit,
    )
    _hand_over(unit, new, fiscal_year, actor)
    record_event(kind=events.UNIT_RENAMED, subject=new, actor=actor, data={"from": unit.pk, "fiscal_year": fiscal_year})
    return new


@transaction.atomic
def merge_units(*, units: list[Unit], into: Unit, fiscal_year: int, actor: Account | None = None) -> Unit:
    """
    Merge units (統合) into another one from a fiscal year on; their duties, and in the tree the units below, go over.

    Raises ``RefusedError`` and ``OrganisationError`` (a unit merged into itself or into one that does not exist then).
    """
    _require_change(actor, into)
    if not _exists_in(into, fiscal_year):
        raise OrganisationError(f"「{into.name}」は{fiscal.label(fiscal_year)}にはないため、統合先にできません。")
    for unit in units:
        if unit.pk == into.pk or into.pk in _below(unit):
            raise OrganisationError(f"「{unit.name}」を、それ自身または下位の組織に統合することはできません。")
        _close(unit, fiscal_year)
        unit.merged_into = into
        unit.save(update_fields=["merged_into"])
        _hand_over(unit, into, fiscal_year, actor)
        record_event(
            kind=events.UNIT_MERGED, subject=unit, actor=actor, data={"into": into.pk, "fiscal_year": fiscal_year}
        )
    return into


@transaction.atomic
def abolish_unit(*, unit: Unit, fiscal_year: int, actor: Account | None = None) -> Unit:
    """
    Abolish a unit (廃止) from a fiscal year on without a successor; duties held there end on 31 March.

    Raises ``RefusedError``, and ``OrganisationError`` while units below still exist in that year.
    """
    _require_change(actor, unit)
    if Unit.objects.in_year(fiscal_year).filter(parent=unit).exists():
        raise OrganisationError(f"「{unit.name}」の下に組織があります。先に移すか廃止してください。")
    _close(unit, fiscal_year)
    for duty in _duties_lasting_into(unit, fiscal_year):
        _stop(duty, fiscal_year, actor)
    record_event(kind=events.UNIT_ABOLISHED, subject=unit, actor=actor, data={"fiscal_year": fiscal_year})
    return unit


def _require_change(actor: Account | None, unit: Unit | None = None) -> None:
    if actor is not None:
        unit_policy.require(actor, "change", unit)


def _save_unit(**fields: Any) -> Unit:
    unit = Unit(municipality=current_municipality(), **fields)
    unit.full_clean()
    unit.save(force_insert=True)
    return unit


def _exists_in(unit: Unit, fiscal_year: int) -> bool:
    last = unit.valid_to_fiscal_year
    return unit.valid_from_fiscal_year <= fiscal_year and (last is None or fiscal_year <= last)


def _check_parent(parent: Unit | None, fiscal_year: int) -> None:
    if parent is not None and not _exists_in(parent, fiscal_year):
        raise OrganisationError(f"上位組織「{parent.name}」は{fiscal.label(fiscal_year)}にはありません。")


def _check_name(name: str, parent: Unit | None, fiscal_year: int) -> None:
    if Unit.objects.in_year(fiscal_year).filter(parent=parent, name=name).exists():
        raise OrganisationError(f"{fiscal.label(fiscal_year)}には、同じ名称の組織「{name}」がすでにあります。")


def _check_duty(account: Account, unit: Unit | None, from_date: date, to_date: date | None) -> None:
    if not account.is_staff_member:
        raise OrganisationError("職務を割り当てられるのは、職員のアカウントだけです。")
    if unit is None:
        return
    ends_before = to_date is not None and fiscal.fiscal_year(to_date) < unit.valid_from_fiscal_year
    last = unit.valid_to_fiscal_year
    if ends_before or (last is not None and fiscal.fiscal_year(from_date) > last):
        raise OrganisationError(f"「{unit.name}」は、その期間にはありません。期間に合う組織を選んでください。")


def _below(unit: Unit) -> set[int]:
    children: dict[int | None, list[int]] = {}
    for pk, parent in Unit.objects.values_list("id", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    open_ids = [unit.pk]
    while open_ids:
        pk = open_ids.pop()
        if pk not in found:
            found.add(pk)
            open_ids.extend(children.get(pk, []))
    return found


def _close(unit: Unit, fiscal_year: int) -> None:
    """Let a unit exist for the last time in the year before; refuse what would rewrite history."""
    if not _exists_in(unit, fiscal_year):
        raise OrganisationError(f"「{unit.name}」は{fiscal.label(fiscal_year)}にはすでにありません。")
    if fiscal_year <= unit.valid_from_fiscal_year:
        raise OrganisationError(
            f"「{unit.name}」は{fiscal.label(unit.valid_from_fiscal_year)}に始まります。その翌年度からの改編を指定してください。"
        )
    unit.valid_to_fiscal_year = fiscal_year - 1
    unit.save(update_fields=["valid_to_fiscal_year"])


def _hand_over(old: Unit, new: Unit, fiscal_year: int, actor: Account | None) -> None:
    start = fiscal.start_of(fiscal_year)
    for duty in _duties_lasting_into(old, fiscal_year):
        to_date = duty.to_date
        _stop(duty, fiscal_year, actor)
        assign_duty(
            account=duty.account,
            role=Role(duty.role),
            unit=new,
            from_date=max(start, duty.from_date),
            to_date=to_date,
            actor=actor,
        )


def _duties_lasting_into(unit: Unit, fiscal_year: int) -> list[Duty]:
    start = fiscal.start_of(fiscal_year)
    duties = Duty.objects.filter(unit=unit).select_related("account")
    return [duty for duty in duties if duty.to_date is None or duty.to_date >= start]


def _stop(duty: Duty, fiscal_year: int, actor: Account | None) -> None:
    """End a duty with the year before; one that had not begun by then never takes place."""
    last = fiscal.end_of(fiscal_year - 1)
    if duty.from_date > last:
        record_event(kind=events.DUTY_ENDED, subject=duty, actor=actor, data={"role": duty.role, "unit": duty.unit_id})
        duty.delete()
        return
    duty.to_date = last
    _write_end(duty, actor)


def _write_end(duty: Duty, actor: Account | None) -> None:
    duty.save(update_fields=["to_date"])
    record_event(kind=events.DUTY_ENDED, subject=duty, actor=actor, data={"role": duty.role, "unit": duty.unit_id})
    if duty.to_date is not None and duty.to_date <= clock.today():
        end_sessions(account=duty.account, actor=actor, reason="role")


def _another_administrator(duty: Duty, last_day: date) -> bool:
    """Tell whether somebody else administers on the day after this duty ends."""
    day = max(clock.today(), last_day + timedelta(days=1))
    others = Duty.objects.on(day).filter(role=Role.ADMINISTRATOR, account__is_active=True)
    return others.exclude(pk=duty.pk).exists()
