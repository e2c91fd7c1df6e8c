"""What staff write to an applicant."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account

from ...enums import Side
from ...errors import ProceduresError
from ...models import Application, Message
from ...permissions import application_policy
from ..applying import send_message


@transaction.atomic
def write_as_staff(*, application: Application, text: str, actor: Account) -> Message:
    """Send a message to the applicant; raises ``RefusedError`` without the duty, ``ProceduresError`` for an empty one."""
    application_policy.require(actor, "work", application)
    if not text.strip():
        raise ProceduresError(_("メッセージを入力してください。"))
    return send_message(application=application, side=Side.STAFF, text=text, files=(), actor=actor)
