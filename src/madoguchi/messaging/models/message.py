"""Messages (お知らせ): their texts, audience, approval and attachments."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel, StoredFile, Unit

from ..enums import ApprovalDecision, MessageKind, MessageStatus
from .topic import Topic


class Message(OwnedModel):
    """
    Something said once, to one person or to many.

    ``contents`` maps a language (``ja``, ``en``, ``ja-easy``, more where wanted) to ``{"subject", "body", "short"}``: the body is
    plain text with blank lines between paragraphs, ``- `` lists, bare addresses and placeholders ``{{name}}``
    (``rules.content``); ``short`` is what SMS, notifications and screens say. ``audience`` is a rule (``rules.audience``).
    ``channels`` limits the ways (empty: every way of the person's). ``thread`` and ``path`` lead to the matter it belongs to,
    e.g. ``procedures.application:2026-000123`` and ``/mine/…``. ``identity`` makes one that the house sends by itself unique.
    """

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    identity = models.CharField("重複防止のキー", max_length=120, null=True, blank=True)  # noqa: DJ001 - none is no identity
    kind = models.CharField("種別", max_length=10, choices=MessageKind, default=MessageKind.BROADCAST)
    status = models.CharField("状態", max_length=10, choices=MessageStatus, default=MessageStatus.DRAFT)
    is_drill = models.BooleanField("訓練", default=False)
    contents = models.JSONField("内容", default=dict)
    topic = models.ForeignKey(
        Topic, verbose_name="分野", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="担当", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    audience = models.JSONField("対象", default=dict)
    channels = models.JSONField("手段", default=list)
    thread = models.CharField("件名のまとまり", max_length=120, blank=True)
    path = models.CharField("関係するページ", max_length=300, blank=True)
    send_at = models.DateTimeField("送信予定", null=True, blank=True)
    expires_at = models.DateTimeField("有効期限", null=True, blank=True)
    fallback_minutes = models.PositiveIntegerField("次の手段に移るまでの分", default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("作成日時")
    changed_at = models.DateTimeField("変更日時")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="変更者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_at = models.DateTimeField("承認を求めた日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="承認を求めた人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    revision = models.PositiveIntegerField("変更の回数", default=0)
    planned_count = models.PositiveIntegerField("見込みの人数", null=True, blank=True)
    fanned_out_at = models.DateTimeField("宛先の確定日時", null=True, blank=True)
    finished_at = models.DateTimeField("送信完了日時", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "identity"], name="message_identity_once")]
        indexes = [models.Index(fields=["municipality", "kind", "status"], name="message_by_status")]

    def __str__(self) -> str:
        return str((self.contents.get("ja") or {}).get("subject", self.key) or "")


class Approval(OwnedModel):
    """
    What somebody decided of a message, at which ``revision`` of it; one sent to everybody needs two.

    ``snapshot`` is what they saw (contents, audience, ways, times), so that a later version can be compared with it.
    """

    message = models.ForeignKey(Message, verbose_name="お知らせ", on_delete=models.CASCADE, related_name="approvals")
    decision = models.CharField("判断", max_length=10, choices=ApprovalDecision)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="判断した人", on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField("対象の版")
    note = models.TextField("理由", blank=True)
    snapshot = models.JSONField("見た内容", default=dict)
    people = models.PositiveIntegerField("そのときの人数", null=True, blank=True)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "承認"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.message} {self.get_decision_display()}"


class Attachment(OwnedModel):
    """A file that goes with a message: attached to mails, linked elsewhere."""

    message = models.ForeignKey(Message, verbose_name="お知らせ", on_delete=models.CASCADE, related_name="attachments")
    stored = models.ForeignKey(StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+")
    label = models.CharField("名前", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "添付ファイル"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label or str(self.stored)


class MessageTemplate(OwnedModel):
    """A message to start from (ひな型): texts, audience and ways that come back every month."""

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    name = models.CharField("名前", max_length=120)
    note = models.CharField("使うとき", max_length=200, blank=True)
    contents = models.JSONField("内容", default=dict)
    audience = models.JSONField("対象", default=dict)
    channels = models.JSONField("手段", default=list)
    topic = models.ForeignKey(
        Topic, verbose_name="分野", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="担当", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    fallback_minutes = models.PositiveIntegerField("次の手段に移るまでの分", default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作成者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("作成日時")
    retired_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "お知らせのひな型"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class MachineRequest(OwnedModel):
    """That a program asked for a message under a key of its own (``Idempotency-Key``): asked again, it gets the same one."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="機械連携", on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField("キー", max_length=100)
    digest = models.CharField("内容のダイジェスト", max_length=64)
    message = models.ForeignKey(Message, verbose_name="お知らせ", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "機械連携の依頼"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="machine_request_once")]

    def __str__(self) -> str:
        return self.key
