"""Files of the core system's residents on their way in (住民記録の取り込み), and people whom a person has to match."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids

from ..enums import DoubtDecision, ImportStatus
from .file import StoredFile
from .resident import Resident
from .scoping import OwnedModel


class RegistryImport(OwnedModel):
    """
    A file as it was looked at, and what became of it.

    ``counts`` are numbers alone (new, changed, ended, doubtful, refused, same, absent, remarks, losses, total); the file itself
    is forgotten soon. ``done`` counts the people of a long file that were brought in line already.
    """

    reference = models.CharField("番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    stored = models.ForeignKey(
        StoredFile, verbose_name="ファイル", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("ファイル名", max_length=255)
    digest = models.CharField("ダイジェスト", max_length=64)
    encoding = models.CharField("文字コード", max_length=12, blank=True)
    status = models.CharField("状態", max_length=12, choices=ImportStatus, default=ImportStatus.LOOKED_AT)
    counts = models.JSONField("件数", default=dict)
    done = models.PositiveIntegerField("済んだ人数", default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登録者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("登録日時")
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取り込んだ人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    applied_at = models.DateTimeField("取り込み日時", null=True, blank=True)
    problem = models.CharField("うまくいかなかった理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "住民記録の取り込み"
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """True while the worker brings residents in line."""
        return self.status in (ImportStatus.QUEUED, ImportStatus.RUNNING)


class RegistryDoubt(OwnedModel):
    """
    A person of a file who looks like somebody without a registry number here: a registrar says whether it is the same.

    ``values`` are the person's data as the file has them (dates as texts), forgotten with the decision.
    """

    source = models.ForeignKey(RegistryImport, verbose_name="取り込み", on_delete=models.CASCADE, related_name="doubts")
    line = models.PositiveIntegerField("行")
    registry_number = models.CharField("宛名番号", max_length=20)
    values = models.JSONField("ファイルの内容", default=dict)
    ended_on = models.DateField("消除日", null=True, blank=True)
    resident_ids = models.JSONField("似ている住民", default=list)
    decision = models.CharField("判断", max_length=10, choices=DoubtDecision, default=DoubtDecision.WAITING)
    resident = models.ForeignKey(
        Resident, verbose_name="住民", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="判断した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("判断日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "住民記録の確かめ"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "registry_number"],
                name="registry_doubt_once",
                condition=models.Q(decision="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.line}"
