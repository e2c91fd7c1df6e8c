"""The files that are attached to actual values as evidence (根拠資料)."""

from __future__ import annotations

from madoguchi.trust.api import Account, FilePurpose, StoredFile
from madoguchi.trust.enums import RetentionClass

from ..permissions import indicator_policy

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
MEDIA_TYPES = frozenset(
    {
        "application/pdf",
        "text/csv",
        "text/plain",
        "image/jpeg",
        "image/png",
        "image/webp",
        f"{_OFFICE}wordprocessingml.document",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
        f"{_ODF}text",
        f"{_ODF}spreadsheet",
        f"{_ODF}presentation",
    }
)


def may_read(actor: Account | None, stored: StoredFile) -> bool:
    """Let the staff who may see indicators from inside."""
    return indicator_policy.allows(actor, "view")


EVIDENCE = FilePurpose(
    key="plan_evidence",
    label="実績の根拠資料",
    media_types=MEDIA_TYPES,
    max_bytes=20 * 1024 * 1024,
    retention_class=RetentionClass.YEARS_10,
    may_read=may_read,
)
