"""Whatever comes, in whatever order, however often: the same knowledge, one payment, and books that say what the provider says."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.ledger.enums import ReportSource
from madoguchi.ledger.errors import LedgerError, ProviderRefusedError
from madoguchi.ledger.models import PaymentSession, Receivable, Refund
from madoguchi.ledger.plugins.hosted_page import SessionMessage, _facts
from madoguchi.ledger.plugins.simulator.store import RefusedRequestError, Store
from madoguchi.ledger.registry import Report, SessionAnswer, payment_providers
from madoguchi.ledger.rules import sessions as rules
from madoguchi.ledger.rules.sessions import RefundFacts, SessionFacts, joined, news
from madoguchi.ledger.services import (
    ask_session,
    cancel_receivable,
    expire_due,
    receive_report,
    refund_receivable,
    send_refund,
    start_payment,
    take_cash,
)

from .books import balances

refund_facts = st.builds(
    RefundFacts,
    reference=st.sampled_from(["", "a", "b"]),
    amount=st.integers(1, 500),
    status=st.sampled_from(sorted(rules.REFUND_STATUSES)),
)
facts = st.builds(
    SessionFacts,
    status=st.sampled_from(sorted(rules.STATUSES)),
    method=st.sampled_from(["", "card", "store"]),
    captured=st.integers(0, 500),
    captured_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    refunds=st.dictionaries(st.sampled_from(["r1", "r2"]), refund_facts),
)


class TestKnowledge:
    @given(facts, facts)
    def test_the_order_does_not_matter(self, one, other):
        assert joined(one, other) == joined(other, one)

    @given(facts, facts, facts)
    def test_the_grouping_does_not_matter(self, one, two, three):
        assert joined(joined(one, two), three) == joined(one, joined(two, three))

    @given(facts)
    def test_the_same_again_is_nothing_new(self, one):
        assert joined(one, one) == one
        assert news(one, one) == {}

    @given(facts, facts)
    def test_money_that_came_is_never_unsaid(self, one, other):
        both = joined(one, other)
        assert both.captured == max(one.captured, other.captured)
        if rules.CAPTURED in (one.status, other.status):
            assert both.status == rules.CAPTURED


class Nearby:
    """The simulated provider's own store without the network between."""

    key, label, methods = "nearby", "近く", ("card",)

    def __init__(self) -> None:
        self.store = Store()
        self.sent: list[Report] = []
        self._numbers = count()

    def tell(self, kind: str, session) -> None:
        """Note an event with what is true now, to be delivered whenever, or never."""
        answer = self._answer(session)
        self.sent.append(
            Report(f"evt{next(self._numbers)}", kind, session.id, session.reference, session.amount, answer.facts)
        )

    def _answer(self, session) -> SessionAnswer:
        message = SessionMessage.model_validate(session.message("https://provider.example"))
        return SessionAnswer(message.id, message.url, _facts(message), message.reference, message.amount)

    def create_session(self, order):
        content = {
            "reference": order.reference,
            "amount": order.amount,
            "description": order.title,
            "return_url": order.return_url,
            "callback_url": order.callback_url,
            "expires_at": order.expires_at.isoformat(),
        }
        return self._answer(self.store.create(content)[0])

    def get_session(self, *, provider_session_id, reference):
        try:
            return self._answer(self.store.get(provider_session_id))
        except RefusedRequestError as error:
            raise ProviderRefusedError(str(error)) from error

    def cancel_session(self, *, provider_session_id):
        session = self.store.get(provider_session_id)
        if self.store.cancel(session):
            self.tell("payment.cancelled", session)
        return self._answer(session)

    def refund(self, *, provider_session_id, reference, amount):
        session = self.store.get(provider_session_id)
        try:
            self.store.refund(session, reference, amount)
        except RefusedRequestError as error:
            raise ProviderRefusedError(str(error)) from error
        self.tell("refund.succeeded", session)
        return self._answer(session)

    @property
    def holds(self) -> int:
        """What the provider has taken and not given back."""
        return sum(
            session.amount_captured - sum(refund["amount"] for refund in session.refunds)
            for session in self.store.sessions.values()
        )


