"""Fixtures of the ledger room's tests: a city with its cashiers, something to owe money for, and a listener."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.ledger.models import PaymentSession, Receivable
from madoguchi.ledger.plugins.hosted_page import HostedPageProvider
from madoguchi.ledger.registry import ReceivableSubject, payment_providers, receivable_subjects
from madoguchi.ledger.services import raise_receivable, start_payment
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, Unit, acting_for
from madoguchi.trust.enums import Role
from tests.trust.people import make_odawara, make_oyama, make_staff, make_unit

from .provider import API_KEY, SECRET, Desk, Postbox, running_simulator

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def quick(settings, tmp_path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def city(db, settings) -> Iterator[Municipality]:
    """The city, in scope."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    host_table.clear()
    city = make_odawara()
    with acting_for(city):
        yield city
    host_table.clear()


@pytest.fixture
def oyama(city) -> Municipality:
    """The other city, not in scope."""
    return make_oyama()


@pytest.fixture
def unit(city) -> Unit:
    """What money is owed for in these tests: any row of the house will do."""
    return make_unit("市民課")


@pytest.fixture
def cashier(city) -> Account:
    return make_staff("cashier", Role.CASHIER)


@pytest.fixture
def second_cashier(city) -> Account:
    return make_staff("second", Role.CASHIER)


@pytest.fixture
def clerk(city) -> Account:
    """A member of staff without a duty at the till."""
    return make_staff("clerk", Role.SECTION_STAFF)


class Listener:
    """A higher room: notes every change it is told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.lets_pay = True

    def changed(self, receivable: Receivable) -> None:
        self.told.append((receivable.status, receivable.refunded_amount))

    def subject(self) -> ReceivableSubject:
        return ReceivableSubject(
            key="trust.unit",
            label="試験",
            changed=self.changed,
            return_path=lambda receivable: "/",
            may_pay=lambda request, receivable: self.lets_pay,
        )


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    with receivable_subjects.registered_temporarily("trust.unit", listener.subject()):
        yield listener


@pytest.fixture
def owe(unit):
    """Make a receivable; keyword arguments replace the usual ones."""

    def make(amount: int = 300, **changes: Any) -> Receivable:
        usual: dict[str, Any] = {
            "subject": unit,
            "purpose": "certificate",
            "title": "住民票の写し 交付手数料",
            "payer": None,
            "payer_name": "小田原 花子",
            "due_on": date(2026, 12, 4),
            "fiscal_year": 2026,
        }
        return raise_receivable(amount=amount, **usual | changes)

    return make


@pytest.fixture
def staff_client(cashier) -> Client:
    client = Client(headers={"host": "odawara.localhost"})
    client.force_login(cashier)
    return client


@pytest.fixture(scope="session")
def simulator_address() -> Iterator[str]:
    with running_simulator() as address:
        yield address


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """Where the provider's webhooks arrive; of one test alone, for a late letter of another must not be taken for its own."""
    postbox = Postbox()
    yield postbox
    postbox.close()


@pytest.fixture
def desk_of_provider(simulator_address) -> Desk:
    desk = Desk(simulator_address)
    desk.ask("reset")
    return desk


@pytest.fixture
def provider(simulator_address, desk_of_provider) -> Iterator[HostedPageProvider]:
    """Our contract with the simulated provider, in force."""
    made = HostedPageProvider(
        key="simulator",
        label="模擬",
        url=simulator_address,
        api_key=API_KEY,
        webhook_secrets=[SECRET],
        timeout=1.0,
    )
    with payment_providers.registered_temporarily("simulator", made):
        yield made


@pytest.fixture
def begin(provider, postbox):
    """Lead a payer to the provider; the webhooks come to the postbox."""

    def start(receivable: Receivable) -> PaymentSession:
        return start_payment(receivable=receivable, provider="simulator", origin=postbox.address, language="ja")

    return start
