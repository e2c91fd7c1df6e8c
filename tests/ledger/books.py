"""What the books say, for assertions."""

from __future__ import annotations

from django.db.models import Sum

from madoguchi.ledger.models import EntryLine


def balances() -> dict[str, int]:
    """Return the balance of every account that has one, debits positive; they add up to zero, always."""
    rows = EntryLine.objects.values_list("account__key").annotate(total=Sum("amount")).order_by("account__code")
    found = {key: total for key, total in rows if total}
    assert sum(found.values()) == 0
    return found
