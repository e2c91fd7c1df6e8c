"""The one door to a case's personal data: asks the policy, writes the look down, and notes who is there."""

from __future__ import annotations

from django.db import transaction

from madoguchi.trust.api import Account, log_access, municipality_in_scope
from madoguchi.trust.enums import AccessAction

from ..enums import Sign
from ..models import Case
from ..permissions import case_policy
from .handling import note_sign


@transaction.atomic
def access_case(
    *,
    actor: Account,
    number: str,
    purpose: str,
    action: AccessAction = AccessAction.VIEW,
    address: str | None = None,
    sign: Sign = Sign.OPENED,
) -> Case | None:
    """
    Hand out a case by its number, or None where there is none.

    Raises ``RefusedError`` for whom it is not; the look is logged, and the actor counts as looking for two minutes.
    ``sign`` tells a look from an action, for the time that is counted as work.
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
    note_sign(case=case, actor=actor, sign=sign)
    return case


def log_listing(*, actor: Account, purpose: str, action: AccessAction, address: str | None = None) -> None:
    """Write down that a list with names was searched or taken out."""
    log_access(actor=actor, subject=municipality_in_scope(), purpose=purpose, action=action, address=address)
