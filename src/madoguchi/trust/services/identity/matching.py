"""Matching (照合): whether the person a provider vouched for is one of the registry. Nothing is guessed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from madoguchi.kit import clock

from ... import events
from ...enums import MatchStatus
from ...models import Account, IdentityMatch, Resident, municipality_in_scope
from ...permissions import identity_policy
from ...rules.identity import MATCHED_KEYS, differences
from ...selectors.identity import candidates_for, registry_attributes, resident_of
from ..accesses import log_access
from ..events import record_event
from .refusals import refused

TAKEN = "account"
"""Among the mismatches: the person of the registry belongs to another account."""


@transaction.atomic
def match_person(*, account: Account, claims: dict[str, Any]) -> IdentityMatch | None:
    """
    Match an account with the registry by what a provider vouched for.

    One person of the registry with the same name, date of birth and address, whom no other account has: matched. Somebody
    similar: a registrar decides. Nobody: the account works without the registry. A decision of a registrar stands until
    other facts are received.
    """
    claims = {key: claims[key] for key in MATCHED_KEYS if key in claims}
    if not claims:
        return None
    match = IdentityMatch.objects.select_for_update().filter(account=account).first()
    if match is not None and match.claims == claims and match.status != MatchStatus.UNKNOWN:
        return match
    resident, mismatches = _find(account, claims)
    status = _status(resident, mismatches)
    match = match or IdentityMatch(municipality=municipality_in_scope(), account=account)
    match.status, match.resident, match.claims, match.mismatches = status, resident, claims, mismatches
    match.created_at, match.decided_at, match.decided_by, match.reason = clock.now(), None, None, ""
    match.save()
    if status == MatchStatus.MATCHED and resident is not None:
        _join(account, resident, actor=account, match=match)
    elif status == MatchStatus.WAITING:
        record_event(kind=events.IDENTITY_MATCH_WAITING, subject=match, actor=account, data={"mismatches": mismatches})
    return match


def _status(resident: Resident | None, mismatches: list[str]) -> MatchStatus:
    if resident is None:
        return MatchStatus.UNKNOWN
    return MatchStatus.WAITING if mismatches else MatchStatus.MATCHED


def _find(account: Account, claims: dict[str, Any]) -> tuple[Resident | None, list[str]]:
    own = resident_of(account)
    if own is not None:
        return own, differences_from(resident=own, claims=claims)
    found = [(resident, differences_from(resident=resident, claims=claims)) for resident in candidates_for(claims)]
    found.sort(key=lambda pair: (len(pair[1]), pair[0].pk))
    if not found:
        return None, []
    best, mismatches = found[0]
    if not mismatches and len(found) > 1 and not found[1][1]:
        return best, ["person.several"]
    if best.account_id not in {None, account.pk}:
        return best, [*mismatches, TAKEN]
    return best, mismatches


def differences_from(*, resident: Resident, claims: dict[str, Any]) -> list[str]:
    """Return which of the matched facts differ between the registry's person and what was received."""
    here = municipality_in_scope()
    known = registry_attributes(resident, MATCHED_KEYS)
    return differences(claims, known, prefecture=here.prefecture, city=here.name)


@transaction.atomic
def decide_match(
    *, match: IdentityMatch, actor: Account, resident: Resident | None, reason: str, address: str | None = None
) -> IdentityMatch:
    """
    Decide as a registrar who an account's holder is: a person of the registry, or (``resident`` None) none of them.

    has another account.
    """
    identity_policy.require(actor, "decide", match)
    if not reason.strip():
        raise ValueError("判断の理由がありません。")
    match = IdentityMatch.objects.select_for_update().get(pk=match.pk)
    if resident is not None:
        log_access(actor=actor, subject=resident, purpose="本人確認の照合", address=address)
        if resident.account_id not in {None, match.account_id}:
            raise refused("linked_elsewhere")
    match.status = MatchStatus.REFUSED if resident is None else MatchStatus.MATCHED
    match.resident, match.reason = resident, reason.strip()[:300]
    match.decided_at, match.decided_by = clock.now(), actor
    match.save()
    if resident is None:
        Resident.objects.filter(account=match.account).update(account=None)
        record_event(kind=events.IDENTITY_MATCH_REFUSED, subject=match, actor=actor)
    else:
        _join(match.account, resident, actor=actor, match=match)
    return match


def _join(account: Account, resident: Resident, *, actor: Account, match: IdentityMatch) -> None:
    Resident.objects.filter(account=account).exclude(pk=resident.pk).update(account=None)
    resident.account = account
    resident.save(update_fields=["account"])
    record_event(
        kind=events.IDENTITY_MATCHED,
        subject=resident,
        actor=actor,
        data={"account": account.pk, "match": match.pk, "mismatches": match.mismatches},
    )
