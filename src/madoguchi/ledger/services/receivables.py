"""Receivables: raised, cancelled, expired, paid in cash, given up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids, names
from madoguchi.trust.api import Account, enqueue, municipality_in_scope, record_event
from madoguchi.trust.events import EventType

from .. import events
from ..enums import EntryKind, PaymentMethod, ReceivableStatus, WaiverStatus
from ..errors import AmountError, FourEyesError, StatusError
from ..models import Receivable, Waiver
from ..permissions import receivable_policy
from ..registry import receivable_subjects
from ..rules import postings, statuses, years
from .books import post_entry

LARGEST = 100_000_000


@transaction.atomic
def raise_receivable(
    *,
    subject: models.Model,
    purpose: str,
    amount: int,
    title: str,
    payer: Account | None,
    payer_name: str,
    due_on: date | None,
    fiscal_year: int,
    actor: Account | None = None,
) -> Receivable:
    """
    Say that somebody owes the city an amount for a thing (調定) and return the receivable.

    ``subject`` is what it is for; ``purpose`` a short code by which money is counted; ``fiscal_year`` the year the claim
    belongs to. Without ``due_on`` it does not expire. ``actor`` None is the house itself. Raises ``AmountError`` for an
    amount that is not a whole number of yen from 1 to 100,000,000.
    """
    if actor is not None:
        receivable_policy.require(actor, "raise")
    if isinstance(amount, bool) or not isinstance(amount, int) or not 1 <= amount <= LARGEST:
        raise AmountError(_("金額は1円以上1億円以下の整数で入力してください。"))
    now = clock.now()
    receivable = Receivable.objects.create(
        municipality=municipality_in_scope(),
        number=_new_number(),
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        purpose=purpose,
        title=title[:200],
        amount=amount,
        fiscal_year=fiscal_year,
        due_on=due_on,
        payer=payer,
        payer_name=payer_name[:160],
        search_key=names.search_key(payer_name)[:400],
        raised_at=now,
        changed_at=now,
    )
    _book(receivable, EntryKind.RAISED, postings.raised(amount), actor)
    tell(receivable, kind=events.RAISED, quantity=amount, actor=actor)
    return receivable


def _new_number() -> str:
    while True:
        number = ids.new_case_number()
        if not Receivable.objects.filter(number=number).exists():
            return number


def locked(receivable: Receivable) -> Receivable:
    """Return the receivable as it is now, held until the end of the transaction; always lock it before its sessions."""
    return Receivable.objects.select_for_update().get(pk=receivable.pk)


def move(receivable: Receivable, *, status: ReceivableStatus, **changes: Any) -> None:
    """Bring a locked receivable into another state; raises ``StatusError`` where that cannot follow."""
    if not statuses.may_follow(receivable.status, status):
        raise StatusError(
            _("この納付は「%(status)s」です。画面を開き直して、今の状態を確かめてください。")
            % {"status": receivable.get_status_display()}
        )
    receivable.status = status
    keep(receivable, **changes)


def keep(receivable: Receivable, **changes: Any) -> None:
    """Write other columns of a locked receivable."""
    for name, value in changes.items():
        setattr(receivable, name, value)
    receivable.changed_at = clock.now()
    receivable.save()


def tell(receivable: Receivable, *, kind: EventType, quantity: int, actor: Account | None = None, **data: Any) -> None:
    """Write the event of a change and tell the subject of the receivable, in the transaction of the change."""
    record_event(
        kind=kind,
        subject=receivable,
        actor=actor,
        quantity=quantity,
        data={"purpose": receivable.purpose, "fiscal_year": receivable.fiscal_year, **data},
    )
    if subject := receivable_subjects.find(receivable.subject_type):
        subject.changed(receivable)


def _book(
    receivable: Receivable,
    kind: EntryKind,
    lines: tuple[postings.Line, ...],
    actor: Account | None = None,
    memo: str = "",
) -> None:
    post_entry(
        kind=kind,
        key=f"{kind}:{receivable.number}",
        lines=lines,
        fiscal_year=years.year_of_payment(receivable.fiscal_year, clock.today()),
        receivable=receivable,
        actor=actor,
        holder=actor if kind == EntryKind.CASH else None,
        memo=memo or receivable.title,
    )


@transaction.atomic
def cancel_receivable(*, receivable: Receivable, reason: str, actor: Account | None) -> Receivable:
    """Take a claim back before it is paid (調定の取消); raises ``StatusError`` when it is no longer open."""
    if actor is not None:
        receivable_policy.require(actor, "cancel", receivable)
    current = locked(receivable)
    move(current, status=ReceivableStatus.CANCELLED)
    _book(current, EntryKind.CANCELLED, postings.taken_back(current.amount), actor, reason)
    close_pages(current)
    tell(current, kind=events.CANCELLED, quantity=current.amount, actor=actor)
    return current


@transaction.atomic
def expire_receivable(*, receivable: Receivable) -> bool:
    """Let a claim lapse whose last day is over; False when it was paid or otherwise ended meanwhile."""
    current = locked(receivable)
    if not current.is_payable or current.due_on is None or current.due_on >= clock.today():
        return False
    move(current, status=ReceivableStatus.EXPIRED)
    _book(current, EntryKind.EXPIRED, postings.taken_back(current.amount))
    close_pages(current)
    tell(current, kind=events.EXPIRED, quantity=current.amount)
    return True


@transaction.atomic
def take_cash(*, receivable: Receivable, actor: Account) -> Receivable:
    """Take the whole amount in cash at the counter into the cashier's till; raises ``StatusError`` when not open."""
    receivable_policy.require(actor, "take_cash", receivable)
    current = locked(receivable)
    move(
        current,
        status=ReceivableStatus.PAID,
        method=PaymentMethod.CASH,
        paid_amount=current.amount,
        paid_at=clock.now(),
    )
    _book(current, EntryKind.CASH, postings.cash_taken(current.amount), actor)
    close_pages(current)
    tell(current, kind=events.PAID, quantity=current.amount, actor=actor, method="cash", channel="counter")
    return current


