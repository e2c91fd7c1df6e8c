"""Issuing, revoking and replacing documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal, ids
from madoguchi.kit.names import search_key
from madoguchi.trust.api import Account, enqueue, log_access, municipality_in_scope, record_event
from madoguchi.trust.enums import AccessAction

from .. import events
from ..enums import DocumentKind, DocumentStatus
from ..errors import DocumentStateError, RecordsError
from ..models import DocumentBatch, DocumentCounter, IssuedDocument
from ..permissions import document_policy
from ..rules.codes import new_code
from ..selectors.templates import find_template
from .composing import check_content

PRODUCE = "records.tasks.produce_document"
CLOSED = (DocumentStatus.REVOKED, DocumentStatus.REPLACED)


@transaction.atomic
def issue_document(
    *,
    subject: Model,
    template: str,
    kind: str,
    title: str,
    content: dict[str, Any],
    recipient: Account | None,
    recipient_name: str,
    language: str = "ja",
    valid_until: date | None = None,
    replaces: IssuedDocument | None = None,
    actor: Account | None = None,
    batch: DocumentBatch | None = None,
) -> IssuedDocument:
    """
    Issue a document: the row with number and verification code at once, the sealed PDF by a job soon after.

    ``actor`` None means that the house does it by itself (a workflow). When the PDF is there, ``produced`` of the subject's
    registration is called and a document it ``replaces`` is closed. Raises ``RefusedError``, ``TemplateError`` for an unknown
    template, ``ContentError`` naming what does not fit it, ``DocumentStateError`` for one replaced that is closed already.
    """
    if actor is not None:
        document_policy.require(actor, "issue")
    return _issue(
        place=(subject._meta.label_lower, str(subject.pk)),
        template=template,
        kind=kind,
        title=title,
        content=content,
        recipient=recipient,
        recipient_name=recipient_name,
        language=language,
        valid_until=valid_until,
        replaces=replaces,
        actor=actor,
        batch=batch,
    )


def _issue(
    *,
    place: tuple[str, str],
    template: str,
    kind: str,
    title: str,
    content: dict[str, Any],
    replaces: IssuedDocument | None,
    actor: Account | None,
    batch: DocumentBatch | None = None,
    **facts: Any,
) -> IssuedDocument:
    found = find_template(template)
    check_content(found, content=content)
    if not title.strip() or kind not in DocumentKind.values:
        raise RecordsError(_("文書の件名と種類を指定してください。"))
    if replaces is not None:
        _check_open(replaces)
    document = IssuedDocument.objects.create(
        municipality=municipality_in_scope(),
        number=_next_number(),
        code=new_code(),
        kind=kind,
        title=title.strip()[:200],
        template=template,
        template_version=found.version,
        template_digest=found.digest,
        content=content,
        subject_type=place[0],
        subject_id=place[1],
        recipient_key=search_key(facts["recipient_name"]),
        batch=batch,
        created_by=actor,
        created_at=clock.now(),
        **facts,
    )
    if replaces is not None:
        IssuedDocument.objects.filter(pk=replaces.pk).update(replaced_by=document)
    data = {"number": document.number, "kind": kind, "template": template}
    record_event(kind=events.DOCUMENT_REQUESTED, subject=document, actor=actor, data=data)
    if batch is None:
        enqueue(PRODUCE, document_id=document.pk)
    return document


def _check_open(document: IssuedDocument) -> None:
    fresh = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if fresh.status in CLOSED or fresh.replaced_by_id is not None:
        raise DocumentStateError(
            _("文書 %(number)s は、すでに取り消されたか差し替えられています。") % {"number": fresh.number}
        )


def _next_number() -> str:
    """Return the next number of the fiscal year; whoever else issues waits until this is committed."""
    year = fiscal.fiscal_year(clock.today())
    counter, _new = DocumentCounter.objects.get_or_create(municipality=municipality_in_scope(), fiscal_year=year)
    counter = DocumentCounter.objects.select_for_update().get(pk=counter.pk)
    counter.last += 1
    counter.save(update_fields=["last"])
    return ids.case_number(year, counter.last)


@transaction.atomic
def revoke_document(*, document: IssuedDocument, reason: str, actor: Account | None) -> IssuedDocument:
    """
    Revoke a document (取消し): whoever checks it from now on is told so. ``actor`` None is the house itself.

    Raises ``RefusedError``, ``DocumentStateError`` for one that is closed already, ``RecordsError`` without a reason.
    """
    if actor is not None:
        document_policy.require(actor, "revoke", document)
    if not reason.strip():
        raise RecordsError(_("取り消す理由を入力してください。"))
    _check_open(document)
    document.refresh_from_db()
    document.status = DocumentStatus.REVOKED
    document.reason, document.closed_at, document.closed_by = reason.strip()[:500], clock.now(), actor
    document.waiting_for = ""
    document.save(update_fields=["status", "reason", "closed_at", "closed_by", "waiting_for"])
    data = {"number": document.number, "kind": document.kind}
    record_event(kind=events.DOCUMENT_REVOKED, subject=document, actor=actor, data=data)
    return document


@transaction.atomic
def replace_document(
    *,
    document: IssuedDocument,
    content: dict[str, Any],
    reason: str,
    actor: Account | None,
    title: str = "",
    recipient_name: str = "",
    valid_until: date | None = None,
) -> IssuedDocument:
    """Issue a corrected document in place of one; the old one says so once the new one is there. Raises like issuing."""
    if actor is not None:
        document_policy.require(actor, "replace", document)
    if not reason.strip():
        raise RecordsError(_("差し替える理由を入力してください。"))
    new = _issue(
        place=(document.subject_type, document.subject_id),
        template=document.template,
        kind=document.kind,
        title=title or document.title,
        content=content,
        recipient=document.recipient,
        recipient_name=recipient_name or document.recipient_name,
        language=document.language,
        valid_until=valid_until or document.valid_until,
        replaces=document,
        actor=actor,
    )
    IssuedDocument.objects.filter(pk=document.pk).update(reason=reason.strip()[:500], closed_by=actor)
    return new


@transaction.atomic
def retry_document(*, document: IssuedDocument, actor: Account | None) -> IssuedDocument:
    """Try again to make a document that could not be made; raises ``DocumentStateError`` for any other."""
    if actor is not None:
        document_policy.require(actor, "retry", document)
    fresh = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if fresh.status not in (DocumentStatus.FAILED, DocumentStatus.PREPARING):
        raise DocumentStateError(_("作成できなかった文書だけを、やり直せます。"))
    fresh.status, fresh.failure = DocumentStatus.PREPARING, ""
    fresh.save(update_fields=["status", "failure"])
    record_event(kind=events.DOCUMENT_RETRIED, subject=fresh, actor=actor, data={"number": fresh.number})
    enqueue(PRODUCE, document_id=fresh.pk)
    return fresh


def access_document(
    *,
    actor: Account | None,
    number: str,
    purpose: str = "",
    action: AccessAction = AccessAction.VIEW,
    address: str | None = None,
) -> IssuedDocument:
    """Return a document the actor may see; the look is logged. Raises ``IssuedDocument.DoesNotExist``, ``RefusedError``."""
    document = IssuedDocument.objects.select_related("file", "replaced_by", "recipient").get(number=number)
    document_policy.require(actor, "view", document)
    log_access(actor=actor, subject=document, purpose=purpose or "発行した文書の確認", action=action, address=address)
    return document


@transaction.atomic
def issue_batch(*, title: str, orders: Sequence[dict[str, Any]], actor: Account | None = None) -> DocumentBatch:
    """
    Issue many documents together: ``orders`` are the arguments of ``issue_document`` for each. A job seals them one after another.

    Raises like ``issue_document``; then none is issued.
    """
    if actor is not None:
        document_policy.require(actor, "issue")
    batch = DocumentBatch.objects.create(
        municipality=municipality_in_scope(),
        title=title.strip()[:120],
        total=len(orders),
        created_by=actor,
        created_at=clock.now(),
    )
    for order in orders:
        issue_document(**order, actor=actor, batch=batch)
    record_event(kind=events.BATCH_STARTED, subject=batch, actor=actor, quantity=len(orders))
    enqueue("records.tasks.seal_batch", batch_id=batch.pk)
    return batch


def download_document(*, actor: Account | None, number: str, address: str | None = None) -> IssuedDocument:
    """
    Return a document whose file is handed out now; the look is logged, the first time its recipient fetches it is kept.

    Raises like ``access_document``, and ``DocumentStateError`` while there is no file.
    """
    document = access_document(actor=actor, number=number, action=AccessAction.DOWNLOAD, address=address)
    if document.file is None:
        raise DocumentStateError(_("この文書はまだ作成中です。できあがるまで、しばらくお待ちください。"))
    is_recipient = actor is not None and actor.pk == document.recipient_id
    with transaction.atomic():
        if is_recipient:
            mine = IssuedDocument.objects.filter(pk=document.pk)
            mine.update(downloads=F("downloads") + 1)
            mine.filter(first_downloaded_at=None).update(first_downloaded_at=clock.now())
        data = {"number": document.number, "kind": document.kind, "by": "recipient" if is_recipient else "staff"}
        record_event(kind=events.DOCUMENT_DOWNLOADED, subject=document, actor=actor, data=data)
    return document
