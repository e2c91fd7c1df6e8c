"""Drafts (入力途中) and applications (申請) with their files, corrections and messages."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.cases.api import Case
from madoguchi.kit import clock, ids
from madoguchi.trust.api import OwnedModel, Resident, StoredFile

from ..enums import CLOSED, ApplicationStatus, Channel, Side
from ..rules import codes
from .definition import Procedure, ProcedureVersion


class Draft(OwnedModel):
    """
    Answers on their way: kept at every step until ``expires_at``, on the server, so that any device can go on.

    ``key`` stands in addresses. A draft belongs to an ``account``, or to whoever holds one of two secrets: the cookie of
    the browser it was started in (``secret_digest``) or the resume code on paper (``resume_digest``). ``origins`` says for
    each prefilled field where its value came from. ``done_steps`` maps a step to the ``revision`` of its last save, which
    tells two tabs apart. ``proxy`` is the proof by which somebody acts for ``on_behalf_of``. ``bundle`` is shared by drafts
    that were started together from one checklist.
    """

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    version = models.ForeignKey(ProcedureVersion, verbose_name="版", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="アカウント",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    on_behalf_of = models.ForeignKey(
        Resident, verbose_name="本人", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    proxy = models.JSONField("代理の根拠", default=dict)
    secret_digest = models.CharField("鍵のダイジェスト", max_length=64, blank=True, db_index=True)
    resume_digest = models.CharField("再開コードのダイジェスト", max_length=64, blank=True, db_index=True)
    answers = models.JSONField("回答", default=dict)
    origins = models.JSONField("値の出所", default=dict)
    step = models.CharField("今の段階", max_length=60, blank=True)
    done_steps = models.JSONField("終えた段階", default=dict)
    revision = models.PositiveIntegerField("保存の回数", default=0)
    channel = models.CharField("受付経路", max_length=10, choices=Channel, default=Channel.ONLINE)
    language = models.CharField("言語", max_length=10, default="ja")
    earlier = models.ForeignKey(
        "Application", verbose_name="もとの申請", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    bundle = models.CharField("まとまり", max_length=26, blank=True, db_index=True)
    checklist_item = models.ForeignKey(
        "ChecklistItem",
        verbose_name="手続リストの項目",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    started_at = models.DateTimeField("開始日時")
    saved_at = models.DateTimeField("保存日時")
    expires_at = models.DateTimeField("保存期限")

    class Meta:
        verbose_name = verbose_name_plural = "入力途中の申請"
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["municipality", "account", "-saved_at"], name="draft_by_account")]

    def __str__(self) -> str:
        return self.key

    @property
    def resume_code(self) -> str:
        """The code (再開コード) by which another device goes on; always the same, kept nowhere."""
        return codes.derived(settings.SECRET_KEY, "resume", self.key)

    @property
    def is_expired(self) -> bool:
        """True once the time to go on has passed."""
        return self.expires_at <= clock.now()


class Application(OwnedModel):
    """
    An application (申請) as it was sent. Corrections write new answers; the old ones stay in ``Correction``.

    ``number`` is what people say on the telephone; ``send_key`` makes sending twice impossible. ``search_key`` finds it by
    the applicant's name however it is written. Who has no account follows it with the number and a secret
    (``secret_digest``). The case is opened by a job right after sending.
    """

    number = models.CharField("受付番号", max_length=20)
    send_key = models.CharField("送信のキー", max_length=40, unique=True)
    procedure = models.ForeignKey(Procedure, verbose_name="手続", on_delete=models.PROTECT, related_name="applications")
    version = models.ForeignKey(ProcedureVersion, verbose_name="版", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(
        Case, verbose_name="案件", null=True, blank=True, on_delete=models.PROTECT, related_name="application"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申請した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    on_behalf_of = models.ForeignKey(
        Resident, verbose_name="本人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proxy = models.JSONField("代理の根拠", default=dict)
    secret_digest = models.CharField("鍵のダイジェスト", max_length=64, blank=True)
    applicant_name = models.CharField("申請者の氏名", max_length=160, blank=True)
    search_key = models.CharField("検索キー", max_length=400, blank=True)
    status = models.CharField("状態", max_length=20, choices=ApplicationStatus, default=ApplicationStatus.RECEIVED)
    answers = models.JSONField("回答")
    origins = models.JSONField("値の出所", default=dict)
    channel = models.CharField("受付経路", max_length=10, choices=Channel, default=Channel.ONLINE)
    language = models.CharField("言語", max_length=10, default="ja")
    assurance = models.CharField("本人確認", max_length=16, default="none")
    identity = models.JSONField("本人確認の記録", default=dict)
    fee = models.PositiveIntegerField("手数料", default=0)
    bundle = models.CharField("まとまり", max_length=26, blank=True, db_index=True)
    fiscal_year = models.PositiveIntegerField("会計年度")
    started_at = models.DateTimeField("入力開始日時", null=True, blank=True)
    submitted_at = models.DateTimeField("申請日時")
    due_on = models.DateField("処理の期限", null=True, blank=True)
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)
    decision = models.CharField("決定", max_length=40, blank=True)
    decision_reason = models.TextField("決定の理由", blank=True)
    closed_at = models.DateTimeField("完了日時", null=True, blank=True)
    documents = models.JSONField("発行した文書の番号", default=dict, blank=True)
    earlier = models.ForeignKey(
        "self", verbose_name="もとの申請", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "申請"
        ordering = ["-submitted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "number"], name="application_number_once")]
        indexes = [
            models.Index(fields=["municipality", "account", "-submitted_at"], name="application_by_account"),
            models.Index(fields=["municipality", "procedure", "-submitted_at"], name="application_by_procedure"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def follow_code(self) -> str:
        """The secret by which an applicant without an account follows the application."""
        return codes.derived(settings.SECRET_KEY, "follow", self.send_key)

    @property
    def unit_ids(self) -> list[int]:
        """The units that answer: the procedure's, and the one the case was handed to."""
        units = {self.procedure.unit_id, self.case.unit_id if self.case is not None else None}
        return [unit for unit in units if unit is not None]

    @property
    def is_open(self) -> bool:
        """True until it was decided, withdrawn or closed: what the applicant may still change."""
        return self.decided_at is None and self.closed_at is None and self.status not in CLOSED


