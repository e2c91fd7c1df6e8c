"""Post as a channel: collected by message, printed and sent by people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from ..enums import ChannelKey, DeliveryStatus
from ..registry import Channel, Outcome, Outgoing, Preview

A_DAY = 24 * 3600


class PostChannel(Channel):
    """
    Letters: rows of the outbox wait until staff have printed and posted them (``services.post``); no worker touches them.
    """

    key = ChannelKey.POST
    label = N_("郵送")
    needs_endpoint = False
    is_automatic = False

    def setup_words(self) -> str:
        """Say who does the work."""
        return _("設定は要りません。職員が印刷して送ります。")

    def preview(self, outgoing: Outgoing) -> Preview:
        """Show the letter's heading and text."""
        return Preview(((_("件名"), outgoing.subject), (_("本文"), outgoing.body)))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Leave every letter waiting: only people can post it."""
        for one in batch:
            yield Outcome(one.delivery_id, DeliveryStatus.WAITING, retry_seconds=A_DAY)
