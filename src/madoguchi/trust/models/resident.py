"""Residents (住民) the municipality knows."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids

from ..enums import Sex
from .scoping import OwnedModel


class Resident(OwnedModel):
    """
    A person the municipality serves. Read through ``access_resident``, which asks the policy and logs the look.

    ``name`` is kept as received, variation selectors and all, and is never normalised; ``name_key`` finds it whatever way
    it was typed, ``name_print`` is what a system with JIS X 0208 alone can print. ``household`` is the code that the
    people of one household (世帯) share, ``relationship`` what this one is to its head (続柄, as written: 世帯主, 妻, 子).
    There is no field for the individual number (個人番号).
    """

    reference = models.CharField("整理番号", max_length=26, unique=True, default=ids.new_id, editable=False)
    registry_number = models.CharField("宛名番号", max_length=20, null=True, blank=True)  # noqa: DJ001 - none is not a number
    name = models.CharField("氏名", max_length=120)
    name_kana = models.CharField("氏名（カナ）", max_length=160, blank=True)
    name_key = models.CharField("氏名の検索キー", max_length=240, editable=False)
    kana_key = models.CharField("カナの検索キー", max_length=320, blank=True, editable=False)
    name_print = models.CharField("印字用氏名", max_length=120, editable=False)
    birth_date = models.DateField("生年月日", null=True, blank=True)
    sex = models.CharField("性別", max_length=6, choices=Sex, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    household = models.CharField("世帯コード", max_length=40, null=True, blank=True)  # noqa: DJ001 - none is not a household
    relationship = models.CharField("続柄", max_length=40, blank=True)
    ended_on = models.DateField("消除日", null=True, blank=True)
    language = models.CharField("言語", max_length=10, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="アカウント",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="resident",
    )
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "住民"
        ordering = ["kana_key", "name_key", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "registry_number"], name="resident_number_once")]
        indexes = [
            models.Index(fields=["municipality", "name_key"], name="resident_by_name"),
            models.Index(fields=["municipality", "kana_key"], name="resident_by_kana"),
            models.Index(fields=["municipality", "household"], name="resident_by_household"),
        ]

    def __str__(self) -> str:
        return self.name
