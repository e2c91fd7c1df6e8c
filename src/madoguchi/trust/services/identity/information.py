"""A person's own information: looked at with a trace, and taken along."""

from __future__ import annotations

from django.db import transaction

from ... import events
from ...enums import AccessAction
from ...models import Account
from ...permissions import attribute_policy
from ...permissions.identity import Person
from ...selectors.identity import KnownAttribute, known_attributes, resident_of
from ..accesses import log_access
from ..events import record_event

OWN = "本人による確認"


def access_own_information(
    *, account: Account, address: str | None = None, action: AccessAction = AccessAction.VIEW
) -> dict[str, KnownAttribute]:
    """Return everything the city knows of an account's holder, to the holder; the look is logged."""
    resident = resident_of(account)
    attribute_policy.require(account, "read", Person(account, resident))
    log_access(actor=account, subject=resident or account, purpose=OWN, action=action, address=address)
    return known_attributes(account=account, resident=resident)


@transaction.atomic
def download_own_information(*, account: Account, address: str | None = None) -> dict[str, KnownAttribute]:
    """Return the same to be taken along as a file; logged as taken out (持ち出し)."""
    attribute_policy.require(account, "download", Person(account, resident_of(account)))
    known = access_own_information(account=account, address=address, action=AccessAction.DOWNLOAD)
    record_event(kind=events.INFORMATION_DOWNLOADED, subject=account, actor=account, quantity=len(known))
    return known
