"""Reads about receivables."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from ..models import Receivable


def receivables_of(subject: models.Model) -> models.QuerySet[Receivable]:
    """Return what is or was owed for a thing, newest first."""
    return Receivable.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def pay_path(receivable: Receivable) -> str:
    """Return the address of the page where a receivable is paid and its state is told."""
    return reverse("pay:page", args=[receivable.token])
