"""Tokens of programs: issued once, kept as a digest, good for named things alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock

from .. import events
from ..enums import AccountKind
from ..errors import TrustError
from ..models import Account, MachineToken, municipality_in_scope
from ..permissions import machine_policy
from ..registry import scopes as known_scopes
from .events import record_event

PREFIX = "mdg_"
LONGEST = timedelta(days=366)


@transaction.atomic
def issue_token(
    *, name: str, scopes: Sequence[str], expires_on: date, actor: Account | None, system: bool = False
) -> tuple[MachineToken, str]:
    """
    Make a token and return it with its secret, which is shown this once.

    The program gets an account of its own. Raises ``RefusedError``, and ``TrustError`` without a name or a scope, for an
    unknown scope, or an end that is past or more than a year away. ``system`` is the operator at the command line.
    """
    if not system:
        machine_policy.require(actor, "issue")
    _check(name, scopes, expires_on)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = MachineToken.objects.create(
        municipality=municipality_in_scope(),
        account=_account(name.strip()),
        name=name.strip(),
        token_digest=digest(secret),
        hint=secret[-4:],
        scopes=sorted(set(scopes)),
        created_by=actor,
        created_at=clock.now(),
        expires_on=expires_on,
    )
    record_event(kind=events.MACHINE_TOKEN_ISSUED, subject=token, actor=actor, data={"scopes": token.scopes})
    return token, secret


def _check(name: str, scopes: Sequence[str], expires_on: date) -> None:
    if not name.strip():
        raise TrustError(_("何の連携のトークンか分かる名前を入力してください。"))
    unknown = sorted(set(scopes) - set(known_scopes.keys()))
    if unknown or not scopes:
        raise TrustError(_("トークンでできることを、一覧から1つ以上選んでください。"))
    today = clock.today()
    if not today <= expires_on <= today + LONGEST:
        raise TrustError(_("有効期限は、今日から1年以内の日にしてください。"))


def _account(name: str) -> Account:
    return Account.objects.create_account(
        login=f"machine-{secrets.token_hex(4)}", password=None, kind=AccountKind.MACHINE, name=name[:80]
    )


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke_token(*, token: MachineToken, actor: Account | None, system: bool = False) -> None:
    """End a token at once; what was done with it stays."""
    if not system:
        machine_policy.require(actor, "revoke")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record_event(kind=events.MACHINE_TOKEN_REVOKED, subject=token, actor=actor)


def find_machine_token(*, secret: str) -> MachineToken | None:
    """Return the token of a secret while it works, noting the day it was used; None for every other text."""
    if not secret.startswith(PREFIX):
        return None
    token = (
        MachineToken.objects.select_related("account")
        .filter(token_digest=digest(secret), revoked_at__isnull=True, account__is_active=True)
        .first()
    )
    today = clock.today()
    if token is None or token.expires_on < today:
        return None
    if token.used_on != today:
        MachineToken.objects.filter(pk=token.pk).update(used_on=today)
    return token
