"""Which applications a core system still has to get, and what became of those it got."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from madoguchi.kit import clock
from madoguchi.trust.api import Account

from ..enums import ApplicationStatus, ExportItemState
from ..models import Application, CoreExport, CoreExportItem, CoreLayout, Correction, Procedure
from ..permissions import export_policy

LEFT_OUT = (
    ApplicationStatus.WITHDRAWN,
    ApplicationStatus.EXPIRED,
    ApplicationStatus.REJECTED,
    ApplicationStatus.AWAITING_CORRECTION,
)
"""What nobody hands on: it is over, or the applicant is about to change it."""


def candidates(
    *,
    procedures: list[Procedure],
    system: str,
    since: date | None = None,
    until: date | None = None,
    again: bool = False,
) -> QuerySet[Application]:
    """
    Return the applications to hand on to a system, oldest first; ``is_again`` marks those that go there once more.

    Without ``again``: those it never got, those whose answers were corrected since, and those it could not take.
    """
    last = CoreExportItem.objects.filter(application=OuterRef("pk"), system=system, is_current=True)
    corrected = Correction.objects.filter(application=OuterRef("pk"), answered_at__gt=OuterRef("handed_on_at"))
    found = (
        Application.objects.filter(procedure__in=procedures)
        .exclude(status__in=LEFT_OUT)
        .annotate(handed_on_at=Subquery(last.values("exported_at")[:1]), is_again=Exists(last))
    )
    if since is not None:
        found = found.filter(submitted_at__gte=_begin(since))
    if until is not None:
        found = found.filter(submitted_at__lt=_begin(until + timedelta(days=1)))
    if not again:
        failed = last.filter(state=ExportItemState.FAILED)
        found = found.filter(Q(is_again=False) | Exists(corrected) | Exists(failed))
    return found.order_by("submitted_at", "pk")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)


def exportable_procedures(actor: Account | None) -> list[Procedure]:
    """Return the procedures whose applications somebody may hand on."""
    found = Procedure.objects.select_related("unit", "published").order_by("code")
    return [procedure for procedure in found if export_policy.allows(actor, "make", procedure)]


def visible_exports(actor: Account | None) -> QuerySet[CoreExport]:
    """Return the exports somebody may see, newest first, with how many of each are open or failed."""
    mine = [procedure.pk for procedure in exportable_procedures(actor)]
    own = Q(procedure=None, created_by=actor)
    everything = export_policy.allows(actor, "view", CoreExport())
    found = CoreExport.objects.filter(Q(procedure__in=mine) | (Q(procedure=None) if everything else own))
    return (
        found.select_related("procedure__published", "created_by")
        .annotate(
            waiting=Count("items", filter=Q(items__state=ExportItemState.WAITING)),
            failed=Count("items", filter=Q(items__state=ExportItemState.FAILED)),
        )
        .order_by("-created_at", "-pk")
    )


def corrected_since(items: QuerySet[CoreExportItem]) -> QuerySet[CoreExportItem]:
    """Return the items whose application was corrected after it was handed on, and not handed on again."""
    newer = Correction.objects.filter(application=OuterRef("application"), answered_at__gt=OuterRef("exported_at"))
    return items.filter(Exists(newer), is_current=True)


def known_systems() -> list[str]:
    """Return the names of core systems used so far."""
    return sorted(set(CoreExport.objects.order_by().values_list("system", flat=True).distinct()))


def layout_of(procedure: Procedure, system: str) -> list[str]:
    """Return the columns of a system's screen for a procedure; empty where nobody arranged them."""
    found = CoreLayout.objects.filter(procedure=procedure, system=system).first()
    return list(found.paths) if found else []


def next_to_key(export: CoreExport, *, after: int = 0) -> CoreExportItem | None:
    """Return the next application of an export that waits to be keyed, after an item or from the beginning."""
    waiting = export.items.filter(state=ExportItemState.WAITING).select_related("application")
    return waiting.filter(pk__gt=after).first() or waiting.order_by(F("pk")).first()
