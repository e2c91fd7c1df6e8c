"""Messages written by other systems: once per Idempotency-Key; sending them needs a person's approval like all others."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope

from ...errors import RepeatedKeyError
from ...models import MachineRequest, Message
from .drafting import create_message


def create_by_machine(*, actor: Account, key: str, asked: dict[str, Any], **fields: Any) -> tuple[Message, bool]:
    """
    Write a draft for a program and return it, and whether it was written before under the same key.

    ``asked`` is the request as it came: the same key with another one raises ``RepeatedKeyError``, and nothing was changed.
    """
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    if found := _earlier(actor, key):
        return _repeated(found, digest), True
    try:
        with transaction.atomic():
            message = create_message(actor=actor, **fields)
            MachineRequest.objects.create(
                municipality=municipality_in_scope(),
                account=actor,
                key=key,
                digest=digest,
                message=message,
                at=clock.now(),
            )
    except IntegrityError:
        # The same key came at the same moment; the first one's message is the answer.
        found = _earlier(actor, key)
        if found is None:
            raise
        return _repeated(found, digest), True
    return message, False


def _earlier(actor: Account, key: str) -> MachineRequest | None:
    return MachineRequest.objects.filter(account=actor, key=key).select_related("message").first()


def _repeated(found: MachineRequest, digest: str) -> Message:
    if found.digest != digest:
        raise RepeatedKeyError(
            _("この Idempotency-Key は、別の内容のお知らせで使われています。新しいキーで送ってください。")
        )
    return found.message
