"""Rows that are only ever appended and sealed into a hash chain per municipality: events."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models

from ..rules.digests import row_digest
from .prepared import insert_row
from .scoping import OwnedModel


class SealedModel(OwnedModel):
    """
    A row that is never changed or removed.

    ``digest`` is the SHA-256 of the row's canonical form; a sealer chains batches of digests per municipality so that a
    changed, inserted or removed row is found. The database refuses updates and deletions.
    """

    at = models.DateTimeField("日時")
    digest = models.CharField("ダイジェスト", max_length=64)

    class Meta:
        abstract = True

    def as_sealed(self) -> dict[str, Any]:
        """Return what the digest covers: every field but the row number, as JSON values."""
        raise NotImplementedError

    def append(self) -> None:
        """Write the row with its digest."""
        self.digest = row_digest(self.as_sealed())
        insert_row(self)


class Event(SealedModel):
    """One thing that happened (``plan.actual.entered``). Carries ids and quantities, never names of people."""

    key = models.CharField("種類", max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="行為者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象のID", max_length=40)
    quantity = models.DecimalField("数量", max_digits=18, decimal_places=4, null=True, blank=True)
    data = models.JSONField("内容", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出来事"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["municipality", "key", "at"], name="event_by_key"),
            models.Index(fields=["municipality", "subject_type", "subject_id"], name="event_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.subject_type}:{self.subject_id}"

    def as_sealed(self) -> dict[str, Any]:
        """Return what the digest covers: every field but the row number, as JSON values."""
        return {
            "municipality": self.municipality_id,
            "key": self.key,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "quantity": None if self.quantity is None else f"{self.quantity:.4f}",
            "data": self.data,
        }
