"""Topics (分野) one can subscribe to, and subscriptions (購読)."""

from __future__ import annotations

from django.db import models

from madoguchi.trust.api import OwnedModel, Unit

from ..enums import SubscriptionSource
from .recipient import Recipient


class Topic(OwnedModel):
    """
    Something people may want to hear of. ``names`` and ``descriptions`` hold a text per language (``ja``, ``en``, ``ja-easy``).

    ``unit`` answers for what is sent. A topic that is not ``is_open`` is subscribed by the house alone.
    """

    code = models.SlugField("コード", max_length=40)
    names = models.JSONField("名前")
    descriptions = models.JSONField("説明", default=dict)
    unit = models.ForeignKey(
        Unit, verbose_name="担当", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_open = models.BooleanField("購読を受け付ける", default=True)
    order = models.PositiveIntegerField("並び順", default=100)
    retired_at = models.DateTimeField("終了日時", null=True, blank=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "分野"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "code"], name="topic_code_once")]

    def __str__(self) -> str:
        return str(self.names.get("ja", self.code))


class Subscription(OwnedModel):
    """Somebody's wish to hear of a topic, from ``subscribed_at`` until ``ended_at``; rows are kept for counting by day."""

    recipient = models.ForeignKey(
        Recipient, verbose_name="送り先", on_delete=models.CASCADE, related_name="subscriptions"
    )
    topic = models.ForeignKey(Topic, verbose_name="分野", on_delete=models.PROTECT, related_name="subscriptions")
    source = models.CharField("きっかけ", max_length=10, choices=SubscriptionSource, default=SubscriptionSource.OWN)
    subscribed_at = models.DateTimeField("購読開始日時")
    ended_at = models.DateTimeField("購読終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "購読"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "recipient"], condition=models.Q(ended_at__isnull=True), name="subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subscribed_at:%Y-%m-%d}"
