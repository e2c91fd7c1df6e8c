"""Attempts: being sent to a provider, and coming back once, in time, in the same browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from madoguchi.kit import clock

from ...enums import IdentityPurpose
from ...models import Account, DocumentSignature, IdentityAttempt, municipality_in_scope
from ...permissions import identity_policy
from ...registry import IdentityProvider
from ...rules.identity import Visit
from .refusals import refused


@dataclass(frozen=True, slots=True)
class Start:
    """An attempt that has begun, and the address at the provider to which the browser goes now."""

    attempt: IdentityAttempt
    address: str


def begin_attempt(
    *,
    provider: IdentityProvider,
    account: Account | None,
    browser_secret: str,
    redirect_uri: str,
    next_path: str,
    address: str | None = None,
    is_renewal: bool = False,
    signature: DocumentSignature | None = None,
) -> Start:
    """
    Begin a visit to a provider for a visitor or an account.

    ``browser_secret`` lies in the browser's session alone (``new_browser_secret``). Raises ``RefusedError`` for accounts of
    staff, and ``IdentityRefusedError`` when an address starts too often or the provider does not answer.
    """
    if account is not None:
        identity_policy.require(account, "link", account)
    _check_rate(address)
    now, state = clock.now(), secrets.token_urlsafe(32)
    attempt = IdentityAttempt(
        municipality=municipality_in_scope(),
        provider=provider.key,
        purpose=_purpose(account, signature, is_renewal),
        state_digest=digest_of(state),
        browser_digest=digest_of(browser_secret),
        account=account,
        signature=signature,
        next_path=safe_path(next_path),
        address=address,
        created_at=now,
        expires_at=now + timedelta(minutes=settings.IDENTITY_ATTEMPT_MINUTES),
    )
    target = provider.begin(
        visit_of(attempt=attempt, state=state, browser_secret=browser_secret, redirect_uri=redirect_uri)
    )
    attempt.save()
    return Start(attempt, target)


def _purpose(account: Account | None, signature: DocumentSignature | None, is_renewal: bool) -> IdentityPurpose:
    if signature is not None:
        return IdentityPurpose.SIGN
    if account is None:
        return IdentityPurpose.SIGN_IN
    return IdentityPurpose.CONFIRM if is_renewal else IdentityPurpose.LINK


def _check_rate(address: str | None) -> None:
    since = clock.now() - timedelta(minutes=settings.IDENTITY_ATTEMPT_MINUTES)
    if (
        address
        and IdentityAttempt.objects.filter(address=address, created_at__gt=since).count()
        >= settings.IDENTITY_STARTS_PER_ADDRESS
    ):
        raise refused("too_many")


def claim_attempt(*, provider: IdentityProvider, state: str, browser_secret: str) -> IdentityAttempt:
    """
    Use up the attempt a browser has come back from.

    Raises ``IdentityRefusedError``: ``unknown_state``, ``replayed_state``, ``expired_state``, ``other_browser``, or
    ``wrong_issuer`` when the answer came to another provider's address. Only the browser that began can use an attempt up.
    """
    with transaction.atomic():
        attempt = IdentityAttempt.objects.select_for_update().filter(state_digest=digest_of(state)).first()
        if attempt is None:
            raise refused("unknown_state")
        if not hmac.compare_digest(attempt.browser_digest, digest_of(browser_secret)):
            raise refused("other_browser")
        if attempt.used_at is not None:
            raise refused("replayed_state")
        attempt.used_at = clock.now()
        attempt.save(update_fields=["used_at"])
    if attempt.expires_at < attempt.used_at:
        raise refused("expired_state")
    if attempt.provider != provider.key:
        raise refused("wrong_issuer", detail="callback of another provider")
    return attempt


def visit_of(*, attempt: IdentityAttempt, state: str, browser_secret: str, redirect_uri: str) -> Visit:
    """Return what was sent along, made again from the state and the browser's secret."""
    return Visit(
        redirect_uri=redirect_uri,
        state=state,
        nonce=_derived("nonce", state, browser_secret),
        verifier=_derived("verifier", state, browser_secret),
        started_at=attempt.created_at,
        is_renewal=attempt.purpose == IdentityPurpose.CONFIRM,
        transaction=attempt.signature.transaction if attempt.signature is not None else "",
    )


def new_browser_secret() -> str:
    """Return a secret for a browser's session."""
    return secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """Return the SHA-256 under which a random secret is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def _derived(what: str, state: str, browser_secret: str) -> str:
    code = hmac.new(browser_secret.encode(), f"{what}:{state}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


def safe_path(path: str) -> str:
    """Return a path of this site, or an empty text for anything else."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and len(path) <= 500 else ""


def forget_attempts(*, before: datetime) -> int:
    """Delete attempts that ended before a moment; they may hold what was received and never looked at."""
    return IdentityAttempt.objects.filter(expires_at__lt=before).delete()[0]
