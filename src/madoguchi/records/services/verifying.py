"""Saying whether a document is good: by number and code, or by the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope, record_event

from .. import events
from ..enums import DocumentStatus, Verdict
from ..errors import TooManyAttemptsError, UnreadablePdfError
from ..models import IssuedDocument, SealedRevision, VerificationAttempt
from ..registry import SEALER, SignatureFinding, sealers
from ..rules.codes import parse_code, parse_number
from ..rules.revisions import revision_digests

LARGEST = 20 * 1024 * 1024
WINDOW = timedelta(minutes=10)
MISSES_OF_SOURCE = 10
MISSES_OF_NUMBER = 40
FILES_OF_SOURCE = 20
FILE = "file"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a check found. ``document`` only where the visitor has proved to hold it; pages show of it nothing but issuer,
    kind, number, dates and state. ``signatures`` are those of a file.
    """

    verdict: Verdict
    document: IssuedDocument | None = None
    signatures: Sequence[SignatureFinding] = field(default_factory=tuple)
    since: datetime | None = None


def verify_number(*, number: str, code: str, address: str) -> Outcome:
    """
    Judge a document by what is printed on it, as typed or scanned.

    A wrong code looks the same as an unknown number. Raises ``TooManyAttemptsError`` after many misses from one address
    (or for one number).
    """
    canonical, proof = parse_number(number), parse_code(code)
    source = _source(address)
    _check_misses(source, canonical)
    document = IssuedDocument.objects.filter(number=canonical).first() if canonical and proof else None
    if document is None or not constant_time_compare(document.code, proof or ""):
        _note(source, canonical or "")
        return Outcome(Verdict.UNKNOWN)
    return _said(document, "number")


def verify_file(*, pdf: bytes, address: str) -> Outcome:
    """
    Judge a PDF: whether it is one that was issued here, unchanged, and what its signatures say. Nothing of it is kept.

    Raises ``UnreadablePdfError`` for what cannot be judged, ``TooManyAttemptsError``.
    """
    if len(pdf) > LARGEST:
        raise UnreadablePdfError(
            _("ファイルが大きすぎます。%(limit)sMBまでのPDFファイルを選んでください。")
            % {"limit": LARGEST // 1024 // 1024}
        )
    source = _source(address)
    _check_files(source)
    _note(source, FILE)
    digests = revision_digests(pdf)
    known = _known(digests)
    try:
        signatures = sealers.get(SEALER).examine(pdf=pdf, municipality=municipality_in_scope()).signatures
    except UnreadablePdfError:
        # One of ours with rubbish behind it can be unreadable, and is still one that was changed.
        if known is None:
            raise
        signatures = ()
    # The last digest is that of the whole file.
    if known is not None and known.digest == digests[-1]:
        return _judged(known.document, signatures)
    if known is not None:
        return _altered(known.document, signatures)
    return Outcome(_verdict_on_strangers(signatures), signatures=signatures)


def _known(revisions: Sequence[str]) -> SealedRevision | None:
    """Return the revision that is the file, else the latest one that is its beginning."""
    rows = {row.digest: row for row in SealedRevision.objects.select_related("document").filter(digest__in=revisions)}
    return next((rows[digest] for digest in reversed(revisions) if digest in rows), None)


def _judged(document: IssuedDocument, signatures: Sequence[SignatureFinding]) -> Outcome:
    outcome = _said(document, "file")
    return Outcome(outcome.verdict, document, signatures, outcome.since)


def _altered(document: IssuedDocument, signatures: Sequence[SignatureFinding]) -> Outcome:
    _record(document, Verdict.ALTERED, "file")
    return Outcome(Verdict.ALTERED, None, signatures)


def _verdict_on_strangers(signatures: Sequence[SignatureFinding]) -> Verdict:
    if not signatures:
        return Verdict.UNSIGNED
    return Verdict.ALTERED if any(signature.is_ours for signature in signatures) else Verdict.FOREIGN


def _said(document: IssuedDocument, way: str) -> Outcome:
    verdict = judge(document)
    _record(document, verdict, way)
    return Outcome(verdict, document, (), document.closed_at)


def judge(document: IssuedDocument) -> Verdict:
    """Return what is to be said of a document today."""
    if document.status == DocumentStatus.ISSUED and document.valid_until and document.valid_until < clock.today():
        return Verdict.EXPIRED
    return {
        DocumentStatus.ISSUED: Verdict.VALID,
        DocumentStatus.REVOKED: Verdict.REVOKED,
        DocumentStatus.REPLACED: Verdict.REPLACED,
        DocumentStatus.PREPARING: Verdict.PREPARING,
    }.get(DocumentStatus(document.status), Verdict.UNKNOWN)


def _record(document: IssuedDocument, verdict: Verdict, way: str) -> None:
    data = {"number": document.number, "result": verdict.value, "by": way}
    record_event(kind=events.DOCUMENT_VERIFIED, subject=document, data=data)


def _source(address: str) -> str:
    return salted_hmac("madoguchi.records.verification", address, algorithm="sha256").hexdigest()


def _note(source: str, number: str) -> None:
    VerificationAttempt.objects.create(
        municipality=municipality_in_scope(), source=source, number=number, at=clock.now()
    )


def _check_misses(source: str, number: str | None) -> None:
    recent = VerificationAttempt.objects.filter(at__gt=clock.now() - WINDOW).exclude(number=FILE)
    of_source = recent.filter(source=source).count()
    of_number = recent.filter(number=number).count() if number else 0
    if of_source >= MISSES_OF_SOURCE or of_number >= MISSES_OF_NUMBER:
        _refuse("source" if of_source >= MISSES_OF_SOURCE else "number")


def _check_files(source: str) -> None:
    recent = VerificationAttempt.objects.filter(source=source, number=FILE, at__gt=clock.now() - WINDOW)
    if recent.count() >= FILES_OF_SOURCE:
        _refuse(FILE)


def _refuse(what: str) -> None:
    record_event(kind=events.VERIFICATION_REFUSED, subject=municipality_in_scope(), data={"limit": what})
    minutes = int(WINDOW.total_seconds() // 60)
    message = _(
        "確認の回数が多いため、しばらくお待ちください。%(minutes)s分ほどたってから、もう一度お試しください。"
        "お急ぎのときは、文書に書かれた連絡先にお電話ください。"
    )
    raise TooManyAttemptsError(message % {"minutes": minutes}, int(WINDOW.total_seconds()))
