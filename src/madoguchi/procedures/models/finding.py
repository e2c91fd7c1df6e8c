"""Checklists (手続リスト): what the finder found for somebody, kept, printed, carried to the counter."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from .definition import Procedure


class Checklist(OwnedModel):
    """
    The result of the finder for one life event.

    ``key`` stands in the address and the QR code; who knows it sees the list (it holds answers to the finder's questions,
    never names). ``number`` is what can be said at a counter.
    """

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    number = models.CharField("番号", max_length=20)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="アカウント",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    life_event = models.CharField("ライフイベント", max_length=60)
    answers = models.JSONField("質問への答え", default=dict)
    language = models.CharField("言語", max_length=10, default="ja")
    created_at = models.DateTimeField("作成日時")
    expires_at = models.DateTimeField("保存期限")

    class Meta:
        verbose_name = verbose_name_plural = "手続リスト"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.number


class ChecklistItem(OwnedModel):
    """One procedure of a checklist: what the finder said of it, and whether it is done."""

    checklist = models.ForeignKey(Checklist, verbose_name="手続リスト", on_delete=models.CASCADE, related_name="items")
    procedure = models.ForeignKey(Procedure, verbose_name="手続", on_delete=models.CASCADE, related_name="+")
    answer = models.CharField("判定", max_length=6)
    order = models.PositiveIntegerField("順番", default=0)
    done_at = models.DateTimeField("済んだ日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "手続リストの項目"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.checklist} {self.procedure}"
