"""The provider's daily file beside the books."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.ledger import tasks
from madoguchi.ledger.errors import SettlementError, StatusError
from madoguchi.ledger.models import Discrepancy, PaymentSession, Receivable, Refund, Settlement
from madoguchi.ledger.rules import reconciliation
from madoguchi.ledger.rules.reconciliation import Told
from madoguchi.ledger.selectors import trial_balance
from madoguchi.ledger.services import (
    ask_session,
    compare_recent,
    compare_settlement,
    refund_receivable,
    resolve_discrepancy,
    reverse_entry,
    send_refund,
)

from .books import balances

told = st.lists(
    st.builds(
        Told, st.sampled_from(["capture", "refund"]), st.sampled_from("abcd"), st.integers(1, 9), st.integers(0, 2)
    ),
    max_size=6,
)
keys = st.tuples(st.sampled_from(["capture", "refund"]), st.sampled_from("abcd"))


@given(told, st.dictionaries(keys, st.integers(1, 9)), st.sets(keys))
def test_every_number_of_either_side_gets_one_verdict(lines, booked, expected):
    verdicts = reconciliation.compare(lines, booked=booked, expected=expected)
    numbers = [(verdict.kind, verdict.number) for verdict in verdicts]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {(line.kind, line.number) for line in lines} | expected
    assert all(
        (verdict.told == verdict.booked) == (verdict.conclusion == "matched") for verdict in verdicts if verdict.told
    )


@pytest.mark.database
@pytest.mark.django_db
class TestDays:
    @pytest.fixture
    def paid(self, owe, begin, desk_of_provider, postbox) -> PaymentSession:
        session = begin(owe(1000))
        desk_of_provider.pay(session.provider_session_id)
        ask_session(session=session)
        session.refresh_from_db()
        return session

    def compare(self) -> Settlement:
        return compare_settlement(provider="simulator", day=clock.today())

    def test_a_day_that_fits_is_booked_with_its_fee(self, paid, cashier):
        refund_receivable(receivable=paid.receivable, amount=100, reason="", actor=cashier)
        send_refund(refund=Refund.objects.select_related("session", "receivable").get())
        day = self.compare()
        assert (day.matched_count, day.difference_count, day.fee) == (2, 0, 32)
        assert balances() == {"bank": 868, "provider_fees": 32, "fees": -900}
        assert trial_balance(2026).is_balanced

    def test_again_is_the_same(self, paid):
        self.compare()
        before = balances()
        assert self.compare().difference_count == 0
        assert balances() == before

    def test_a_file_that_was_changed_is_booked_anew(self, paid, desk_of_provider):
        desk_of_provider.ask("settlement", changes=[{"session_id": paid.provider_session_id, "set": {"fee": 50}}])
        self.compare()
        desk_of_provider.ask("settlement", changes=[])
        self.compare()
        assert balances() == {"bank": 968, "provider_fees": 32, "fees": -1000}

    def test_a_lost_report_is_found_by_the_file_and_explains_itself(self, owe, begin, desk_of_provider, postbox):
        session = begin(owe(1000))
        desk_of_provider.pay(session.provider_session_id, faults=["lost"])
        day = self.compare()
        assert Discrepancy.objects.get().kind == "missing_in_books"
        tasks.recheck.func(_context(), settlement_id=day.pk, session_id=session.pk)
        assert Discrepancy.objects.get().resolution == "rechecked"
        assert Receivable.objects.get().status == "paid"
        assert self.compare().difference_count == 0

    def test_what_the_provider_left_out_waits_for_a_person(self, paid, desk_of_provider, cashier):
        desk_of_provider.ask("settlement", changes=[{"omit": paid.provider_session_id}])
        assert self.compare().difference_count == 1
        found = Discrepancy.objects.get()
        assert found.kind == "missing_at_provider"
        with pytest.raises(StatusError):
            resolve_discrepancy(discrepancy=found, resolution="explained", note=" ", actor=cashier)
        resolve_discrepancy(discrepancy=found, resolution="explained", note="翌日の精算に入る", actor=cashier)
        assert Discrepancy.objects.get().resolved_by == cashier

    def test_another_amount_is_a_difference(self, paid, desk_of_provider):
        change = {"session_id": paid.provider_session_id, "set": {"amount": 900}}
        desk_of_provider.ask("settlement", changes=[change])
        self.compare()
        found = Discrepancy.objects.get()
        assert (found.kind, found.amount_books, found.amount_provider) == ("amount_differs", 1000, 900)

    def test_money_of_strangers_is_a_difference(self, paid, desk_of_provider):
        stranger = {"kind": "capture", "session_id": "ps_x", "reference": "x", "amount": 5, "fee": 0}
        desk_of_provider.ask("settlement", changes=[{"add": stranger}])
        self.compare()
        assert Discrepancy.objects.get().kind == "missing_in_books"

    def test_the_last_days_are_compared_once_each(self, paid):
        assert compare_recent(today=clock.today() + timedelta(days=1)) == 7
        assert compare_recent(today=clock.today() + timedelta(days=1)) == 0

    def test_a_settlement_booked_by_mistake_is_undone_by_its_opposite(self, paid, cashier):
        entry = self.compare().entry
        reverse_entry(entry=entry, reason="誤り", actor=cashier)
        assert balances() == {"clearing:simulator": 1000, "fees": -1000}
        with pytest.raises(StatusError):
            reverse_entry(entry=entry, reason="誤り", actor=cashier)

    def test_an_entry_of_a_claim_is_not_undone_behind_its_back(self, paid, cashier):
        entry = paid.receivable.entries.first()
        with pytest.raises(StatusError):
            reverse_entry(entry=entry, reason="誤り", actor=cashier)

    @pytest.mark.parametrize(
        "content",
        [b"", b"kind,amount\r\n", b"\xff\xfe", b"kind,session_id,reference,amount,fee\r\ncapture,a,b,x,0\r\n"],
    )
    def test_a_file_that_cannot_be_read_is_refused_whole(self, provider, content):
        with pytest.raises(SettlementError):
            provider.read_settlement(content)


def _context():
    """The queue's context, of which a job that does not fail asks nothing."""
    return
