"""Electronic signatures over a document's digest: asked for, made at the provider, verified, kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse

from madoguchi.kit import clock

from ... import events
from ...enums import SignatureStatus
from ...models import Account, DocumentSignature, IdentityAttempt, IdentityLink, municipality_in_scope
from ...permissions import account_of, identity_policy
from ...registry import IdentityProvider
from ...rules.identity import SignedDigest, Vouched, differences
from ...selectors.identity import known_attributes, resident_of
from ..events import record_event
from .attempts import safe_path
from .refusals import refused

SHA256_BYTES = 32
COMPARED = ("person.name", "person.birth_date")


@transaction.atomic
def request_signature(
    *, request: HttpRequest, document_digest: bytes, subject: models.Model, next: str, title: str = ""
) -> str:
    """
    Ask the signed-in person to sign a document and return the path of the page that leads there and then to ``next``.

    ``document_digest`` is the document's SHA-256 (32 bytes), ``subject`` what the document is about; ask ``signature_of`` for
    the result. Raises ``RefusedError`` for others than residents and ``ValueError`` for another digest.
    """
    if len(document_digest) != SHA256_BYTES:
        raise ValueError("a SHA-256 digest of 32 bytes is needed")
    account = account_of(request)
    identity_policy.require(account, "sign", account)
    identity_policy.require(account, "link", account)
    facts = {
        "account": account,
        "subject_type": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "digest": document_digest.hex(),
    }
    signature = DocumentSignature.objects.filter(**facts, status=SignatureStatus.REQUESTED).first()
    if signature is None:
        signature = DocumentSignature(municipality=municipality_in_scope(), **facts, requested_at=clock.now())
    signature.title, signature.next_path = title[:200], safe_path(next)
    signature.save()
    record_event(kind=events.SIGNATURE_REQUESTED, subject=signature, actor=account, data={"digest": signature.digest})
    return reverse("identity:signature", args=[signature.reference])


def announce_signature(*, signature: DocumentSignature, provider: IdentityProvider) -> DocumentSignature:
    """Tell the provider the digest; keeps its transaction. Raises ``IdentityRefusedError``."""
    if not provider.signs:
        raise refused("cannot_sign")
    transaction_id = provider.request_signature(bytes.fromhex(signature.digest))
    signature.provider, signature.transaction = provider.key, transaction_id
    signature.save(update_fields=["provider", "transaction"])
    return signature


@transaction.atomic
def keep_signature(*, attempt: IdentityAttempt, vouched: Vouched, signed: SignedDigest) -> DocumentSignature:
    """
    Keep a verified signature after looking at who signed: the account's own person.

    Raises ``IdentityRefusedError``: ``other_person`` where the provider vouched for somebody else than the account's holder,
    ``signer_differs`` where the certificate names somebody else, ``replayed_state`` for a signature made already.
    """
    if attempt.signature_id is None or attempt.account_id is None:
        raise refused("unknown_state")
    signature = DocumentSignature.objects.select_for_update().get(pk=attempt.signature_id)
    if signature.status != SignatureStatus.REQUESTED:
        raise refused("replayed_state")
    account = signature.account
    known_here = IdentityLink.objects.filter(account=account, issuer=vouched.issuer, subject=vouched.subject)
    if account.pk != attempt.account_id or not known_here.exists():
        raise refused("other_person")
    _check_signer(account, signed)
    signature.status, signature.signed_at = SignatureStatus.SIGNED, clock.now()
    signature.result = dict(signed.checks) | {"signer": "agrees"}
    signature.signature = signed.signature
    if settings.SIGNATURE_KEEPS_CERTIFICATE:
        signature.certificate = signed.certificate
    signature.save()
    record_event(
        kind=events.SIGNATURE_VERIFIED,
        subject=signature,
        actor=account,
        data={"digest": signature.digest, "provider": signature.provider, "subject": signature.subject_id},
    )
    return signature


def _check_signer(account: Account, signed: SignedDigest) -> None:
    known = known_attributes(account=account, resident=resident_of(account), keys=COMPARED)
    facts = {key: attribute.value for key, attribute in known.items()}
    if any(key in differences(signed.person, facts) for key in COMPARED if key in facts):
        raise refused("signer_differs")
    if not any(key in facts for key in COMPARED):
        raise refused("signer_differs", detail="nothing known")
