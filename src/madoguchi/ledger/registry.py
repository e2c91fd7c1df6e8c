"""Extension points of the ledger room: what money is owed for, and who takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.http import HttpRequest

from madoguchi.kit.registry import ConfigProblem, Registry

from .models import Receivable
from .rules.sessions import SessionFacts


@dataclass(frozen=True, slots=True)
class ReceivableSubject:
    """
    A kind of thing money is owed for; ``key`` is the model's label ("procedures.application").

    ``changed`` is called inside the transaction of every change of a receivable (state, refund): it may write rows and
    queue jobs, nothing else. ``return_path`` is where the payer goes on afterwards; ``may_pay`` tells whether a visitor who
    has the pay page's address may see it and pay.
    """

    key: str
    label: str
    changed: Callable[[Receivable], None]
    return_path: Callable[[Receivable], str]
    may_pay: Callable[[HttpRequest, Receivable], bool]


receivable_subjects: Registry[ReceivableSubject] = Registry("receivable_subjects")
"""Every kind of thing money is owed for; higher rooms register theirs when the application starts."""


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """
    What a provider is asked for: a page on which ``amount`` yen are paid. ``reference`` is the Idempotency-Key.

    The page closes at ``expires_at``; a number for paying at a shop (コンビニ払い) may be used until the end of ``pay_by``.
    """

    reference: str
    municipality: str
    number: str
    title: str
    amount: int
    language: str
    return_url: str
    callback_url: str
    expires_at: datetime
    pay_by: date | None = None


@dataclass(frozen=True, slots=True)
class SessionAnswer:
    """What a provider says of a session: its number, the page to lead the payer to, and what is known."""

    provider_session_id: str
    redirect_url: str
    facts: SessionFacts
    reference: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """One thing a provider said of one session, however it reached us."""

    event_id: str
    kind: str
    provider_session_id: str
    reference: str
    amount: int
    facts: SessionFacts
    municipality: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """One line of a settlement file: ``capture`` or ``refund``, the provider's and our numbers, yen and the fee in yen."""

    kind: str
    provider_session_id: str
    reference: str
    amount: int
    fee: int


class PaymentProvider(Protocol):
    """
    A company that takes money for the city on a page of its own (決済代行会社).

    Every method that talks to it raises ``ProviderError`` when it cannot be reached or answers nonsense (asking again is
    safe), ``ProviderRefusedError`` when it says no.
    """

    key: str
    label: str
    methods: tuple[str, ...]

    def create_session(self, order: SessionOrder) -> SessionAnswer:
        """Open a page to pay on; asked twice with the same reference, the same page comes back."""
        ...

    def get_session(self, *, provider_session_id: str, reference: str) -> SessionAnswer:
        """Return what is known of a session now, by its number or, where that was lost, by our reference."""
        ...

    def cancel_session(self, *, provider_session_id: str) -> SessionAnswer:
        """Close a page so that nobody can pay on it any more; a session that was paid stays so."""
        ...

    def refund(self, *, provider_session_id: str, reference: str, amount: int) -> SessionAnswer:
        """Give yen back; asked twice with the same reference, it is given once."""
        ...

    def settlement(self, day: date, *, municipality: str) -> bytes:
        """Return the settlement file of a day, as it is."""
        ...

    def read_settlement(self, content: bytes) -> list[SettlementRow]:
        """Return the lines of a settlement file; raises ``SettlementError``."""
        ...

    def read_webhook(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Report:
        """Return what a webhook says; raises ``SignatureError`` unless it is signed by the provider, and fresh."""
        ...

    def check_config(self) -> list[ConfigProblem]:
        """Return what is wrong with the settings."""
        ...


payment_providers: Registry[PaymentProvider] = Registry("payment_providers")
"""Every payment provider of the installation, from the settings."""
