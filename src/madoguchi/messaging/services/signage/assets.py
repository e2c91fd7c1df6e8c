"""Images and videos for screens."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from madoguchi.kit import clock
from madoguchi.trust.api import (
    Account,
    FileRefusedError,
    StoredFile,
    municipality_in_scope,
    open_file,
    record_event,
    store_file,
)

from ... import events
from ...errors import ContentError, StatusError
from ...models import SignageAsset
from ...permissions import screen_policy
from .common import touch_screens

IMAGE_PURPOSE, VIDEO_PURPOSE = "messaging.signage_image", "messaging.signage_video"
VIDEO_ENDINGS = (".mp4", ".m4v", ".webm")


def add_asset(*, content: bytes | IO[bytes], file_name: str, name: str, alt: str, actor: Account) -> SignageAsset:
    """
    Take in an image or a video; raises ``ContentError`` when the file is none, is too large or has no description.

    The type is recognised from the content; images lose their metadata.
    """
    screen_policy.require(actor, "edit")
    if not alt.strip():
        raise ContentError(
            _("何が写っているかを、ことばで書いてください。"), [("alt", _("内容の説明を入力してください。"))]
        )
    is_video = file_name.lower().endswith(VIDEO_ENDINGS)
    purpose = VIDEO_PURPOSE if is_video else IMAGE_PURPOSE
    try:
        stored = store_file(content=content, name=file_name, purpose=purpose, actor=actor)
    except FileRefusedError as error:
        raise ContentError(str(error), [("file", str(error))]) from error
    width, height = (None, None) if is_video else _size_of(stored)
    with transaction.atomic():
        asset = SignageAsset.objects.create(
            municipality=municipality_in_scope(),
            stored=stored,
            name=name or stored.name[:120],
            alt=alt.strip(),
            width=width,
            height=height,
            uploaded_at=clock.now(),
        )
        record_event(
            kind=events.SIGNAGE_ASSET_ADDED, subject=asset, actor=actor, data={"media_type": stored.media_type}
        )
    return asset


def _size_of(stored: StoredFile) -> tuple[int, int]:
    with open_file(stored) as content, Image.open(content) as image:
        return image.size


@transaction.atomic
def change_asset(*, asset: SignageAsset, name: str, alt: str, actor: Account) -> SignageAsset:
    """Change name and description."""
    screen_policy.require(actor, "edit")
    asset.name, asset.alt = name, alt
    asset.save(update_fields=["name", "alt"])
    touch_screens()
    record_event(kind=events.SIGNAGE_ASSET_CHANGED, subject=asset, actor=actor, data={"change": "described"})
    return asset


@transaction.atomic
def remove_asset(*, asset: SignageAsset, actor: Account) -> None:
    """Remove an asset nothing shows any more; raises ``StatusError`` while an item does."""
    screen_policy.require(actor, "edit")
    if asset.items.filter(removed_at__isnull=True).exists():
        raise StatusError(_("番組で使われています。先に、番組からこの素材を外してください。"))
    asset.removed_at = clock.now()
    asset.save(update_fields=["removed_at"])
    record_event(kind=events.SIGNAGE_ASSET_CHANGED, subject=asset, actor=actor, data={"change": "removed"})
