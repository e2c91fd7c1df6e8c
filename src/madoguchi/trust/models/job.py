"""Workers and periodic jobs. These belong to the installation, not to a municipality."""

from __future__ import annotations

from django.db import models


class WorkerHeartbeat(models.Model):
    """A sign of life of a worker process, written every few seconds."""

    worker = models.CharField("ワーカー", max_length=64, unique=True)
    host = models.CharField("ホスト", max_length=253)
    process = models.PositiveIntegerField("プロセス番号")
    version = models.CharField("版", max_length=40)
    started_at = models.DateTimeField("開始日時")
    seen_at = models.DateTimeField("最終確認日時")

    class Meta:
        verbose_name = verbose_name_plural = "ワーカーの生存記録"
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.worker


class JobSchedule(models.Model):
    """When a periodic job was last queued, so that several workers queue it once."""

    key = models.CharField("ジョブ", max_length=80, unique=True)
    queued_at = models.DateTimeField("最終登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "定期ジョブ"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
