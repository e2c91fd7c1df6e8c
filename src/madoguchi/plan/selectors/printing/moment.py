"""When what is printed of a plan last changed."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Max

from madoguchi.kit import clock

from ...models import Actual, ChangeRecord, ImprovementOrder, Plan, PortfolioMove, ReviewRound


def modified_at(plan: Plan) -> datetime:
    """
    Return the moment of the last change that a publication of a plan can show.

    That is never before today began: the day of printing stands on every cover.
    """
    began = datetime.combine(clock.today(), time.min, clock.TOKYO)
    orders = ImprovementOrder.objects.filter(project__plan=plan).aggregate(Max("answered_at"), Max("accepted_at"))
    moments: list[datetime | None] = [
        began,
        plan.published_at,
        Actual.objects.filter(indicator__plan=plan).aggregate(at=Max("approved_at"))["at"],
        ChangeRecord.objects.filter(plan=plan).aggregate(at=Max("at"))["at"],
        PortfolioMove.objects.filter(project__plan=plan).aggregate(at=Max("moved_at"))["at"],
        ReviewRound.objects.filter(plan=plan).aggregate(at=Max("closed_at"))["at"],
        *orders.values(),
    ]
    return max(moment for moment in moments if moment is not None)
