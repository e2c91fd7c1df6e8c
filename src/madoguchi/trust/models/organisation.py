"""Organisation units (組織) that change by fiscal year, and the duties (職務) people hold in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..enums import Role, UnitKind
from .scoping import OwnedModel


class Unit(OwnedModel):
    """A department, section, team or council, valid from a fiscal year on; reorganisations point to the predecessor."""

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("区分", max_length=20, choices=UnitKind, default=UnitKind.SECTION)
    parent = models.ForeignKey(
        "self", verbose_name="上位組織", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    predecessor = models.ForeignKey(
        "self", verbose_name="前身", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    valid_from_fiscal_year = models.PositiveSmallIntegerField("設置年度")
    valid_to_fiscal_year = models.PositiveSmallIntegerField("廃止年度", null=True, blank=True)
    phone = models.CharField("電話", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "組織"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name", "valid_from_fiscal_year"], name="unit_once_per_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to_fiscal_year__isnull=True)
                | Q(valid_to_fiscal_year__gte=F("valid_from_fiscal_year")),
                name="unit_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(OwnedModel):
    """A role held at a unit (or in the whole city where ``unit`` is empty) from a day to a day, both inclusive."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.CASCADE, related_name="duties"
    )
    role = models.CharField("役割", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit, verbose_name="組織", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    from_date = models.DateField("開始日")
    to_date = models.DateField("終了日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "職務"
        ordering = ["-from_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="duty_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}（{self.unit or '全庁'}）"
