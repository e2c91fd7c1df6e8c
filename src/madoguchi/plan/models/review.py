"""The review cycle (進行管理): rounds, evaluations, improvement orders, and the history of every change."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import EvaluationStatus, OrderStatus, PortfolioClass, RoundPeriod, RoundStatus
from .structure import Plan, Project


class ScoringRule(OwnedModel):
    """
    A scoring rule as a decision table (DMN 1.5 XML), versioned, edited in the browser.

    A published version never changes; version 0 is the draft of the next one (see ``services.scoring``).
    """

    key = models.SlugField("キー", max_length=40)
    version = models.PositiveIntegerField("版", default=1)
    name = models.CharField("名称", max_length=100)
    source = models.CharField("出典", max_length=200, blank=True)
    xml = models.TextField("決定表（DMN）")
    examples = models.JSONField("確認例", default=list, blank=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "採点規則"
        ordering = ["key", "-version"]
        constraints = [models.UniqueConstraint(fields=["municipality", "key", "version"], name="scoring_rule_version")]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class ReviewRound(OwnedModel):
    """
    One pass of the review cycle over a plan: half-yearly for priority projects, yearly for all.

    A closed round is frozen: ``digest`` is the SHA-256 of its figures, and nothing in it can change any more.
    """

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="rounds")
    fiscal_year = models.SmallIntegerField("年度")
    period = models.CharField("対象期間", max_length=10, choices=RoundPeriod)
    status = models.CharField("段階", max_length=20, choices=RoundStatus, default=RoundStatus.SELF_EVALUATION)
    scoring_rule = models.ForeignKey(ScoringRule, verbose_name="採点規則", on_delete=models.PROTECT, related_name="+")
    self_evaluation_due = models.DateField("自己評価の期限")
    council_date = models.DateField("調整会議の開催日", null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="開始者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField("開始日時")
    closed_at = models.DateTimeField("確定日時", null=True, blank=True)
    digest = models.CharField("確定時のダイジェスト", max_length=64, blank=True)
    frozen = models.JSONField("確定時の内容", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "評価"
        ordering = ["-fiscal_year", "-period"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "fiscal_year", "period"], name="review_round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.get_period_display()}"


class Evaluation(OwnedModel):
    """The evaluation of one project in a round: self-evaluation ○△×, secretariat's score, council's decision."""

    round = models.ForeignKey(ReviewRound, verbose_name="評価", on_delete=models.CASCADE, related_name="evaluations")
    project = models.ForeignKey(Project, verbose_name="事業", on_delete=models.PROTECT, related_name="evaluations")
    status = models.CharField("状態", max_length=10, choices=EvaluationStatus, default=EvaluationStatus.WAITING)
    progress = models.CharField("進捗（自己評価）", max_length=4, blank=True)
    reason = models.TextField("理由", blank=True)
    computed = models.JSONField("自動採点", default=dict, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="提出者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    score = models.CharField("事務局の評価", max_length=4, blank=True)
    score_comment = models.TextField("事務局の意見", blank=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="採点者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    scored_at = models.DateTimeField("採点日時", null=True, blank=True)
    decision = models.CharField("調整会議の評価", max_length=4, blank=True)
    decision_comment = models.TextField("調整会議の意見", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="決定者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "事業の評価"
        ordering = ["project__order", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "project"], name="evaluation_once_per_round")]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.project_id}"


class ImprovementOrder(OwnedModel):
    """An improvement order (改善指示) of the council to a project, its answer and the acceptance of the answer."""

    evaluation = models.ForeignKey(
        Evaluation, verbose_name="事業の評価", on_delete=models.PROTECT, related_name="orders"
    )
    project = models.ForeignKey(Project, verbose_name="事業", on_delete=models.PROTECT, related_name="orders")
    text = models.TextField("指示")
    due_date = models.DateField("期限")
    status = models.CharField("状態", max_length=10, choices=OrderStatus, default=OrderStatus.OPEN)
    answer = models.TextField("対応", blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="指示者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField("指示日時")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="回答者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="確認者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    accepted_at = models.DateTimeField("確認日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "改善指示"
        ordering = ["due_date", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class PortfolioMove(OwnedModel):
    """A move of a project on the portfolio map, with its reason."""

    project = models.ForeignKey(Project, verbose_name="事業", on_delete=models.CASCADE, related_name="moves")
    from_class = models.CharField("変更前の区分", max_length=10, choices=PortfolioClass, blank=True)
    to_class = models.CharField("変更後の区分", max_length=10, choices=PortfolioClass)
    from_position = models.JSONField("変更前の位置", default=list, blank=True)
    to_position = models.JSONField("変更後の位置", default=list, blank=True)
    reason = models.TextField("理由")
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="変更者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField("変更日時")

    class Meta:
        verbose_name = verbose_name_plural = "事業区分の変更"
        ordering = ["-moved_at", "-id"]

    def __str__(self) -> str:
        return f"{self.from_class}→{self.to_class}"


class ChangeRecord(OwnedModel):
    """What changed in a plan: who, when, why, before and after."""

    plan = models.ForeignKey(Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="changes")
    subject_type = models.CharField("対象の種類", max_length=20)
    subject_id = models.PositiveBigIntegerField("対象のID")
    subject_title = models.CharField("対象", max_length=300)
    field = models.CharField("項目", max_length=60)
    before = models.JSONField("変更前", null=True, blank=True)
    after = models.JSONField("変更後", null=True, blank=True)
    reason = models.TextField("理由")
    order = models.ForeignKey(
        ImprovementOrder,
        verbose_name="改善指示",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="changes",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="変更者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "変更履歴"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["plan", "subject_type", "subject_id"], name="change_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_title} {self.field}"
