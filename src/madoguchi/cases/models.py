"""Models of the cases room."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel, Unit

from .enums import Audience, CaseStatus, TaskStatus


class WorkflowVersion(OwnedModel):
    """
    A workflow as it was drawn (BPMN 2.0 XML), stored once per content; running cases keep theirs.

    ``specification`` is the parsed form (compressed), so that no request parses XML.
    """

    key = models.CharField("キー", max_length=80)
    name = models.CharField("名称", max_length=200)
    digest = models.CharField("ダイジェスト", max_length=64)
    bpmn = models.TextField("BPMN")
    specification = models.BinaryField("実行形")
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "業務フローの版"
        constraints = [models.UniqueConstraint(fields=["municipality", "key", "digest"], name="workflow_version_once")]

    def __str__(self) -> str:
        return self.name


class Case(OwnedModel):
    """
    A matter in work (案件). What it is about stands in a higher room: ``kind`` is the key of its ``CaseSubject`` and
    ``subject_id`` the row there. Everything a list shows is a column here, so a list is one query.
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
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="担当者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    priority = models.PositiveSmallIntegerField("優先度", default=2)
    opened_at = models.DateTimeField("開始日時")
    due_on = models.DateField("期限", null=True, blank=True)
    closed_at = models.DateTimeField("終了日時", null=True, blank=True)
    outcome = models.CharField("結果", max_length=40, blank=True)
    fiscal_year = models.PositiveIntegerField("会計年度")
    workflow = models.ForeignKey(
        WorkflowVersion, verbose_name="業務フロー", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.BinaryField("実行の状態", null=True, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="もとの案件", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        ordering = ["-opened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "number"], name="case_number_once")]

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
