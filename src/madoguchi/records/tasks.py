"""Background jobs of the records room."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock
from madoguchi.trust.api import enqueue_once, job

from .enums import DocumentStatus
from .models import DocumentBatch, IssuedDocument, VerificationAttempt
from .services import producing

PATIENCE = timedelta(minutes=10)


@job(label=N_("文書の作成と署名"), attempts=5, backoff=timedelta(seconds=30))
def produce_document(document_id: int) -> bool:
    """Typeset, seal and store one document."""
    document = IssuedDocument.objects.select_related("municipality", "template_version__template").get(pk=document_id)
    return producing.produce_document(document=document)


@job(label=N_("文書の一括作成"), attempts=5, backoff=timedelta(seconds=30), queue="slow")
def seal_batch(batch_id: int) -> int:
    """Make the documents of a batch one after another."""
    return producing.produce_batch(batch=DocumentBatch.objects.get(pk=batch_id))


@job(label=N_("作成を待つ文書の再開"), every=timedelta(minutes=10))
def resume_documents() -> int:
    """Queue again what still waits after the tries of its job: an outage of the time stamp service may last days."""
    late = IssuedDocument.objects.filter(status=DocumentStatus.PREPARING, created_at__lt=clock.now() - PATIENCE)
    queued = [
        enqueue_once("records.tasks.produce_document", document_id=pk)
        for pk in late.filter(batch=None).order_by("pk").values_list("pk", flat=True)[:200]
    ]
    queued += [
        enqueue_once("records.tasks.seal_batch", batch_id=pk)
        for pk in late.exclude(batch=None).order_by().values_list("batch", flat=True).distinct()
    ]
    return sum(item is not None for item in queued)


@job(label=N_("タイムスタンプの更新"), every=timedelta(days=1), queue="slow")
def renew_documents() -> int:
    """Add a time stamp to documents whose last one ends soon."""
    soon = clock.now() + timedelta(days=settings.SEAL_RENEW_DAYS)
    due = IssuedDocument.objects.filter(renew_by__lt=soon).exclude(status=DocumentStatus.PREPARING)
    found = due.select_related("municipality", "file").order_by("renew_by", "pk")[:2000]
    return sum(producing.renew_document(document=document) for document in found)


@job(label=N_("文書の確認の失敗の片付け"), every=timedelta(days=1))
def forget_attempts() -> int:
    """Forget failed checks, which carry what was typed, when they no longer slow anybody down."""
    return int(VerificationAttempt.objects.filter(at__lt=clock.now() - timedelta(hours=1)).delete()[0])
