"""What the LINE channel must remember: chunks on their way, webhooks taken in, accounts being linked."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import LineChunkState, LineEventState


class LineChunk(OwnedModel):
    """
    One request to LINE for up to 500 deliveries, written down before it is sent.

    ``key`` is the retry key (``X-Line-Retry-Key``): LINE takes a key once within 24 hours, so a process that died after sending
    is followed by one that sends exactly the same ``request`` with the same key. ``request`` holds user ids and is emptied when
    LINE has answered. ``first_id`` and ``last_id`` are the smallest and the largest of ``delivery_ids``.
    """

    key = models.UUIDField("再送キー", default=uuid.uuid4, unique=True, editable=False)
    message_key = models.CharField("お知らせのキー", max_length=26)
    delivery_ids = models.JSONField("配信")
    first_id = models.BigIntegerField("最初の配信")
    last_id = models.BigIntegerField("最後の配信")
    request = models.JSONField("依頼", default=dict)
    state = models.CharField("状態", max_length=10, choices=LineChunkState, default=LineChunkState.PENDING)
    request_id = models.CharField("LINEの受付番号", max_length=80, blank=True)
    error = models.CharField("エラー", max_length=200, blank=True)
    created_at = models.DateTimeField("作成日時")
    answered_at = models.DateTimeField("応答日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "LINEへの依頼"
        ordering = ["id"]
        indexes = [models.Index(fields=["municipality", "message_key", "last_id"], name="line_chunk_by_message")]

    def __str__(self) -> str:
        return str(self.key)


class LineEvent(OwnedModel):
    """
    One event of a webhook, kept once by ``event_id`` (``webhookEventId``, ULID) however often LINE delivers it.

    ``payload`` is emptied when the event has been handled; what remains says that something of a kind happened. ``answer`` holds
    the messages to reply with until they are sent, so that a reply is not lost with the process that made it.
    """

    event_id = models.CharField("イベントの番号", max_length=40)
    kind = models.CharField("種別", max_length=40)
    state = models.CharField("状態", max_length=10, choices=LineEventState, default=LineEventState.WAITING)
    payload = models.JSONField("内容", default=dict)
    answer = models.JSONField("返信", default=list)
    is_redelivery = models.BooleanField("再送", default=False)
    happened_at = models.DateTimeField("発生日時")
    received_at = models.DateTimeField("受信日時")
    handled_at = models.DateTimeField("処理日時", null=True, blank=True)
    error = models.CharField("エラー", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "LINEからの通知"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "event_id"], name="line_event_once")]
        indexes = [models.Index(fields=["municipality", "received_at"], name="line_event_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class LineNonce(OwnedModel):
    """A number good for linking one account with one LINE user, once, until ``expires_at``; only its digest is kept."""

    digest = models.CharField("ダイジェスト", max_length=64, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="アカウント", on_delete=models.CASCADE, related_name="+"
    )
    expires_at = models.DateTimeField("有効期限")
    used_at = models.DateTimeField("使用日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "LINE連携の番号"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk}"
