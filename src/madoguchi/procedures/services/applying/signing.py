"""Applications that must be signed (署名用電子証明書): what was signed is what is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, signature_of

from ...errors import AssuranceError
from ...models import Draft
from ...rules.definition import Assurance


def require_signature(*, draft: Draft, digest: bytes, actor: Account | None) -> None:
    """Do nothing where the answers as they are were signed; raise ``AssuranceError`` otherwise."""
    if actor is not None and signature_of(subject=draft, digest=digest) is not None:
        return
    raise AssuranceError(
        _("この手続の送信には、電子署名が必要です。署名のあとに回答を変えたときは、もう一度署名してください。"),
        needed=Assurance.SIGNED,
    )
