"""
What is known of an attempt to pay, joined from reports in any order.

Reports come late, twice, out of order or never. Each says what the provider knew at some time; ``joined`` puts two such
states together by taking the greater of each part. It is commutative, associative and idempotent (the states are a join
semilattice), so the same reports give the same knowledge in whatever order and however often they come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

NEW, CREATED, AUTHORISED, CAPTURED = "new", "created", "authorised", "captured"
FAILED, EXPIRED, CANCELLED = "failed", "expired", "cancelled"
PENDING, SUCCEEDED = "pending", "succeeded"

# Money that came outweighs any word that it would not: a capture is never unsaid, only refunded.
_RANK = {NEW: 0, CREATED: 1, AUTHORISED: 2, FAILED: 3, EXPIRED: 4, CANCELLED: 5, CAPTURED: 6}
_REFUND_RANK = {PENDING: 0, FAILED: 1, SUCCEEDED: 2}
STATUSES = frozenset(_RANK)
REFUND_STATUSES = frozenset(_REFUND_RANK)
LIVE = frozenset({NEW, CREATED, AUTHORISED})


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What is known of one refund: our reference for it (empty for one made at the provider's desk), yen, state."""

    reference: str
    amount: int
    status: str


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What is known of one attempt: state, method, yen captured and on which day, refunds by the provider's number."""

    status: str = NEW
    method: str = ""
    captured: int = 0
    captured_on: date | None = None
    refunds: Mapping[str, RefundFacts] = field(default_factory=dict)


def joined(first: SessionFacts, second: SessionFacts) -> SessionFacts:
    """Return what is known when both are."""
    status, method = max((_RANK[facts.status], facts.status, facts.method) for facts in (first, second))[1:]
    days = [facts.captured_on for facts in (first, second) if facts.captured_on is not None]
    numbers = sorted({*first.refunds, *second.refunds})
    return SessionFacts(
        status=status,
        method=method,
        captured=max(first.captured, second.captured),
        captured_on=min(days, default=None),
        refunds={number: _joined_refund(first.refunds.get(number), second.refunds.get(number)) for number in numbers},
    )


def _joined_refund(first: RefundFacts | None, second: RefundFacts | None) -> RefundFacts:
    known = [facts for facts in (first, second) if facts is not None]
    return max(known, key=lambda facts: (_REFUND_RANK[facts.status], facts.amount, facts.reference))


def is_consistent(facts: SessionFacts) -> bool:
    """Tell whether a report can be true at all: money is captured exactly when it says so, and yen are not negative."""
    amounts = [facts.captured, *(refund.amount for refund in facts.refunds.values())]
    return (facts.captured > 0) == (facts.status == CAPTURED) and min(amounts) >= 0


def news(before: SessionFacts, after: SessionFacts) -> dict[str, RefundFacts]:
    """Return the refunds that have come to an end (succeeded or failed) since ``before``, by the provider's number."""
    if after.captured <= 0:
        return {}
    held = before if before.captured > 0 else replace(before, refunds={})
    return {
        number: refund
        for number, refund in after.refunds.items()
        if refund.status != PENDING and (number not in held.refunds or held.refunds[number].status != refund.status)
    }
