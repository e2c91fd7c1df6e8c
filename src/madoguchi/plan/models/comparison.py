"""Roll-up of published figures across municipalities: public data, hence outside the municipality scope."""

from __future__ import annotations

from django.db import models

from madoguchi.trust.api import Municipality


class ComparisonFigure(models.Model):
    """
    The published figure of a like indicator (``concept``) of one municipality in one fiscal year.

    Written when a plan or an actual is published; nothing personal and nothing unpublished ever comes here.
    """

    municipality = models.ForeignKey(Municipality, verbose_name="自治体", on_delete=models.CASCADE, related_name="+")
    concept = models.CharField("分類", max_length=60)
    indicator_id = models.PositiveBigIntegerField("指標のID", null=True, blank=True)
    fiscal_year = models.SmallIntegerField("年度")
    target = models.FloatField("目標値", null=True, blank=True)
    actual = models.FloatField("実績値", null=True, blank=True)
    unit = models.CharField("単位", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "比較用の数値"
        ordering = ["concept", "fiscal_year", "municipality_id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "concept", "fiscal_year"], name="comparison_figure_once"),
        ]
        indexes = [models.Index(fields=["concept", "fiscal_year"], name="comparison_by_concept")]

    def __str__(self) -> str:
        return f"{self.municipality_id}:{self.concept}:{self.fiscal_year}"
