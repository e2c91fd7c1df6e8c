"""Imported plan documents that wait for a person to check, correct and publish them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import DraftStatus


class PlanDraft(OwnedModel):
    """
    What a reader made of a document, with the person's corrections on top.

    ``content`` is the JSON form of a ``ReadResult``; ``document`` the source's text (empty where a data file was loaded
    without it). ``corrections``: ``[{"path", "before", "after", "reason", "actor", "at"}, …]``.
    """

    name = models.CharField("ファイル名", max_length=200)
    reader = models.CharField("読み取り方式", max_length=40)
    digest = models.CharField("文書のダイジェスト", max_length=64)
    document = models.TextField("計画書の本文", blank=True)
    content = models.JSONField("読み取り結果")
    corrections = models.JSONField("訂正", default=list, blank=True)
    status = models.CharField("状態", max_length=10, choices=DraftStatus, default=DraftStatus.OPEN)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取込者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    imported_at = models.DateTimeField("取込日時")
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "計画書の読み取り結果"
        ordering = ["-imported_at", "-id"]

    def __str__(self) -> str:
        return self.name
