"""Files that go with a message: attached to mails, linked elsewhere."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, store_file

from ...enums import MessageStatus
from ...errors import ContentError
from ...models import Attachment, Message
from ...permissions import message_policy
from .common import locked, require_revision, require_status
from .drafting import touched

PURPOSE = "messaging.attachment"
MOST_FILES = 5
MOST_BYTES = 7 * 1024 * 1024
"""All files of a message together: mail servers take 10 MB, and a file grows by a third on its way (base64)."""
_OPEN = (MessageStatus.DRAFT, MessageStatus.RETURNED, MessageStatus.WAITING, MessageStatus.SCHEDULED)


@transaction.atomic
def add_attachment(
    *,
    message: Message,
    actor: Account | None,
    seen_revision: int,
    content: bytes | IO[bytes],
    name: str,
    label: str = "",
) -> Attachment:
    """Attach a file; a change like any other. Raises ``FileRefusedError``, ``ContentError`` for too many or too much."""
    found = locked(message)
    message_policy.require(actor, "edit", found)
    require_revision(found, seen=seen_revision)
    require_status(found, *_OPEN)
    kept = list(found.attachments.select_related("stored"))
    if len(kept) >= MOST_FILES:
        raise _refused(_("添付できるのは%(n)s個までです。") % {"n": MOST_FILES})
    stored = store_file(content=content, name=name, purpose=PURPOSE, actor=actor)
    if stored.size + sum(one.stored.size for one in kept) > MOST_BYTES:
        raise _refused(
            _(
                "添付ファイルが大きすぎます。全部で7MBまでにするか、ウェブサイトに置いて、本文にアドレスを書いてください。"
            )
        )
    made = Attachment.objects.create(
        municipality=found.municipality, message=found, stored=stored, label=(label.strip() or stored.name)[:120]
    )
    touched(found, actor=actor, changed=["attachments"])
    return made


@transaction.atomic
def remove_attachment(*, attachment: Attachment, actor: Account | None, seen_revision: int) -> Message:
    """Take a file off a message; a change like any other."""
    found = locked(attachment.message)
    message_policy.require(actor, "edit", found)
    require_revision(found, seen=seen_revision)
    require_status(found, *_OPEN)
    attachment.delete()
    return touched(found, actor=actor, changed=["attachments"])


def _refused(text: str) -> ContentError:
    return ContentError(text, [("attachments", text)])
