"""Workflows of the house's library, and every version that a case has run on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel


class WorkflowVersion(OwnedModel):
    """
    A workflow as it was drawn (BPMN 2.0 XML), stored once per content; running cases keep theirs.

    ``specification`` is the parsed form (compressed), so that no request parses XML. ``number`` counts the published
    versions of a workflow of the library; it is empty for a flow that came with a procedure.
    """

    key = models.CharField("キー", max_length=80)
    name = models.CharField("名称", max_length=200)
    digest = models.CharField("ダイジェスト", max_length=64)
    bpmn = models.TextField("BPMN")
    specification = models.BinaryField("実行形")
    number = models.PositiveIntegerField("版", null=True, blank=True)
    created_at = models.DateTimeField("登録日時")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="公開した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "業務フローの版"
        constraints = [models.UniqueConstraint(fields=["municipality", "key", "digest"], name="workflow_version_once")]

    def __str__(self) -> str:
        return self.name


class Workflow(OwnedModel):
    """
    A named workflow of the library (業務フロー): the draft being drawn, and the version new cases start on.

    ``revision`` counts the saved changes of the draft, so that two people drawing at once notice each other.
    """

    key = models.CharField("キー", max_length=80)
    name = models.CharField("名称", max_length=200)
    draft = models.TextField("下書き（BPMN）")
    revision = models.PositiveIntegerField("下書きの改訂", default=0)
    current = models.ForeignKey(
        WorkflowVersion, verbose_name="現行の版", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_retired = models.BooleanField("廃止", default=False)
    updated_at = models.DateTimeField("更新日時")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="更新した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "業務フロー"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "key"], name="workflow_key_once")]

    def __str__(self) -> str:
        return self.name