DEEDS = (
    "begin",
    "authorise",
    "pay",
    "overpay",
    "turn_away",
    "desk_refund",
    "cash",
    "cancel",
    "lapse",
    "refund",
    "send",
    "ask",
)
steps = st.lists(st.sampled_from(DEEDS) | st.integers(0, 30), max_size=25)


class World:
    """One claim, its payers, its provider and its cashiers, all doing what comes into their minds."""

    def __init__(self, receivable: Receivable, cashier, provider: Nearby) -> None:
        self.receivable, self.cashier, self.provider = receivable, cashier, provider

    def do(self, step: str | int) -> None:
        if isinstance(step, int):
            if self.provider.sent:
                report = self.provider.sent[step % len(self.provider.sent)]
                receive_report(provider="nearby", report=report, source=ReportSource.WEBHOOK)
            return
        # What is refused must have changed nothing: the end of the story shows.
        with suppress(LedgerError, RefusedRequestError):
            getattr(self, step)()

    def _live(self):
        return next((one for one in self.provider.store.sessions.values() if one.status in rules.LIVE), None)

    def _at_provider(self, kind: str, deed) -> None:
        session = self._live()
        if session is not None:
            deed(session)
            self.provider.tell(kind, session)

    def begin(self) -> None:
        start_payment(receivable=self.receivable, provider="nearby", origin="http://here", language="ja")

    def authorise(self) -> None:
        self._at_provider("payment.authorised", lambda session: self.provider.store.authorise(session, "card"))

    def pay(self) -> None:
        self._at_provider("payment.captured", lambda session: self.provider.store.capture(session, "card"))

    def overpay(self) -> None:
        self._at_provider("payment.captured", lambda session: self.provider.store.capture(session, "card", amount=400))

    def turn_away(self) -> None:
        self._at_provider("payment.cancelled", self.provider.store.cancel)

    def desk_refund(self) -> None:
        for session in self.provider.store.sessions.values():
            self.provider.store.refund(session, "", 50)
            self.provider.tell("refund.succeeded", session)

    def cash(self) -> None:
        take_cash(receivable=self.receivable, actor=self.cashier)

    def cancel(self) -> None:
        cancel_receivable(receivable=self.receivable, reason="", actor=self.cashier)

    def lapse(self) -> None:
        Receivable.objects.update(due_on=clock.today() - timedelta(days=1))
        expire_due()

    def refund(self) -> None:
        refund_receivable(receivable=self.receivable, amount=100, reason="", actor=self.cashier)

    def send(self) -> None:
        for refund in Refund.objects.filter(status="sending").select_related("session", "receivable"):
            send_refund(refund=refund)

    def ask(self) -> None:
        for session in PaymentSession.objects.select_related("receivable"):
            ask_session(session=session)

    def come_to_rest(self) -> None:
        """What the jobs do in time."""
        for _turn in range(3):
            self.ask()
            self.send()


def check(world: World) -> None:
    receivable, found = Receivable.objects.get(), balances()
    assert found.get("clearing:nearby", 0) == world.provider.holds
    assert found.get("receivable", 0) == (300 if receivable.is_payable else 0)
    assert found.get("surplus", 0) == -sum(
        refund.amount for refund in Refund.objects.filter(source="surplus").exclude(status="done")
    )
    assert 0 <= receivable.refunded_amount <= receivable.paid_amount
    assert (receivable.paid_amount > 0) == (receivable.status in ("paid", "refunded"))
    assert not Refund.objects.filter(status="sending").exists()


@pytest.mark.database
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_the_books_say_what_the_provider_says_whatever_happened(owe, cashier, steps):
    provider = Nearby()
    with payment_providers.registered_temporarily("nearby", provider), transaction.atomic():
        world = World(owe(300), cashier, provider)
        for step in steps:
            world.do(step)
        world.come_to_rest()
        check(world)
        transaction.set_rollback(True)
