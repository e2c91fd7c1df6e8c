"""The doors to personal data of this room: every look is written down."""

from __future__ import annotations

from madoguchi.trust.api import Account, log_access, municipality_in_scope
from madoguchi.trust.enums import AccessAction

from ..models import Receivable
from ..permissions import receivable_policy


def access_receivable(*, actor: Account | None, number: str, purpose: str, address: str | None = None) -> Receivable:
    """Return a receivable by its number; the look is logged. Raises ``Receivable.DoesNotExist``, ``RefusedError``."""
    receivable_policy.require(actor, "view")
    found = Receivable.objects.select_related("payer").get(number=number)
    log_access(actor=actor, subject=found, purpose=purpose, address=address)
    return found


def note_list_access(*, actor: Account | None, action: AccessAction, purpose: str, address: str | None = None) -> None:
    """Write down that somebody looked through, or took away, the list of receivables with names."""
    receivable_policy.require(actor, "export" if action == AccessAction.EXPORT else "view")
    log_access(actor=actor, subject=municipality_in_scope(), purpose=purpose, action=action, address=address)
