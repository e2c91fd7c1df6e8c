"""What happens with somebody a provider vouched for: known, to be linked, or new."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from madoguchi.kit import clock, ids

from ... import events
from ...enums import AccountKind, AssuranceLevel
from ...models import Account, IdentityAttempt, IdentityLink, municipality_in_scope
from ...permissions import identity_policy
from ...rules.identity import BUSINESS, Vouched, join_name
from ...selectors.identity import is_at_least
from ..events import record_event
from .attempts import digest_of
from .attributes import keep_attributes
from .matching import match_person
from .refusals import refused


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of an attempt: the account to go on with, or None while the person looks at what was received."""

    account: Account | None
    vouched: Vouched


@transaction.atomic
def settle(*, attempt: IdentityAttempt, vouched: Vouched) -> Settled:
    """
    Take in what a provider vouched for.

    Somebody known goes on at once. Somebody unknown first sees what was received (``confirm_received``). Raises
    ``IdentityRefusedError``: ``linked_elsewhere``, ``other_person``, ``inactive``.
    """
    link = (
        IdentityLink.objects.select_for_update()
        .filter(issuer=vouched.issuer, subject=vouched.subject)
        .select_related("account")
        .first()
    )
    if link is None:
        return _unknown(attempt, vouched)
    account: Account = link.account
    if attempt.account_id is not None and attempt.account_id != account.pk:
        raise refused("linked_elsewhere")
    if not account.is_active:
        raise refused("inactive")
    link.acr, link.assurance, link.last_used_at = vouched.acr, vouched.level, clock.now()
    link.save(update_fields=["acr", "assurance", "last_used_at"])
    _take_in(account, vouched)
    return Settled(account, vouched)


def _unknown(attempt: IdentityAttempt, vouched: Vouched) -> Settled:
    if (
        attempt.account_id is not None
        and IdentityLink.objects.filter(account_id=attempt.account_id, provider=vouched.provider).exists()
    ):
        raise refused("other_person")
    attempt.received = asdict(vouched) | {"authenticated_at": vouched.authenticated_at.isoformat()}
    attempt.expires_at = clock.now() + timedelta(minutes=settings.IDENTITY_ATTEMPT_MINUTES)
    attempt.save(update_fields=["received", "expires_at"])
    return Settled(None, vouched)


def received_of(attempt: IdentityAttempt) -> Vouched:
    """Return what an attempt received and waits with."""
    kept: dict[str, Any] = dict(attempt.received or {})
    return Vouched(**kept | {"authenticated_at": datetime.fromisoformat(kept["authenticated_at"])})


def find_received(*, attempt_id: int, browser_secret: str) -> IdentityAttempt:
    """Return the attempt whose person this browser is to look at; raises ``IdentityRefusedError``."""
    attempt = IdentityAttempt.objects.filter(pk=attempt_id, received__isnull=False).first()
    if attempt is None or attempt.browser_digest != digest_of(browser_secret):
        raise refused("unknown_state")
    if attempt.expires_at < clock.now():
        raise refused("expired_state")
    return attempt


@transaction.atomic
def confirm_received(*, attempt_id: int, browser_secret: str, actor: Account | None) -> Settled:
    """
    Link what was received to the account that began, or register a new resident account with it.

    ``actor`` is who is signed in now: it must be who began. Raises ``IdentityRefusedError`` and ``RefusedError``.
    """
    attempt = find_received(attempt_id=attempt_id, browser_secret=browser_secret)
    if (actor.pk if actor else None) != attempt.account_id:
        raise refused("other_browser")
    vouched = received_of(attempt)
    account = actor or _register(vouched)
    identity_policy.require(account, "link", account)
    now = clock.now()
    link = IdentityLink(
        municipality=municipality_in_scope(),
        account=account,
        provider=vouched.provider,
        issuer=vouched.issuer,
        subject=vouched.subject,
        acr=vouched.acr,
        assurance=vouched.level,
        linked_at=now,
        last_used_at=now,
    )
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError:
        # The button was pressed twice, or in two windows: the first one has done it all.
        raise refused("replayed_state") from None
    attempt.received = None
    attempt.save(update_fields=["received"])
    record_event(
        kind=events.IDENTITY_LINKED,
        subject=account,
        actor=account,
        data={"provider": vouched.provider, "link": link.pk},
    )
    _take_in(account, vouched)
    return Settled(account, vouched)


def discard_received(*, attempt_id: int, browser_secret: str) -> None:
    """Forget what was received: the person did not want it kept."""
    IdentityAttempt.objects.filter(pk=attempt_id, browser_digest=digest_of(browser_secret)).update(received=None)


@transaction.atomic
def unlink(*, account: Account, link_id: int, actor: Account) -> bool:
    """
    Take a link off an account, so that the provider no longer opens it; False where there is none of this id.

    What the provider vouched for goes with it. Raises ``RefusedError``, and ``IdentityRefusedError`` (``last_way_in``) where
    the account would be left without any way to sign in.
    """
    identity_policy.require(actor, "unlink", account)
    link = IdentityLink.objects.filter(account=account, pk=link_id).first()
    if link is None:
        return False
    others = IdentityLink.objects.filter(account=account).exclude(pk=link.pk).exists()
    if not others and not account.has_usable_password():
        raise refused("last_way_in")
    account.verified_attributes.filter(source_detail=link.provider).delete()
    record_event(
        kind=events.IDENTITY_UNLINKED, subject=account, actor=actor, data={"provider": link.provider, "link": link.pk}
    )
    link.delete()
    return True


def _register(vouched: Vouched) -> Account:
    account = Account.objects.create_account(
        login=f"r-{ids.new_id().lower()}", password=None, kind=AccountKind.RESIDENT, name=_name_of(vouched) or "利用者"
    )
    record_event(kind=events.ACCOUNT_REGISTERED, subject=account, actor=account, data={"provider": vouched.provider})
    return account


def _name_of(vouched: Vouched) -> str:
    if vouched.audience == BUSINESS:
        return str(vouched.attributes.get("business.name", {}).get("name", ""))[:80]
    return join_name(vouched.attributes.get("person.name", {}))[:80]


def _take_in(account: Account, vouched: Vouched) -> None:
    keep_attributes(account=account, vouched=vouched)
    record_event(
        kind=events.IDENTITY_CONFIRMED,
        subject=account,
        actor=account,
        data={"provider": vouched.provider, "acr": vouched.acr, "level": str(vouched.level)},
    )
    if vouched.audience != BUSINESS and is_at_least(vouched.level, AssuranceLevel.AUTHENTICATED):
        match_person(account=account, claims=dict(vouched.attributes))
