"""The files residents send with an application or a message (添付ファイル)."""

from __future__ import annotations

from madoguchi.trust.api import Account, FilePurpose, StoredFile
from madoguchi.trust.enums import RetentionClass

from ..models import Attachment
from ..permissions import application_policy
from ..services.applying.files import PURPOSE

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
MEDIA_TYPES = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/tiff",
        "text/plain",
        "text/csv",
        f"{_OFFICE}wordprocessingml.document",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
        f"{_ODF}text",
        f"{_ODF}spreadsheet",
        f"{_ODF}presentation",
    }
)


def may_read(actor: Account | None, stored: StoredFile) -> bool:
    """Let who may see the application a file belongs to, and the owner of a draft."""
    found = Attachment.objects.filter(stored=stored).select_related(
        "application__procedure", "application__case", "draft"
    )
    for attachment in found:
        if attachment.application is not None and application_policy.allows(actor, "view", attachment.application):
            return True
        draft = attachment.draft
        if draft is not None and actor is not None and draft.account_id == actor.pk:
            return True
    return False


ATTACHMENT = FilePurpose(
    key=PURPOSE,
    label="申請の添付ファイル",
    media_types=MEDIA_TYPES,
    max_bytes=50 * 1024 * 1024,
    retention_class=RetentionClass.YEARS_5,
    may_read=may_read,
)
