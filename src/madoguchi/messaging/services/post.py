"""Letters: handed out to be printed, marked as posted, noted when they come back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, log_access, record_event
from madoguchi.trust.enums import AccessAction

from .. import events
from ..enums import ChannelKey, DeliveryStatus
from ..errors import StatusError
from ..models import Delivery, Message
from ..permissions import recipient_policy
from ..selectors.post import Letter, addressed, letters_in

PURPOSE = "お知らせの郵送"
MOST_AT_ONCE = 300
"""Letters in one file: what a printer takes in one go, and a typesetter in half a minute."""


@transaction.atomic
def hand_out_letters(*, message: Message, actor: Account, begin: int = 0, address: str | None = None) -> list[Letter]:
    """
    Return the letters of a message that wait, from one place on, at most ``MOST_AT_ONCE``, to be printed; the look is logged.

    Raises ``RefusedError`` without the duty.
    """
    recipient_policy.require(actor, "post")
    waiting = letters_in(message).filter(status=DeliveryStatus.WAITING)
    found = [letter for letter in addressed(waiting[begin : begin + MOST_AT_ONCE]) if letter.address.is_complete]
    _note(message, actor, AccessAction.PRINT, address)
    record_event(kind=events.LETTERS_MADE, subject=message, actor=actor, quantity=len(found))
    return found


@transaction.atomic
def hand_out_addresses(*, message: Message, actor: Account, address: str | None = None) -> list[Letter]:
    """Return all letters of a message that wait with their addresses, for a file; logged as an export."""
    recipient_policy.require(actor, "post")
    found = addressed(letters_in(message).filter(status=DeliveryStatus.WAITING))
    _note(message, actor, AccessAction.EXPORT, address)
    record_event(kind=events.ADDRESSES_EXPORTED, subject=message, actor=actor, quantity=len(found))
    return found


@transaction.atomic
def look_over(*, message: Message, actor: Account, address: str | None = None) -> list[Letter]:
    """Return the letters that wait; where some have no address, their names are shown, and the look is logged."""
    recipient_policy.require(actor, "post")
    waiting = addressed(letters_in(message).filter(status=DeliveryStatus.WAITING))
    if not all(letter.address.is_complete for letter in waiting):
        _note(message, actor, AccessAction.VIEW, address)
    return waiting


def _note(message: Message, actor: Account, action: AccessAction, address: str | None) -> None:
    log_access(actor=actor, subject=message, purpose=PURPOSE, action=action, address=address)


@transaction.atomic
def mark_posted(*, message: Message, actor: Account) -> int:
    """Mark the letters that wait and have an address as posted; return how many. The rest stay, for somebody to look up."""
    recipient_policy.require(actor, "post")
    waiting = letters_in(message).filter(status=DeliveryStatus.WAITING).select_for_update(of=("self",))
    complete = [letter.delivery.pk for letter in addressed(waiting) if letter.address.is_complete]
    now = clock.now()
    posted = Delivery.objects.filter(pk__in=complete, status=DeliveryStatus.WAITING)
    number = posted.update(status=DeliveryStatus.SENT, sent_at=now, error="")
    if number:
        record_event(kind=events.LETTERS_POSTED, subject=message, actor=actor, quantity=number)
        data = {"channel": str(ChannelKey.POST), "kind": str(message.kind), "drill": message.is_drill}
        record_event(kind=events.DELIVERIES_SENT, subject=message, actor=actor, quantity=number, data=data)
    return number


@transaction.atomic
def mark_returned(*, message: Message, numbers: Iterable[int], actor: Account, reason: str = "") -> Sequence[int]:
    """
    Note that letters came back (宛先不明など), by the numbers printed on them; return those that were noted.

    Raises ``StatusError`` where none of them is a letter of this message that was posted; nothing is changed then.
    """
    recipient_policy.require(actor, "post")
    wanted = list(dict.fromkeys(numbers))
    found = letters_in(message).filter(pk__in=wanted, status=DeliveryStatus.SENT)
    noted = list(found.order_by("pk").values_list("pk", flat=True))
    if not noted:
        raise StatusError
    error = f"returned {reason}".strip()[:200]
    Delivery.objects.filter(pk__in=noted).update(status=DeliveryStatus.BOUNCED, error=error)
    record_event(kind=events.LETTER_RETURNED, subject=message, actor=actor, quantity=len(noted))
    data = {"channel": str(ChannelKey.POST), "kind": str(message.kind), "drill": message.is_drill}
    record_event(kind=events.DELIVERIES_FAILED, subject=message, actor=actor, quantity=len(noted), data=data)
    return noted
