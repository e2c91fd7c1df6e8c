"""
The one door for what payment providers say: by webhook, when asked, or in a settlement file.

A report is joined with what is known (``rules.sessions``) under a lock on the receivable, and its effects on the books, the
receivable and the refunds are written in the same transaction. So reports may come late, twice and in any order.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from madoguchi.kit import clock, hashing
from madoguchi.trust.api import enqueue, municipality_in_scope, record_event

from .. import events
from ..enums import DiscrepancyKind, ReceivableStatus, ReportOutcome, ReportSource, Resolution, SessionStatus
from ..models import PaymentSession, ProviderReport, Receivable
from ..registry import Report, SessionAnswer
from ..rules.sessions import CAPTURED, LIVE, RefundFacts, SessionFacts, is_consistent, joined, news
from . import capturing, refunding
from .discrepancies import note_discrepancy, settle_quietly
from .receivables import locked, move


def receive_answer(*, session: PaymentSession, answer: SessionAnswer) -> ReportOutcome:
    """Take what a provider answered when it was asked; the same answer twice is one report."""
    if not session.provider_session_id and answer.provider_session_id:
        session = _remember_page(session, answer)
    content = _content_of(answer.facts)
    report = Report(
        event_id=f"query:{session.reference}:{hashing.digest(content)[:32]}",
        kind="session.answer",
        provider_session_id=answer.provider_session_id,
        reference=session.reference,
        amount=answer.amount or session.amount,
        facts=answer.facts,
        happened_at=clock.now(),
    )
    return receive_report(provider=session.provider, report=report, source=ReportSource.QUERY)


@transaction.atomic
def _remember_page(session: PaymentSession, answer: SessionAnswer) -> PaymentSession:
    current = PaymentSession.objects.select_for_update().get(pk=session.pk)
    current.provider_session_id = answer.provider_session_id
    current.redirect_url = current.redirect_url or answer.redirect_url
    current.save(update_fields=["provider_session_id", "redirect_url"])
    return current


@transaction.atomic
def receive_report(*, provider: str, report: Report, source: ReportSource) -> ReportOutcome:
    """
    Take one report of a provider whose sender is proven, and return what came of it.

    A report that was taken before changes nothing. One about no session of this municipality, or with an amount nobody asked
    for, is kept for a person to look at; a webhook with a strange amount is not believed until the provider was asked.
    """
    session = _session_of(provider, report)
    receivable = locked(session.receivable) if session else None
    if session:
        session = PaymentSession.objects.select_for_update().get(pk=session.pk)
    taken = ProviderReport.objects.filter(provider=provider, event_id=report.event_id).first()
    if taken is not None:
        return ReportOutcome(taken.outcome)
    if session is None or receivable is None:
        return _keep_unknown(provider, report, source)
    if source == ReportSource.WEBHOOK and not _is_plausible(session, report):
        return _quarantine(session, report, source)
    before = facts_of(session)
    after = joined(before, report.facts)
    session.provider_session_id = session.provider_session_id or report.provider_session_id
    session.answered_at = clock.now()
    _write_facts(session, after)
    outcome = ReportOutcome.NOTHING_NEW if before == after else ReportOutcome.APPLIED
    _note(provider, report, source, outcome, session)
    if before != after:
        _take_effect(session, receivable, before, after)
    return outcome


def _session_of(provider: str, report: Report) -> PaymentSession | None:
    if report.municipality and report.municipality != municipality_in_scope().code:
        return None
    sessions = PaymentSession.objects.filter(provider=provider).select_related("receivable")
    found = sessions.filter(provider_session_id=report.provider_session_id).first()
    # Our process may have died before it kept the provider's number: our own reference finds the session too.
    return found or sessions.filter(reference=report.reference, provider_session_id="").first()


def _is_plausible(session: PaymentSession, report: Report) -> bool:
    sums = (0, session.amount)
    refunded = sum(refund.amount for refund in report.facts.refunds.values() if refund.status == "succeeded")
    return (
        is_consistent(report.facts)
        and report.amount == session.amount
        and report.facts.captured in sums
        and refunded <= session.amount
    )


def facts_of(session: PaymentSession) -> SessionFacts:
    """Return what is known of a session."""
    return SessionFacts(
        status=session.status,
        method=session.method,
        captured=session.captured_amount,
        captured_on=session.captured_on,
        refunds={number: RefundFacts(**refund) for number, refund in session.refunds_known.items()},
    )


def _write_facts(session: PaymentSession, facts: SessionFacts) -> None:
    session.status, session.method = facts.status, facts.method
    session.captured_amount, session.captured_on = facts.captured, facts.captured_on
    session.refunds_known = _content_of(facts)["refunds"]
    session.save()


def _content_of(facts: SessionFacts) -> dict[str, object]:
    return {
        "status": facts.status,
        "method": facts.method,
        "captured": facts.captured,
        "captured_on": facts.captured_on.isoformat() if facts.captured_on else None,
        "refunds": {
            number: {"reference": refund.reference, "amount": refund.amount, "status": refund.status}
            for number, refund in facts.refunds.items()
        },
    }


def _note(
    provider: str, report: Report, source: ReportSource, outcome: ReportOutcome, session: PaymentSession | None = None
) -> ProviderReport:
    return ProviderReport.objects.create(
        municipality=municipality_in_scope(),
        provider=provider,
        event_id=report.event_id[:80],
        kind=report.kind[:60],
        source=source,
        session=session,
        content={"amount": report.amount, "reference": report.reference[:80], **_content_of(report.facts)},
        outcome=outcome,
        happened_at=report.happened_at,
        received_at=clock.now(),
    )


def _keep_unknown(provider: str, report: Report, source: ReportSource) -> ReportOutcome:
    try:
        with transaction.atomic():
            noted = _note(provider, report, source, ReportOutcome.UNKNOWN)
    except IntegrityError:  # the same report, taken at the same moment by another process
        return ReportOutcome.UNKNOWN
    if report.facts.captured > 0:
        note_discrepancy(
            key=f"unknown:{provider}:{report.provider_session_id}"[:120],
            kind=DiscrepancyKind.UNKNOWN_SESSION,
            provider=provider,
            provider_session_id=report.provider_session_id[:80],
            amount_provider=report.facts.captured,
        )
    record_event(kind=events.REPORT_QUARANTINED, subject=noted, data={"reason": "unknown_session"})
    return ReportOutcome.UNKNOWN


def _quarantine(session: PaymentSession, report: Report, source: ReportSource) -> ReportOutcome:
    noted = _note(session.provider, report, source, ReportOutcome.QUARANTINED, session)
    note_discrepancy(
        key=f"amount:{session.reference}",
        kind=DiscrepancyKind.AMOUNT_DIFFERS,
        provider=session.provider,
        provider_session_id=session.provider_session_id,
        session=session,
        receivable=session.receivable,
        amount_books=session.amount,
        amount_provider=report.facts.captured or report.amount,
    )
    record_event(kind=events.REPORT_QUARANTINED, subject=noted, data={"reason": "amount"})
    enqueue("ledger.tasks.ask_session", session_id=session.pk)
    return ReportOutcome.QUARANTINED


def _take_effect(session: PaymentSession, receivable: Receivable, before: SessionFacts, after: SessionFacts) -> None:
    if after.captured > 0:
        capturing.book_capture(session=session, receivable=receivable, before=before.captured)
        if after.captured == session.amount:
            settle_quietly(key=f"amount:{session.reference}", resolution=Resolution.RECHECKED)
    for number, refund in news(before, after).items():
        refunding.end_refund(session=session, receivable=receivable, number=number, facts=refund)
    if after.status != CAPTURED:
        _follow_page(session, receivable)


def _follow_page(session: PaymentSession, receivable: Receivable) -> None:
    """Say that the payer is at it while a page is open, and that the claim is open again when it closed unpaid."""
    if session.status == SessionStatus.NEW or not receivable.is_payable:
        return
    wanted = ReceivableStatus.PENDING if session.status in LIVE else ReceivableStatus.OPEN
    if receivable.status == wanted:
        return
    if wanted == ReceivableStatus.OPEN and receivable.sessions.filter(status__in=LIVE).exists():
        return
    move(receivable, status=wanted)
    refunding.tell_subject(receivable)
