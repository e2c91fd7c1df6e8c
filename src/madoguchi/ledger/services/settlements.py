"""The daily reconciliation: a provider's settlement file beside the books (照合)."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db import transaction

from madoguchi.kit import clock, fiscal, hashing
from madoguchi.trust.api import Account, enqueue, municipality_in_scope, record_event

from .. import events
from ..enums import DiscrepancyKind, EntryKind, RefundStatus, Resolution
from ..errors import ProviderError, SettlementError
from ..models import JournalEntry, PaymentSession, Refund, Settlement, SettlementLine
from ..permissions import reconciliation_policy
from ..registry import SettlementRow, payment_providers
from ..rules import postings, reconciliation
from ..rules.reconciliation import CAPTURE, MATCHED, REFUND, Told, Verdict
from .books import post_entry
from .discrepancies import note_discrepancy, settle_quietly

logger = logging.getLogger(__name__)
DAYS_BACK = 7


def compare_recent(*, today: date | None = None) -> int:
    """Compare the last days of every provider that were not compared yet; return how many files were read."""
    today = today or clock.today()
    days = [today - timedelta(days=back) for back in range(1, DAYS_BACK + 1)]
    read = 0
    for provider, _source in payment_providers.items():
        known = set(Settlement.objects.filter(provider=provider, day__in=days).values_list("day", flat=True))
        active = PaymentSession.objects.filter(provider=provider).exists()
        for day in sorted(set(days) - known) if active else []:
            try:
                compare_settlement(provider=provider, day=day)
            except (ProviderError, SettlementError) as error:
                logger.warning("settlement of %s, %s: %s", provider, day, error)
                continue
            read += 1
    return read


def compare_settlement(*, provider: str, day: date, actor: Account | None = None) -> Settlement:
    """
    Fetch the settlement file of a day, compare it with the books and book what was paid out.

    Doing it again compares again; a file that has changed is booked anew, the old entry reversed. Raises ``ProviderError``,
    ``SettlementError``.
    """
    if actor is not None:
        reconciliation_policy.require(actor, "run")
    source = payment_providers.get(provider)
    content = source.settlement(day, municipality=municipality_in_scope().code)
    rows = source.read_settlement(content)
    return _compare(provider, day, hashing.digest_bytes(content), rows, actor)


@transaction.atomic
def _compare(provider: str, day: date, digest: str, rows: list[SettlementRow], actor: Account | None) -> Settlement:
    lines = [Told(row.kind, _number(row), row.amount, row.fee) for row in rows]
    verdicts = reconciliation.compare(lines, booked=_booked(provider, rows), expected=_expected(provider, day))
    sums = reconciliation.totals(lines)
    settlement, _is_new = Settlement.objects.select_for_update().get_or_create(
        municipality=municipality_in_scope(),
        provider=provider,
        day=day,
        defaults={"digest": "", "fetched_at": clock.now()},
    )
    has_changed = settlement.digest != digest
    settlement.digest, settlement.fetched_at = digest, clock.now()
    settlement.captured_count, settlement.captured_amount = sums.captured_count, sums.captured
    settlement.refunded_count, settlement.refunded_amount = sums.refunded_count, sums.refunded
    settlement.fee = sums.fee
    settlement.matched_count = sum(verdict.conclusion == MATCHED for verdict in verdicts)
    settlement.difference_count = len(verdicts) - settlement.matched_count
    if has_changed:
        settlement.entry = _book(settlement, sums, actor)
    settlement.save()
    _keep_lines(settlement, rows, verdicts)
    for verdict in verdicts:
        _follow(settlement, verdict)
    record_event(
        kind=events.SETTLEMENT_COMPARED,
        subject=settlement,
        actor=actor,
        quantity=sums.net,
        data={"provider": provider, "day": day.isoformat(), "differences": settlement.difference_count},
    )
    return settlement


def _number(row: SettlementRow) -> str:
    """Name a line as both sides know it: a capture by the session, a refund by our reference for it."""
    return row.provider_session_id if row.kind == CAPTURE else row.reference or row.provider_session_id


def _booked(provider: str, rows: list[SettlementRow]) -> dict[tuple[str, str], int]:
    numbers = [_number(row) for row in rows]
    sessions = PaymentSession.objects.filter(provider=provider, provider_session_id__in=numbers, captured_amount__gt=0)
    refunds = Refund.objects.filter(session__provider=provider, reference__in=numbers, status=RefundStatus.DONE)
    elsewhere = Refund.objects.filter(
        session__provider=provider, provider_refund_id__in=numbers, status=RefundStatus.DONE
    )
    return {
        **{(CAPTURE, session.provider_session_id): session.captured_amount for session in sessions},
        **{(REFUND, refund.provider_refund_id): refund.amount for refund in elsewhere},
        **{(REFUND, refund.reference): refund.amount for refund in refunds},
    }


def _expected(provider: str, day: date) -> list[tuple[str, str]]:
    sessions = PaymentSession.objects.filter(provider=provider, captured_on=day, captured_amount__gt=0)
    return [(CAPTURE, number) for number in sessions.values_list("provider_session_id", flat=True)]


def _book(settlement: Settlement, sums: reconciliation.Totals, actor: Account | None) -> JournalEntry | None:
    year = fiscal.fiscal_year(clock.today())
    if settlement.entry is not None:
        lines = [postings.Line(line.account.key, line.amount) for line in settlement.entry.lines.all()]
        post_entry(
            kind=EntryKind.REVERSED,
            key=f"reversal:{settlement.entry_id}",
            lines=postings.reversed_lines(lines),
            fiscal_year=year,
            actor=actor,
            reverses=settlement.entry,
        )
    lines = list(postings.settled(gross=sums.gross, fee=sums.fee, provider=settlement.provider))
    if not lines:
        return None
    return post_entry(
        kind=EntryKind.SETTLED,
        key=f"settled:{settlement.provider}:{settlement.day}:{settlement.digest[:16]}",
        lines=lines,
        fiscal_year=year,
        actor=actor,
        memo=f"{settlement.provider} {settlement.day}",
    )


def _keep_lines(settlement: Settlement, rows: list[SettlementRow], verdicts: list[Verdict]) -> None:
    settlement.lines.all().delete()
    conclusions = {(verdict.kind, verdict.number): verdict.conclusion for verdict in verdicts}
    sessions = {
        session.provider_session_id: session
        for session in PaymentSession.objects.filter(
            provider=settlement.provider, provider_session_id__in=[row.provider_session_id for row in rows]
        )
    }
    SettlementLine.objects.bulk_create(
        [
            SettlementLine(
                municipality=settlement.municipality,
                settlement=settlement,
                number=place,
                kind=row.kind,
                provider_session_id=row.provider_session_id[:80],
                reference=row.reference[:80],
                amount=row.amount,
                fee=row.fee,
                session=sessions.get(row.provider_session_id),
                verdict=conclusions[(row.kind, _number(row))],
            )
            for place, row in enumerate(rows, start=1)
        ],
        batch_size=500,
    )


def _follow(settlement: Settlement, verdict: Verdict) -> None:
    """Put a difference before a person; one that is only a lost report is asked for and so explains itself."""
    key = f"settled:{settlement.provider}:{verdict.kind}:{verdict.number}"[:120]
    if verdict.conclusion == MATCHED:
        settle_quietly(key=key, resolution=Resolution.RECHECKED)
        return
    session = PaymentSession.objects.filter(provider=settlement.provider, provider_session_id=verdict.number).first()
    note_discrepancy(
        key=key,
        kind=DiscrepancyKind(verdict.conclusion),
        provider=settlement.provider,
        provider_session_id=verdict.number[:80],
        session=session,
        receivable=session.receivable if session else None,
        settlement=settlement,
        amount_books=verdict.booked,
        amount_provider=verdict.told,
    )
    if session is not None:
        enqueue("ledger.tasks.recheck", settlement_id=settlement.pk, session_id=session.pk)


@transaction.atomic
def explain_if_agreed(*, settlement: Settlement, session: PaymentSession) -> bool:
    """Settle the difference of a session once the books say what the file says; tell whether they do."""
    session.refresh_from_db()
    line = settlement.lines.filter(kind=CAPTURE, provider_session_id=session.provider_session_id).first()
    if line is None or line.amount != session.captured_amount:
        return False
    settle_quietly(
        key=f"settled:{settlement.provider}:{CAPTURE}:{session.provider_session_id}"[:120],
        resolution=Resolution.RECHECKED,
    )
    return True
