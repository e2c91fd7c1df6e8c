"""Daily readings of meters, and how far the log of events has been read for them."""

from __future__ import annotations

from django.db import models

from .scoping import OwnedModel


class MeterReading(OwnedModel):
    """
    What a meter showed on one day (a day in Japanese time), in total or for one value of its dimension.

    ``value`` of a ratio is numerator ÷ denominator; both are kept so that days can be put together rightly.
    """

    meter = models.CharField("メーター", max_length=80)
    day = models.DateField("日")
    dimension = models.CharField("内訳", max_length=80, blank=True, default="")
    value = models.DecimalField("値", max_digits=20, decimal_places=4)
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("分母", max_digits=20, decimal_places=4, null=True, blank=True)
    rolled_at = models.DateTimeField("集計日時")

    class Meta:
        verbose_name = verbose_name_plural = "メーターの日計"
        ordering = ["meter", "day", "dimension"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "meter", "dimension", "day"], name="meter_reading_once_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.day} {self.value}"


class MeterMark(OwnedModel):
    """How far the chain of events has been read for a meter: the number of the newest seal."""

    meter = models.CharField("メーター", max_length=80)
    seal_number = models.PositiveBigIntegerField("封印の番号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "メーターの集計位置"
        constraints = [models.UniqueConstraint(fields=["municipality", "meter"], name="meter_mark_once_per_meter")]

    def __str__(self) -> str:
        return f"{self.meter} {self.seal_number}"
