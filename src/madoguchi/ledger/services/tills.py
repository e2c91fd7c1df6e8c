"""Tills: the cash a cashier has taken, counted and handed in at the end of the day (締め)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal, ids
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .. import events
from ..enums import DiscrepancyKind, EntryKind
from ..errors import AmountError, StatusError
from ..models import BookAccount, CashClose, EntryLine
from ..permissions import book_policy
from ..rules import chart, postings
from .books import accounts_for, post_entry
from .discrepancies import note_discrepancy

DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1)


def till_balance(cashier: Account) -> int:
    """Return the yen the books expect in a cashier's till, the change it started with aside."""
    lines = EntryLine.objects.filter(account__key=chart.CASH, holder=cashier)
    return lines.aggregate(total=Sum("amount"))["total"] or 0


@transaction.atomic
def close_till(*, counted: dict[int, int], expected: int, note: str, actor: Account) -> CashClose:
    """
    Hand in what is in one's own till: ``counted`` gives the number of each coin and note.

    ``expected`` is what the cashier was shown: raises ``StatusError`` when money came in meanwhile, ``AmountError`` for a
    count that is not possible, or for a difference without a note. The difference is booked, and put before a person.
    """
    book_policy.require(actor, "close_till")
    if not set(counted) <= set(DENOMINATIONS) or any(number < 0 for number in counted.values()):
        raise AmountError(_("金種ごとの枚数を0以上の整数で入力してください。"))
    cash = accounts_for([chart.CASH])[chart.CASH]
    BookAccount.objects.select_for_update().get(pk=cash.pk)
    booked = till_balance(actor)
    if booked != expected:
        raise StatusError(_("締めている間に現金の記帳がありました。画面を開き直して、数え直してください。"))
    total = sum(value * number for value, number in counted.items())
    if total != booked and not note.strip():
        raise AmountError(_("帳簿の金額と違うときは、分かっていることをメモに書いてください。"))
    close = CashClose(
        municipality=municipality_in_scope(),
        cashier=actor,
        closed_on=clock.today(),
        closed_at=clock.now(),
        expected=booked,
        counted=total,
        denominations={str(value): number for value, number in counted.items() if number},
        note=note[:400],
    )
    close.entry = _book(close)
    close.save()
    if close.difference:
        note_discrepancy(
            key=f"till:{close.pk}", kind=DiscrepancyKind.CASH_DIFFERS, amount_books=booked, amount_provider=total
        )
    record_event(kind=events.CASH_CLOSED, subject=close, actor=actor, quantity=total)
    return close


def _book(close: CashClose):  # type: ignore[no-untyped-def]
    lines = postings.deposited(expected=close.expected, counted=close.counted)
    if not lines:
        return None
    return post_entry(
        kind=EntryKind.DEPOSITED,
        key=f"till:{ids.new_id()}",
        lines=lines,
        fiscal_year=fiscal.fiscal_year(close.closed_on),
        actor=close.cashier,
        holder=close.cashier,
        memo=close.note,
    )
