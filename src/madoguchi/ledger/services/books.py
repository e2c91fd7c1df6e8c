"""Writing into the books: the only way an entry gets there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids
from madoguchi.trust.api import Account, PreparedQuery, insert_row, municipality_in_scope, record_event

from .. import events
from ..enums import EntryKind
from ..errors import StatusError
from ..models import BookAccount, EntryLine, JournalEntry, LedgerSettings, Receivable
from ..permissions import book_policy
from ..rules import chart, postings, years

# Every payment asks these two, one account or entry at a time.
_account = PreparedQuery(BookAccount, lambda rows, key: rows.filter(key=key))
_entry = PreparedQuery(JournalEntry, lambda rows, key: rows.filter(key=key))


def ensure_chart() -> None:
    """Give the municipality in scope the standard chart of accounts; accounts that are there already stay as they are."""
    municipality = municipality_in_scope()
    BookAccount.objects.bulk_create(
        [
            BookAccount(municipality=municipality, key=one.key, code=one.code, name=one.name, kind=one.kind)
            for one in chart.STANDARD.values()
        ],
        ignore_conflicts=True,
    )


def accounts_for(keys: Iterable[str]) -> dict[str, BookAccount]:
    """Return the accounts of these keys, made from the standard chart where they are missing."""
    wanted = set(keys)
    found = {account.key: account for key in wanted if (account := _account.first(key=key)) is not None}
    if wanted - set(found):
        ensure_chart()
        for key in sorted(wanted - set(chart.STANDARD) - set(found)):
            _open_clearing(key)
        found = {account.key: account for account in BookAccount.objects.filter(key__in=wanted)}
    return found


def _open_clearing(key: str) -> None:
    """Open the account of a provider (決済代行預け金) under the next free code."""
    kind, _separator, provider = key.partition(":")
    if kind != chart.CLEARING or not provider:
        raise LookupError(f"no book account has the key {key!r}")
    for number in range(10, 100):
        code = f"12{number}"
        if BookAccount.objects.filter(code=code).exists():
            continue
        try:
            with transaction.atomic():
                BookAccount.objects.create(
                    municipality=municipality_in_scope(),
                    key=key,
                    code=code,
                    name=f"決済代行預け金（{provider}）",
                    kind=chart.ASSET,
                )
        except IntegrityError:  # another process opened one at the same moment: this one, or another under this code
            if BookAccount.objects.filter(key=key).exists():
                return
            continue
        return
    raise LookupError("no code is left for another provider's account")


@transaction.atomic
def post_entry(
    *,
    kind: EntryKind,
    key: str,
    lines: Iterable[postings.Line],
    fiscal_year: int,
    receivable: Receivable | None = None,
    actor: Account | None = None,
    holder: Account | None = None,
    memo: str = "",
    reverses: JournalEntry | None = None,
) -> JournalEntry:
    """
    Write one entry with its lines and return it; the same ``key`` again returns the entry that is there.

    ``holder`` is whose till cash lines move. Raises ``UnbalancedError`` when the lines do not add up to zero; the database
    would refuse them too.
    """
    checked = postings.require_balance(lines)
    if existing := _entry.first(key=key):
        return existing
    accounts = accounts_for(line.account for line in checked)
    municipality, today, entry_id = municipality_in_scope(), clock.today(), ids.new_id()
    # Lines first: the database judges the entry when it is written, and closes it.
    for line in checked:
        insert_row(
            EntryLine(
                municipality=municipality,
                entry_id=entry_id,
                account=accounts[line.account],
                amount=line.amount,
                fiscal_year=fiscal_year,
                booked_on=today,
                holder=holder if line.account == chart.CASH else None,
            )
        )
    entry = JournalEntry(
        id=entry_id,
        municipality=municipality,
        key=key,
        kind=kind,
        fiscal_year=fiscal_year,
        booked_on=today,
        at=clock.now(),
        memo=memo[:200],
        receivable=receivable,
        actor=actor,
        reverses=reverses,
    )
    insert_row(entry)
    return entry


@transaction.atomic
def reverse_entry(*, entry: JournalEntry, reason: str, actor: Account) -> JournalEntry:
    """
    Undo an entry of the settlement or of a till by its opposite (反対仕訳), in an open year.

    Entries that belong to a receivable are undone by what is done with it (cancel, refund), so that state and books stay
    one; raises ``StatusError`` for those and for one that is reversed already.
    """
    book_policy.require(actor, "reverse", entry)
    if entry.receivable_id is not None:
        raise StatusError(_("この仕訳は納付に結び付いています。納付の画面から、取消または返金をしてください。"))
    if entry.kind == EntryKind.REVERSED or JournalEntry.objects.filter(reverses=entry).exists():
        raise StatusError(_("この仕訳は、すでに訂正されています。"))
    lines = [postings.Line(line.account.key, line.amount) for line in entry.lines.select_related("account")]
    holder = next((line.holder for line in entry.lines.select_related("holder") if line.holder_id), None)
    reversal = post_entry(
        kind=EntryKind.REVERSED,
        key=f"reversal:{entry.pk}",
        lines=postings.reversed_lines(lines),
        fiscal_year=years.year_of_payment(entry.fiscal_year, clock.today()),
        actor=actor,
        holder=holder,
        memo=reason,
        reverses=entry,
    )
    record_event(kind=events.ENTRY_REVERSED, subject=entry, actor=actor, data={"reversal": reversal.pk})
    return reversal


def ledger_settings() -> LedgerSettings:
    """Return what the municipality in scope has decided about its books; the defaults where it has not."""
    found = LedgerSettings.objects.first()
    return found or LedgerSettings(municipality=municipality_in_scope())


@transaction.atomic
def change_settings(
    *, refund_limit: int, session_minutes: int, ask_after_minutes: int, actor: Account
) -> LedgerSettings:
    """Change the limits of the books: yen above which a second person approves a refund, minutes of pay pages."""
    book_policy.require(actor, "configure")
    values = {
        "refund_limit": refund_limit,
        "session_minutes": session_minutes,
        "ask_after_minutes": ask_after_minutes,
    }
    found, _is_new = LedgerSettings.objects.update_or_create(municipality=municipality_in_scope(), defaults=values)
    record_event(kind=events.SETTINGS_CHANGED, subject=found, actor=actor, data=values)
    return found
