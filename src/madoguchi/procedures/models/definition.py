"""Procedures (手続) and the versions of their definitions."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models

from madoguchi.trust.api import Municipality, OwnedModel, Unit

from ..enums import VersionStatus
from ..rules.definition import Definition, definition_of, known_definition


class Procedure(OwnedModel):
    """A procedure under its stable code; what it says stands in its versions. ``published`` is the one residents see."""

    code = models.CharField("コード", max_length=60)
    unit = models.ForeignKey(
        Unit, verbose_name="担当", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published = models.ForeignKey(
        "ProcedureVersion",
        verbose_name="公開中の版",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_retired = models.BooleanField("受付終了", default=False)
    retired_at = models.DateTimeField("受付終了日時", null=True, blank=True)
    checked_on = models.DateField("内容を確かめた日", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "手続"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["municipality", "code"], name="procedure_code_once")]

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(OwnedModel):
    """
    One version of a definition. A published one never changes: running matters keep the version they began with.

    ``document`` is the definition (``rules.definition``); ``name``, ``category`` and ``life_events`` repeat parts of it, so
    that lists stay one query. ``revision`` counts the saves of a draft: an editor that saw an older one is told.
    """

    procedure = models.ForeignKey(Procedure, verbose_name="手続", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版")
    status = models.CharField("状態", max_length=12, choices=VersionStatus, default=VersionStatus.DRAFT)
    document = models.JSONField("定義")
    digest = models.CharField("ダイジェスト", max_length=64, blank=True)
    revision = models.PositiveIntegerField("保存の回数", default=0)
    name = models.CharField("名称", max_length=200)
    category = models.CharField("分類", max_length=40, blank=True)
    based_on = models.ForeignKey(
        "self", verbose_name="もとの版", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="編集者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    edited_at = models.DateTimeField("編集日時")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="公開者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField("公開日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "手続の版"
        ordering = ["procedure", "-number"]
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_once")]

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"

    @cached_property
    def definition(self) -> Definition:
        """The definition, read once while the digest stays; do not change it in place."""
        return known_definition(self.digest) or definition_of(self.digest, self.document)


class SharedTemplate(models.Model):
    """A definition that a municipality shares with all others of the installation (ひな形の共有)."""

    code = models.CharField("コード", max_length=60)
    name = models.CharField("名称", max_length=200)
    category = models.CharField("分類", max_length=40, blank=True)
    document = models.JSONField("定義")
    note = models.CharField("説明", max_length=400, blank=True)
    source = models.ForeignKey(
        Municipality, verbose_name="提供した自治体", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    shared_at = models.DateTimeField("共有日時")
    uses = models.PositiveIntegerField("使われた回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "手続のひな形"
        ordering = ["category", "name"]
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="shared_template_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name
