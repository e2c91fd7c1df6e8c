from __future__ import annotations

from datetime import date, datetime

import pytest

from madoguchi.kit import clock
from madoguchi.ledger.errors import AmountError, FourEyesError, StatusError
from madoguchi.ledger.models import EntryLine, JournalEntry, Receivable
from madoguchi.ledger.selectors import pay_path, receivables_of
from madoguchi.ledger.services import (
    cancel_receivable,
    decide_waiver,
    expire_receivable,
    take_cash,
    waive_receivable,
    write_off_receivable,
)
from madoguchi.trust.errors import RefusedError
from tests.trust.people import event_keys

from .books import balances

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)):
        yield


def test_what_is_owed_is_in_the_books_and_found_by_its_subject(owe, unit, listener):
    receivable = owe(300)
    assert balances() == {"receivable": 300, "fees": -300}
    assert list(receivables_of(unit)) == [receivable]
    assert pay_path(receivable) == f"/pay/{receivable.token}/"
    assert listener.told == [("open", 0)]
    assert event_keys()[-1] == "ledger.receivable.raised"


@pytest.mark.parametrize("amount", [0, -1, 300.0, True, 100_000_001, "300"])
def test_an_impossible_amount_is_refused(owe, city, amount):
    with pytest.raises(AmountError):
        owe(amount)
    assert not Receivable.objects.exists()
    assert not JournalEntry.objects.exists()


def test_cash_at_the_counter_pays_it(owe, cashier, listener):
    receivable = take_cash(receivable=owe(300), actor=cashier)
    assert (receivable.status, receivable.method, receivable.paid_amount) == ("paid", "cash", 300)
    assert balances() == {"cash": 300, "fees": -300}
    assert EntryLine.objects.get(account__key="cash").holder == cashier
    assert listener.told[-1] == ("paid", 0)


def test_it_is_paid_once_only(owe, cashier):
    receivable = owe(300)
    take_cash(receivable=receivable, actor=cashier)
    with pytest.raises(StatusError):
        take_cash(receivable=receivable, actor=cashier)
    assert balances()["cash"] == 300


def test_nobody_without_the_duty_takes_cash(owe, clerk):
    receivable = owe(300)
    with pytest.raises(RefusedError):
        take_cash(receivable=receivable, actor=clerk)
    receivable.refresh_from_db()
    assert receivable.status == "open"
    assert "cash" not in balances()


def test_a_cancelled_claim_leaves_the_books_even(owe, cashier, listener):
    receivable = cancel_receivable(receivable=owe(300), reason="申請の取下げ", actor=cashier)
    assert receivable.status == "cancelled"
    assert balances() == {}
    assert listener.told[-1] == ("cancelled", 0)


def test_a_claim_written_off_is_a_loss(owe, cashier):
    write_off_receivable(receivable=owe(300), reason="時効", actor=cashier)
    assert balances() == {"fees": -300, "write_off": 300}


class TestExpiry:
    def test_the_last_day_still_counts(self, owe):
        assert not expire_receivable(receivable=owe(300, due_on=date(2026, 11, 20)))

    def test_the_day_after_it_lapses(self, owe, listener):
        receivable = owe(300, due_on=date(2026, 11, 19))
        assert expire_receivable(receivable=receivable)
        assert balances() == {}
        assert listener.told[-1] == ("expired", 0)

    def test_twice_is_once(self, owe):
        receivable = owe(300, due_on=date(2026, 11, 19))
        assert expire_receivable(receivable=receivable)
        assert not expire_receivable(receivable=receivable)
        assert JournalEntry.objects.filter(kind="expired").count() == 1

    def test_without_a_last_day_it_never_lapses(self, owe):
        assert not expire_receivable(receivable=owe(300, due_on=None))

    def test_what_was_paid_does_not_lapse(self, owe, cashier):
        receivable = owe(300, due_on=date(2026, 11, 19))
        take_cash(receivable=receivable, actor=cashier)
        assert not expire_receivable(receivable=receivable)


class TestWaivers:
    def test_one_asks_and_another_approves(self, owe, cashier, second_cashier, listener):
        waiver = waive_receivable(receivable=owe(300), reason="生活保護", actor=cashier)
        decide_waiver(waiver=waiver, is_approved=True, actor=second_cashier)
        assert Receivable.objects.get().status == "waived"
        assert balances() == {"fees": -300, "waived": 300}
        assert listener.told[-1] == ("waived", 0)

    def test_nobody_approves_what_he_asked_for(self, owe, cashier):
        waiver = waive_receivable(receivable=owe(300), reason="生活保護", actor=cashier)
        with pytest.raises(FourEyesError):
            decide_waiver(waiver=waiver, is_approved=True, actor=cashier)
        assert Receivable.objects.get().status == "open"

    def test_a_rejected_one_leaves_the_claim(self, owe, cashier, second_cashier):
        waiver = waive_receivable(receivable=owe(300), reason="生活保護", actor=cashier)
        decide_waiver(waiver=waiver, is_approved=False, actor=second_cashier)
        assert Receivable.objects.get().status == "open"
        assert balances() == {"receivable": 300, "fees": -300}

    def test_it_is_decided_once(self, owe, cashier, second_cashier):
        waiver = waive_receivable(receivable=owe(300), reason="生活保護", actor=cashier)
        decide_waiver(waiver=waiver, is_approved=False, actor=second_cashier)
        with pytest.raises(StatusError):
            decide_waiver(waiver=waiver, is_approved=True, actor=second_cashier)
        assert Receivable.objects.get().status == "open"

    def test_what_was_paid_meanwhile_cannot_be_waived(self, owe, cashier, second_cashier):
        receivable = owe(300)
        waiver = waive_receivable(receivable=receivable, reason="生活保護", actor=cashier)
        take_cash(receivable=receivable, actor=cashier)
        with pytest.raises(StatusError):
            decide_waiver(waiver=waiver, is_approved=True, actor=second_cashier)
        assert balances() == {"cash": 300, "fees": -300}


def test_a_claim_of_a_closed_year_is_paid_in_the_present_one(owe, cashier):
    receivable = owe(300, fiscal_year=2025)
    take_cash(receivable=receivable, actor=cashier)
    assert JournalEntry.objects.get(kind="cash").fiscal_year == 2026
    assert JournalEntry.objects.get(kind="raised").fiscal_year == 2026
