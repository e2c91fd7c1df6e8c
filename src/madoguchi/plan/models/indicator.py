"""Indicators (KGI・KPI), their targets and actual values, and how the values are obtained."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from madoguchi.kit import fiscal
from madoguchi.trust.api import OwnedModel, Unit

from ..enums import ActualSource, ActualStatus, BindingKind, Direction, IndicatorKind, IndicatorLevel, IndicatorType
from .structure import Goal, Measure, Plan, Project


class Indicator(OwnedModel):
    """
    An indicator of a goal or measure (KGI) or of a project (KPI), with its baseline.

    ``goal`` is always set; ``measure`` and ``project`` say where it hangs more exactly. ``concept`` is the key of the
    like indicator that cities are compared on. Numbers are in ``unit`` (万 multiplied out, per cent as 64.8). From the
    fiscal year ``retired_from`` on the indicator is no longer measured (指標の見直し); what was measured before stays.
    """

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="indicators")
    goal = models.ForeignKey(Goal, verbose_name="基本目標", on_delete=models.CASCADE, related_name="indicators")
    measure = models.ForeignKey(
        Measure, verbose_name="施策", null=True, blank=True, on_delete=models.CASCADE, related_name="indicators"
    )
    project = models.ForeignKey(
        Project, verbose_name="事業", null=True, blank=True, on_delete=models.CASCADE, related_name="indicators"
    )
    label = models.CharField("指標名", max_length=300)
    level = models.CharField("区分", max_length=3, choices=IndicatorLevel, default=IndicatorLevel.KPI)
    unit = models.CharField("単位", max_length=40, blank=True)
    type = models.CharField("種類", max_length=10, choices=IndicatorType, default=IndicatorType.COUNT)
    kind = models.CharField("集計", max_length=10, choices=IndicatorKind, default=IndicatorKind.ANNUAL)
    direction = models.CharField("向き", max_length=4, choices=Direction, default=Direction.UP)
    baseline_fiscal_year = models.SmallIntegerField("基準年度", null=True, blank=True)
    baseline_value = models.FloatField("基準値", null=True, blank=True)
    baseline_text = models.CharField("基準値（計画書の表記）", max_length=300, blank=True)
    baseline_as_of = models.CharField("基準時点", max_length=60, blank=True)
    baseline_line = models.PositiveIntegerField("基準値の行", null=True, blank=True)
    evaluation = models.CharField("計画書の評価", max_length=4, blank=True)
    note = models.TextField("説明", blank=True)
    opinion = models.TextField("結果に対する見解", blank=True)
    concept = models.CharField("比較のための分類", max_length=60, blank=True, db_index=True)
    source_text = models.CharField("出典", max_length=200, blank=True)
    binding_kind = models.CharField("実績の取り方", max_length=10, choices=BindingKind, default=BindingKind.MANUAL)
    binding = models.JSONField("結び付け", default=dict, blank=True)
    owner_unit = models.ForeignKey(
        Unit, verbose_name="責任組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="担当者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_month = models.PositiveSmallIntegerField("実績の入力期限（月）", default=5)
    order = models.PositiveIntegerField("並び順", default=0)
    retired_from = models.SmallIntegerField("使わなくなった年度", null=True, blank=True)
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "指標"
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(due_month__gte=1) & Q(due_month__lte=12), name="indicator_due_month"),
        ]

    def __str__(self) -> str:
        return self.label


class Target(OwnedModel):
    """The target of an indicator for a fiscal year, as number and as the document says it."""

    indicator = models.ForeignKey(Indicator, verbose_name="指標", on_delete=models.CASCADE, related_name="targets")
    fiscal_year = models.SmallIntegerField("年度")
    value = models.FloatField("目標値", null=True, blank=True)
    text = models.CharField("目標値（計画書の表記）", max_length=300)
    comparison = models.CharField("比較", max_length=2, default="=")
    out_of = models.FloatField("全体数", null=True, blank=True)
    basis = models.CharField("比較の基準", max_length=40, blank=True)
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目標値"
        ordering = ["fiscal_year"]
        constraints = [models.UniqueConstraint(fields=["indicator", "fiscal_year"], name="target_once_per_year")]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.text}"


class Actual(OwnedModel):
    """
    An actual value (実績) of an indicator for a fiscal year.

    Values are never overwritten: a correction is a new row that ``replaces`` the old one. Only approved rows count; the
    newest approved one that nothing replaces is the value of the year.
    """

    indicator = models.ForeignKey(Indicator, verbose_name="指標", on_delete=models.CASCADE, related_name="actuals")
    fiscal_year = models.SmallIntegerField("年度")
    as_of = models.DateField("時点", null=True, blank=True)
    value = models.FloatField("実績値", null=True, blank=True)
    text = models.CharField("実績値（表記）", max_length=300, blank=True)
    status = models.CharField("状態", max_length=10, choices=ActualStatus, default=ActualStatus.SUBMITTED)
    source = models.CharField("取得元", max_length=10, choices=ActualSource, default=ActualSource.MANUAL)
    evidence = models.CharField("根拠資料", max_length=26, blank=True)
    """Public id of a stored file (``trust``)."""
    note = models.TextField("説明", blank=True)
    returned_reason = models.TextField("差し戻しの理由", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="入力者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    entered_at = models.DateTimeField("入力日時")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="承認者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", verbose_name="訂正する実績", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    source_line = models.PositiveIntegerField("計画書の行", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "実績"
        ordering = ["fiscal_year", "id"]
        indexes = [models.Index(fields=["indicator", "fiscal_year", "status"], name="actual_by_year")]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.text or self.value}"

    @property
    def is_provisional(self) -> bool:
        """True for a value that a meter still counts: it was read before the end of its fiscal year."""
        is_metered = self.source == ActualSource.METER
        return is_metered and self.as_of is not None and self.as_of < fiscal.end_of(self.fiscal_year)


class PushToken(OwnedModel):
    """A token with which an outside system pushes actual values of one indicator; only its digest is stored."""

    indicator = models.ForeignKey(Indicator, verbose_name="指標", on_delete=models.CASCADE, related_name="push_tokens")
    name = models.CharField("名称", max_length=100)
    digest = models.CharField("ダイジェスト", max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="発行者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("有効期限")
    revoked_at = models.DateTimeField("失効日時", null=True, blank=True)
    last_used_at = models.DateTimeField("最終利用", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送信トークン"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
