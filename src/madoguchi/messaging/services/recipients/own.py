"""One person's recipient: for their account, as a guest, for staff who may look."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from madoguchi.kit import clock, places
from madoguchi.trust.api import Account, Resident, log_access, municipality_in_scope, record_event, resident_of

from ... import events
from ...models import Recipient
from ...permissions import recipient_policy
from .merging import merge_recipients


def recipient_of(*, account: Account) -> Recipient:
    """
    Return the recipient of an account, made where there is none; bound to the resident the account is bound to.

    Somebody who had ended everything, or whose entry in the registry has ended, begins anew without what the registry said.
    """
    found = Recipient.objects.filter(account=account).select_related("resident").first()
    if found is not None and found.ended_at is None and found.resident_id is not None:
        return found
    resident = resident_of(account)
    if found is not None and found.ended_at is None and resident is None:
        return found
    with transaction.atomic():
        return _bring_together(account, found, resident)


def _bring_together(account: Account, found: Recipient | None, resident: Resident | None) -> Recipient:
    registered = None if resident is None else Recipient.objects.filter(resident=resident).first()
    if registered is not None and registered.ended_at is None:
        return _take_over(account, found, registered)
    alive = resident if resident is not None and resident.ended_on is None else None
    if found is not None:
        return _link(_begin_anew(found), alive)
    return _create(account, alive)


def _take_over(account: Account, found: Recipient | None, registered: Recipient) -> Recipient:
    if found is not None and found.pk != registered.pk:
        return merge_recipients(kept=registered, other=found, actor=account)
    registered.account = account
    registered.save(update_fields=["account"])
    return registered


def _begin_anew(found: Recipient) -> Recipient:
    if found.ended_at is not None:
        found.resident, found.town, found.postal_code, found.birth_date = None, "", "", None
        found.consented_at = found.paused_until = found.ended_at = None
        found.save()
    return found


def _link(found: Recipient, resident: Resident | None) -> Recipient:
    """Let a recipient who was nobody in the registry be its resident; what the registry says goes before what was declared."""
    if resident is None:
        return found
    facts = facts_of(resident)
    if found.is_language_declared or not facts["language"]:
        facts.pop("language")
    for name, value in facts.items():
        setattr(found, name, value)
    found.resident = resident
    found.save()
    return found


def _create(account: Account, resident: Resident | None) -> Recipient:
    facts = {} if resident is None else facts_of(resident)
    language = facts.pop("language", "") or account.language or "ja"
    try:
        with transaction.atomic():
            made = Recipient.objects.create(
                municipality=municipality_in_scope(),
                account=account,
                resident=resident,
                name=account.name[:120],
                language=language,
                created_at=clock.now(),
                **{name: value for name, value in facts.items() if name != "name"},
            )
    except IntegrityError:  # somebody else made it between the question and the answer
        return Recipient.objects.get(account=account)
    record_event(kind=events.RECIPIENT_ADDED, subject=made, actor=account, data={"source": "account"})
    return made


def facts_of(resident: Resident) -> dict[str, Any]:
    """Return what a recipient takes over from the registry, by the names of its columns."""
    return {
        "name": resident.name,
        "birth_date": resident.birth_date,
        "postal_code": resident.postal_code,
        "town": town_of(resident.address),
        "language": resident.language,
        "registry_seen_at": resident.updated_at,
    }


def town_of(address: str) -> str:
    """Return the town (町域) an address lies in, "" where the list of towns does not know it."""
    located = places.locate(address, home=municipality_in_scope().name) if address else None
    return "" if located is None else located.town[:80]


@transaction.atomic
def add_guest(*, language: str = "ja", name: str = "", town: str = "", birth_date: date | None = None) -> Recipient:
    """Add somebody who gives no more than an address, by what they say of themselves."""
    made = Recipient.objects.create(
        municipality=municipality_in_scope(),
        language=language,
        is_language_declared=True,
        name=name[:120],
        town=town[:80],
        birth_date=birth_date,
        created_at=clock.now(),
    )
    record_event(kind=events.RECIPIENT_ADDED, subject=made, data={"source": "guest"})
    return made


@transaction.atomic
def end_recipient(*, recipient: Recipient, actor: Account | None = None) -> None:
    """End a recipient who is nobody else to the city: nothing is sent any more and nothing personal remains in the row."""
    if recipient.ended_at is not None:
        return
    recipient.name, recipient.town, recipient.postal_code, recipient.birth_date = "", "", "", None
    recipient.consented_at = recipient.paused_until = None
    recipient.ended_at = clock.now()
    recipient.save()
    record_event(kind=events.RECIPIENT_ENDED, subject=recipient, actor=actor)


def access_recipient(*, actor: Account | None, key: str, purpose: str, address: str | None = None) -> Recipient:
    """
    Return a recipient the actor may see; the look is logged unless it is at oneself.

    Raises ``Recipient.DoesNotExist``, ``RefusedError``, and ``ValueError`` without a purpose.
    """
    found = Recipient.objects.select_related("account", "resident").get(key=key)
    recipient_policy.require(actor, "view", found)
    if actor is None or found.account_id != actor.pk:
        log_access(actor=actor, subject=found.resident or found, purpose=purpose, address=address)
    return found
