"""Making the sealed PDF of a document: once, whatever happens to the worker in between."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import override

from madoguchi.kit import clock
from madoguchi.trust.api import open_file, record_event, store_file

from .. import events
from ..enums import DocumentStatus, RevisionReason
from ..errors import MissingGlyphsError, RecordsError, SealError, SealUnavailableError, TemplateError, TypesettingError
from ..models import DocumentBatch, IssuedDocument, SealedRevision
from ..registry import SEALER, Sealed, document_subjects, sealers
from .composing import compose

PURPOSE = "records.document"
# What will not go away by trying again: the document is marked as failed and says what to do.
PERMANENT = (TemplateError, MissingGlyphsError, SealError)


def produce_document(*, document: IssuedDocument) -> bool:
    """
    Typeset and seal a document and store it; return whether this call issued it.

    Nothing is done for a document that is not waiting. What cannot succeed marks it as failed with the reason. Where a service
    of the seal does not answer the document goes on waiting, says for what, and ``SealUnavailableError`` is raised.
    """
    if document.status != DocumentStatus.PREPARING:
        return False
    with override("ja"):
        try:
            pages = compose(document=document)
            sealed = sealers.get(SEALER).seal(
                pdf=pages.pdf, municipality=document.municipality, reason=f"{document.title} {document.number}"
            )
        except (SealUnavailableError, TypesettingError) as error:
            IssuedDocument.objects.filter(pk=document.pk).update(waiting_for=str(error))
            raise
        except PERMANENT as error:
            _fail(document, error)
            return False
    return _finish(document.pk, sealed)


@transaction.atomic
def _finish(pk: int, sealed: Sealed) -> bool:
    document = IssuedDocument.objects.select_for_update().get(pk=pk)
    # Another worker was quicker, or it was revoked meanwhile: what was made here is dropped, nothing is stored twice.
    if document.status != DocumentStatus.PREPARING:
        return False
    _keep(document, sealed, RevisionReason.ISSUED)
    document.status = DocumentStatus.ISSUED
    document.issued_at = clock.now()
    document.waiting_for = document.failure = ""
    document.save()
    data = {
        "number": document.number,
        "kind": document.kind,
        "template": document.template,
        "digest": document.digest,
        "level": str(sealed.facts.get("level", "")),
    }
    record_event(kind=events.DOCUMENT_ISSUED, subject=document, data=data)
    for old in IssuedDocument.objects.select_for_update().filter(replaced_by=document):
        _replace(old, document)
    if (owner := document_subjects.find(document.subject_type)) is not None:
        owner.produced(document)
    return True


def _keep(document: IssuedDocument, sealed: Sealed, reason: RevisionReason) -> None:
    name = f"{document.title[:60]}_{document.number}.pdf"
    stored = store_file(content=sealed.pdf, name=name, purpose=PURPOSE)
    document.file, document.digest = stored, stored.digest
    document.seal, document.renew_by = dict(sealed.facts), sealed.renew_by
    SealedRevision.objects.create(
        municipality=document.municipality,
        document=document,
        file=stored,
        digest=stored.digest,
        size=stored.size,
        reason=reason,
        made_at=clock.now(),
    )


def _replace(old: IssuedDocument, new: IssuedDocument) -> None:
    if old.status == DocumentStatus.REVOKED:
        return
    old.status, old.closed_at = DocumentStatus.REPLACED, clock.now()
    old.save(update_fields=["status", "closed_at"])
    data = {"number": old.number, "kind": old.kind, "by": new.number}
    record_event(kind=events.DOCUMENT_REPLACED, subject=old, actor=old.closed_by, data=data)


@transaction.atomic
def _fail(document: IssuedDocument, error: RecordsError) -> None:
    waiting = IssuedDocument.objects.filter(pk=document.pk, status=DocumentStatus.PREPARING)
    if waiting.update(status=DocumentStatus.FAILED, failure=str(error)[:2000], waiting_for=""):
        data = {"number": document.number, "kind": document.kind, "error": type(error).__name__}
        record_event(kind=events.DOCUMENT_FAILED, subject=document, data=data)


def produce_batch(*, batch: DocumentBatch) -> int:
    """
    Make the documents of a batch that wait; return how many were issued. May be called again after it was cut off.

    Raises ``SealUnavailableError`` where a service of the seal does not answer: the rest waits.
    """
    issued = 0
    waiting = IssuedDocument.objects.filter(batch=batch, status=DocumentStatus.PREPARING).order_by("pk")
    for document in waiting.select_related("municipality", "template_version__template").iterator(chunk_size=200):
        issued += produce_document(document=document)
    DocumentBatch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=clock.now())
    return issued


def renew_document(*, document: IssuedDocument) -> bool:
    """
    Add a document time stamp before the certificate of the last one ends; return whether this call did it.

    The earlier file stays and stays valid. Raises ``SealUnavailableError`` where the time stamp service does not answer.
    """
    if document.file is None or document.status == DocumentStatus.PREPARING:
        return False
    with open_file(document.file) as file:
        pdf = file.read()
    before = document.digest
    sealed = sealers.get(SEALER).renew(pdf=pdf, municipality=document.municipality)
    with transaction.atomic():
        fresh = IssuedDocument.objects.select_for_update().get(pk=document.pk)
        if fresh.digest != before:
            return False
        _keep(fresh, sealed, RevisionReason.RENEWED)
        fresh.save(update_fields=["file", "digest", "seal", "renew_by"])
        data = {"number": fresh.number, "digest": fresh.digest}
        record_event(kind=events.DOCUMENT_RENEWED, subject=fresh, data=data)
    return True
