"""Accounts: inviting staff, registering residents, stopping accounts, and what happens to passwords and authenticators."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids

from .. import events
from ..enums import AccountKind, Role
from ..errors import InvitationError
from ..models import Account, Invitation, SignInFailure, Unit, current_municipality
from ..permissions import account_policy
from ..selectors import open_invitation
from .events import record_event
from .organisation import assign_duty
from .sessions import end_sessions

CHANGEABLE = ("name", "name_kana", "email", "language")


@transaction.atomic
def invite_staff(
    *,
    actor: Account,
    login: str,
    name: str,
    email: str = "",
    name_kana: str = "",
    role: Role | None = None,
    unit: Unit | None = None,
    from_date: date | None = None,
) -> tuple[Invitation, str]:
    """
    Make an account for a member of staff and a one-time link to open it; with ``role`` the first duty too.

    Returns the invitation and the token of its link, which is not kept and cannot be shown again. Raises
    ``RefusedError`` for anybody but an administrator and ``ValidationError`` on bad fields.
    """
    account_policy.require(actor, "invite")
    account = Account.objects.create_account(
        login=login, name=name, name_kana=name_kana, email=email.lower(), kind=AccountKind.STAFF
    )
    record_event(kind=events.ACCOUNT_INVITED, subject=account, actor=actor)
    if role is not None:
        assign_duty(account=account, role=role, unit=unit, from_date=from_date or clock.today(), actor=actor)
    return _new_link(account, actor)


@transaction.atomic
def renew_invitation(*, account: Account, actor: Account) -> tuple[Invitation, str]:
    """
    Give an account a new one-time link, for somebody who lost the first one or the password; older links stop working.

    Raises ``RefusedError`` for anybody but an administrator and ``InvitationError`` for a stopped account.
    """
    account_policy.require(actor, "reset", account)
    if not account.is_active:
        raise InvitationError(_("停止中のアカウントには、リンクを発行できません。先にアカウントを再開してください。"))
    _withdraw_links(account)
    record_event(kind=events.ACCOUNT_INVITED, subject=account, actor=actor, data={"again": True})
    return _new_link(account, actor)


@transaction.atomic
def withdraw_invitation(*, account: Account, actor: Account) -> int:
    """Make the open links of an account stop working; returns how many there were. Raises ``RefusedError``."""
    account_policy.require(actor, "reset", account)
    withdrawn = _withdraw_links(account)
    if withdrawn:
        record_event(kind=events.INVITATION_WITHDRAWN, subject=account, actor=actor, quantity=withdrawn)
    return withdrawn


def find_invitation(*, token: str) -> Invitation:
    """Return the invitation of a link that still works; raises ``InvitationError`` which says what to do otherwise."""
    found = open_invitation(_digest(token))
    if found is None:
        raise InvitationError(
            _(
                "このリンクは使えません。すでに使われたか、有効期限が過ぎています。新しいリンクを管理者に依頼してください。"
            )
        )
    return found


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> Account:
    """
    Set the password of the account a one-time link belongs to and use the link up.

    Sessions that were open end and a lock-out is lifted. Raises ``InvitationError`` for a link that does not work and
    ``ValidationError`` for a password the policy refuses.
    """
    invitation = find_invitation(token=token)
    account = Account.objects.select_for_update().get(pk=invitation.account_id)
    validate_password(password, account)
    # The condition decides between two who use the link at the same moment.
    if not Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).update(used_at=clock.now()):
        raise InvitationError(_("このリンクは、たった今使われました。新しいリンクを管理者に依頼してください。"))
    account.set_password(password)
    account.save(update_fields=["password"])
    end_sessions(account=account, reason="password")
    SignInFailure.objects.filter(account=account).delete()
    record_event(kind=events.INVITATION_ACCEPTED, subject=account, actor=account)
    return account


@transaction.atomic
def register_resident(*, account: Account, email: str, password: str) -> Account:
    """
    Fill and save a new account for a resident who signs up by e-mail; the address still has to be confirmed.

    The login name is made up: a resident signs in by address, which may change. Raises ``ValidationError``.
    """
    account.kind = AccountKind.RESIDENT
    account.municipality = current_municipality()
    account.login = f"r-{ids.new_id().lower()}"
    account.username = f"{account.municipality.key}/{account.login}"
    account.email = email.lower()
    account.name = account.name or _("利用者")
    account.set_password(password)
    account.full_clean(exclude=["password"])
    account.save(force_insert=True)
    record_event(kind=events.ACCOUNT_REGISTERED, subject=account, actor=account)
    return account


@transaction.atomic
def change_account(*, account: Account, actor: Account, fields: Mapping[str, Any]) -> Account:
    """
    Change name, reading, e-mail address or language; an account may change its own name, reading and language.

    Raises ``RefusedError`` and ``ValidationError``; the event names the fields, not what they hold.
    """
    wanted = {key: fields[key] for key in CHANGEABLE if key in fields}
    if "email" in wanted:
        wanted["email"] = wanted["email"].lower()
    changed = sorted(key for key, value in wanted.items() if getattr(account, key) != value)
    action = "change_own" if account.pk == actor.pk and "email" not in changed else "change"
    account_policy.require(actor, action, account)
    if not changed:
        return account
    for key in changed:
        setattr(account, key, wanted[key])
    account.full_clean(exclude=["password"])
    account.save(update_fields=changed)
    record_event(kind=events.ACCOUNT_CHANGED, subject=account, actor=actor, data={"fields": changed})
    return account


@transaction.atomic
def deactivate_account(*, account: Account, actor: Account) -> None:
    """
    Stop an account: its sessions end, its links stop working, it cannot sign in. Nothing it did is lost.

    Raises ``RefusedError`` for anybody but an administrator, and for the own account: so one is always left.
    """
    account_policy.require(actor, "deactivate", account)
    if not account.is_active:
        return
    account.is_active = False
    account.save(update_fields=["is_active"])
    _withdraw_links(account)
    end_sessions(account=account, actor=actor, reason="deactivated")
    record_event(kind=events.ACCOUNT_DEACTIVATED, subject=account, actor=actor)


@transaction.atomic
def reactivate_account(*, account: Account, actor: Account) -> None:
    """Let a stopped account sign in again, with the password and authenticators it had. Raises ``RefusedError``."""
    account_policy.require(actor, "reactivate", account)
    if account.is_active:
        return
    account.is_active = True
    account.save(update_fields=["is_active"])
    record_event(kind=events.ACCOUNT_REACTIVATED, subject=account, actor=actor)


@transaction.atomic
def reset_second_factor(*, account: Account, actor: Account) -> int:
    """
    Remove all authenticators of somebody who lost them, and end the sessions; returns how many were removed.

    At the next sign-in the person enrols again. Raises ``RefusedError`` for anybody but an administrator.
    """
    account_policy.require(actor, "reset", account)
    removed: int = apps.get_model("mfa", "Authenticator").objects.filter(user_id=account.pk).delete()[0]
    if removed:
        end_sessions(account=account, actor=actor, reason="second_factor")
        record_event(
            kind=events.AUTHENTICATOR_REMOVED, subject=account, actor=actor, quantity=removed, data={"type": "all"}
        )
    return removed


def note_sign_in(*, account: Account, method: str) -> None:
    """Write that an account signed in; ``method`` is ``password``, ``totp``, ``webauthn`` or ``recovery_codes``."""
    record_event(kind=events.SIGNED_IN, subject=account, actor=account, data={"method": method})


def note_sign_in_refused(*, account: Account, reason: str) -> None:
    """Write that a sign-in with the right password was refused: ``inactive``, ``machine`` or ``code``."""
    record_event(kind=events.SIGN_IN_REFUSED, subject=account, data={"reason": reason})


def note_sign_out(*, account: Account) -> None:
    """Write that an account signed out by itself."""
    record_event(kind=events.SIGNED_OUT, subject=account, actor=account)


@transaction.atomic
def change_password(*, account: Account, password: str) -> None:
    """Set a password that the policy was asked about before; all other sessions end because their check fails."""
    account.set_password(password)
    account.save(update_fields=["password"])
    _withdraw_links(account)
    record_event(kind=events.PASSWORD_CHANGED, subject=account, actor=account)


def note_authenticator(*, account: Account, kind: str, added: bool) -> None:
    """Write that an authenticator was added or removed; ``kind`` is ``totp``, ``webauthn`` or ``recovery_codes``."""
    event = events.AUTHENTICATOR_ADDED if added else events.AUTHENTICATOR_REMOVED
    record_event(kind=event, subject=account, actor=account, data={"type": kind})


def _new_link(account: Account, actor: Account) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    invitation = Invitation(
        municipality=current_municipality(),
        account=account,
        token_digest=_digest(token),
        created_by=actor,
        created_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    invitation.save()
    return invitation, token


def _withdraw_links(account: Account) -> int:
    open_links = Invitation.objects.filter(account=account, used_at__isnull=True, withdrawn_at__isnull=True)
    return open_links.update(withdrawn_at=clock.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
