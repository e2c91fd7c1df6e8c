"""The letters of a message: to whom, where, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ..enums import ChannelKey, DeliveryStatus, EndpointStatus
from ..models import Delivery, Endpoint, Message
from ..rules.letters import Address, address_of


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to print; an ``address`` that is not complete is for a person to look up."""

    delivery: Delivery
    address: Address


@dataclass(frozen=True, slots=True)
class PostProgress:
    """How many letters wait, were posted, came back."""

    waiting: int = 0
    posted: int = 0
    returned: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.waiting + self.posted + self.returned


def letters_in(message: Message) -> QuerySet[Delivery]:
    """Return the rows of post of a message, in the order they are printed."""
    found = Delivery.objects.filter(message=message, channel=ChannelKey.POST)
    return found.select_related("recipient__resident").order_by("recipient__postal_code", "pk")


def progress_of_post(message: Message) -> PostProgress:
    """Return how far the letters of a message are."""
    counts = dict(letters_in(message).order_by().values_list("status").annotate(number=Count("id")))
    posted = counts.get(DeliveryStatus.SENT, 0) + counts.get(DeliveryStatus.DELIVERED, 0)
    return PostProgress(counts.get(DeliveryStatus.WAITING, 0), posted, counts.get(DeliveryStatus.BOUNCED, 0))


def addressed(deliveries: Iterable[Delivery]) -> list[Letter]:
    """Return letters with where they go: the address the person gave for post, else that of the registry."""
    rows = list(deliveries)
    given = {
        endpoint.recipient_id: endpoint
        for endpoint in Endpoint.objects.filter(
            recipient__in=[row.recipient_id for row in rows],
            channel=ChannelKey.POST,
            status=EndpointStatus.ACTIVE,
            ended_at__isnull=True,
        )
    }
    return [Letter(row, _address(row, given.get(row.recipient_id))) for row in rows]


def _address(row: Delivery, given: Endpoint | None) -> Address:
    recipient, resident = row.recipient, row.recipient.resident
    name = resident.name if resident is not None else recipient.name
    if given is not None:
        code = str(given.details.get("postal_code") or recipient.postal_code)
        return address_of(code, given.address, str(given.details.get("name") or name))
    if resident is None or resident.ended_on is not None:
        return address_of("", "", name)
    return address_of(resident.postal_code, resident.address, name)
