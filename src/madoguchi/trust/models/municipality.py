"""Municipalities (地方公共団体) of the installation and the host names they answer on."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_noop as N_


class Municipality(models.Model):
    """A municipality; everything a city owns hangs on it. The first one (lowest ``order``) answers on ``localhost``."""

    key = models.SlugField("キー", max_length=40, unique=True)
    code = models.CharField(
        "全国地方公共団体コード", max_length=6, unique=True, validators=[RegexValidator(r"^\d{6}$", "6桁の数字です")]
    )
    name = models.CharField("名称", max_length=60)
    name_kana = models.CharField("名称（カナ）", max_length=120, blank=True)
    name_en = models.CharField("名称（英字）", max_length=120, blank=True)
    prefecture = models.CharField("都道府県", max_length=10, blank=True)
    colour = models.CharField("基調色", max_length=20, default="blue")
    phone = models.CharField("代表電話", max_length=20, blank=True)
    office_hours = models.CharField("開庁時間", max_length=60, blank=True, default=N_("月〜金 8:30〜17:15"))
    is_demonstration = models.BooleanField("見本", default=False)
    order = models.PositiveIntegerField("並び順", default=100)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "自治体"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class MunicipalityHost(models.Model):
    """A host name that leads to a municipality (without port, lower case)."""

    municipality = models.ForeignKey(
        Municipality, verbose_name="自治体", on_delete=models.CASCADE, related_name="hosts"
    )
    host = models.CharField("ホスト名", max_length=253, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "ホスト名"
        ordering = ["host"]

    def __str__(self) -> str:
        return self.host
