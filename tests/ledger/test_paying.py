"""Paying at the provider, which runs as a process of its own, and every way in which its reports can go wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.ledger.errors import AmountError, FourEyesError, NotPayableError, ProviderError
from madoguchi.ledger.models import Discrepancy, JournalEntry, PaymentSession, ProviderReport, Receivable, Refund
from madoguchi.ledger.services import (
    ask_session,
    ask_silent_sessions,
    cancel_receivable,
    decide_refund,
    expire_due,
    refund_receivable,
    resolve_discrepancy,
    send_refund,
    take_cash,
)
from tests.trust.people import event_keys, events_of

from .books import balances
from .provider import hand_over, kind_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PAID = {"clearing:simulator": 300, "fees": -300}
OWED = {"receivable": 300, "fees": -300}


@pytest.fixture
def paying(owe, begin, listener) -> PaymentSession:
    """A payer on the provider's page."""
    return begin(owe(300))


def status() -> str:
    return Receivable.objects.get().status


def run_refunds() -> None:
    for refund in Refund.objects.filter(status="sending").select_related("session", "receivable"):
        send_refund(refund=refund)


class TestWay:
    def test_the_payer_is_led_to_a_page_of_the_provider(self, paying, simulator_address):
        assert paying.redirect_url.startswith(f"{simulator_address}/pay/")
        assert (paying.status, status()) == ("created", "pending")

    def test_a_second_click_and_a_second_tab_come_to_the_same_page(self, paying, begin, desk_of_provider):
        before = len(desk_of_provider.sessions())
        assert begin(paying.receivable).redirect_url == paying.redirect_url
        assert PaymentSession.objects.count() == 1
        assert len(desk_of_provider.sessions()) == before

    def test_a_process_that_died_before_it_heard_the_answer_comes_to_the_same_page(self, paying, begin):
        first = paying.provider_session_id
        PaymentSession.objects.update(provider_session_id="", redirect_url="", status="new")
        assert begin(paying.receivable).provider_session_id == first

    @pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout_after"])
    def test_a_provider_out_of_order_for_a_moment_is_asked_again_with_the_same_key(
        self, owe, begin, desk_of_provider, fault
    ):
        desk_of_provider.ask("faults", create_session=[fault])
        session = begin(owe(300))
        assert session.status == "created"
        assert len([one for one in desk_of_provider.sessions() if one["reference"] == session.reference]) == 1

    def test_a_provider_that_stays_away_leaves_the_claim_open_and_the_next_try_goes_on(
        self, owe, begin, desk_of_provider
    ):
        receivable = owe(300)
        desk_of_provider.ask("faults", create_session=["error_before"] * 3)
        with pytest.raises(ProviderError):
            begin(receivable)
        assert status() == "open"
        assert begin(receivable).status == "created"
        assert PaymentSession.objects.count() == 1

    def test_what_is_paid_is_not_paid_again(self, owe, begin, cashier):
        receivable = owe(300)
        take_cash(receivable=receivable, actor=cashier)
        with pytest.raises(NotPayableError):
            begin(receivable)
        assert not PaymentSession.objects.exists()

    def test_after_the_last_day_no_page_is_opened(self, owe, begin):
        with pytest.raises(NotPayableError):
            begin(owe(300, due_on=clock.today() - timedelta(days=1)))

    def test_a_page_whose_time_is_over_is_replaced_by_a_new_one(self, paying, begin, desk_of_provider, postbox):
        PaymentSession.objects.update(expires_at=clock.now() - timedelta(minutes=1))
        desk_of_provider.ask("faults", get_session=[])
        from madoguchi.ledger.services import close_session

        close_session(session=paying)
        again = begin(paying.receivable)
        assert again.provider_session_id != paying.provider_session_id
        assert status() == "pending"


