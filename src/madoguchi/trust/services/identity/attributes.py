"""Verified attributes: handed out with a trace, kept as a provider vouched for them, used with consent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from madoguchi.kit import clock

from ... import events
from ...enums import AccessAction, AttributeSource
from ...models import Account, AttributeConsent, Resident, VerifiedAttribute, municipality_in_scope
from ...permissions import attribute_policy
from ...permissions.identity import Person
from ...rules.identity import Vouched
from ...selectors.identity import KnownAttribute, household_of, known_attributes, resident_of
from ..accesses import log_access
from ..events import record_event


def verified_attributes(
    *,
    actor: Account | None,
    resident: Resident | None = None,
    account: Account | None = None,
    keys: Iterable[str],
    purpose: str,
    procedure: str = "",
    address: str | None = None,
) -> dict[str, KnownAttribute]:
    """
    Return what the city knows of a person, by key, and write the look to the access log first.

    The person is a row of the registry, an account, or both: each finds the other. Read by the person, by a delegate
    whose delegation covers ``procedure`` (its code), or at the counter. Keys nothing is known of are left out. Raises
    ``RefusedError``, and ``ValueError`` without a person or a purpose.
    """
    if resident is None and account is None:
        raise ValueError("a resident or an account is needed")
    account = account or (resident.account if resident else None)
    resident = resident or (resident_of(account) if account else None)
    attribute_policy.require(actor, "read", Person(account, resident, procedure))
    found = known_attributes(account=account, resident=resident, keys=keys)
    for subject in _seen(account, resident, found):
        log_access(actor=actor, subject=subject, purpose=purpose, action=AccessAction.VIEW, address=address)
    return found


def _seen(
    account: Account | None, resident: Resident | None, found: dict[str, KnownAttribute]
) -> list[Resident | Account]:
    if resident is None:
        return [account] if account is not None else []
    others = household_of(resident) if "person.household" in found else []
    return [resident, *(member for member in others if member.pk != resident.pk)]


def keep_attributes(*, account: Account, vouched: Vouched) -> None:
    """Keep what a provider vouched for, in place of what it said before."""
    for key, value in vouched.attributes.items():
        VerifiedAttribute.objects.update_or_create(
            account=account,
            key=key,
            source=AttributeSource.PROVIDER,
            source_detail=vouched.provider,
            defaults={"value": value, "as_of": vouched.authenticated_at, "assurance": vouched.level},
            create_defaults={
                "municipality": municipality_in_scope(),
                "value": value,
                "as_of": vouched.authenticated_at,
                "assurance": vouched.level,
            },
        )


@transaction.atomic
def give_consent(
    *, account: Account, procedure: str, keys: Iterable[str], procedure_name: str = "", about: Resident | None = None
) -> AttributeConsent:
    """
    Keep that somebody agreed to have a procedure (its code) filled in with these attributes; a consent like it is reused.

    ``about`` is the person whose data it is where that is not the account's own. Raises ``RefusedError``.
    """
    wanted = sorted(set(keys))
    attribute_policy.require(account, "read", Person(account if about is None else None, about, procedure))
    standing = AttributeConsent.objects.filter(
        account=account, procedure=procedure, about=about, withdrawn_at__isnull=True
    ).first()
    if standing is not None and set(wanted) <= set(standing.keys):
        return standing
    consent = AttributeConsent.objects.create(
        municipality=municipality_in_scope(),
        account=account,
        about=about,
        procedure=procedure,
        procedure_name=procedure_name[:200],
        keys=wanted,
        given_at=clock.now(),
    )
    record_event(
        kind=events.CONSENT_GIVEN, subject=consent, actor=account, data={"procedure": procedure, "keys": wanted}
    )
    return consent


@transaction.atomic
def withdraw_consent(*, account: Account, consent_id: int) -> bool:
    """Take a consent back from now on; False where the account has none of this id in force."""
    changed = AttributeConsent.objects.filter(account=account, pk=consent_id, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    if changed:
        consent = AttributeConsent.objects.get(pk=consent_id)
        record_event(
            kind=events.CONSENT_WITHDRAWN, subject=consent, actor=account, data={"procedure": consent.procedure}
        )
    return bool(changed)
