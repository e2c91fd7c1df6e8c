"""Files that go with a message to many."""

from __future__ import annotations

from madoguchi.trust.api import Account, FilePurpose, StoredFile, is_staff
from madoguchi.trust.enums import RetentionClass

from ..models import Attachment, Delivery
from ..services.messages import PURPOSE

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "text/plain",
        "text/csv",
        f"{_OFFICE}wordprocessingml.document",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    }
)


def may_read(actor: Account | None, stored: StoredFile) -> bool:
    """Let staff, and those who got a message the file goes with."""
    if is_staff(actor, None):
        return True
    if actor is None:
        return False
    messages = Attachment.objects.filter(stored=stored).values("message_id")
    return Delivery.objects.filter(message_id__in=messages, recipient__account=actor).exists()


ATTACHMENT = FilePurpose(
    key=PURPOSE,
    label="お知らせの添付ファイル",
    media_types=MEDIA_TYPES,
    max_bytes=5 * 1024 * 1024,
    retention_class=RetentionClass.YEARS_5,
    may_read=may_read,
    is_personal=False,
)
