"""Delegations (代理): offered by a code or registered at the counter, accepted, confirmed, ended at once."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import IO

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock, ids

from .. import events
from ..enums import AccountKind, DelegationKind, DelegationStatus, RetentionClass
from ..errors import DelegationError
from ..models import Account, Delegation, Resident, StoredFile, municipality_in_scope
from ..permissions import delegation_policy
from ..registry import FilePurpose
from ..rules import file_types
from ..selectors.identity import resident_of
from .events import record_event
from .files import store_file

CODE_LENGTH = 12
CODE_DAYS = 7
LONGEST = timedelta(days=3 * 366)
PROOF_PURPOSE = "trust.delegation_proof"
PROOF = FilePurpose(
    key=PROOF_PURPOSE,
    label=N_("代理を証明する書類"),
    media_types=frozenset({file_types.PDF, file_types.JPEG, file_types.PNG}),
    max_bytes=10 * 1024 * 1024,
    retention_class=RetentionClass.YEARS_5,
    may_read=lambda actor, stored: _may_read_proof(actor, stored),  # defined below
)
# A person under a guardian cannot give leave alone: the paper (登記事項証明書, 戸籍) decides.
NEEDS_PAPER = frozenset({DelegationKind.STATUTORY})


@transaction.atomic
def offer_delegation(
    *,
    actor: Account,
    kind: DelegationKind,
    valid_from: date,
    valid_until: date,
    procedures: Iterable[str] = (),
    note: str = "",
) -> tuple[Delegation, str]:
    """
    Ask somebody to act for oneself; returns the delegation and the code to hand over, which is kept as a digest alone.

    ``procedures`` are codes; none means all. Raises ``RefusedError`` and ``DelegationError`` for dates that will not do.
    """
    delegation_policy.require(actor, "offer")
    delegation = _new(actor, kind, valid_from, valid_until, procedures, note)
    delegation.principal, delegation.resident = actor, resident_of(actor)
    return _with_code(delegation, actor)


@transaction.atomic
def register_delegation(
    *,
    actor: Account,
    resident: Resident,
    kind: DelegationKind,
    valid_from: date,
    valid_until: date,
    procedures: Iterable[str] = (),
    proof: tuple[bytes | IO[bytes], str] | None = None,
    note: str = "",
) -> tuple[Delegation, str]:
    """
    Register at the counter that somebody acts for a person of the registry, after a look at the paper.

    ``proof`` is content and name of the scanned paper. Returns the delegation and the code for the delegate's account. Raises
    ``RefusedError``, ``DelegationError`` and ``FileRefusedError``.
    """
    delegation_policy.require(actor, "register")
    delegation = _new(actor, kind, valid_from, valid_until, procedures, note)
    delegation.resident, delegation.principal = resident, resident.account
    delegation.confirmed_at, delegation.confirmed_by = clock.now(), actor
    if proof is not None:
        delegation.proof = store_file(content=proof[0], name=proof[1], purpose=PROOF_PURPOSE, actor=actor)
    return _with_code(delegation, actor)


@transaction.atomic
def grant_delegation(
    *,
    actor: Account,
    delegate: Account,
    kind: DelegationKind,
    valid_from: date,
    valid_until: date,
    principal: Account | None = None,
    resident: Resident | None = None,
    procedures: Iterable[str] = (),
    note: str = "",
) -> Delegation:
    """
    Let an account act for somebody at once: given by the person (the actor), or at the counter after a look at the paper.

    Raises ``RefusedError`` and ``DelegationError``.
    """
    own = principal is not None and principal.pk == actor.pk and kind not in NEEDS_PAPER
    delegation_policy.require(actor, "offer" if own else "register")
    if delegate.kind != AccountKind.RESIDENT or (principal is not None and delegate.pk == principal.pk):
        raise DelegationError(_("代理人には、ご本人とは別の住民のアカウントを指定してください。"))
    delegation = _new(actor, kind, valid_from, valid_until, procedures, note)
    delegation.principal = principal or (resident.account if resident else None)
    delegation.resident = resident or (resident_of(principal) if principal else None)
    delegation.delegate, delegation.status = delegate, DelegationStatus.ACTIVE
    delegation.confirmed_at, delegation.confirmed_by = clock.now(), None if own else actor
    delegation.save()
    _record(events.DELEGATION_GRANTED, delegation, actor)
    return delegation


def find_offer(*, code: str) -> Delegation:
    """Return the open delegation of a code; raises ``DelegationError`` which says what to do otherwise."""
    found = Delegation.objects.filter(
        code_digest=_digest(code), status=DelegationStatus.INVITED, code_expires_at__gt=clock.now()
    ).first()
    if found is None:
        raise DelegationError(
            _("この招待コードは使えません。打ち間違いがないか、期限（7日間）が過ぎていないかをご確認ください。")
        )
    return found


@transaction.atomic
def accept_delegation(*, actor: Account, code: str) -> Delegation:
    """
    Take on a delegation with its code. It is in force at once, or waits for a paper where the law wants one.

    Raises ``DelegationError`` for a code that does not work and ``RefusedError`` for the principal's own account and staff.
    """
    delegation = Delegation.objects.select_for_update().get(pk=find_offer(code=code).pk)
    delegation_policy.require(actor, "accept", delegation)
    waits = delegation.kind in NEEDS_PAPER and delegation.confirmed_by_id is None
    delegation.delegate, delegation.code_digest = actor, ""
    delegation.status = DelegationStatus.WAITING if waits else DelegationStatus.ACTIVE
    if not waits and delegation.confirmed_at is None:
        delegation.confirmed_at = clock.now()
    delegation.save()
    _record(events.DELEGATION_ACCEPTED, delegation, actor)
    if not waits:
        _record(events.DELEGATION_GRANTED, delegation, actor)
    return delegation


@transaction.atomic
def add_proof(*, delegation: Delegation, actor: Account, content: bytes | IO[bytes], name: str) -> StoredFile:
    """Hand in the paper a delegation waits for. Raises ``RefusedError``, ``DelegationError``, ``FileRefusedError``."""
    delegation_policy.require(actor, "view", delegation)
    if delegation.status != DelegationStatus.WAITING:
        raise DelegationError(_("この代理には、書類はいりません。"))
    stored = store_file(content=content, name=name, purpose=PROOF_PURPOSE, actor=actor)
    delegation.proof = stored
    delegation.save(update_fields=["proof"])
    return stored


@transaction.atomic
def confirm_delegation(*, delegation: Delegation, actor: Account, accept: bool, note: str) -> Delegation:
    """Accept or refuse a delegation after a look at its paper. Raises ``RefusedError`` and ``DelegationError``."""
    delegation_policy.require(actor, "confirm", delegation)
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.status != DelegationStatus.WAITING:
        raise DelegationError(_("この代理は、書類の確認を待っていません。"))
    if not note.strip():
        raise DelegationError(_("何を確認したか（断るときは理由）を入力してください。"))
    delegation.status = DelegationStatus.ACTIVE if accept else DelegationStatus.REFUSED
    delegation.confirmed_at, delegation.confirmed_by, delegation.note = clock.now(), actor, note.strip()[:300]
    if not accept:
        delegation.ended_at = clock.now()
    delegation.save()
    _record(events.DELEGATION_GRANTED if accept else events.DELEGATION_REFUSED, delegation, actor)
    return delegation


@transaction.atomic
def revoke_delegation(*, delegation: Delegation, actor: Account) -> Delegation:
    """
    End a delegation at once: by the person, by the delegate, or at the counter. Ending one that has ended changes nothing.

    Raises ``RefusedError``.
    """
    delegation_policy.require(actor, "revoke", delegation)
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.status not in {DelegationStatus.INVITED, DelegationStatus.WAITING, DelegationStatus.ACTIVE}:
        return delegation
    delegation.status, delegation.ended_at, delegation.code_digest = DelegationStatus.REVOKED, clock.now(), ""
    delegation.save(update_fields=["status", "ended_at", "code_digest"])
    _record(events.DELEGATION_REVOKED, delegation, actor)
    return delegation


def expire_delegations() -> int:
    """Mark delegations and codes of the municipality in scope whose time is over; they let nobody act before that already."""
    over = Delegation.objects.filter(
        Q(status__in=[DelegationStatus.ACTIVE, DelegationStatus.WAITING], valid_until__lt=clock.today())
        | Q(status=DelegationStatus.INVITED, code_expires_at__lte=clock.now())
    )
    count = 0
    for delegation in over.order_by("pk"):
        with transaction.atomic():
            changed = Delegation.objects.filter(pk=delegation.pk, status=delegation.status).update(
                status=DelegationStatus.EXPIRED, ended_at=clock.now(), code_digest=""
            )
            if changed:
                _record(events.DELEGATION_EXPIRED, delegation, None)
                count += 1
    return count


def _may_read_proof(actor: Account | None, stored: StoredFile) -> bool:
    if stored.uploaded_by_id is not None and actor is not None and stored.uploaded_by_id == actor.pk:
        return True
    return delegation_policy.allows(actor, "confirm")


def _new(
    actor: Account, kind: DelegationKind, valid_from: date, valid_until: date, procedures: Iterable[str], note: str
) -> Delegation:
    if valid_until < valid_from:
        raise DelegationError(_("終わりの日は、始まりの日以降にしてください。"))
    if valid_until < clock.today():
        raise DelegationError(_("終わりの日が過ぎています。今日以降の日にしてください。"))
    if valid_until - valid_from > LONGEST:
        raise DelegationError(_("代理の期間は3年までです。続けるときは、期限の前に頼み直してください。"))
    return Delegation(
        municipality=municipality_in_scope(),
        kind=DelegationKind(kind),
        procedures=sorted(set(procedures)),
        valid_from=valid_from,
        valid_until=valid_until,
        created_at=clock.now(),
        created_by=actor,
        note=note[:300],
    )


def _with_code(delegation: Delegation, actor: Account) -> tuple[Delegation, str]:
    code = "".join(secrets.choice(ids.SYMBOLS) for _place in range(CODE_LENGTH))
    delegation.status = DelegationStatus.INVITED
    delegation.code_digest = _digest(code)
    delegation.code_expires_at = clock.now() + timedelta(days=CODE_DAYS)
    delegation.save()
    _record(events.DELEGATION_OFFERED, delegation, actor)
    return delegation, "-".join(code[place : place + 4] for place in range(0, CODE_LENGTH, 4))


def _digest(code: str) -> str:
    plain = re.sub(r"[\s\-‐‑‒–—―−ー]+", "", unicodedata.normalize("NFKC", code)).upper()
    plain = plain.translate(str.maketrans("OIL", "011"))
    return salted_hmac("madoguchi.trust.delegation", plain, algorithm="sha256").hexdigest()


def _record(kind: events.EventType, delegation: Delegation, actor: Account | None) -> None:
    data = {"kind": str(delegation.kind), "procedures": len(delegation.procedures), "until": delegation.valid_until}
    record_event(kind=kind, subject=delegation, actor=actor, data=data)
