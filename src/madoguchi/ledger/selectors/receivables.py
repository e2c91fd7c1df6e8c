"""Reads about receivables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse

from madoguchi.kit import ids, names

from ..enums import ReceivableStatus, RefundStatus, WaiverStatus
from ..models import Receivable, Refund, Waiver


def receivables_of(subject: models.Model) -> QuerySet[Receivable]:
    """Return what is or was owed for a thing, newest first."""
    return Receivable.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def pay_path(receivable: Receivable) -> str:
    """Return the address of the page where a receivable is paid and its state is told."""
    return reverse("pay:page", args=[receivable.token])


def search_receivables(asked: Mapping[str, str], today: date) -> QuerySet[Receivable]:
    """
    Return the receivables that fit what a list was asked for, newest first.

    ``q`` is a number or a part of the payer's name, in any way of writing it; ``state`` a status, ``waiting`` (open or
    pending) or ``overdue``; ``year`` a fiscal year; ``purpose`` a code; ``method`` a way of paying.
    """
    found = Receivable.objects.all()
    if text := asked.get("q", "").strip():
        number = ids.parse_case_number(text)
        key = names.search_key(text)
        by_name = Q(search_key__contains=key) if key else Q(pk__in=[])
        found = found.filter(Q(number=number) if number else by_name | Q(title__contains=text))
    found = _by_state(found, asked.get("state", ""), today)
    if (year := asked.get("year", "")).isascii() and year.isdecimal() and len(year) == 4:
        found = found.filter(fiscal_year=int(year))
    for name in ("purpose", "method"):
        if value := asked.get(name, ""):
            found = found.filter(**{name: value})
    return found


def _by_state(found: QuerySet[Receivable], state: str, today: date) -> QuerySet[Receivable]:
    payable = [ReceivableStatus.OPEN, ReceivableStatus.PENDING]
    if state == "waiting":
        return found.filter(status__in=payable)
    if state == "overdue":
        return found.filter(status__in=payable, due_on__lt=today)
    return found.filter(status=state) if state in ReceivableStatus.values else found


def purposes() -> list[str]:
    """Return the codes money is owed under."""
    return list(Receivable.objects.order_by("purpose").values_list("purpose", flat=True).distinct())


def waiting_refunds() -> QuerySet[Refund]:
    """Return the refunds that wait for a second person."""
    return Refund.objects.filter(status=RefundStatus.REQUESTED).select_related("receivable", "requested_by")


def waiting_waivers() -> QuerySet[Waiver]:
    """Return the waivers that wait for a second person."""
    return Waiver.objects.filter(status=WaiverStatus.REQUESTED).select_related("receivable", "requested_by")
