"""What captured money means: the receivable is paid, or the money has to go back, or somebody has to look at it."""

from __future__ import annotations

from madoguchi.kit import clock
from madoguchi.trust.api import record_event

from .. import events
from ..enums import DiscrepancyKind, EntryKind, ReceivableStatus
from ..models import PaymentSession, Receivable
from ..rules import chart, postings, years
from .books import post_entry
from .discrepancies import note_discrepancy
from .receivables import close_pages, move, tell
from .refunding import send_back

OWED = "receivable"


def book_capture(*, session: PaymentSession, receivable: Receivable, before: int) -> None:
    """
    Book what a session has captured; both rows are locked. ``before`` is what was booked of it already.

    It pays the claim when the amount is right and the claim is open; it goes back when nothing is owed (過誤納); any other
    amount waits for a decision.
    """
    delta = session.captured_amount - before
    if delta <= 0:
        return
    if before or session.captured_amount != session.amount:
        _hold(session, receivable, delta)
    elif receivable.is_payable:
        _pay(session, receivable)
    else:
        _give_back(session, receivable)


def _book(session: PaymentSession, receivable: Receivable, kind: EntryKind, lines: tuple[postings.Line, ...]) -> None:
    post_entry(
        kind=kind,
        key=f"captured:{session.reference}:{session.captured_amount}",
        lines=lines,
        fiscal_year=years.year_of_payment(receivable.fiscal_year, clock.today()),
        receivable=receivable,
        memo=receivable.title,
    )


def _remember(session: PaymentSession, booked_as: str) -> None:
    session.booked_as = booked_as
    session.save(update_fields=["booked_as"])


def _pay(session: PaymentSession, receivable: Receivable) -> None:
    amount = session.captured_amount
    move(
        receivable,
        status=ReceivableStatus.PAID,
        method=session.method,
        paid_amount=amount,
        paid_at=clock.now(),
    )
    _book(session, receivable, EntryKind.CAPTURED, postings.captured(amount, session.provider))
    _remember(session, OWED)
    close_pages(receivable)
    tell(receivable, kind=events.PAID, quantity=amount, method=session.method, channel="online")


def _give_back(session: PaymentSession, receivable: Receivable) -> None:
    amount = session.captured_amount
    _book(session, receivable, EntryKind.SURPLUS, postings.captured_surplus(amount, session.provider))
    _remember(session, chart.SURPLUS)
    record_event(
        kind=events.SURPLUS_RECEIVED, subject=receivable, quantity=amount, data={"purpose": receivable.purpose}
    )
    send_back(session=session, receivable=receivable, amount=amount, source=chart.SURPLUS)


def _hold(session: PaymentSession, receivable: Receivable, amount: int) -> None:
    _book(session, receivable, EntryKind.UNIDENTIFIED, postings.captured_unidentified(amount, session.provider))
    if not session.booked_as:
        _remember(session, chart.UNIDENTIFIED)
    note_discrepancy(
        key=f"amount:{session.reference}",
        kind=DiscrepancyKind.AMOUNT_DIFFERS,
        provider=session.provider,
        provider_session_id=session.provider_session_id,
        session=session,
        receivable=receivable,
        amount_books=session.amount,
        amount_provider=session.captured_amount,
    )
