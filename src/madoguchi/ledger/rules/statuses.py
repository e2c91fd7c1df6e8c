"""What may follow what: the states of a receivable."""

from __future__ import annotations

OPEN, PENDING, PAID, EXPIRED, CANCELLED, WAIVED, REFUNDED = (
    "open",
    "pending",
    "paid",
    "expired",
    "cancelled",
    "waived",
    "refunded",
)
FOLLOWS: dict[str, frozenset[str]] = {
    OPEN: frozenset({PENDING, PAID, EXPIRED, CANCELLED, WAIVED}),
    PENDING: frozenset({OPEN, PAID, EXPIRED, CANCELLED, WAIVED}),
    PAID: frozenset({REFUNDED}),
    EXPIRED: frozenset(),
    CANCELLED: frozenset(),
    WAIVED: frozenset(),
    REFUNDED: frozenset(),
}
"""From a state to the states that may come next; those without a next one are ends."""


def may_follow(before: str, after: str) -> bool:
    """Tell whether a receivable may go from one state to the other."""
    return after in FOLLOWS[before]


def takes_money(status: str) -> bool:
    """Tell whether money may still come for a receivable in this state."""
    return status in (OPEN, PENDING)
