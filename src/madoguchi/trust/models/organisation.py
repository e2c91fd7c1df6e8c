"""Organisation units (組織) that change by fiscal year, and the duties (職務) people hold in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from madoguchi.kit import clock

from ..enums import Role, UnitKind
from .scoping import OwnedManager, OwnedModel


class UnitManager(OwnedManager["Unit"]):
    """Units of the municipality in scope."""

    def in_year(self, fiscal_year: int) -> models.QuerySet[Unit]:
        """Return the units that exist in a fiscal year."""
        return self.filter(
            Q(valid_to_fiscal_year__isnull=True) | Q(valid_to_fiscal_year__gte=fiscal_year),
            valid_from_fiscal_year__lte=fiscal_year,
        )

    def answering_for(self, unit_ids: Iterable[int]) -> set[int]:
        """
        Return the ids of all units whose people act for the given ones.

        These are the units themselves, the units above them, and, after a reorganisation, their successors.
        """
        above: dict[int, set[int]] = {}
        for pk, parent, predecessor, merged_into in self.values_list(
            "id", "parent_id", "predecessor_id", "merged_into_id"
        ):
            above.setdefault(pk, set()).update(found for found in (parent, merged_into) if found)
            if predecessor:
                above.setdefault(predecessor, set()).add(pk)
        found: set[int] = set()
        open_ids = set(unit_ids)
        while open_ids:
            pk = open_ids.pop()
            found.add(pk)
            open_ids |= above.get(pk, set()) - found
        return found


class Unit(OwnedModel):
    """
    A department, section, team or council, valid from a fiscal year to a fiscal year (both inclusive).

    A reorganisation (組織改編) never edits history: the old unit ends and a new one begins. A renamed or split unit is the
    ``predecessor`` of the new ones; a unit that went into another one says so in ``merged_into``.
    """

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("区分", max_length=20, choices=UnitKind, default=UnitKind.SECTION)
    parent = models.ForeignKey(
        "self", verbose_name="上位組織", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    predecessor = models.ForeignKey(
        "self", verbose_name="前身", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    merged_into = models.ForeignKey(
        "self", verbose_name="統合先", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    valid_from_fiscal_year = models.PositiveSmallIntegerField("設置年度")
    valid_to_fiscal_year = models.PositiveSmallIntegerField("廃止年度", null=True, blank=True)
    phone = models.CharField("電話", max_length=20, blank=True)

    objects: ClassVar[UnitManager] = UnitManager()

    class Meta:
        verbose_name = verbose_name_plural = "組織"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "parent", "name", "valid_from_fiscal_year"],
                name="unit_once_per_start",
                violation_error_message="同じ名称の組織が、同じ上位組織の下に、同じ年度からあります。",
            ),
            # A database holds two empty parents for different, so the top level needs its own.
            models.UniqueConstraint(
                fields=["municipality", "name", "valid_from_fiscal_year"],
                condition=Q(parent__isnull=True),
                name="top_unit_once_per_start",
                violation_error_message="同じ名称の組織が、同じ年度からあります。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to_fiscal_year__isnull=True)
                | Q(valid_to_fiscal_year__gte=F("valid_from_fiscal_year")),
                name="unit_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DutyManager(OwnedManager["Duty"]):
    """Duties in the municipality in scope."""

    def on(self, day: date | None = None) -> models.QuerySet[Duty]:
        """Return the duties in force on a day (today by default)."""
        day = day or clock.today()
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gte=day), from_date__lte=day)

    def held_by(self, account: Any, day: date | None = None) -> models.QuerySet[Duty]:
        """Return the duties an account holds on a day (today by default)."""
        return self.on(day).filter(account=account)


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

    objects: ClassVar[DutyManager] = DutyManager()

    class Meta:
        verbose_name = verbose_name_plural = "職務"
        ordering = ["-from_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="duty_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}（{self.unit or gettext('全庁')}）"