class Attachment(OwnedModel):
    """A file given with a field of a draft or an application, or with a message (``field`` is then empty)."""

    draft = models.ForeignKey(
        Draft, verbose_name="下書き", null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments"
    )
    application = models.ForeignKey(
        Application, verbose_name="申請", null=True, blank=True, on_delete=models.PROTECT, related_name="attachments"
    )
    message = models.ForeignKey(
        "Message",
        verbose_name="メッセージ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attachments",
    )
    field = models.CharField("項目", max_length=120, blank=True)
    stored = models.ForeignKey(StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("追加日時")

    class Meta:
        verbose_name = verbose_name_plural = "添付ファイル"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.stored)


class Correction(OwnedModel):
    """A request to correct (補正) certain fields, and what the applicant answered; ``before`` keeps the old answers."""

    application = models.ForeignKey(
        Application, verbose_name="申請", on_delete=models.PROTECT, related_name="corrections"
    )
    fields = models.JSONField("直す項目")
    notes = models.JSONField("項目ごとの説明", default=dict)
    message = models.TextField("説明", blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="依頼者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("依頼日時")
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取消日時", null=True, blank=True)
    before = models.JSONField("直す前の回答", default=dict)
    after = models.JSONField("直した回答", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "補正"
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"{self.application}（{self.requested_at:%Y-%m-%d}）"


class Message(OwnedModel):
    """A message between the applicant and the section in charge."""

    application = models.ForeignKey(Application, verbose_name="申請", on_delete=models.PROTECT, related_name="messages")
    side = models.CharField("書いた側", max_length=10, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="書いた人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    text = models.TextField("本文")
    sent_at = models.DateTimeField("送信日時")
    read_at = models.DateTimeField("既読日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "メッセージ"
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return f"{self.application} {self.sent_at:%Y-%m-%d %H:%M}"
