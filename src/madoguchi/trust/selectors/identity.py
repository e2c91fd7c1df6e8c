"""Reading how surely it is known who acts, and what somebody vouched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock, names

from ..enums import AccountKind, AssuranceLevel, AttributeSource, MatchStatus, SignatureStatus
from ..models import (
    Account,
    AttributeConsent,
    Delegation,
    DocumentSignature,
    IdentityLink,
    IdentityMatch,
    Resident,
    VerifiedAttribute,
    current_municipality,
    municipality_in_scope,
)
from ..permissions import account_of
from ..registry import IdentityProvider, identity_providers
from ..rules import identity as rules

SESSION_KEY = "identity"
_ORDER = list(AssuranceLevel)


def is_at_least(level: str, wanted: str) -> bool:
    """Tell whether a level of assurance is as strong as another."""
    return _ORDER.index(AssuranceLevel(level)) >= _ORDER.index(AssuranceLevel(wanted))


def identity_of(request: HttpRequest) -> dict[str, Any]:
    """
    Return how the person of this session was identified; empty where no provider vouched for anybody.

    Keys: ``provider``, ``label``, ``acr``, ``level`` (``AssuranceLevel``), ``audience`` (person or business),
    ``authenticated_at`` and ``expires_at`` (aware), ``is_fresh`` (recent enough to send something).
    """
    account = account_of(request)
    kept = request.session.get(SESSION_KEY) if account is not None else None
    if account is None or not kept or kept["account"] != account.pk:
        return {}
    at = datetime.fromisoformat(kept["at"])
    expires = at + timedelta(minutes=settings.IDENTITY_FRESH_MINUTES)
    provider = identity_providers.find(kept["provider"])
    return {
        "provider": kept["provider"],
        "label": _(provider.label) if provider else kept["provider"],
        "acr": kept["acr"],
        "level": AssuranceLevel(kept["level"]),
        "audience": kept["audience"],
        "authenticated_at": at,
        "expires_at": expires,
        "is_fresh": clock.now() < expires,
    }


def assurance_of(request: HttpRequest, *, must_be_fresh: bool = True) -> AssuranceLevel:
    """
    Return how surely it is known who acts in this session, now.

    A provider's word counts for fifteen minutes (``IDENTITY_FRESH_MINUTES``): long enough to send, too short for somebody who
    finds the device. ``must_be_fresh=False`` asks for the session as a whole, for showing things. A signature belongs to
    a document, never to a session: see ``signature_of``.
    """
    if account_of(request) is None:
        return AssuranceLevel.NONE
    identity = identity_of(request)
    if identity and (identity["is_fresh"] or not must_be_fresh):
        level: AssuranceLevel = identity["level"]
        return level if is_at_least(level, AssuranceLevel.ACCOUNT) else AssuranceLevel.ACCOUNT
    return AssuranceLevel.ACCOUNT


def offered_providers(*, audience: str = "", signs: bool = False) -> list[IdentityProvider]:
    """Return the providers people of the municipality in scope may use, for persons or businesses, or that sign."""
    here = municipality_in_scope()
    return [
        provider
        for provider in identity_providers
        if provider.is_offered_by(here)
        and (not audience or provider.audience == audience)
        and (provider.signs or not signs)
    ]


def sign_in_paths(request: HttpRequest, level: str, next: str = "/", *, audience: str = "") -> list[tuple[str, str]]:
    """
    Return the ways (label, path) by which this visitor can reach a level of assurance and then come back to ``next``.

    Empty where the level is reached already, or no way is configured: tell the person to come to the counter then. For
    ``signed`` they lead to a provider that can also sign; the signature itself is asked for by ``request_signature``.
    """
    wanted = AssuranceLevel(level)
    reached = assurance_of(request)
    if wanted == AssuranceLevel.NONE or (wanted != AssuranceLevel.SIGNED and is_at_least(reached, wanted)):
        return []
    if wanted == AssuranceLevel.SIGNED and reached == AssuranceLevel.AUTHENTICATED:
        return []
    found = [
        (_("%(provider)sで確認する") % {"provider": _(provider.label)}, start_path(provider.key, next))
        for provider in offered_providers(audience=audience, signs=wanted == AssuranceLevel.SIGNED)
    ]
    if wanted == AssuranceLevel.ACCOUNT:
        found.insert(0, (_("サインインする"), f"{reverse('account_login')}?{urlencode({'next': next})}"))
    return found


def start_path(provider: str, next: str = "") -> str:
    """Return the path that leads to a provider and then back to ``next``."""
    query = f"?{urlencode({'next': next})}" if next else ""
    return reverse("identity:start", args=[provider]) + query


def links_of(account: Account) -> QuerySet[IdentityLink]:
    """Return the providers an account is linked to."""
    return IdentityLink.objects.filter(account=account)


def match_of(account: Account) -> IdentityMatch | None:
    """Return how an account relates to the registry of residents, or None where no provider vouched for its holder."""
    return IdentityMatch.objects.filter(account=account).select_related("resident").first()


def waiting_matches(text: str = "") -> QuerySet[IdentityMatch]:
    """Return the people whose match with the registry a registrar has to decide, the longest waiting first."""
    found = IdentityMatch.objects.filter(status=MatchStatus.WAITING).select_related("account", "resident")
    return found.filter(account__name__icontains=text) if text else found


def resident_of(account: Account) -> Resident | None:
    """Return the person of the registry an account belongs to, or None."""
    return Resident.objects.filter(account=account).first()


def candidates_for(claims: Mapping[str, Any]) -> list[Resident]:
    """Return people of the registry who may be meant: of this name, or born on this day with the same address."""
    here = municipality_in_scope()
    key = names.search_key(rules.join_name(claims.get("person.name") or {}))
    day = claims.get("person.birth_date")
    wanted = Q(name_key=key) if key else Q(pk__in=[])
    found = list(Resident.objects.filter(wanted).order_by("pk")[:20])
    if day:
        seen = {resident.pk for resident in found}
        place = rules.address_key(
            rules.join_address(claims.get("person.address") or {}), prefecture=here.prefecture, city=here.name
        )
        same_day = Resident.objects.filter(birth_date=day).exclude(pk__in=seen).order_by("pk")[:200]
        found += [
            resident
            for resident in same_day
            if place and rules.address_key(resident.address, prefecture=here.prefecture, city=here.name) == place
        ]
    return found


@dataclass(frozen=True, slots=True)
class KnownAttribute:
    """
    What the city knows: ``value`` in the shape of the form component, where from, since when, how surely.

    ``source`` is an ``AttributeSource``; ``source_label`` says it to people.
    """

    key: str
    value: Any
    source: str
    source_label: str
    as_of: datetime
    assurance: AssuranceLevel


# Names of the attributes, as people read them.
LABELS = {
    "person.name": N_("氏名"),
    "person.birth_date": N_("生年月日"),
    "person.sex": N_("性別"),
    "person.address": N_("住所"),
    "person.household": N_("世帯の人"),
    "person.email": N_("メールアドレス"),
    "business.corporate_number": N_("法人番号"),
    "business.name": N_("事業者の名称"),
    "business.address": N_("事業者の所在地"),
    "business.representative": N_("代表者の氏名"),
}


def registry_attributes(resident: Resident, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what the registry says of a resident, by key; only what it holds. ``keys`` limits what is looked up."""
    wanted = set(LABELS if keys is None else keys)
    here = current_municipality()
    found: dict[str, Any] = {}
    if "person.name" in wanted:
        found["person.name"] = rules.split_name(resident.name, resident.name_kana)
    if "person.birth_date" in wanted and resident.birth_date:
        found["person.birth_date"] = resident.birth_date.isoformat()
    if "person.sex" in wanted and resident.sex:
        found["person.sex"] = str(resident.sex)
    if "person.address" in wanted and resident.address:
        found["person.address"] = rules.split_address(
            resident.address, postal_code=resident.postal_code, prefecture=here.prefecture, city=here.name
        )
    if "person.household" in wanted and resident.household:
        found["person.household"] = [_member(member) for member in household_of(resident)]
    return found


