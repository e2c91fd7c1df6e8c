"""Applications sent by other systems: once per Idempotency-Key, judged like everybody's."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.trust.api import MachineToken
from madoguchi.trust.enums import AssuranceLevel

from ..enums import Channel
from ..errors import AssuranceError, IncompleteError, ProceduresError, RepeatedKeyError
from ..models import Application, Draft, ProcedureVersion
from ..registry import VOUCH
from ..rules.forms import check_all, clean
from .applying import start_draft, submit


def send_by_machine(
    *,
    token: MachineToken,
    version: ProcedureVersion,
    answers: dict[str, Any],
    key: str,
    language: str = "ja",
    assurance: str = AssuranceLevel.ACCOUNT,
) -> tuple[Application, bool]:
    """
    Send an application for a program and return it, and whether it was sent before under the same key.

    Raises ``IncompleteError`` with everything that has to be put right, ``AssuranceError`` where the token may not vouch for
    the person, ``RepeatedKeyError`` for a key that was used with something else, ``ProceduresError``; nothing was changed then.
    """
    _require_vouching(token, assurance)
    body = _digest({"procedure": version.procedure_id, "answers": answers, "language": language})
    send_key = _send_key(token, key)
    if found := Application.objects.filter(send_key=send_key).first():
        return _repeated(found, body), True
    problems = check_all(version.definition, answers)
    if problems:
        raise IncompleteError(_("回答に直すところがあります。"), problems)
    try:
        return _send(token, version, answers, send_key, body, language, assurance), False
    except IntegrityError:
        # The same key was sent at the same moment; the first one's application is the answer.
        found = Application.objects.filter(send_key=send_key).first()
        if found is None:
            raise
        return _repeated(found, body), True


@transaction.atomic
def _send(
    token: MachineToken,
    version: ProcedureVersion,
    answers: dict[str, Any],
    send_key: str,
    body: str,
    language: str,
    assurance: str,
) -> Application:
    draft = start_draft(version=version, account=token.account, language=language, channel=Channel.MACHINE)
    kept = clean(version.definition, answers)
    Draft.objects.filter(pk=draft.pk).update(key=send_key, answers=kept)
    draft.key, draft.answers = send_key, kept
    identity = {"machine": token.pk, "body": body}
    return submit(draft=draft, actor=token.account, assurance=assurance, identity=identity)


def _require_vouching(token: MachineToken, assurance: str) -> None:
    if assurance == AssuranceLevel.SIGNED:
        raise AssuranceError(_("電子署名の要る申請は、本人の画面からだけ送れます。"), needed=assurance)
    if assurance == AssuranceLevel.AUTHENTICATED and VOUCH.key not in token.scopes:
        raise AssuranceError(
            _("このトークンでは、公的な本人確認をしたものとして送れません。管理者にお問い合わせください。"),
            needed=assurance,
        )


def _send_key(token: MachineToken, key: str) -> str:
    if not key.strip():
        raise ProceduresError(_("Idempotency-Key ヘッダーに、申請ごとに違う文字列を付けてください。"))
    made = hashlib.sha256(f"machine/{token.account_id}/{key}".encode()).digest()
    return base64.b32encode(made).decode()[:26]


def _repeated(found: Application, body: str) -> Application:
    if found.identity.get("body") != body:
        raise RepeatedKeyError(
            _("この Idempotency-Key は、別の内容の申請で使われています。新しいキーで送ってください。")
        )
    return found


def _digest(value: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