@transaction.atomic
def write_off_receivable(*, receivable: Receivable, reason: str, actor: Account) -> Receivable:
    """Give a claim up that can no longer be collected (不納欠損)."""
    receivable_policy.require(actor, "write_off", receivable)
    current = locked(receivable)
    move(current, status=ReceivableStatus.CANCELLED)
    _book(current, EntryKind.WRITTEN_OFF, postings.written_off(current.amount), actor, reason)
    close_pages(current)
    tell(current, kind=events.WRITTEN_OFF, quantity=current.amount, actor=actor)
    return current


@transaction.atomic
def waive_receivable(*, receivable: Receivable, reason: str, actor: Account) -> Waiver:
    """Ask for a claim to be given up (減免); it is, once another person has approved. Raises ``StatusError``."""
    receivable_policy.require(actor, "waive", receivable)
    current = locked(receivable)
    if not current.is_payable or current.waivers.filter(status=WaiverStatus.REQUESTED).exists():
        raise StatusError(_("減免を申し出られるのは、お支払い前で、ほかに申出がない納付です。"))
    waiver = Waiver.objects.create(
        municipality=municipality_in_scope(),
        receivable=current,
        reason=reason[:400],
        requested_by=actor,
        requested_at=clock.now(),
    )
    record_event(kind=events.WAIVER_REQUESTED, subject=current, actor=actor, quantity=current.amount)
    return waiver


@transaction.atomic
def decide_waiver(*, waiver: Waiver, is_approved: bool, actor: Account) -> Waiver:
    """Approve or reject a waiver; raises ``FourEyesError`` for the person who asked, ``StatusError`` when decided."""
    receivable_policy.require(actor, "approve_waiver", waiver.receivable)
    if waiver.requested_by_id == actor.pk:
        raise FourEyesError(_("減免は、申し出た人とは別の人が承認します。"))
    current = locked(waiver.receivable)
    waiver = Waiver.objects.select_for_update().get(pk=waiver.pk)
    if waiver.status != WaiverStatus.REQUESTED:
        raise StatusError(_("この減免は、すでに決まっています。"))
    waiver.status = WaiverStatus.APPROVED if is_approved else WaiverStatus.REJECTED
    waiver.decided_by, waiver.decided_at = actor, clock.now()
    waiver.save()
    if not is_approved:
        record_event(kind=events.WAIVER_REJECTED, subject=current, actor=actor, quantity=current.amount)
        return waiver
    move(current, status=ReceivableStatus.WAIVED)
    _book(current, EntryKind.WAIVED, postings.waived(current.amount), actor)
    close_pages(current)
    tell(current, kind=events.WAIVED, quantity=current.amount, actor=actor)
    return waiver


def close_pages(receivable: Receivable) -> None:
    """Have the provider close what is still open, so that nobody pays for nothing."""
    if receivable.sessions.filter(status__in=["new", "created", "authorised"]).exists():
        enqueue("ledger.tasks.close_pages", receivable_id=receivable.pk)
