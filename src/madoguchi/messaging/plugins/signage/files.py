"""Files for screens: pictures and videos, read by staff and, by their own address, by the screens that play them."""

from __future__ import annotations

from madoguchi.trust.api import Account, FilePurpose, StoredFile, is_staff
from madoguchi.trust.enums import RetentionClass

from ...services.signage import IMAGE_PURPOSE, VIDEO_PURPOSE

MEGABYTE = 1024 * 1024


def _may_read(actor: Account | None, stored: StoredFile) -> bool:
    return is_staff(actor, stored)


SIGNAGE_PURPOSES: tuple[FilePurpose, ...] = (
    FilePurpose(
        key=IMAGE_PURPOSE,
        label="サイネージの画像",
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_bytes=20 * MEGABYTE,
        retention_class=RetentionClass.YEAR_1,
        may_read=_may_read,
        is_personal=False,
    ),
    FilePurpose(
        key=VIDEO_PURPOSE,
        label="サイネージの動画",
        media_types=frozenset({"video/mp4", "video/webm"}),
        max_bytes=100 * MEGABYTE,
        retention_class=RetentionClass.YEAR_1,
        may_read=_may_read,
        is_personal=False,
    ),
)
"""What is taken for screens."""