class TestReports:
    def test_a_signed_report_pays(self, paying, desk_of_provider, postbox, listener):
        desk_of_provider.pay(paying.provider_session_id)
        for letter in postbox.take(2):
            assert hand_over(letter).status_code == 200
        assert status() == "paid"
        assert balances() == PAID
        assert listener.told[-1] == ("paid", 0)
        assert events_of("ledger.receivable.paid")[0].data["channel"] == "online"

    def test_coming_back_says_nothing_about_money(self, paying, city):
        client = Client(headers={"host": "odawara.localhost"})
        answer = client.get(f"/pay/{paying.receivable.token}/return/?status=paid&result=success")
        assert answer.status_code == 200
        assert answer["Refresh"].startswith("5; url=/pay/")
        assert (status(), balances()) == ("pending", OWED)

    def test_captured_before_authorised_is_the_same(self, paying, desk_of_provider, postbox):
        desk_of_provider.pay(paying.provider_session_id, faults=["reordered"])
        letters = postbox.take(2)
        assert [kind_of(letter) for letter in letters] == ["payment.captured", "payment.authorised"]
        for letter in letters:
            hand_over(letter)
        assert (status(), balances()) == ("paid", PAID)

    def test_the_same_report_again_changes_nothing(self, paying, desk_of_provider, postbox, listener):
        desk_of_provider.pay(paying.provider_session_id, faults=["duplicate"])
        for letter in postbox.take(4):
            assert hand_over(letter).status_code == 200
        assert balances() == PAID
        assert ProviderReport.objects.filter(source="webhook").count() == 2
        assert [told for told in listener.told if told[0] == "paid"] == [("paid", 0)]

    def test_a_lost_report_is_asked_for(self, paying, desk_of_provider):
        desk_of_provider.pay(paying.provider_session_id, faults=["lost"])
        assert ask_silent_sessions() == 0
        PaymentSession.objects.update(created_at=clock.now() - timedelta(minutes=6))
        assert ask_silent_sessions() == 1
        assert (status(), balances()) == ("paid", PAID)
        assert ask_silent_sessions() == 0

    def test_a_wrong_signature_is_refused_and_written_down(self, paying, desk_of_provider, postbox):
        desk_of_provider.pay(paying.provider_session_id, faults=["wrong_signature"])
        assert hand_over(postbox.take(1)[0]).status_code == 400
        assert (status(), balances()) == ("pending", OWED)
        assert events_of("ledger.webhook.refused")[0].data == {"provider": "simulator", "reason": "wrong"}
        assert not ProviderReport.objects.filter(source="webhook").exists()

    @pytest.mark.parametrize("signature", ["", "v1=ab", "t=x,v1=ab", "t=1,v1=" + "0" * 64])
    def test_without_a_good_signature_nothing_is_believed(self, paying, desk_of_provider, postbox, signature):
        desk_of_provider.pay(paying.provider_session_id)
        headers, body = postbox.take(2)[1]
        headers.pop("Payment-Signature")
        assert hand_over((headers, body), signature=signature).status_code == 400
        assert status() == "pending"

    def test_an_old_report_is_not_played_again(self, paying, desk_of_provider, postbox):
        desk_of_provider.pay(paying.provider_session_id)
        letter = postbox.take(2)[1]
        with clock.frozen(clock.now() + timedelta(minutes=6)):
            assert hand_over(letter).json() == {"error": "stale"}
        assert status() == "pending"

    def test_a_wrong_amount_is_not_believed_before_the_provider_was_asked(self, paying, desk_of_provider, postbox):
        desk_of_provider.pay(paying.provider_session_id, faults=["wrong_amount"])
        assert [hand_over(letter).json()["outcome"] for letter in postbox.take(2)] == ["applied", "quarantined"]
        assert (status(), balances()) == ("pending", OWED)
        ask_session(session=paying)
        assert (status(), balances()) == ("paid", PAID)
        assert Discrepancy.objects.get().resolution == "rechecked"

    def test_a_report_for_another_city_is_not_taken(self, paying, oyama, desk_of_provider, postbox):
        from madoguchi.trust.models import MunicipalityHost

        MunicipalityHost.objects.get_or_create(municipality=oyama, host="oyama.localhost")
        desk_of_provider.pay(paying.provider_session_id)
        answers = [hand_over(letter, host="oyama.localhost").json() for letter in postbox.take(2)]
        assert answers == [{"outcome": "unknown"}] * 2
        assert status() == "pending"

    def test_money_nobody_knows_of_waits_for_a_person(self, paying, city, desk_of_provider, postbox):
        PaymentSession.objects.update(provider_session_id="ps_of_another_time")
        desk_of_provider.pay(paying.provider_session_id)
        for letter in postbox.take(2):
            assert hand_over(letter).json() == {"outcome": "unknown"}
        assert Discrepancy.objects.get().kind == "unknown_session"
        assert balances() == OWED


