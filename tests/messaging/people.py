"""A city whose registry and guests the tests of messages are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from madoguchi.kit import clock
from madoguchi.messaging.models import Child, Recipient, Topic
from madoguchi.messaging.services.topics import add_topic
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Resident, acting_for, add_resident, municipality_in_scope
from madoguchi.trust.enums import AccountKind
from tests.trust.people import make_account, make_odawara

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
SAKAECHO = "神奈川県小田原市栄町1-1-1"
HONCHO = "神奈川県小田原市本町2-3-4"


@contextmanager
def a_city() -> Iterator[Any]:
    """Be in Odawara at noon of 20 November 2026."""
    host_table.clear()
    with clock.frozen(NOON), acting_for(make_odawara()) as city:
        yield city
    host_table.clear()


def person(**fields: Any) -> Recipient:
    """Write a recipient as it would stand after the registry was taken over, or a guest had declared it."""
    children = fields.pop("children", ())
    is_declared = fields.pop("declares_children", False)
    made = Recipient.objects.create(municipality=municipality_in_scope(), created_at=NOON, **fields)
    for birth in children:
        Child.objects.create(
            municipality=municipality_in_scope(), recipient=made, birth_date=birth, is_declared=is_declared
        )
    return made


def registered(name: str = "見本 花子", *, agreed: bool = True, **fields: Any) -> Recipient:
    """Write a recipient of somebody the registry knows, who agreed or did not."""
    resident = add_resident(name=name)
    return person(resident=resident, name=name, consented_at=NOON if agreed else None, **fields)


def resident(name: str, relationship: str, birth_date: date, **fields: Any) -> Resident:
    known = {"household": "H1", "address": SAKAECHO, "postal_code": "250-0011"} | fields
    return add_resident(name=name, relationship=relationship, birth_date=birth_date, **known)


def holder(login: str, **fields: Any) -> Account:
    return make_account(login, kind=AccountKind.RESIDENT, **fields)


def topic(code: str, name: str, **fields: Any) -> Topic:
    return add_topic(code=code, names={"ja": name, "en": code}, actor=None, system=True, **fields)
