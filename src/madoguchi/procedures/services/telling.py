"""Telling applicants what they must know, in their inbox and by the way they chose; each occasion once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.messaging.api import notify
from madoguchi.trust.api import Account

from ..models import Application, Draft
from ..rules import notices

KEY = "procedures.application"
"""The kind of the threads of applications in the inbox."""

REMIND_BEFORE = (timedelta(days=1), timedelta(days=7))
"""How long before a draft goes its owner is told; the nearest one counts."""


def thread_of(application: Application) -> str:
    """Return the thread of an application in the inbox."""
    return f"{KEY}:{application.number}"


def tell(
    *,
    occasion: str,
    application: Application,
    key: str | int = "",
    due: date | None = None,
    amount: int = 0,
    expires_at: datetime | None = None,
) -> int:
    """
    Tell the applicant, and the person somebody applied for, of an occasion; return how many were told now.

    ``key`` tells occasions of one kind apart; the same one is told once, whatever runs twice. Who applied without an account
    follows the application by its number and is not told.
    """
    definition = application.version.definition
    contents = notices.notice(
        occasion,
        name=definition.name,
        number=application.number,
        due=due,
        amount=amount,
        has_outputs=occasion == notices.DECIDED and bool(definition.outputs),
    )
    told = 0
    for account in _people(application):
        made = notify(
            identity=f"procedures:{application.number}:{occasion}:{key}:{account.pk}",
            account=account,
            contents=contents,
            thread=thread_of(application),
            path=reverse("mine:matter", args=[application.number]),
            unit=application.procedure.unit,
            expires_at=expires_at,
        )
        told += made is not None
    return told


def _people(application: Application) -> Iterator[Account]:
    """Yield the accounts that follow an application as their own."""
    seen: set[int] = set()
    principal = application.on_behalf_of
    for account in (application.account, None if principal is None else principal.account):
        if account is not None and account.is_active and not account.is_staff_member and account.pk not in seen:
            seen.add(account.pk)
            yield account


def remind_drafts() -> int:
    """Tell the owners of drafts that go within a week, and again the day before; return how many were told now."""
    now = clock.now()
    leaving = Draft.objects.filter(
        account__is_active=True, expires_at__gt=now, expires_at__lte=now + max(REMIND_BEFORE)
    )
    return sum(
        _remind(draft, now) for draft in leaving.select_related("version__procedure__unit", "account").order_by("pk")
    )


def _remind(draft: Draft, now: datetime) -> bool:
    account = draft.account
    if account is None:
        return False
    before = min(span for span in REMIND_BEFORE if draft.expires_at <= now + span)
    # The day through which it is still there.
    day = clock.local(draft.expires_at).date()
    made = notify(
        # Saving a draft gives it a new time; then it may be reminded of anew.
        identity=f"procedures:draft:{draft.key}:{before.days}:{day.isoformat()}",
        account=account,
        contents=notices.notice(notices.DRAFT, name=draft.version.definition.name, day=day),
        path=reverse("procedures:draft", args=[draft.key]),
        unit=draft.version.procedure.unit,
        expires_at=draft.expires_at,
    )
    return made is not None
