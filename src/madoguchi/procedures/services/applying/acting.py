"""What an applicant does with an application that was sent: withdraw it, correct it, write to the section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.cases.api import close_case, complete_applicant_tasks
from madoguchi.kit import clock
from madoguchi.ledger.api import cancel_receivable, receivables_of
from madoguchi.ledger.enums import ReceivableStatus
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import ApplicationStatus, Side
from ...errors import ClosedApplicationError, IncompleteError, ProceduresError
from ...models import Application, Correction, Message
from ...permissions import application_policy
from ...rules import notices
from ...rules.forms import check_all, clean
from ..telling import tell
from .access import Secrets, require_applicant
from .files import attach_to_message, take_message_files
from .proxies import require_proxy

LONGEST_MESSAGE = 4000


@transaction.atomic
def withdraw(*, application: Application, actor: Account | None, reason: str = "", secret: Secrets = "") -> Application:
    """
    Take an application back (取下げ) until it was decided; its case is closed and what is unpaid is cancelled.

    Raises ``RefusedError`` for others than the applicant and ``ClosedApplicationError`` once it was decided.
    """
    require_applicant(application=application, actor=actor, secret=secret, action="withdraw")
    current = (
        Application.objects.select_for_update(of=("self",)).select_related("procedure", "case").get(pk=application.pk)
    )
    if not current.is_open:
        raise ClosedApplicationError(
            _(
                "この申請は、すでに結果が決まったか取り下げられているため、取り下げられません。担当の課にご相談ください。"
            )
        )
    current.status = ApplicationStatus.WITHDRAWN
    current.closed_at = clock.now()
    current.save(update_fields=["status", "closed_at"])
    data = {"procedure": current.procedure.code, "channel": current.channel}
    record_event(kind=events.APPLICATION_WITHDRAWN, subject=current, actor=actor, data=data)
    if reason.strip():
        _write_message(current, Side.APPLICANT, actor, _("取下げの理由：%(reason)s") % {"reason": reason.strip()[:500]})
    for correction in Correction.objects.filter(application=current, answered_at=None, withdrawn_at=None):
        correction.withdrawn_at = current.closed_at
        correction.save(update_fields=["withdrawn_at"])
    for receivable in receivables_of(current).filter(status=ReceivableStatus.OPEN):
        cancel_receivable(receivable=receivable, reason=_("申請の取下げ"), actor=None)
    if current.case is not None:
        # The applicant's right was judged above; what follows in the books and the case is the house's own act.
        close_case(case=current.case, outcome="withdrawn", reason=reason.strip()[:500])
    return current


@transaction.atomic
def answer_correction(
    *, correction: Correction, answers: Mapping[str, Any], actor: Account | None, secret: Secrets = ""
) -> Correction:
    """
    Take the corrected answers of the fields that were asked for, and of no others; the case goes on.

    Raises ``RefusedError``, ``ClosedApplicationError`` where the request was answered or taken back, and
    ``IncompleteError`` where an answer asked for cannot be taken.
    """
    current = Correction.objects.select_for_update().get(pk=correction.pk)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("procedure", "case", "version")
        .get(pk=current.application_id)
    )
    require_applicant(application=application, actor=actor, secret=secret, action="correct")
    definition = application.version.definition
    require_proxy(draft=application, actor=actor, definition=definition)
    if current.answered_at is not None or current.withdrawn_at is not None or not application.is_open:
        raise ClosedApplicationError(_("この補正のお願いは、すでに終わっています。"))
    asked = set(current.fields)
    given = {code: value for code, value in answers.items() if code in asked}
    kept = {code: value for code, value in application.answers.items() if code not in asked}
    whole = clean(definition, {**kept, **{code: value for code, value in given.items() if value is not None}})
    problems = [item for item in check_all(definition, whole, clock.today()) if item.field in asked]
    if problems:
        raise IncompleteError(_("まだ送信できません。次の項目をご確認ください。"), problems)
    current.before = {code: application.answers.get(code) for code in current.fields}
    current.after = {code: whole.get(code) for code in current.fields}
    current.answered_at = clock.now()
    current.save(update_fields=["before", "after", "answered_at"])
    application.answers = whole
    application.origins = {code: item for code, item in application.origins.items() if code not in asked}
    application.status = ApplicationStatus.IN_REVIEW
    application.save(update_fields=["answers", "origins", "status"])
    data = {"procedure": application.procedure.code, "channel": application.channel, "fields": list(current.fields)}
    record_event(kind=events.APPLICATION_CORRECTED, subject=application, actor=actor, data=data)
    if application.case is not None:
        complete_applicant_tasks(case=application.case, variables=dict(whole), actor=actor)
    return current


@transaction.atomic
def keep_correction(
    *, correction: Correction, answers: Mapping[str, Any], actor: Account | None, secret: Secrets = ""
) -> Correction:
    """Keep what was typed so far in answer to a request, without sending it; fields that were not asked for are left out."""
    current = Correction.objects.select_for_update(of=("self",)).select_related("application").get(pk=correction.pk)
    require_applicant(application=current.application, actor=actor, secret=secret, action="correct")
    if current.answered_at is not None or current.withdrawn_at is not None:
        raise ClosedApplicationError(_("この補正のお願いは、すでに終わっています。"))
    asked = {code: value for code, value in answers.items() if code in current.fields}
    current.after = {**current.after, **asked}
    current.save(update_fields=["after"])
    return current


def send_message(
    *,
    application: Application,
    side: str,
    text: str,
    files: Sequence[UploadedFile[Any]] = (),
    actor: Account | None,
    secret: Secrets = "",
) -> Message:
    """
    Write a message into the conversation of an application, with files.

    ``side`` is that of the writer: the applicant (or who shows the secret), or staff in charge. Raises ``RefusedError``,
    ``ProceduresError`` for an empty or too long text, ``FileRefusedError`` for a file that cannot be taken; nothing is
    written then.
    """
    if side == Side.STAFF:
        application_policy.require(actor, "work", application)
    else:
        require_applicant(application=application, actor=actor, secret=secret, action="message")
    if not text.strip():
        raise ProceduresError(_("メッセージを入力してください。"))
    if len(text) > LONGEST_MESSAGE:
        raise ProceduresError(_("メッセージは%(limit)s文字までで入力してください。") % {"limit": LONGEST_MESSAGE})
    stored = take_message_files(files=files, actor=actor)
    with transaction.atomic():
        message = _write_message(application, side, actor, text.strip())
        attach_to_message(message=message, files=stored)
        data = {"procedure": application.procedure.code, "side": str(side), "files": len(stored)}
        record_event(kind=events.MESSAGE_SENT, subject=application, actor=actor, data=data)
        if side == Side.STAFF:
            tell(occasion=notices.MESSAGE, application=application, key=message.pk)
    return message


def _write_message(application: Application, side: str, actor: Account | None, text: str) -> Message:
    return Message.objects.create(
        municipality=application.municipality,
        application=application,
        side=side,
        author=actor,
        text=text,
        sent_at=clock.now(),
    )


def mark_read(*, application: Application, side: str) -> int:
    """Note that one side has read what the other wrote; return how many messages that were."""
    unread = Message.objects.filter(application=application, read_at=None)
    unread = unread.filter(side=Side.APPLICANT) if side == Side.STAFF else unread.exclude(side=Side.APPLICANT)
    return unread.update(read_at=clock.now())
