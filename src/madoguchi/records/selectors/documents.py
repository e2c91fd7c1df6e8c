"""Finding issued documents."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Model, Q, QuerySet

from madoguchi.kit import clock
from madoguchi.kit.names import search_key
from madoguchi.trust.api import Account

from ..enums import DocumentStatus
from ..models import DocumentBatch, IssuedDocument
from ..rules.codes import parse_number


def documents_of(subject: Model) -> QuerySet[IssuedDocument]:
    """Return the documents issued for a row of another room, newest first."""
    return IssuedDocument.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def own_documents(account: Account) -> QuerySet[IssuedDocument]:
    """Return the documents issued to a person, newest first; those that could not be made are not theirs to see."""
    return IssuedDocument.objects.filter(recipient=account).exclude(status=DocumentStatus.FAILED)


def find_documents(
    *,
    text: str = "",
    status: str = "",
    kind: str = "",
    from_date: date | None = None,
    to_date: date | None = None,
    batch: int | None = None,
) -> QuerySet[IssuedDocument]:
    """Return the documents that fit: ``text`` is a number, or part of a title or a recipient's name."""
    found = IssuedDocument.objects.select_related("recipient", "batch")
    if status:
        found = found.filter(status=status)
    if kind:
        found = found.filter(kind=kind)
    if from_date:
        found = found.filter(created_at__gte=_start(from_date))
    if to_date:
        found = found.filter(created_at__lt=_start(to_date + timedelta(days=1)))
    if batch is not None:
        found = found.filter(batch_id=batch)
    return found.filter(_about(text)) if text.strip() else found


def _about(text: str) -> Q:
    number = parse_number(text)
    if number is not None:
        return Q(number=number)
    words = unicodedata.normalize("NFKC", text.strip())
    found = Q(title__icontains=words) | Q(number__startswith=words)
    key = search_key(text)
    return found | Q(recipient_key__contains=key) if key else found


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)


def batch_progress(batch: DocumentBatch) -> dict[str, int]:
    """Return how many documents of a batch stand where, by status, with ``total`` and ``done``."""
    rows = IssuedDocument.objects.filter(batch=batch).order_by().values_list("status").annotate(n=Count("pk"))
    counts = {status: int(n) for status, n in rows}
    waiting = counts.get(DocumentStatus.PREPARING, 0)
    return {**counts, "total": batch.total, "done": sum(counts.values()) - waiting}
