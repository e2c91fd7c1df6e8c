"""The access log (閲覧記録): who saw which personal record, and why."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models

from ..enums import AccessAction
from .event import SealedModel


class AccessRecord(SealedModel):
    """
    One look at a personal record: who, when, which record, for what purpose, from where.

    Kept as the guideline on security control measures asks (個人情報保護法): appended, sealed, never changed.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="閲覧者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    action = models.CharField("行為", max_length=10, choices=AccessAction, default=AccessAction.VIEW)
    purpose = models.CharField("目的", max_length=80)
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象のID", max_length=40)
    address = models.GenericIPAddressField("端末", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "閲覧記録"
        ordering = ["-id"]
        indexes = [models.Index(fields=["municipality", "subject_type", "subject_id"], name="access_by_subject")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.subject_type}:{self.subject_id}"

    def as_sealed(self) -> dict[str, Any]:
        """Return what the digest covers: every field but the row number, as JSON values."""
        return {
            "municipality": self.municipality_id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "action": str(self.action),
            "purpose": self.purpose,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "address": self.address,
        }
