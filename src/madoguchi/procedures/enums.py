"""Closed vocabularies of the procedures room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class VersionStatus(models.TextChoices):
    """Where a version of a definition stands."""

    DRAFT = "draft", _lazy("下書き")
    PUBLISHED = "published", _lazy("公開中")
    SUPERSEDED = "superseded", _lazy("前の版")
    RETIRED = "retired", _lazy("受付終了")


class Channel(models.TextChoices):
    """How an application came in (受付経路)."""

    ONLINE = "online", _lazy("オンライン")
    COUNTER = "counter", _lazy("窓口")
    POST = "post", _lazy("郵送")
    MACHINE = "machine", _lazy("機械連携")


class ApplicationStatus(models.TextChoices):
    """Where an application stands, as the applicant is told."""

    RECEIVED = "received", _lazy("受け付けました")
    AWAITING_PAYMENT = "awaiting_payment", _lazy("お支払いをお待ちしています")
    IN_REVIEW = "in_review", _lazy("審査しています")
    AWAITING_CORRECTION = "awaiting_correction", _lazy("補正をお願いしています")
    DECIDED = "decided", _lazy("結果をお送りする準備をしています")
    COMPLETED = "completed", _lazy("完了しました")
    REJECTED = "rejected", _lazy("お受けできませんでした")
    WITHDRAWN = "withdrawn", _lazy("取り下げました")
    EXPIRED = "expired", _lazy("期限が過ぎました")


CLOSED = frozenset(
    {
        ApplicationStatus.COMPLETED,
        ApplicationStatus.REJECTED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.EXPIRED,
    }
)
"""Nothing more happens to an application that stands here."""


class Side(models.TextChoices):
    """Who wrote a message."""

    APPLICANT = "applicant", _lazy("申請した人")
    STAFF = "staff", _lazy("担当")
    SYSTEM = "system", _lazy("お知らせ")


class SurveyKind(models.TextChoices):
    """What is asked for."""

    SURVEY = "survey", _lazy("アンケート調査")
    COMMENT = "comment", _lazy("意見公募（パブリックコメント）")


class SurveyStatus(models.TextChoices):
    """Where a survey stands."""

    DRAFT = "draft", _lazy("準備中")
    OPEN = "open", _lazy("受付中")
    CLOSED = "closed", _lazy("締切")
    PUBLISHED = "published", _lazy("結果を公開")


class InvitationStatus(models.TextChoices):
    """What became of an invitation."""

    SENT = "sent", _lazy("発送")
    UNDELIVERABLE = "undeliverable", _lazy("戻り")
    ANSWERED = "answered", _lazy("回答済み")


class AnswerMode(models.TextChoices):
    """How an answer came."""

    WEB = "web", _lazy("インターネット")
    PAPER = "paper", _lazy("郵送")


class ExportGrade(models.TextChoices):
    """How applications reach a core system: the four grades of the national specification for application management."""

    SCREEN = "screen", _lazy("画面転記（画面を見て手で入力する）")
    ROBOT = "robot", _lazy("RPA（ロボットが1行ずつ入力する）")
    IMPORT = "import", _lazy("画面への取込（1件ずつのファイル）")
    BULK = "bulk", _lazy("一括取込（まとめて1つのファイル）")


class ExportStatus(models.TextChoices):
    """How far an export has come."""

    QUEUED = "queued", _lazy("順番待ち")
    RUNNING = "running", _lazy("作成中")
    READY = "ready", _lazy("できました")
    FAILED = "failed", _lazy("失敗")


class ExportItemState(models.TextChoices):
    """What became of an application in the core system, as far as was reported."""

    WAITING = "waiting", _lazy("入力待ち")
    HANDED_ON = "handed_on", _lazy("書き出し済み")
    KEYED = "keyed", _lazy("転記済み")
    FAILED = "failed", _lazy("入力できず")
