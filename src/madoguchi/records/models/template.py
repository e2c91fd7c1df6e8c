"""Templates of documents a municipality wrote itself, and how it names itself on documents."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import DocumentKind, TemplateStatus


class DocumentTemplate(OwnedModel):
    """
    A template (ひな形) of a municipality; one with the key of a shipped template takes its place.

    ``is_strict``: a character that no font has stops the document, because names must be exact; otherwise the character
    is printed as 〓 and explained on the page.
    """

    key = models.SlugField("キー", max_length=60)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("種類", max_length=20, choices=DocumentKind, default=DocumentKind.OTHER)
    is_strict = models.BooleanField("文字の置き換えを認めない", default=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "文書のひな形"
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["municipality", "key"], name="template_key_once")]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(OwnedModel):
    """
    A version of a template: typst source, JSON Schema of its content, words by language, and data to try it with.

    At most one version of a template is in use; documents name the version they were made from.
    """

    template = models.ForeignKey(
        DocumentTemplate, verbose_name="ひな形", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField("版")
    status = models.CharField("状態", max_length=12, choices=TemplateStatus, default=TemplateStatus.DRAFT)
    source = models.TextField("typstのソース")
    schema = models.JSONField("内容の形（JSON Schema）", default=dict, blank=True)
    words = models.JSONField("言語ごとの文言", default=dict, blank=True)
    sample = models.JSONField("試しのデータ", default=dict, blank=True)
    revision = models.PositiveIntegerField("保存の回数", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    saved_at = models.DateTimeField("保存日時")
    published_at = models.DateTimeField("使用開始日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ひな形の版"
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["template"], condition=models.Q(status="published"), name="template_one_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id}/{self.number}"


class IssuerProfile(OwnedModel):
    """How a municipality names itself on documents: title and name of its head (市長名), and whom to ask."""

    head_title = models.CharField("職名", max_length=60, blank=True)
    head_name = models.CharField("氏名", max_length=60, blank=True)
    section = models.CharField("問い合わせ先", max_length=80, blank=True)
    phone = models.CharField("電話", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "発行者の表示"
        constraints = [models.UniqueConstraint(fields=["municipality"], name="issuer_profile_once")]

    def __str__(self) -> str:
        return f"{self.head_title} {self.head_name}".strip()
