"""Closed vocabularies of the messaging room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class ChannelKey(models.TextChoices):
    """By which way somebody is reached."""

    INBOX = "inbox", _lazy("受信箱")
    EMAIL = "email", _lazy("メール")
    LINE = "line", _lazy("LINE")
    WEB_PUSH = "web_push", _lazy("ブラウザーの通知")
    SMS = "sms", _lazy("SMS")
    POST = "post", _lazy("郵送")


class EndpointStatus(models.TextChoices):
    """Whether an address of a person can be used."""

    UNCONFIRMED = "unconfirmed", _lazy("確認待ち")
    ACTIVE = "active", _lazy("使えます")
    BOUNCED = "bounced", _lazy("届きません")
    BLOCKED = "blocked", _lazy("ブロックされました")
    ENDED = "ended", _lazy("終了")


class SubscriptionSource(models.TextChoices):
    """How a subscription came about."""

    OWN = "own", _lazy("ご本人")
    STAFF = "staff", _lazy("窓口での登録")
    LINE = "line", _lazy("LINE")
    IMPORT = "import", _lazy("取り込み")


class MessageKind(models.TextChoices):
    """What a message is: to many, about one person's own matter, or in an emergency."""

    BROADCAST = "broadcast", _lazy("お知らせ")
    NOTICE = "notice", _lazy("手続の連絡")
    EMERGENCY = "emergency", _lazy("緊急のお知らせ")


class MessageStatus(models.TextChoices):
    """Where a message stands on its way from the draft to its last delivery."""

    DRAFT = "draft", _lazy("下書き")
    WAITING = "waiting", _lazy("承認待ち")
    RETURNED = "returned", _lazy("差し戻し")
    SCHEDULED = "scheduled", _lazy("送信予約")
    SENDING = "sending", _lazy("送信中")
    SENT = "sent", _lazy("送信済み")
    CANCELLED = "cancelled", _lazy("取り消し")


class DeliveryStatus(models.TextChoices):
    """What became of a message on one way to one person."""

    WAITING = "waiting", _lazy("送信待ち")
    SENDING = "sending", _lazy("送信中")
    SENT = "sent", _lazy("送信しました")
    DELIVERED = "delivered", _lazy("届きました")
    FAILED = "failed", _lazy("送れませんでした")
    BOUNCED = "bounced", _lazy("戻ってきました")
    SKIPPED = "skipped", _lazy("送りませんでした")
    EXPIRED = "expired", _lazy("期限が過ぎました")
    CANCELLED = "cancelled", _lazy("取り消しました")


class ApprovalDecision(models.TextChoices):
    """What somebody said of a message that waited for approval."""

    APPROVED = "approved", _lazy("承認")
    RETURNED = "returned", _lazy("差し戻し")


class NeedCode(models.TextChoices):
    """In what somebody needs help in a disaster (災害対策基本法第8条第2項第15号, 要配慮者)."""

    WALKING = "walking", _lazy("歩くことに助けが必要")
    SIGHT = "sight", _lazy("見ることに助けが必要")
    HEARING = "hearing", _lazy("聞くことに助けが必要")
    MEDICAL = "medical", _lazy("医療機器を使っている")
    UNDERSTANDING = "understanding", _lazy("説明や見守りが必要")
    INFANT = "infant", _lazy("乳幼児・妊産婦がいる")
    LANGUAGE = "language", _lazy("日本語に助けが必要")
    ALONE = "alone", _lazy("高齢でひとり暮らし")
