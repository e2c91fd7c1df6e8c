"""How a municipality sends: order of the ways, quiet hours, limits."""

from __future__ import annotations

from datetime import time

from django.db import models

from madoguchi.trust.api import OwnedModel

from ..enums import ChannelKey

USUAL_ORDER = (ChannelKey.LINE, ChannelKey.WEB_PUSH, ChannelKey.EMAIL, ChannelKey.SMS)
"""What costs least and is seen soonest comes first."""


class SendingSettings(OwnedModel):
    """
    How a municipality sends; one row each, the defaults where there is none. ``channels`` may be empty: the usual order.

    ``weekly_cap``: how many messages to many ring at one person in seven days, whatever sections send them; the rest go to the
    inbox alone. From ``second_approval_from`` people on, two have to approve.
    """

    channels = models.JSONField("手段の順", default=list)
    quiet_from = models.TimeField("静かな時間の始まり", default=time(21))
    quiet_until = models.TimeField("静かな時間の終わり", default=time(7))
    weekly_cap = models.PositiveSmallIntegerField("1週間に1人に鳴らす上限", default=7)
    second_approval_from = models.PositiveIntegerField("2人目の承認が要る人数", default=5000)

    class Meta:
        verbose_name = verbose_name_plural = "送り方の設定"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["municipality"], name="sending_settings_once")]

    def __str__(self) -> str:
        return str(self.municipality)

    @property
    def order(self) -> list[str]:
        """The ways in the order in which people without a wish of their own are reached."""
        return [str(channel) for channel in self.channels or USUAL_ORDER]
