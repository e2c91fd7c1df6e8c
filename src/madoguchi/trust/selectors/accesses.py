"""Reading the access log."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from ..models import AccessRecord


def accesses_of(subject: Model) -> QuerySet[AccessRecord]:
    """Return who looked at a record, the last first; a resident may see this of the own record."""
    found = AccessRecord.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.select_related("actor").order_by("-id")
