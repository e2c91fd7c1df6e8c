"""Reads of the books: trial balance (試算表) and statements of an account, by fiscal year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, QuerySet, Sum, Value, When
from django.db.models.fields import BigIntegerField

from madoguchi.kit import clock, fiscal

from ..models import BookAccount, EntryLine
from ..rules import chart, years


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account in a trial balance: what it began the year with, debits, credits, where it stands; yen, debits positive."""

    account: BookAccount
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """Where the account stands."""
        return self.opening + self.debit - self.credit

    @property
    def shown(self) -> int:
        """The balance on the side on which this kind of account grows."""
        return self.closing if chart.grows_on_debit(self.account.kind) else -self.closing


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of a fiscal year; ``is_open`` while money may still be booked in it (出納整理期間 included)."""

    fiscal_year: int
    rows: list[TrialRow]
    is_open: bool
    closes_on: date

    @property
    def debit(self) -> int:
        """The sum of the debits of the year."""
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        """The sum of the credits, the same as the debits."""
        return sum(row.credit for row in self.rows)

    @property
    def is_balanced(self) -> bool:
        """Tell whether both sides are equal, as they must be."""
        return self.debit == self.credit


def trial_balance(fiscal_year: int) -> TrialBalance:
    """Return the trial balance of a fiscal year; assets and liabilities begin with what earlier years left."""
    sums = {
        (row["account"], row["side"]): row["total"]
        for row in EntryLine.objects.filter(fiscal_year=fiscal_year)
        .annotate(side=Case(When(amount__gt=0, then=Value(1)), default=Value(-1), output_field=BigIntegerField()))
        .values("account", "side")
        .annotate(total=Sum("amount"))
    }
    earlier = dict(
        EntryLine.objects.filter(fiscal_year__lt=fiscal_year).values_list("account").annotate(total=Sum("amount"))
    )
    rows = [
        TrialRow(
            account,
            opening=earlier.get(account.pk, 0) if chart.carries_over(account.kind) else 0,
            debit=sums.get((account.pk, 1), 0),
            credit=-sums.get((account.pk, -1), 0),
        )
        for account in BookAccount.objects.all()
    ]
    return TrialBalance(
        fiscal_year, rows, years.is_open(fiscal_year, clock.today()), fiscal.closing_period(fiscal_year)[1]
    )


def statement(account: BookAccount, fiscal_year: int) -> QuerySet[EntryLine]:
    """Return the lines of an account in a fiscal year, newest first, with their entries."""
    lines = EntryLine.objects.filter(account=account, fiscal_year=fiscal_year)
    return lines.select_related("entry", "entry__receivable", "holder").order_by(F("entry_id").desc(), "pk")


def booked_years() -> list[int]:
    """Return the fiscal years with entries and the present one, newest first."""
    found = set(EntryLine.objects.values_list("fiscal_year", flat=True).distinct())
    return sorted(found | {fiscal.fiscal_year(clock.today())}, reverse=True)
