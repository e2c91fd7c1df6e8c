"""The inbox as a channel: always there, delivered by being written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from ..enums import ChannelKey, DeliveryStatus
from ..registry import Channel, Outcome, Outgoing, Preview
from ..rules.content import to_html


class InboxChannel(Channel):
    """The inbox of everybody with an account: the fan-out writes its rows as delivered, so the sender has nothing to do."""

    key = ChannelKey.INBOX
    label = N_("受信箱")
    needs_endpoint = False
    is_automatic = False

    def preview(self, outgoing: Outgoing) -> Preview:
        """Show the message as it stands in the inbox."""
        return Preview(((_("件名"), outgoing.subject), (_("本文"), outgoing.body)), html=to_html(outgoing.body))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Call everything delivered: the row is the entry."""
        for one in batch:
            yield Outcome(one.delivery_id, DeliveryStatus.DELIVERED)
