"""What an outside system sent, so that sending it twice has the effect of sending it once."""

from __future__ import annotations

from django.db import models

from madoguchi.trust.api import OwnedModel

from .indicator import Actual, PushToken


class PushReceipt(OwnedModel):
    """
    One push and its answer: the same idempotency key of a token gets the same answer again.

    ``body_digest`` is the SHA-256 of what was sent; the same key with another body is refused.
    """

    token = models.ForeignKey(PushToken, verbose_name="送信トークン", on_delete=models.CASCADE, related_name="receipts")
    key = models.CharField("冪等キー", max_length=100)
    body_digest = models.CharField("内容のダイジェスト", max_length=64)
    answer = models.JSONField("応答")
    actual = models.ForeignKey(
        Actual, verbose_name="実績", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField("受信日時")

    class Meta:
        verbose_name = verbose_name_plural = "受信記録"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="push_once_per_key")]
        indexes = [models.Index(fields=["token", "at"], name="push_by_time")]

    def __str__(self) -> str:
        return f"{self.token_id}:{self.key}"
