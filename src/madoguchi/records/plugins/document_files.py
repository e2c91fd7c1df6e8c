"""The purpose sealed documents are stored for."""

from __future__ import annotations

from madoguchi.trust.api import Account, FilePurpose, StoredFile
from madoguchi.trust.enums import RetentionClass

from ..models import SealedRevision
from ..permissions import document_policy


def may_read(actor: Account | None, stored: StoredFile) -> bool:
    """Let those who may see the document the file belongs to."""
    revision = SealedRevision.objects.select_related("document").filter(file=stored).first()
    return revision is not None and document_policy.allows(actor, "view", revision.document)


DOCUMENT = FilePurpose(
    key="records.document",
    label="発行した文書",
    media_types=frozenset({"application/pdf"}),
    max_bytes=20 * 1024 * 1024,
    retention_class=RetentionClass.YEARS_10,
    may_read=may_read,
)
"""Issued documents are kept for ten years."""
