"""Deliveries (配信): the outbox, the inbox and the receipt of every message in one table; links and their use."""

from __future__ import annotations

from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..enums import ChannelKey, DeliveryStatus
from .message import Message
from .recipient import Endpoint, Recipient


class Delivery(OwnedModel):
    """
    One message on one way to one person; a person gets it once on each way, whatever rules they fall under.

    On the channel ``inbox`` the row is the entry of the inbox, with ``read_at`` and ``archived_at`` (``opened_at``
    stays when it is marked unread again). On the others it is the row
    of the transactional outbox: written in the transaction that decides to send, claimed by a worker (``claimed_by``,
    ``claimed_at``), sent, marked. ``due_at`` is the earliest time (quiet hours, retries); ``rank`` is the place of the way in
    the person's order, so that the next one begins when the one before failed. ``reason`` says why the person got it.
    """

    # Every index and every check is paid for by each row of a message to hundreds of thousands. Three of these columns have no
    # index of their own, and none is checked by the database: rows are written by selecting from the very tables they point
    # to, in one transaction, and nothing of those is deleted but through the ORM, which follows these fields.
    municipality = models.ForeignKey(
        "trust.Municipality",
        verbose_name="自治体",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    message = models.ForeignKey(
        Message,
        verbose_name="お知らせ",
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    recipient = models.ForeignKey(
        Recipient, verbose_name="送り先", on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    channel = models.CharField("手段", max_length=10, choices=ChannelKey)
    endpoint = models.ForeignKey(
        Endpoint,
        verbose_name="連絡先",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    status = models.CharField("状態", max_length=10, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    language = models.CharField("言語", max_length=10, default="ja")
    urgency = models.PositiveSmallIntegerField("急ぐ順", default=5)
    rank = models.PositiveSmallIntegerField("手段の順", default=0)
    reason = models.CharField("届いた理由", max_length=120, blank=True)
    queued_at = models.DateTimeField("登録日時")
    due_at = models.DateTimeField("送信予定")
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    claimed_by = models.CharField("処理中のワーカー", max_length=64, blank=True)
    claimed_at = models.DateTimeField("処理開始日時", null=True, blank=True)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    delivered_at = models.DateTimeField("到達日時", null=True, blank=True)
    opened_at = models.DateTimeField("初めて開いた日時", null=True, blank=True)
    read_at = models.DateTimeField("既読日時", null=True, blank=True)
    archived_at = models.DateTimeField("しまった日時", null=True, blank=True)
    provider_id = models.CharField("相手先の番号", max_length=120, blank=True)
    error = models.CharField("エラー", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "配信"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient", "channel"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "channel", "urgency", "due_at", "id"],
                condition=models.Q(status="waiting"),
                name="delivery_outbox",
            ),
            models.Index(fields=["claimed_at", "id"], condition=models.Q(status="sending"), name="delivery_claimed"),
            models.Index(
                fields=["recipient", "-queued_at"], condition=models.Q(channel="inbox"), name="delivery_inbox"
            ),
            models.Index(
                fields=["recipient"],
                condition=models.Q(channel="inbox", read_at__isnull=True, archived_at__isnull=True),
                name="delivery_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Link(OwnedModel):
    """An address in a message; the one people follow is the city's own (``/l/<key>``), which counts and leads on."""

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    message = models.ForeignKey(Message, verbose_name="お知らせ", on_delete=models.CASCADE, related_name="links")
    address = models.URLField("アドレス", max_length=2000)

    class Meta:
        verbose_name = verbose_name_plural = "リンク"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.address


class Click(OwnedModel):
    """That a link was followed on a channel, by day: no person, no device."""

    link = models.ForeignKey(Link, verbose_name="リンク", on_delete=models.CASCADE, related_name="clicks")
    channel = models.CharField("手段", max_length=10, choices=ChannelKey, blank=True)
    on = models.DateField("日")
    count = models.PositiveIntegerField("回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "リンクの利用"
        ordering = ["on", "id"]
        constraints = [models.UniqueConstraint(fields=["link", "channel", "on"], name="click_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.count}"
