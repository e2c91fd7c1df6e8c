"""The one door to a case's personal data: asks the policy, writes the look down, and notes who is there."""

from __future__ import annotations

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, log_access, municipality_in_scope
from madoguchi.trust.enums import AccessAction

from ..models import Case, Presence
from ..permissions import case_policy


@transaction.atomic
def access_case(
    *,
    actor: Account,
    number: str,
    purpose: str,
    action: AccessAction = AccessAction.VIEW,
    address: str | None = None,
) -> Case | None:
    """
    Hand out a case by its number, or None where there is none.

    Raises ``RefusedError`` for whom it is not; the look is logged, and the actor counts as looking for two minutes.
    """
    case = (
        Case.objects.filter(number=number)
        .select_related("unit", "desk", "assignee", "workflow", "parent")
        .defer("workflow__specification")
        .first()
    )
    if case is None:
        return None
    case_policy.require(actor, "view", case)
    log_access(actor=actor, subject=case, purpose=purpose, action=action, address=address)
    note_presence(case=case, actor=actor)
    return case


def note_presence(*, case: Case, actor: Account) -> None:
    """Note that somebody has a case open now."""
    Presence.objects.update_or_create(
        municipality=municipality_in_scope(), case=case, account=actor, defaults={"seen_at": clock.now()}
    )


def log_listing(*, actor: Account, purpose: str, action: AccessAction, address: str | None = None) -> None:
    """Write down that a list with names was searched or taken out."""
    log_access(actor=actor, subject=municipality_in_scope(), purpose=purpose, action=action, address=address)
