"""A matter in work, the tasks people do in it, and what they note about it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from madoguchi.trust.api import OwnedModel, Unit

from ..enums import Audience, CaseStatus, TaskStatus
from .workflow import WorkflowVersion

NO_DUE_DATE = date(9999, 12, 31)
"""Where a case without a due date stands in the order of the work list: last."""


class Case(OwnedModel):
    """
    A matter in work (案件). What it is about stands in a higher room: ``kind`` is the key of its ``CaseSubject`` and
    ``subject_id`` the row there. Everything a list shows is a column here, so a list is one query.

    ``unit`` owns the case, ``desk`` is the unit whose turn it is (a lane of the workflow may name another one).
    ``order_on`` is the due date or the far future, ``next_timer_at`` the moment the workflow waits for, ``revision``
    counts the changes, and ``problem`` says why the workflow cannot go on. ``handled_seconds`` is how long staff had the
    record in work, all together and never by person.
    """

    number = models.CharField("番号", max_length=20)
    kind = models.CharField("種別", max_length=60)
    subject_id = models.CharField("対象", max_length=40)
    title = models.CharField("件名", max_length=200)
    topic = models.CharField("手続など", max_length=80, blank=True)
    person = models.CharField("申請者", max_length=160, blank=True)
    search_key = models.CharField("検索キー", max_length=400, blank=True)
    channel = models.CharField("受付経路", max_length=10, blank=True)
    status = models.CharField("状態", max_length=20, choices=CaseStatus, default=CaseStatus.WORKING)
    unit = models.ForeignKey(
        Unit, verbose_name="担当課", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    desk = models.ForeignKey(
        Unit, verbose_name="いま作業する課", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="担当者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    step = models.CharField("いまの作業", max_length=200, blank=True)
    problem = models.TextField("止まった理由", blank=True)
    priority = models.PositiveSmallIntegerField("優先度", default=2)
    opened_at = models.DateTimeField("開始日時")
    due_on = models.DateField("期限", null=True, blank=True)
    order_on = models.DateField("並べる日", default=NO_DUE_DATE)
    next_timer_at = models.DateTimeField("次の時刻", null=True, blank=True)
    closed_at = models.DateTimeField("終了日時", null=True, blank=True)
    outcome = models.CharField("結果", max_length=40, blank=True)
    fiscal_year = models.PositiveIntegerField("会計年度")
    workflow = models.ForeignKey(
        WorkflowVersion, verbose_name="業務フロー", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.BinaryField("実行の状態", null=True, blank=True)
    revision = models.PositiveIntegerField("改訂", default=0)
    handled_seconds = models.PositiveIntegerField("職員が作業した秒数", default=0)
    parent = models.ForeignKey(
        "self", verbose_name="もとの案件", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        ordering = ["-opened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "number"], name="case_number_once")]
        indexes = [
            models.Index(
                fields=["municipality", "order_on", "id"], name="case_open_order", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["municipality", "desk", "order_on", "id"],
                name="case_desk_order",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["municipality", "assignee", "order_on", "id"],
                name="case_assignee_order",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["municipality", "status", "order_on", "id"],
                name="case_status_order",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["municipality", "topic", "order_on", "id"],
                name="case_topic_order",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["municipality", "next_timer_at"],
                name="case_timer",
                condition=Q(closed_at__isnull=True, next_timer_at__isnull=False),
            ),
            models.Index(
                fields=["municipality", "search_key"],
                name="case_search",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
            models.Index(fields=["municipality", "kind", "subject_id"], name="case_subject"),
            # Partial, or SQLite would take it for the open ones and sort them all.
            models.Index(
                fields=["municipality", "closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Task(OwnedModel):
    """A piece of work a person has to do in a case: one user task of the workflow, projected."""

    case = models.ForeignKey(Case, verbose_name="案件", on_delete=models.CASCADE, related_name="tasks")
    element = models.CharField("要素", max_length=120)
    engine_id = models.CharField("実行の識別子", max_length=64, blank=True)
    name = models.CharField("作業", max_length=200)
    audience = models.CharField("誰が", max_length=10, choices=Audience, default=Audience.STAFF)
    status = models.CharField("状態", max_length=10, choices=TaskStatus, default=TaskStatus.READY)
    choices = models.JSONField("選べる結果", default=list)
    unit = models.ForeignKey(
        Unit, verbose_name="担当課", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="担当者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField("期限", null=True, blank=True)
    outcome = models.CharField("結果", max_length=60, blank=True)
    note = models.TextField("メモ", blank=True)
    ready_at = models.DateTimeField("開始日時")
    done_at = models.DateTimeField("完了日時", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="処理した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "作業"
        ordering = ["ready_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def outcome_label(self) -> str:
        """The words of the outcome that was chosen."""
        return next((choice["label"] for choice in self.choices if choice["code"] == self.outcome), self.outcome)


class Note(OwnedModel):
    """What a member of staff wrote down about a case for colleagues (メモ); residents never see it."""

    case = models.ForeignKey(Case, verbose_name="案件", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="書いた人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("内容")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "メモ"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:40]
