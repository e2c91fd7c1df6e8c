"""Delegations (代理): who may act for whom, in what, and until when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

from madoguchi.kit import clock, ids

from ..enums import DelegationKind, DelegationStatus
from .file import StoredFile
from .resident import Resident
from .scoping import OwnedManager, OwnedModel


class DelegationManager(OwnedManager["Delegation"]):
    """Delegations by whether they let somebody act."""

    def in_force(self, on: date | None = None) -> models.QuerySet[Delegation]:
        """Return those that let their delegate act on a day (today by default)."""
        day = on or clock.today()
        return self.filter(status=DelegationStatus.ACTIVE, valid_from__lte=day, valid_until__gte=day)


class Delegation(OwnedModel):
    """
    A person's leave for another to act in their name: all procedures, or those of ``procedures`` (codes).

    The principal (本人) is known by an account, by a row of the registry, or both. Without a delegate account it is an open
    invitation, whose code's keyed digest is kept. Proof is the principal's own confirmation or a paper a member of staff
    has seen (``confirmed_by``).
    """

    reference = models.CharField("整理番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="本人のアカウント",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="delegations_given",
    )
    resident = models.ForeignKey(
        Resident, verbose_name="本人", null=True, blank=True, on_delete=models.CASCADE, related_name="delegations"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理人のアカウント",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="delegations_held",
    )
    kind = models.CharField("種別", max_length=14, choices=DelegationKind)
    procedures = models.JSONField("手続のコード", default=list, blank=True)
    valid_from = models.DateField("開始日")
    valid_until = models.DateField("終了日")
    status = models.CharField("状態", max_length=8, choices=DelegationStatus, default=DelegationStatus.INVITED)
    code_digest = models.CharField("招待コードのダイジェスト", max_length=64, blank=True)
    code_expires_at = models.DateTimeField("招待コードの期限", null=True, blank=True)
    proof = models.ForeignKey(
        StoredFile, verbose_name="証明書類", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("作成日時")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作成者", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="確認した職員",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)
    note = models.CharField("備考", max_length=300, blank=True)

    objects: ClassVar[DelegationManager] = DelegationManager()

    class Meta:
        verbose_name = verbose_name_plural = "代理"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(principal__isnull=False) | models.Q(resident__isnull=False),
                name="delegation_has_a_principal",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="delegation_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "code_digest"], name="delegation_by_code")]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_status_display()}"

    @property
    def is_in_force(self) -> bool:
        """True while the delegate may act today, whatever the expiry job has got to yet."""
        return self.status == DelegationStatus.ACTIVE and self.valid_from <= clock.today() <= self.valid_until

    def covers(self, procedure: str) -> bool:
        """Tell whether a procedure (its code) is among those delegated; an empty list means all."""
        return not self.procedures or procedure in self.procedures

    @property
    def principal_name(self) -> str:
        """The name of the person acted for."""
        return str(self.resident or self.principal)
