"""Documents that were issued, their sealed files, batches, and attempts to check a number."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from madoguchi.trust.api import OwnedModel, StoredFile

from ..enums import DocumentKind, DocumentStatus, RevisionReason
from .template import TemplateVersion


class DocumentCounter(OwnedModel):
    """The last document number given out in a fiscal year (年度)."""

    fiscal_year = models.PositiveIntegerField("年度")
    last = models.PositiveIntegerField("最後の番号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "文書番号"
        constraints = [models.UniqueConstraint(fields=["municipality", "fiscal_year"], name="document_counter_once")]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.last}"


class DocumentBatch(OwnedModel):
    """Documents that were asked for together; how far they are is counted from the documents."""

    title = models.CharField("件名", max_length=120)
    total = models.PositiveIntegerField("件数", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("作成日時")
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "一括作成"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title


class IssuedDocument(OwnedModel):
    """
    A document the municipality issues (発行文書): the row and its number at once, the sealed PDF when a job has made it.

    ``number`` is public and in sequence, ``code`` cannot be guessed; whoever holds the paper knows both. Read through
    ``access_document``. ``seal`` holds the facts of the seal: signer, serial, signed_at, level, timestamps_until, digest of
    the certificate. ``subject_type``/``subject_id`` name what it was issued for.
    """

    number = models.CharField("文書番号", max_length=20)
    code = models.CharField("確認コード", max_length=20)
    status = models.CharField("状態", max_length=10, choices=DocumentStatus, default=DocumentStatus.PREPARING)
    kind = models.CharField("種類", max_length=20, choices=DocumentKind)
    title = models.CharField("件名", max_length=200)
    template = models.CharField("ひな形", max_length=60)
    template_version = models.ForeignKey(
        TemplateVersion, verbose_name="ひな形の版", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    template_digest = models.CharField("ひな形のダイジェスト", max_length=64, blank=True)
    content = models.JSONField("内容", default=dict)
    language = models.CharField("言語", max_length=10, default="ja")
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象のID", max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="受取人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
    )
    recipient_name = models.CharField("受取人の氏名", max_length=160, blank=True)
    recipient_key = models.CharField("受取人の検索キー", max_length=320, blank=True, editable=False)
    batch = models.ForeignKey(
        DocumentBatch,
        verbose_name="一括作成",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("登録日時")
    issued_at = models.DateTimeField("発行日時", null=True, blank=True)
    valid_until = models.DateField("有効期限", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, verbose_name="ファイル", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField("ダイジェスト", max_length=64, blank=True)
    seal = models.JSONField("署名", default=dict, blank=True)
    renew_by = models.DateTimeField("タイムスタンプの更新期限", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="差し替え先", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    closed_at = models.DateTimeField("取消し・差し替え日時", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取り消した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField("取消しの理由", max_length=500, blank=True)
    failure = models.TextField("作成できなかった理由", blank=True)
    waiting_for = models.TextField("待っているもの", blank=True)
    first_downloaded_at = models.DateTimeField("最初のダウンロード", null=True, blank=True)
    downloads = models.PositiveIntegerField("ダウンロードの回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "発行した文書"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=~models.Q(status="issued") | models.Q(file__isnull=False), name="document_issued_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "subject_type", "subject_id"], name="document_by_subject"),
            models.Index(fields=["municipality", "status", "-created_at"], name="document_by_status"),
            models.Index(fields=["municipality", "recipient", "-created_at"], name="document_by_recipient"),
            models.Index(fields=["municipality", "renew_by"], name="document_by_renewal"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verify_path(self) -> str:
        """The address of the page that says whether this document is good, as its QR code has it."""
        return reverse("verify:document", args=[self.number, self.code])


class SealedRevision(OwnedModel):
    """A sealed file of a document: the one that was issued, and one for each renewal of its time stamp; all stay valid."""

    document = models.ForeignKey(
        IssuedDocument, verbose_name="文書", on_delete=models.PROTECT, related_name="revisions"
    )
    file = models.ForeignKey(StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("ダイジェスト", max_length=64)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    reason = models.CharField("理由", max_length=10, choices=RevisionReason, default=RevisionReason.ISSUED)
    made_at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "署名したファイル"
        ordering = ["document", "-made_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "digest"], name="sealed_revision_once")]

    def __str__(self) -> str:
        return self.digest[:12]


class VerificationAttempt(OwnedModel):
    """A number and code that did not fit, kept for an hour to slow down those who guess; the address only as keyed digest."""

    source = models.CharField("送信元のダイジェスト", max_length=64)
    number = models.CharField("入力された番号", max_length=20, blank=True)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "確認の失敗"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["municipality", "source", "at"], name="attempt_by_source"),
            models.Index(fields=["municipality", "number", "at"], name="attempt_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
