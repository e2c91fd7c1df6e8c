"""Freezing a period (評価の確定): what was closed cannot change, and everybody can check that it did not."""

from __future__ import annotations

from datetime import date

from django.db import connection

from madoguchi.kit import clock
from madoguchi.kit.hashing import digest

from ...enums import RoundPeriod, RoundStatus
from ...errors import FrozenPeriodError
from ...models import Plan, ReviewRound
from ...rules.review_flow import round_name
from ...selectors.frozen import collect_figures


def require_open_period(*, plan: Plan, fiscal_year: int, as_of: date | None = None) -> None:
    """
    Do nothing while the figures of a fiscal year may change; raise ``FrozenPeriodError`` once they are frozen.

    The closing of a yearly round freezes the whole year. That of a half-yearly round freezes what was measured in the
    first half (``as_of`` up to 30 September); a value without a date belongs to the year and stays open until its end.
    """
    rounds = ReviewRound.objects.filter(plan=plan, fiscal_year=fiscal_year).order_by("pk")
    if connection.in_atomic_block:
        # Whoever changes a figure holds the rounds of its year, so that none is closed between this look and the change.
        rounds = rounds.select_for_update()
    for period in [review.period for review in rounds if review.status == RoundStatus.CLOSED]:
        if period == RoundPeriod.FULL_YEAR or (as_of is not None and as_of <= end_of_first_half(fiscal_year)):
            raise FrozenPeriodError(
                f"{round_name(fiscal_year, period)}の評価は確定しています。"
                "実績や目標値、評価は変更できません。訂正が必要なときは、計画の事務局にご相談ください。"
            )


def end_of_first_half(fiscal_year: int) -> date:
    """Return the last day of the first half (上半期) of a fiscal year."""
    return date(fiscal_year, 9, 30)


def freeze(*, review: ReviewRound) -> None:
    """Write the figures of a round into it, with their digest; the caller holds the lock and closes the round."""
    review.frozen = collect_figures(review=review)
    review.digest = digest(review.frozen)
    review.closed_at = clock.now()
    review.save(update_fields=["frozen", "digest", "closed_at"])
