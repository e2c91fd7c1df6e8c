"""Addresses of people on the channels: claimed, confirmed, found, ended. Nothing but its confirmation goes to an unconfirmed one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from .. import events
from ..enums import ChannelKey, EndpointStatus, SubscriptionSource
from ..errors import MessagingError
from ..models import Endpoint, Recipient, Topic
from ..permissions import recipient_policy
from ..rules import tokens
from ..rules.addresses import AddressError, address_digest, normalise_address
from .recipients import merge_recipients
from .subscriptions import subscribe

CONFIRM = "endpoint.confirm"
CONFIRM_SECONDS = 48 * 60 * 60
MOST_ADDRESSES = 10


def find_endpoint(*, channel: ChannelKey | str, address: str) -> Endpoint | None:
    """Return the confirmed endpoint of an address, also one that bounced or is blocked; None where nobody has confirmed it."""
    try:
        digest = address_digest(str(channel), address)
    except AddressError:
        return None
    known = Endpoint.objects.filter(channel=channel, digest=digest, ended_at__isnull=True)
    return known.exclude(status=EndpointStatus.UNCONFIRMED).select_related("recipient").first()


@transaction.atomic
def add_endpoint(
    *,
    recipient: Recipient,
    channel: ChannelKey | str,
    address: str,
    details: Mapping[str, Any] | None = None,
    is_confirmed: bool = False,
    actor: Account | None = None,
) -> Endpoint:
    """
    Add an address to a person, or return the one they have, made usable again where ``is_confirmed``.

    ``is_confirmed``: it is proven that the address is this person's (LINE itself, the browser itself). An address that belongs to
    somebody else moves here then: a guest is made one with this person, somebody else's use of it ends. Raises ``AddressError``,
    ``RefusedError``, and ``MessagingError`` for more addresses than a person can have.
    """
    if actor is not None:
        recipient_policy.require(actor, "edit", recipient)
    written, digest = normalise_address(str(channel), address), address_digest(str(channel), address)
    found = _own(recipient, channel, digest)
    if found is None:
        if Endpoint.objects.filter(recipient=recipient, ended_at__isnull=True).count() >= MOST_ADDRESSES:
            raise MessagingError(_("連絡先は10件まで登録できます。使わないものを消してから追加してください。"))
        found = Endpoint.objects.create(
            municipality_id=recipient.municipality_id,
            recipient=recipient,
            channel=channel,
            address=written,
            digest=digest,
            details=dict(details or {}),
            created_at=clock.now(),
        )
        record_event(kind=events.ENDPOINT_ADDED, subject=found, actor=actor, data={"channel": str(channel)})
    elif details is not None or found.address != written:
        found.address, found.details = written, {**found.details, **(details or {})}
        found.save(update_fields=["address", "details"])
    return activate(endpoint=found, actor=actor) if is_confirmed else found


def _own(recipient: Recipient, channel: ChannelKey | str, digest: str) -> Endpoint | None:
    mine = Endpoint.objects.filter(recipient=recipient, channel=channel, digest=digest, ended_at__isnull=True)
    return mine.order_by("-confirmed_at", "pk").first()


def activate(*, endpoint: Endpoint, actor: Account | None = None) -> Endpoint:
    """Make an address that is proven to be the person's usable; whoever had it before has it no longer."""
    try:
        return _activate(endpoint, actor)
    except IntegrityError:
        # Somebody else proved the same address at this moment; now that they have it, it is settled who keeps it.
        endpoint.refresh_from_db()
        return _activate(endpoint, actor)


@transaction.atomic
def _activate(endpoint: Endpoint, actor: Account | None) -> Endpoint:
    if endpoint.status == EndpointStatus.ACTIVE:
        return endpoint
    owner = find_endpoint(channel=endpoint.channel, address=endpoint.address)
    if owner is not None and owner.pk != endpoint.pk:
        _move_here(endpoint, owner, actor)
        owner.refresh_from_db()
        if owner.recipient_id == endpoint.recipient_id and owner.ended_at is None:
            endpoint.delete()
            endpoint = owner
    now = clock.now()
    endpoint.status, endpoint.confirmed_at = EndpointStatus.ACTIVE, endpoint.confirmed_at or now
    endpoint.failures, endpoint.last_error = 0, ""
    endpoint.details = {name: value for name, value in endpoint.details.items() if name != "confirmation"}
    endpoint.save()
    record_event(kind=events.ENDPOINT_CONFIRMED, subject=endpoint, actor=actor, data={"channel": endpoint.channel})
    return endpoint


