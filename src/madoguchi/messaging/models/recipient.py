"""Whom messages go to: recipients (送り先), their addresses, children and needs."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel, Resident

from ..enums import ChannelKey, EndpointStatus, NeedCode


class Recipient(OwnedModel):
    """
    One person messages go to, whoever they are to the city: a resident of the registry, the holder of an account, or
    somebody who gave no more than an address (a guest).

    What audiences ask for (``birth_date``, ``town``, ``language``, children, needs) stands here in plain columns: taken from
    the registry where ``resident`` is set, else as the person declared it. ``channels`` is the order in which the person wants
    to be reached (a way that is not in it is used in emergencies alone), empty: every way, in the city's usual order.
    ``quiet_from`` and ``quiet_until`` are the hours in which nothing but emergencies may ring. ``consented_at``: the person
    agreed that the city chooses messages by what it knows of them. ``feed_serial`` counts the secret addresses of the person's
    Atom feed; 0: they never asked for one. ``is_language_declared``: the person chose the language, the registry does not
    change it. ``registry_seen_at`` is when the resident had last been changed as this was taken over.
    """

    key = models.CharField("キー", max_length=26, unique=True, default=ids.new_id, editable=False)
    resident = models.OneToOneField(
        Resident, verbose_name="住民", null=True, blank=True, on_delete=models.CASCADE, related_name="recipient"
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="アカウント",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="recipient",
    )
    name = models.CharField("呼び名", max_length=120, blank=True)
    language = models.CharField("言語", max_length=10, default="ja")
    is_language_declared = models.BooleanField("言語は本人の申告", default=False)
    birth_date = models.DateField("生年月日", null=True, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    town = models.CharField("町域", max_length=80, blank=True)
    channels = models.JSONField("連絡の順", default=list)
    quiet_from = models.TimeField("静かな時間の始まり", null=True, blank=True)
    quiet_until = models.TimeField("静かな時間の終わり", null=True, blank=True)
    consented_at = models.DateTimeField("同意日時", null=True, blank=True)
    paused_until = models.DateTimeField("休止の終わり", null=True, blank=True)
    feed_serial = models.PositiveIntegerField("フィードの世代", default=0, db_default=0)
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    registry_seen_at = models.DateTimeField("住民記録の反映", null=True, blank=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = verbose_name_plural = "送り先"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["municipality", "town", "birth_date"], name="recipient_by_town"),
            models.Index(fields=["municipality", "birth_date"], name="recipient_by_birth"),
        ]

    def __str__(self) -> str:
        return self.key


class Child(OwnedModel):
    """A child (子) of a recipient, by the day of birth: ``resident`` of the registry's household, or as declared."""

    recipient = models.ForeignKey(Recipient, verbose_name="送り先", on_delete=models.CASCADE, related_name="children")
    resident = models.ForeignKey(
        Resident, verbose_name="住民", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    birth_date = models.DateField("生年月日")
    is_declared = models.BooleanField("本人の申告", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "子"
        ordering = ["birth_date", "id"]
        indexes = [models.Index(fields=["municipality", "birth_date", "recipient"], name="child_by_birth")]

    def __str__(self) -> str:
        return f"{self.birth_date:%Y-%m-%d}"


class Need(OwnedModel):
    """
    Something in which a recipient needs help in a disaster, registered by themselves or by staff.

    ``confirmed_at``: staff have checked it with the person (避難行動要支援者名簿, 災害対策基本法第49条の10).
    """

    recipient = models.ForeignKey(Recipient, verbose_name="送り先", on_delete=models.CASCADE, related_name="needs")
    code = models.CharField("必要な助け", max_length=20, choices=NeedCode)
    note = models.CharField("伝えたいこと", max_length=200, blank=True)
    registered_at = models.DateTimeField("登録日時")
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="確認者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "配慮の登録"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "code"], condition=models.Q(ended_at__isnull=True), name="need_once"
            )
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class Endpoint(OwnedModel):
    """
    An address of a recipient on a channel (連絡先).

    ``address``: an e-mail address, a LINE user id, the push service's URL, a phone number (E.164), a postal address; ``details``
    holds what the channel needs beside it (the keys of a push subscription). ``digest`` (``rules.addresses``) finds it again.
    A confirmed address belongs to one person; several may claim it until one of them has confirmed it.
    """

    recipient = models.ForeignKey(Recipient, verbose_name="送り先", on_delete=models.CASCADE, related_name="endpoints")
    channel = models.CharField("手段", max_length=10, choices=ChannelKey)
    address = models.TextField("宛先")
    digest = models.CharField("宛先のダイジェスト", max_length=64)
    details = models.JSONField("詳細", default=dict)
    status = models.CharField("状態", max_length=12, choices=EndpointStatus, default=EndpointStatus.UNCONFIRMED)
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    failures = models.PositiveSmallIntegerField("続けて失敗した回数", default=0)
    last_error = models.CharField("最後のエラー", max_length=200, blank=True)
    created_at = models.DateTimeField("登録日時")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "連絡先"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "channel", "digest"],
                condition=models.Q(ended_at__isnull=True) & ~models.Q(status="unconfirmed"),
                name="endpoint_once",
            )
        ]
        indexes = [models.Index(fields=["recipient", "channel", "status"], name="endpoint_by_recipient")]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
