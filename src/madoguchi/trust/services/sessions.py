"""Sessions: ending them, and noting which device used one last."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import F

from madoguchi.kit import clock

from .. import events
from ..models import Account
from ..permissions import account_policy
from .events import record_event


@transaction.atomic
def end_sessions(*, account: Account, actor: Account | None = None, reason: str) -> None:
    """
    End all sessions of an account, at once and on every server.

    ``reason`` is a code for the event: ``role``, ``deactivated``, ``second_factor``, ``password``, ``administrator``.
    """
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    account.refresh_from_db(fields=["session_epoch"])
    ended = 0
    for session in _recorded(account):
        session.end()
        ended += 1
    if ended:
        record_event(kind=events.SESSIONS_ENDED, subject=account, actor=actor, quantity=ended, data={"reason": reason})


@transaction.atomic
def sign_out_everywhere(*, account: Account, actor: Account) -> None:
    """End all sessions of an account because an administrator, or its owner, wants so. Raises ``RefusedError``."""
    account_policy.require(actor, "end_sessions", account)
    end_sessions(account=account, actor=actor, reason="administrator")


@transaction.atomic
def end_session(*, account: Account, session_id: int, actor: Account) -> bool:
    """End one session of an account; returns False when there is none of this id. Raises ``RefusedError``."""
    account_policy.require(actor, "end_sessions", account)
    session = _recorded(account).filter(pk=session_id).first()
    if session is None:
        return False
    session.end()
    record_event(kind=events.SESSIONS_ENDED, subject=account, actor=actor, quantity=1, data={"reason": "chosen"})
    return True


@transaction.atomic
def end_other_sessions(*, account: Account, current_key: str | None) -> int:
    """End the sessions of an account except the one with this session key; returns how many were ended."""
    others = list(_recorded(account).exclude(session_key=current_key))
    for session in others:
        session.end()
    if others:
        record_event(
            kind=events.SESSIONS_ENDED, subject=account, actor=account, quantity=len(others), data={"reason": "others"}
        )
    return len(others)


def note_session_use(*, account: Account, session_key: str, address: str, user_agent: str) -> None:
    """Keep when and from where a session was used last, for the list its owner looks through."""
    model = apps.get_model("usersessions", "UserSession")
    seen = {"ip": address, "user_agent": user_agent[:200], "last_seen_at": clock.now()}
    model.objects.update_or_create(
        session_key=session_key,
        defaults={"user_id": account.pk, **seen},
        create_defaults={"user_id": account.pk, **seen},
    )


def clear_expired_sessions() -> int:
    """Forget sessions of the whole installation that have expired; returns how many."""
    sessions = apps.get_model("sessions", "Session").objects
    cleared: int = sessions.filter(expire_date__lt=clock.now()).delete()[0]
    apps.get_model("usersessions", "UserSession").objects.exclude(session_key__in=sessions.values("pk")).delete()
    return cleared


def _recorded(account: Account) -> Any:
    return apps.get_model("usersessions", "UserSession").objects.filter(user_id=account.pk)