def _move_here(claim: Endpoint, owner: Endpoint, actor: Account | None) -> None:
    """Settle who has an address: guests are made one with whoever proved it, others lose it."""
    mine, theirs = claim.recipient, owner.recipient
    if theirs.account_id is None and theirs.resident_id is None:
        merge_recipients(kept=mine, other=theirs, actor=actor)
    elif mine.account_id is None and mine.resident_id is None:
        # A guest proves the address of somebody the city knows: it is the same person, who is known better over there.
        merge_recipients(kept=theirs, other=mine, actor=actor)
        claim.refresh_from_db()
    else:
        end_endpoint(endpoint=owner, status=EndpointStatus.ENDED, error="moved")


def confirmation_token(endpoint: Endpoint) -> str:
    """Return the token with which the holder of an address confirms it within two days."""
    return tokens.sign(CONFIRM, str(endpoint.pk), now=clock.now().timestamp())


def endpoint_to_confirm(token: str) -> int:
    """Return the number of the address a token was sent to; raise ``TokenError`` for one that is not ours or too old."""
    return int(tokens.unsign(CONFIRM, token, max_age=CONFIRM_SECONDS, now=clock.now().timestamp()))


def confirm_endpoint(*, token: str) -> Endpoint:
    """
    Confirm the address a token was sent to; doing it again changes nothing.

    Raises ``TokenError`` for a token that is not ours or too old, and ``MessagingError`` where the address was removed since.
    """
    number = endpoint_to_confirm(token)
    with transaction.atomic():
        found = Endpoint.objects.select_for_update().filter(pk=number, ended_at__isnull=True).first()
        if found is None:
            raise MessagingError(_("この連絡先は、すでに消されています。もう一度登録してください。"))
        topics = list(found.details.get("topics", ()))
        active = activate(endpoint=found)
        _begin(active, topics)
        return active


def _begin(endpoint: Endpoint, codes: list[str]) -> None:
    """Subscribe to what somebody asked for together with the address, now that it is theirs."""
    if "topics" in endpoint.details:
        endpoint.details = {name: value for name, value in endpoint.details.items() if name != "topics"}
        endpoint.save(update_fields=["details"])
    for topic in Topic.objects.filter(code__in=codes, is_open=True, retired_at__isnull=True):
        subscribe(recipient=endpoint.recipient, topic=topic, source=SubscriptionSource.OWN)


@transaction.atomic
def end_endpoint(
    *, endpoint: Endpoint, status: EndpointStatus | str, error: str = "", actor: Account | None = None
) -> None:
    """
    Stop using an address: ``bounced`` and ``blocked`` keep it in sight, to be confirmed again; ``ended`` takes it away.

    An address that has ended is emptied; its digest stays. Doing it again changes nothing. Raises ``RefusedError``, and
    ``ValueError`` for another status.
    """
    if actor is not None:
        recipient_policy.require(actor, "edit", endpoint.recipient)
    wanted = EndpointStatus(status)
    if wanted not in (EndpointStatus.BOUNCED, EndpointStatus.BLOCKED, EndpointStatus.ENDED):
        raise ValueError(f"an address does not end as {wanted}")
    if endpoint.ended_at is not None or endpoint.status == wanted:
        return
    endpoint.status, endpoint.last_error = wanted, error[:200]
    if wanted == EndpointStatus.ENDED:
        endpoint.ended_at, endpoint.address, endpoint.details = clock.now(), "", {}
    endpoint.save()
    data = {"channel": endpoint.channel, "status": str(wanted)}
    record_event(kind=events.ENDPOINT_ENDED, subject=endpoint, actor=actor, data=data)
