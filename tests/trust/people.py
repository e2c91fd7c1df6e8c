"""A city, another city and the people the tests of sign-in and organisation are about."""

from __future__ import annotations

from datetime import date

from madoguchi.trust.api import Account, Municipality, Unit, add_municipality, add_unit, assign_duty
from madoguchi.trust.enums import AccountKind, Role, UnitKind
from madoguchi.trust.models import Event

PASSWORD = "correct horse battery"
START = date(2024, 4, 1)
YEAR = 2024


def make_odawara() -> Municipality:
    return add_municipality(key="odawara", code="142069", name="小田原市", phone="0465-33-1300", order=1)


def make_oyama() -> Municipality:
    return add_municipality(key="oyama", code="092088", name="小山市", order=2)


def make_account(login: str, **fields: object) -> Account:
    fields = {"kind": AccountKind.STAFF, "name": f"{login}の氏名", "password": PASSWORD} | fields
    return Account.objects.create_account(login=login, **fields)  # type: ignore[arg-type]


def make_staff(login: str, *roles: Role, unit: Unit | None = None, **fields: object) -> Account:
    account = make_account(login, **fields)
    for role in roles:
        assign_duty(account=account, role=role, from_date=START, unit=unit)
    return account


def make_unit(name: str, parent: Unit | None = None, kind: UnitKind = UnitKind.SECTION, year: int = YEAR) -> Unit:
    return add_unit(name=name, kind=kind, fiscal_year=year, parent=parent)


def event_keys() -> list[str]:
    return list(Event.objects.order_by("id").values_list("key", flat=True))


def events_of(key: str) -> list[Event]:
    return list(Event.objects.filter(key=key).order_by("id"))