class TestTooLate:
    def test_money_that_comes_after_the_claim_was_cancelled_goes_back_by_itself(
        self, paying, cashier, desk_of_provider, postbox
    ):
        desk_of_provider.pay(paying.provider_session_id)
        letters = postbox.take(2)
        cancel_receivable(receivable=paying.receivable, reason="取下げ", actor=cashier)
        for letter in letters:
            hand_over(letter)
        assert balances() == {"clearing:simulator": 300, "surplus": -300}
        run_refunds()
        assert balances() == {}
        assert (Refund.objects.get().status, Refund.objects.get().is_automatic) == ("done", True)
        for letter in postbox.take(1):
            hand_over(letter)
        assert (balances(), status()) == ({}, "cancelled")

    def test_who_paid_at_the_counter_and_online_gets_one_back(self, paying, cashier, desk_of_provider, postbox):
        desk_of_provider.pay(paying.provider_session_id)
        take_cash(receivable=paying.receivable, actor=cashier)
        hand_over(postbox.take(2)[1])
        run_refunds()
        assert (status(), balances()) == ("paid", {"cash": 300, "fees": -300})

    def test_a_claim_lapses_only_when_its_page_is_closed_unpaid(self, paying, desk_of_provider):
        Receivable.objects.update(due_on=clock.today() - timedelta(days=1))
        assert expire_due() == 1
        assert (status(), balances()) == ("expired", {})
        assert PaymentSession.objects.get().status == "cancelled"

    def test_who_paid_in_the_last_minute_has_paid(self, paying, desk_of_provider):
        desk_of_provider.pay(paying.provider_session_id, faults=["lost"])
        Receivable.objects.update(due_on=clock.today() - timedelta(days=1))
        assert expire_due() == 0
        assert (status(), balances()) == ("paid", PAID)

    def test_a_provider_that_stays_away_does_not_let_a_claim_lapse(self, paying, desk_of_provider):
        desk_of_provider.ask("faults", cancel_session=["error_before"] * 3)
        Receivable.objects.update(due_on=clock.today() - timedelta(days=1))
        assert expire_due() == 0
        assert status() == "pending"


