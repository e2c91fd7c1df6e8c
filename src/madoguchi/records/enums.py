"""Closed vocabularies of the records room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class DocumentStatus(models.TextChoices):
    """Where an issued document stands."""

    PREPARING = "preparing", _lazy("作成中")
    ISSUED = "issued", _lazy("発行済み")
    REVOKED = "revoked", _lazy("取消し済み")
    REPLACED = "replaced", _lazy("差し替え済み")
    FAILED = "failed", _lazy("作成できませんでした")


class DocumentKind(models.TextChoices):
    """What kind of document it is, for lists and for whoever checks one."""

    CERTIFICATE = "certificate", _lazy("証明書")
    NOTICE = "notice", _lazy("通知書")
    PERMIT = "permit", _lazy("許可証")
    RECEIPT = "receipt", _lazy("申請の控え")
    PAYMENT_RECEIPT = "payment_receipt", _lazy("領収書")
    CHECKLIST = "checklist", _lazy("確認表")
    OTHER = "other", _lazy("その他の文書")


class TemplateStatus(models.TextChoices):
    """Where a version of a template stands."""

    DRAFT = "draft", _lazy("下書き")
    PUBLISHED = "published", _lazy("使用中")
    SUPERSEDED = "superseded", _lazy("前の版")


class RevisionReason(models.TextChoices):
    """Why a sealed file was made."""

    ISSUED = "issued", _lazy("発行")
    RENEWED = "renewed", _lazy("タイムスタンプの更新")


class Verdict(models.TextChoices):
    """What is said to somebody who checks a document."""

    VALID = "valid", _lazy("有効です")
    EXPIRED = "expired", _lazy("有効期限が過ぎています")
    REVOKED = "revoked", _lazy("取り消されています")
    REPLACED = "replaced", _lazy("新しい文書に差し替えられています")
    PREPARING = "preparing", _lazy("作成中です")
    ALTERED = "altered", _lazy("書き換えられています")
    FOREIGN = "foreign", _lazy("この自治体が発行した文書ではありません")
    UNSIGNED = "unsigned", _lazy("電子署名がありません")
    UNKNOWN = "unknown", _lazy("確認できませんでした")
