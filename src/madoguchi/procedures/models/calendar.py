"""The private calendar feed (予定の配信) of a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from madoguchi.kit import ids
from madoguchi.trust.api import OwnedModel

from ..rules import codes


class CalendarFeed(OwnedModel):
    """
    The address from which a person's calendar program reads deadlines; who knows it reads them.

    The token follows from ``nonce`` and the installation's secret, so that a copy of the database does not tell it.
    A new nonce makes the old address useless.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="アカウント", on_delete=models.CASCADE, related_name="+"
    )
    nonce = models.CharField("番号", max_length=26, default=ids.new_id)
    token_digest = models.CharField("鍵のダイジェスト", max_length=64, unique=True)
    renewed_at = models.DateTimeField("発行日時")

    class Meta:
        verbose_name = verbose_name_plural = "予定の配信"

    def __str__(self) -> str:
        return f"{self.account}"

    @property
    def token(self) -> str:
        """The secret part of the address."""
        return codes.derived(settings.SECRET_KEY, "calendar", self.nonce).replace("-", "").lower()