class TestRefunds:
    @pytest.fixture
    def paid(self, paying, desk_of_provider, postbox) -> Receivable:
        desk_of_provider.pay(paying.provider_session_id)
        hand_over(postbox.take(2)[1])
        return Receivable.objects.get()

    def test_a_part_goes_back_and_then_the_rest(self, paid, cashier, postbox, listener):
        refund_receivable(receivable=paid, amount=100, reason="枚数の誤り", actor=cashier)
        run_refunds()
        assert (status(), balances()) == ("paid", {"clearing:simulator": 200, "fees": -200})
        refund_receivable(receivable=paid, amount=200, reason="取下げ", actor=cashier)
        run_refunds()
        assert (status(), balances()) == ("refunded", {})
        assert listener.told[-2:] == [("refunded", 300), ("refunded", 300)] or listener.told[-1] == ("refunded", 300)
        for letter in postbox.take(2):
            hand_over(letter)
        assert balances() == {}

    def test_more_than_was_paid_is_refused(self, paid, cashier):
        refund_receivable(receivable=paid, amount=200, reason="", actor=cashier)
        with pytest.raises(AmountError):
            refund_receivable(receivable=paid, amount=101, reason="", actor=cashier)
        assert Refund.objects.count() == 1

    @pytest.mark.parametrize("fault", ["error_after", "timeout_after"])
    def test_a_refund_sent_twice_is_made_once(self, paid, cashier, desk_of_provider, fault):
        desk_of_provider.ask("faults", refund=[fault])
        refund_receivable(receivable=paid, amount=100, reason="", actor=cashier)
        run_refunds()
        run_refunds()
        assert balances() == {"clearing:simulator": 200, "fees": -200}
        assert JournalEntry.objects.filter(kind="refunded").count() == 1

    def test_a_refund_whose_answer_was_lost_is_sent_again_by_the_watch(self, paid, cashier, desk_of_provider):
        desk_of_provider.ask("faults", refund=["error_after"] * 3)
        refund = refund_receivable(receivable=paid, amount=100, reason="", actor=cashier)
        with pytest.raises(ProviderError):
            send_refund(refund=refund)
        Refund.objects.update(requested_at=clock.now() - timedelta(minutes=10))
        assert ask_silent_sessions() == 1
        assert Refund.objects.get().status == "done"

    def test_a_refund_before_the_capture_is_known_is_booked_with_it(self, paying, desk_of_provider, postbox):
        desk_of_provider.pay(paying.provider_session_id)
        desk_of_provider.ask(f"sessions/{paying.provider_session_id}/refund", amount=300)
        letters = postbox.take(3)
        for letter in sorted(letters, key=kind_of, reverse=True):
            hand_over(letter)
        assert (status(), balances()) == ("refunded", {})

    def test_above_the_limit_another_person_approves(
        self, owe, begin, desk_of_provider, postbox, cashier, second_cashier
    ):
        session = begin(owe(20_000))
        desk_of_provider.pay(session.provider_session_id)
        hand_over(postbox.take(2)[1])
        refund = refund_receivable(receivable=session.receivable, amount=20_000, reason="取下げ", actor=cashier)
        run_refunds()
        assert status() == "paid"
        with pytest.raises(FourEyesError):
            decide_refund(refund=refund, is_approved=True, actor=cashier)
        decide_refund(refund=refund, is_approved=True, actor=second_cashier)
        run_refunds()
        assert status() == "refunded"

    def test_cash_goes_back_over_the_counter(self, owe, cashier):
        receivable = take_cash(receivable=owe(300), actor=cashier)
        refund_receivable(receivable=receivable, amount=300, reason="取下げ", actor=cashier)
        assert (status(), balances()) == ("refunded", {})

    def test_what_the_provider_refuses_comes_before_a_person(self, paid, cashier, provider):
        PaymentSession.objects.update(provider_session_id="ps_gone")
        refund_receivable(receivable=paid, amount=100, reason="", actor=cashier)
        run_refunds()
        assert Refund.objects.get().status == "failed"
        assert Discrepancy.objects.get().kind == "refund_failed"
        assert balances() == PAID


class TestWrongMoney:
    @pytest.fixture
    def wrong(self, paying, desk_of_provider, postbox) -> Discrepancy:
        """The provider has really taken 500 yen for a claim of 300."""
        desk_of_provider.pay(paying.provider_session_id, amount=500)
        for letter in postbox.take(2):
            hand_over(letter)
        ask_session(session=paying)
        return Discrepancy.objects.get()

    def test_it_is_in_the_books_and_waits_for_a_person(self, wrong, begin):
        assert balances() == {"receivable": 300, "clearing:simulator": 500, "unidentified": -500, "fees": -300}
        with pytest.raises(NotPayableError):
            begin(wrong.receivable)

    def test_it_can_be_taken_as_the_payment_and_the_rest_goes_back(self, wrong, cashier):
        resolve_discrepancy(discrepancy=wrong, resolution="accepted", note="", actor=cashier)
        run_refunds()
        assert (status(), balances()) == ("paid", PAID)

    def test_it_can_go_back_whole_and_the_claim_is_open_again(self, wrong, cashier, begin):
        resolve_discrepancy(discrepancy=wrong, resolution="refunded", note="", actor=cashier)
        run_refunds()
        assert (status(), balances()) == ("open", OWED)
        assert begin(wrong.receivable).is_live


def test_nothing_about_cards_or_names_is_kept_or_told(paying, desk_of_provider, postbox):
    desk_of_provider.pay(paying.provider_session_id)
    for letter in postbox.take(2):
        hand_over(letter)
    kept = str(list(ProviderReport.objects.values_list("content", flat=True)))
    assert "4242" not in kept
    assert "花子" not in kept
    assert "ledger.receivable.paid" in event_keys()
