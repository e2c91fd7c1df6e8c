"""Loading indicators with everything their pages and judgements ask for."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from ..models import Actual, Indicator, ProjectUnit, Target


def with_values(found: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Return indicators with targets, values, plan, project and owner in a constant number of queries."""
    return found.select_related("plan", "goal", "measure", "project", "owner_unit", "owner").prefetch_related(
        Prefetch("targets", Target.objects.order_by("fiscal_year")),
        Prefetch("actuals", Actual.objects.order_by("fiscal_year", "id").select_related("entered_by")),
        Prefetch("project__responsibilities", ProjectUnit.objects.select_related("unit")),
    )
