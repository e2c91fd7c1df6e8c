"""Machines that work with the house: their tokens, and where they are told what happened (Webhook)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .account import Account
from .scoping import OwnedModel


class MachineToken(OwnedModel):
    """
    A key with which a program acts as an account of kind "machine" (機械連携のトークン).

    Only the SHA-256 is kept. ``scopes`` say what it may do (``applications.send`` …); it works until ``expires_on``, unless it
    was revoked.
    """

    account = models.ForeignKey(
        Account, verbose_name="アカウント", on_delete=models.CASCADE, related_name="machine_tokens"
    )
    name = models.CharField("名称", max_length=80)
    token_digest = models.CharField("トークンのダイジェスト", max_length=64, unique=True)
    hint = models.CharField("末尾", max_length=6)
    scopes = models.JSONField("できること", default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="発行者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("発行日時")
    expires_on = models.DateField("有効期限")
    used_on = models.DateField("最後に使った日", null=True, blank=True)
    revoked_at = models.DateTimeField("失効日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "機械連携のトークン"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}（…{self.hint}）"


class WebhookSubscription(OwnedModel):
    """
    An address that is told of events (Webhook の配信先).

    ``seal_number`` is the last seal whose events were looked at: sealed events alone are told, in the order of the chain, so
    none is missed. The secret is derived from the installation's key and ``salt``, and never stored.
    """

    name = models.CharField("名称", max_length=80)
    url = models.URLField("配信先", max_length=400)
    events = models.JSONField("知らせる出来事", default=list)
    salt = models.CharField("鍵の種", max_length=40)
    seal_number = models.PositiveBigIntegerField("見た封印", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登録者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("登録日時")
    paused_at = models.DateTimeField("停止日時", null=True, blank=True)
    pause_reason = models.CharField("停止の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "Webhookの配信先"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(OwnedModel):
    """One event told, or to be told, to one address; ``message_id`` lets the receiver drop what comes twice."""

    subscription = models.ForeignKey(
        WebhookSubscription, verbose_name="配信先", on_delete=models.CASCADE, related_name="deliveries"
    )
    message_id = models.CharField("メッセージ番号", max_length=40, unique=True)
    event_id = models.BigIntegerField("出来事")
    key = models.CharField("種類", max_length=80)
    attempts = models.PositiveSmallIntegerField("試行", default=0)
    next_at = models.DateTimeField("次の配信", null=True, blank=True)
    delivered_at = models.DateTimeField("配信日時", null=True, blank=True)
    gave_up_at = models.DateTimeField("断念日時", null=True, blank=True)
    answer = models.CharField("応答", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "Webhookの配信"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["subscription", "event_id"], name="webhook_event_once")]
        indexes = [
            models.Index(
                fields=["municipality", "next_at"], name="webhook_due", condition=models.Q(next_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription} {self.message_id}"
