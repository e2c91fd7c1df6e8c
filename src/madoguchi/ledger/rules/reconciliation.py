"""Comparing a provider's settlement file with the books, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MATCHED, MISSING_IN_BOOKS, MISSING_AT_PROVIDER, AMOUNT_DIFFERS = (
    "matched",
    "missing_in_books",
    "missing_at_provider",
    "amount_differs",
)
CAPTURE, REFUND = "capture", "refund"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the file: capture or refund, the number that names it on both sides, yen, fee in yen."""

    kind: str
    number: str
    amount: int
    fee: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one number: what the file and the books say (None: nothing), and the conclusion."""

    kind: str
    number: str
    told: int | None
    booked: int | None
    conclusion: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a file: counts and yen of captures and refunds, fees; ``net`` is what is paid out."""

    captured_count: int
    captured: int
    refunded_count: int
    refunded: int
    fee: int

    @property
    def gross(self) -> int:
        """Captures less refunds."""
        return self.captured - self.refunded

    @property
    def net(self) -> int:
        """What is paid out."""
        return self.gross - self.fee


def totals(lines: Iterable[Told]) -> Totals:
    """Add a file up."""
    every = list(lines)
    captures = [line.amount for line in every if line.kind == CAPTURE]
    refunds = [line.amount for line in every if line.kind == REFUND]
    return Totals(len(captures), sum(captures), len(refunds), sum(refunds), sum(line.fee for line in every))


def compare(
    lines: Iterable[Told], *, booked: Mapping[tuple[str, str], int], expected: Iterable[tuple[str, str]]
) -> list[Verdict]:
    """
    Compare a file with the books and return a verdict for every number of either side, the file's first.

    ``booked`` gives the yen in the books by kind and number, of any day; ``expected`` the numbers that must be in this file.
    A number told twice is added up: the books have it once.
    """
    told: dict[tuple[str, str], int] = {}
    for line in lines:
        place = (line.kind, line.number)
        told[place] = told.get(place, 0) + line.amount
    verdicts = [
        Verdict(*place, amount, booked.get(place), _judge(amount, booked.get(place))) for place, amount in told.items()
    ]
    missing = sorted(set(expected) - set(told))
    return verdicts + [Verdict(*place, None, booked.get(place), MISSING_AT_PROVIDER) for place in missing]


def _judge(told: int, booked: int | None) -> str:
    if not booked:
        return MISSING_IN_BOOKS
    return MATCHED if told == booked else AMOUNT_DIFFERS
