"""Telegrams of the Meteorological Agency (電文) as they were taken, and the rules by which they become alerts."""

from __future__ import annotations

import zlib

from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..enums import AlertRuleAction, TelegramOutcome, TelegramSource, WarningLevel
from ..rules.telegram import Level
from ..rules.telegram_rules import Rule, RuleAction


class Telegram(OwnedModel):
    """
    One telegram as one municipality took it: each municipality it concerns has a row of its own, with what it led to there.

    ``digest`` (SHA-256 of the bytes) makes it unique; ``raw`` is the telegram as it came, compressed. ``warnings`` are those that
    are, or may be, for the municipality: ``{"name", "level", "change", "areas", "certain"}``. ``actions`` are what was done or
    not: ``{"what", "why", "event_key", "warning", "rule", "alert"}``; ``refusal`` is why all of it was set aside.
    """

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    digest = models.CharField("ダイジェスト", max_length=64)
    source = models.CharField("きっかけ", max_length=10, choices=TelegramSource)
    received_at = models.DateTimeField("受信日時")
    kind = models.CharField("電文の種別", max_length=12, blank=True)
    title = models.CharField("情報名称", max_length=100)
    head_title = models.CharField("標題", max_length=200, blank=True)
    status = models.CharField("運用種別", max_length=10)
    info_type = models.CharField("情報形態", max_length=10)
    event_id = models.CharField("識別情報", max_length=120, blank=True)
    serial = models.CharField("情報番号", max_length=20, blank=True)
    office = models.CharField("発表官署", max_length=120, blank=True)
    reported_at = models.DateTimeField("発表日時")
    valid_until = models.DateTimeField("失効日時", null=True, blank=True)
    headline = models.TextField("見出し文", blank=True)
    story = models.CharField("一連のキー", max_length=300)
    level = models.CharField("重大さ", max_length=10, choices=WarningLevel, default=WarningLevel.NONE)
    warnings = models.JSONField("警報など", default=list)
    actions = models.JSONField("対応", default=list)
    outcome = models.CharField("結果", max_length=10, choices=TelegramOutcome)
    refusal = models.CharField("対象外の理由", max_length=300, blank=True)
    is_rehearsal = models.BooleanField("試しの取り込み", default=False)
    raw = models.BinaryField("電文")

    class Meta:
        verbose_name = verbose_name_plural = "電文"
        ordering = ["-received_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "digest", "is_rehearsal"], name="telegram_once")]
        indexes = [
            models.Index(fields=["municipality", "-received_at"], name="telegram_by_time"),
            models.Index(fields=["municipality", "story", "-reported_at"], name="telegram_by_story"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.head_title or self.title}"

    @property
    def data(self) -> bytes:
        """Return the telegram as it came."""
        return zlib.decompress(bytes(self.raw))


class TelegramState(OwnedModel):
    """
    The last word known of a story or an event; locked while a telegram is taken, so that two cannot pass each other.

    ``key``: ``story:…`` (telegrams that follow each other) or ``event:…`` (what alerts are about). ``reported_at`` and ``serial``
    are those of the newest; ``said`` is what it came to: of a story the keys of its events, of an event how grave it was.
    """

    key = models.CharField("キー", max_length=320)
    reported_at = models.DateTimeField("発表日時", null=True, blank=True)
    serial = models.CharField("情報番号", max_length=20, blank=True)
    said = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "電文の最新の状態"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "key"], name="telegram_state_once")]

    def __str__(self) -> str:
        return self.key


class AlertPlace(OwnedModel):
    """An area of the agency's the municipality lies in (津波予報区, 震度の細分区域, 火山 …); ``is_learned``: a telegram said so."""

    layer = models.CharField("区域の種類", max_length=12)
    code = models.CharField("コード", max_length=20)
    name = models.CharField("名前", max_length=80, blank=True)
    is_learned = models.BooleanField("電文から登録", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "気象庁の区域"
        ordering = ["layer", "code"]
        constraints = [models.UniqueConstraint(fields=["municipality", "layer", "code"], name="alert_place_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class AlertRule(OwnedModel):
    """
    What a municipality does about warnings that fit (``rules.telegram_rules.Rule``); one that has none uses those shipped.

    ``contents`` maps languages to texts instead of the usual ones (``headline``, ``description``, ``instruction``), with
    placeholders in double braces (``rules.telegram_texts``).
    """

    name = models.CharField("名前", max_length=80)
    action = models.CharField("すること", max_length=10, choices=AlertRuleAction)
    reason = models.CharField("理由", max_length=200, blank=True)
    hazard = models.CharField("災害の種類", max_length=20, blank=True)
    kind = models.CharField("警報の名前に含む言葉", max_length=60, blank=True)
    area = models.CharField("区域の名前かコード", max_length=80, blank=True)
    level = models.CharField("重大さ", max_length=10, choices=WarningLevel, default=WarningLevel.NONE)
    alert_level = models.PositiveSmallIntegerField("警戒レベル相当", default=0)
    intensity = models.PositiveSmallIntegerField("震度", default=0)
    evacuation_level = models.PositiveSmallIntegerField("避難情報の警戒レベル", null=True, blank=True)
    contents = models.JSONField("文", default=dict, blank=True)
    created_at = models.DateTimeField("作成日時")
    changed_at = models.DateTimeField("変更日時")

    class Meta:
        verbose_name = verbose_name_plural = "自動発表の決まり"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(evacuation_level__isnull=True) | models.Q(evacuation_level__range=(3, 5)),
                name="alert_rule_evacuation_level",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def to_rule(self) -> Rule:
        """Return it as the rules know it."""
        return Rule(
            key=f"own-{self.pk}",
            name=self.name,
            action=RuleAction(self.action),
            reason=self.reason,
            hazard=self.hazard,
            kind=self.kind,
            area=self.area,
            level=Level(self.level),
            alert_level=self.alert_level,
            intensity=self.intensity,
            evacuation_level=self.evacuation_level,
            contents=self.contents,
        )
