"""Residents: registered with their name as received, found by any way of writing it, seen only with a trace."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from madoguchi.kit import names

from .. import events
from ..enums import AccessAction
from ..models import Account, Resident, municipality_in_scope
from ..permissions import resident_policy
from .accesses import log_access
from .events import record_event

FIELDS = frozenset(
    {
        "registry_number",
        "ended_on",
        "name",
        "name_kana",
        "birth_date",
        "sex",
        "postal_code",
        "address",
        "household",
        "relationship",
        "language",
        "account",
    }
)
MAXIMUM_FOUND = 50


@transaction.atomic
def add_resident(*, name: str, actor: Account | None = None, **fields: Any) -> Resident:
    """
    Register a resident; ``fields``: ``name_kana``, ``birth_date``, ``sex``, ``postal_code``, ``address``,
    ``household``, ``relationship``, ``language``, ``account``.

    Raises ``ValidationError`` on bad fields and ``TypeError`` for a field there is not.
    """
    resident = Resident(municipality=municipality_in_scope())
    _set_fields(resident, {"name": name, **fields})
    record_event(kind=events.RESIDENT_REGISTERED, subject=resident, actor=actor)
    return resident


@transaction.atomic
def change_resident(*, resident: Resident, actor: Account | None, system: bool = False, **fields: Any) -> Resident:
    """
    Change what is known of a resident; the event names the changed fields, never their contents.

    ``system`` is the house itself (an import that was allowed as a whole).
    """
    if not system:
        resident_policy.require(actor, "change", resident)
    changed = sorted(name for name, value in fields.items() if getattr(resident, name, None) != value)
    _set_fields(resident, fields)
    if changed:
        record_event(kind=events.RESIDENT_CHANGED, subject=resident, actor=actor, data={"fields": changed})
    return resident


def _set_fields(resident: Resident, fields: dict[str, Any]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"a resident has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(resident, name, value)
    resident.name_key = names.search_key(resident.name)
    resident.kana_key = names.search_key(resident.name_kana)
    resident.name_print = names.print_form(resident.name).text
    resident.full_clean()
    resident.save()


def access_resident(
    *,
    actor: Account | None,
    resident_id: int,
    purpose: str,
    action: AccessAction = AccessAction.VIEW,
    address: str | None = None,
) -> Resident:
    """
    Return a resident the actor may see, and write the look to the access log first.

    Raises ``Resident.DoesNotExist``, ``RefusedError``, and ``ValueError`` without a purpose.
    """
    resident = Resident.objects.get(pk=resident_id)
    resident_policy.require(actor, "view", resident)
    log_access(actor=actor, subject=resident, purpose=purpose, action=action, address=address)
    return resident


def search_residents(*, actor: Account | None, text: str, purpose: str, address: str | None = None) -> list[Resident]:
    """
    Return at most 50 residents whose name or kana begins with the text, however it is written; each hit is logged.

    Raises ``RefusedError``, and ``ValueError`` without a text or a purpose.
    """
    resident_policy.require(actor, "search")
    key = names.search_key(text)
    if not key:
        raise ValueError("氏名またはカナを入力してください。")
    found = list(_by_key(key)[:MAXIMUM_FOUND])
    for resident in found:
        log_access(actor=actor, subject=resident, purpose=purpose, action=AccessAction.SEARCH, address=address)
    return found


def _by_key(key: str) -> QuerySet[Resident]:
    return Resident.objects.filter(Q(name_key__startswith=key) | Q(kana_key__startswith=key))
