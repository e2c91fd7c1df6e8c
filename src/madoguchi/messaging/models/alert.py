"""Emergency alerts (緊急情報) as the Common Alerting Protocol knows them, and the checks on people in need."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..enums import (
    AcknowledgedBy,
    AlertCategory,
    AlertCertainty,
    AlertMessageType,
    AlertSeverity,
    AlertSource,
    AlertState,
    AlertStatus,
    AlertUrgency,
    CallOutcome,
)
from .message import Message
from .recipient import Recipient


class Alert(OwnedModel):
    """
    One thing said about an emergency: the first word, an update, or the end of it (OASIS CAP 1.2).

    What belongs together shares ``event_key``; of it, one is in state ``issued`` at a time. ``references`` names the former ones as
    CAP wants it (``sender,identifier,sent``); ``former`` is the one before, ``origin`` the first (null: this is the first).
    ``areas`` is a list of ``{"name", "town"}`` or ``{"name", "code"}``; empty means the whole municipality. ``contents`` maps a
    language (``ja``, ``en``, ``ja-easy``, more) to ``{"headline", "description", "instruction"}``. ``evacuation_level`` is the
    警戒レベル 1 to 5 (避難情報に関するガイドライン). ``status`` never changes: a drill cannot become actual. ``source_key``
    names what it came of (a telegram, a CAP message of somebody else). ``cap_xml`` is what was published, signed.
    """

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    cap_identifier = models.CharField("CAP識別子", max_length=80, unique=True, null=True, blank=True)
    sender = models.CharField("CAP発信者", max_length=253, blank=True)
    status = models.CharField("実際か訓練か", max_length=10, choices=AlertStatus, default=AlertStatus.ACTUAL)
    msg_type = models.CharField("発表の種類", max_length=10, choices=AlertMessageType, default=AlertMessageType.ALERT)
    event_key = models.CharField("事象のキー", max_length=120)
    event_code = models.CharField("事象コード", max_length=40)
    event_name = models.CharField("事象", max_length=80)
    category = models.CharField("分類", max_length=10, choices=AlertCategory, default=AlertCategory.SAFETY)
    urgency = models.CharField("緊急性", max_length=10, choices=AlertUrgency, default=AlertUrgency.IMMEDIATE)
    severity = models.CharField("重大性", max_length=10, choices=AlertSeverity, default=AlertSeverity.SEVERE)
    certainty = models.CharField("確からしさ", max_length=10, choices=AlertCertainty, default=AlertCertainty.LIKELY)
    evacuation_level = models.PositiveSmallIntegerField("警戒レベル", null=True, blank=True)
    areas = models.JSONField("対象の地域", default=list, blank=True)
    contents = models.JSONField("内容", default=dict)
    onset = models.DateTimeField("始まり", null=True, blank=True)
    effective = models.DateTimeField("効力の始まり", null=True, blank=True)
    expires_at = models.DateTimeField("有効期限", null=True, blank=True)
    references = models.TextField("参照", blank=True)
    former = models.ForeignKey(
        "self", verbose_name="前の発表", null=True, blank=True, on_delete=models.PROTECT, related_name="later"
    )
    origin = models.ForeignKey(
        "self", verbose_name="最初の発表", null=True, blank=True, on_delete=models.PROTECT, related_name="chain"
    )
    source = models.CharField("きっかけ", max_length=10, choices=AlertSource, default=AlertSource.STAFF)
    source_key = models.CharField("きっかけのキー", max_length=120, blank=True)
    message = models.OneToOneField(
        Message, verbose_name="お知らせ", null=True, blank=True, on_delete=models.PROTECT, related_name="alert"
    )
    state = models.CharField("状態", max_length=10, choices=AlertState, default=AlertState.DRAFT)
    is_automatic = models.BooleanField("自動発表", default=False)
    note = models.CharField("理由", max_length=200, blank=True)
    created_at = models.DateTimeField("作成日時")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField("発表日時", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="発表者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    cap_xml = models.TextField("CAP", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "緊急情報"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "status", "event_key"],
                condition=models.Q(state="issued"),
                name="alert_live_once",
            ),
            models.CheckConstraint(
                condition=models.Q(evacuation_level__isnull=True) | models.Q(evacuation_level__range=(1, 5)),
                name="alert_evacuation_level",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "-id"], name="alert_by_state")]

    def __str__(self) -> str:
        return str(self.contents.get("ja", {}).get("headline") or self.event_name)

    @property
    def is_drill(self) -> bool:
        """Tell whether it is a drill (訓練)."""
        return self.status == AlertStatus.EXERCISE

    @property
    def towns(self) -> list[str]:
        """Return the towns (町域) it is for; empty where it is for the whole municipality."""
        return [area["town"] for area in self.areas if area.get("town")]


class SafetyCheck(OwnedModel):
    """
    Whether somebody is known to be safe in an emergency (安否確認): one row per event and person.

    ``alert`` is the first of the event, so that an update keeps what is known. A person in need has the row from the start
    (the call list); another one when they acknowledge. A call is claimed by one official at a time.
    """

    alert = models.ForeignKey(Alert, verbose_name="緊急情報", on_delete=models.CASCADE, related_name="checks")
    recipient = models.ForeignKey(Recipient, verbose_name="送り先", on_delete=models.CASCADE, related_name="checks")
    is_in_need = models.BooleanField("配慮が必要", default=False)
    created_at = models.DateTimeField("作成日時")
    acknowledged_at = models.DateTimeField("ご本人の確認日時", null=True, blank=True)
    acknowledged_by = models.CharField("確認の手段", max_length=10, choices=AcknowledgedBy, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="電話している人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    claimed_at = models.DateTimeField("電話を始めた日時", null=True, blank=True)
    outcome = models.CharField("電話の結果", max_length=12, choices=CallOutcome, blank=True)
    outcome_at = models.DateTimeField("電話の日時", null=True, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="電話した人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    calls = models.PositiveSmallIntegerField("電話の回数", default=0)
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "安否確認"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["alert", "recipient"], name="safety_check_once")]
        indexes = [models.Index(fields=["alert", "is_in_need", "outcome"], name="safety_check_open")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.recipient_id}"
