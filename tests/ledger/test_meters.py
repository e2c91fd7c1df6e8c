"""What the room counts moves when something is paid."""

from __future__ import annotations

import pytest
from django.db import connection

from madoguchi.kit import clock
from madoguchi.ledger.services import ask_session, refund_receivable, take_cash
from madoguchi.trust import services
from madoguchi.trust.api import live_value, meters, read_meter
from madoguchi.trust.services.sealing import seal_everything

# Events are sealed once their transaction is over, which on PostgreSQL a test's own transaction never is.
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=connection.vendor == "postgresql")]


def value(key: str, **how: str):
    seal_everything()
    services.roll_up_meters()
    today = clock.today()
    return read_meter(key, today, today, **how)


def test_money_is_counted_by_what_it_was_for(owe, cashier):
    take_cash(receivable=owe(300), actor=cashier)
    take_cash(receivable=owe(500, purpose="dog"), actor=cashier)
    assert value("ledger.collected") == 800
    assert value("ledger.collected", dimension="dog") == 500


def test_the_share_paid_online_moves_with_each_payment(owe, cashier, begin, desk_of_provider):
    take_cash(receivable=owe(300), actor=cashier)
    assert value("ledger.paid_online") == 0
    session = begin(owe(300))
    desk_of_provider.pay(session.provider_session_id)
    ask_session(session=session)
    assert value("ledger.paid_online") == 50


def test_refunds_are_counted_apart(owe, cashier):
    receivable = take_cash(receivable=owe(300), actor=cashier)
    refund_receivable(receivable=receivable, amount=100, reason="", actor=cashier)
    assert value("ledger.refunded") == 100
    assert value("ledger.collected") == 300


def test_what_is_owed_and_what_does_not_fit_is_what_stands_now(owe, city, begin, desk_of_provider):
    session = begin(owe(300))
    assert live_value("ledger.outstanding") == 300
    assert live_value("ledger.unmatched") == 0
    desk_of_provider.pay(session.provider_session_id, amount=500)
    ask_session(session=session)
    assert live_value("ledger.unmatched") == 1


def test_every_meter_of_the_room_is_sound():
    own = [meter for key, meter in meters.items() if key.startswith("ledger.")]
    assert len(own) == 5
    assert [problem for meter in own for problem in meter.check_config()] == []
