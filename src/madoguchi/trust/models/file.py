"""Files in the content-addressed store."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..enums import RetentionClass
from .scoping import OwnedModel


class StoredFile(OwnedModel):
    """
    A file that was received: its content by SHA-256, its name as received, its type as recognised from the content.

    Two rows may share one content. ``retain_until`` is the last day of its retention (保存期限), empty for ever.
    """

    digest = models.CharField("ダイジェスト", max_length=64)
    name = models.CharField("ファイル名", max_length=255)
    media_type = models.CharField("形式", max_length=100)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    purpose = models.CharField("用途", max_length=80)
    retention_class = models.CharField("保存年限", max_length=10, choices=RetentionClass)
    retain_until = models.DateField("保存期限", null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登録者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    stored_at = models.DateTimeField("保管日時")

    class Meta:
        verbose_name = verbose_name_plural = "保管ファイル"
        ordering = ["-stored_at", "-id"]
        indexes = [models.Index(fields=["municipality", "digest"], name="stored_file_by_digest")]

    def __str__(self) -> str:
        return self.name
