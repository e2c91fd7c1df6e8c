"""
People without an account: they give an address, confirm it, and manage everything by a signed link.

Whoever types an address learns nothing about it: the page answers the same, what is known is told to the address itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope

from ..enums import ChannelKey, EndpointStatus
from ..models import Endpoint, Recipient
from ..rules import tokens
from ..rules.addresses import address_digest
from ..selectors.settings import site_address
from .confirming import SENT_PER_HOUR, in_every_language, is_within, send_confirmation
from .endpoints import add_endpoint, find_endpoint
from .notices import notify
from .recipients import add_guest, merge_recipients

MANAGE = "guest.manage"
MANAGE_SECONDS = 30 * 24 * 3600
KEPT_UNCONFIRMED = timedelta(days=3)
ASKED_PER_HOUR = 20


def ask_as_guest(*, address: str, codes: Collection[str], language: str, asked_from: str) -> None:
    """
    Take in that somebody wants to hear of topics by mail; whether the address is known shows nowhere.

    An unknown address gets the link that confirms it, a known one the link that manages it, or for the holder of an account a
    word to sign in. Asked too often for an address, or from one place (``asked_from``), nothing is sent. Raises ``AddressError``.
    """
    digest = address_digest(ChannelKey.EMAIL, address)
    if not is_within(f"asked:{asked_from}", limit=ASKED_PER_HOUR):
        return
    known = find_endpoint(channel=ChannelKey.EMAIL, address=address)
    if known is not None and known.status == EndpointStatus.ACTIVE:
        if is_within(f"confirm:{digest}", limit=SENT_PER_HOUR):
            _tell_known(known)
        return
    with transaction.atomic():
        # An address that bounced or was blocked may have come back to life: its holder has to confirm it anew.
        claim = known or _claim(address, digest, language)
        claim.details = {**claim.details, "topics": sorted(set(codes))}
        claim.save(update_fields=["details"])
        send_confirmation(endpoint=claim)


def _claim(address: str, digest: str, language: str) -> Endpoint:
    """Return the unconfirmed claim of a guest on an address, made where there is none."""
    found = Endpoint.objects.filter(
        channel=ChannelKey.EMAIL,
        digest=digest,
        ended_at__isnull=True,
        status=EndpointStatus.UNCONFIRMED,
        recipient__account__isnull=True,
        recipient__resident__isnull=True,
    ).first()
    if found is not None:
        return found
    return add_endpoint(recipient=add_guest(language=language), channel=ChannelKey.EMAIL, address=address)


def _tell_known(endpoint: Endpoint) -> None:
    recipient, city = endpoint.recipient, municipality_in_scope().name
    is_guest = recipient.account_id is None
    link = site_address() + (manage_path(recipient) if is_guest else reverse("preferences:index"))

    def write() -> tuple[str, str, str]:
        words = {"city": city, "link": link}
        body = _(
            "%(city)sのお知らせの申し込みがありましたが、このアドレスはすでに登録されています。\n\n"
            "分野を変えたいとき、受け取りをやめたいときは、次のページを開いてください。\n\n%(link)s\n\n"
            "お心当たりがない場合は、何もしないでください。登録は変わりません。"
        )
        return (
            _("【%(city)s】お知らせの登録内容") % words,
            body % words,
            _("%(city)s：お知らせの登録内容 %(link)s") % words,
        )

    notify(
        identity=f"confirm:known:{endpoint.pk}:{secrets.token_hex(8)}",
        contents=in_every_language(write),
        endpoint=endpoint,
        expires_at=clock.now() + timedelta(days=2),
    )


def manage_path(recipient: Recipient) -> str:
    """Return the path of the page where somebody without an account manages what they get, good for thirty days."""
    token = tokens.sign(MANAGE, recipient.key, now=clock.now().timestamp())
    return reverse("preferences:guest_manage", args=[token])


def guest_of(token: str) -> Recipient:
    """
    Return the person a link was made for.

    Raises ``TokenError`` for one that is not ours or too old, ``Recipient.DoesNotExist`` for somebody who has ended.
    """
    key = tokens.unsign(MANAGE, token, max_age=MANAGE_SECONDS, now=clock.now().timestamp())
    return Recipient.objects.get(key=key, ended_at__isnull=True)


def join_guest(*, kept: Recipient, guest: Recipient, actor: Account) -> Recipient:
    """Make a guest one with the signed-in person who holds the guest's link; raises ``MessagingError`` for two people."""
    return merge_recipients(kept=kept, other=guest, actor=actor)


def forget_unconfirmed() -> int:
    """Delete guests who never confirmed an address within three days, and return how many."""
    late = Recipient.objects.filter(
        account__isnull=True, resident__isnull=True, created_at__lt=clock.now() - KEPT_UNCONFIRMED
    )
    claimed = late.filter(endpoints__status=EndpointStatus.UNCONFIRMED)
    proven = Endpoint.objects.exclude(status=EndpointStatus.UNCONFIRMED).values("recipient")
    count = 0
    for recipient in claimed.exclude(pk__in=proven).exclude(subscriptions__isnull=False).distinct():
        Endpoint.objects.filter(recipient=recipient).delete()
        recipient.name, recipient.town, recipient.ended_at = "", "", clock.now()
        recipient.save()
        count += 1
    return count