def household_of(resident: Resident) -> list[Resident]:
    """Return the people of a resident's household, the head first, the resident included; empty where it is not known."""
    if not resident.household:
        return []
    members = Resident.objects.filter(household=resident.household).order_by("birth_date", "pk")
    return sorted(members, key=lambda member: member.relationship != "世帯主")


def _member(resident: Resident) -> dict[str, Any]:
    return {
        "name": rules.split_name(resident.name, resident.name_kana),
        "birth_date": resident.birth_date.isoformat() if resident.birth_date else "",
        "relationship": resident.relationship,
    }


def known_attributes(
    *, account: Account | None, resident: Resident | None, keys: Iterable[str] | None = None
) -> dict[str, KnownAttribute]:
    """
    Return what is known by key, without asking the policy or logging: use ``verified_attributes`` to hand it out.

    The city's own registry goes before a provider's word, which fills what the registry does not hold.
    """
    found: dict[str, KnownAttribute] = {}
    if account is not None:
        stored = VerifiedAttribute.objects.filter(account=account).order_by("as_of")
        if keys is not None:
            keys = list(keys)
            stored = stored.filter(key__in=keys)
        for row in stored:
            found[row.key] = KnownAttribute(
                row.key, row.value, row.source, _source_label(row), row.as_of, AssuranceLevel(row.assurance)
            )
    if resident is not None:
        for key, value in registry_attributes(resident, keys).items():
            found[key] = KnownAttribute(
                key,
                value,
                AttributeSource.REGISTRY,
                str(AttributeSource.REGISTRY.label),
                resident.updated_at,
                AssuranceLevel.AUTHENTICATED,
            )
    return found


def _source_label(row: VerifiedAttribute) -> str:
    provider = identity_providers.find(row.source_detail)
    return _(provider.label) if provider else str(row.get_source_display())


def consents_of(account: Account) -> QuerySet[AttributeConsent]:
    """Return what somebody agreed to, the last first."""
    return AttributeConsent.objects.filter(account=account)


def has_consented(account: Account, procedure: str, keys: Iterable[str]) -> bool:
    """Tell whether a consent in force covers these attributes for a procedure (its code)."""
    given = consents_of(account).filter(procedure=procedure, withdrawn_at__isnull=True)
    return set(keys) <= {key for consent in given for key in consent.keys}


def signature_of(*, subject: Any, digest: bytes) -> DocumentSignature | None:
    """Return the verified signature over exactly this SHA-256 of this subject, the last one, or None."""
    return (
        DocumentSignature.objects.filter(
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            digest=digest.hex(),
            status=SignatureStatus.SIGNED,
        )
        .order_by("-id")
        .first()
    )


def delegations_of(account: Account | None, *, procedure: str = "") -> list[Delegation]:
    """Return the delegations under which an account may act for somebody today, for one procedure (code) or any."""
    if account is None or account.kind != AccountKind.RESIDENT:
        return []
    held = Delegation.objects.in_force().filter(delegate=account).select_related("principal", "resident")
    return [delegation for delegation in held if not procedure or delegation.covers(procedure)]
