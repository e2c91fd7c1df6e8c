"""Sending: one application from one draft, however often the button is pressed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, deadlines, fiscal, hashing, ids, names
from madoguchi.trust.api import Account, PreparedDelete, discard_file, enqueue, insert_row, record_event
from madoguchi.trust.enums import AssuranceLevel

from ... import events
from ...errors import AssuranceError, DraftMissingError, IncompleteError, ProceduresError, StaleDraftError
from ...models import Application, Attachment, ChecklistItem, Draft
from ...rules import codes
from ...rules.applicant import applicant_of
from ...rules.definition import Assurance, Component, Definition
from ...rules.forms import check_all, clean, fee_of
from .proxies import require_proxy
from .signing import require_signature

LEVELS = [level.value for level in AssuranceLevel]
NUMBER_TRIES = 5
HOLDING_FILES = frozenset({Component.FILE, Component.SIGNATURE, Component.GROUP})


def submit(
    *,
    draft: Draft,
    actor: Account | None,
    assurance: str = AssuranceLevel.NONE,
    identity: dict[str, Any] | None = None,
) -> Application:
    """
    Send a draft and return its application; sending again returns the same one.

    ``assurance`` and ``identity`` say how surely it is known who sends (of the present session). The draft is gone with
    that; the case is opened by a job. Raises ``IncompleteError`` with the problems, ``AssuranceError``, ``ProxyError``,
    ``StaleDraftError`` where the answers changed since the draft was read, ``ProceduresError`` where the procedure takes no
    more applications; then nothing was changed.
    """
    _require_open(draft)
    definition = draft.version.definition
    answers = checked_answers(draft=draft, definition=definition)
    level = _require_assurance(draft, definition, actor, assurance, answers)
    require_proxy(draft=draft, actor=actor, definition=definition)
    # Everything that can be worked out is, before the transaction keeps others from writing.
    application = _application(draft, definition, answers, actor, level, identity or {})
    for attempt in range(NUMBER_TRIES):
        application.number = ids.new_case_number()
        try:
            return _send(draft, definition, application, actor)
        except IntegrityError:
            # The number is taken, or a twin of this request was first; the twin's application is the answer.
            if found := Application.objects.filter(send_key=draft.key).first():
                return found
            if attempt == NUMBER_TRIES - 1:
                raise
    raise AssertionError


def _require_open(draft: Draft) -> None:
    """A new version does not matter to an open draft; the end of the procedure (受付終了) does."""
    if draft.version.procedure.is_retired:
        message = _(
            "この手続は受付を終了したため、送信できません。代わりの手続があるかどうかは、担当にお尋ねください。"
        )
        raise ProceduresError(message)


def checked_answers(*, draft: Draft, definition: Definition) -> dict[str, Any]:
    """Return the answers as they would be sent: without hidden ones, calculated anew; raises ``IncompleteError``."""
    answers = clean(definition, draft.answers)
    if problems := check_all(definition, answers, clock.today()):
        raise IncompleteError(_("まだ送信できません。次の項目をご確認ください。"), problems)
    return answers


def answers_digest(*, definition: Definition, answers: dict[str, Any]) -> bytes:
    """Return what is signed: the SHA-256 of the canonical JSON of the answers and of the procedure's code."""
    return bytes.fromhex(hashing.digest({"procedure": definition.code, "answers": _exact(answers)}))


def _exact(value: Any) -> Any:
    """Return JSON values with floats as their shortest text: canonical JSON has no floats."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def _require_assurance(
    draft: Draft, definition: Definition, actor: Account | None, assurance: str, answers: dict[str, Any]
) -> str:
    needed = definition.assurance
    if needed == Assurance.SIGNED:
        require_signature(draft=draft, digest=answers_digest(definition=definition, answers=answers), actor=actor)
        return AssuranceLevel.SIGNED
    if LEVELS.index(str(assurance)) < LEVELS.index(needed.value) or (needed != Assurance.NONE and actor is None):
        raise AssuranceError(_not_sure_enough(needed), needed=needed)
    return str(assurance)


def _not_sure_enough(needed: Assurance) -> str:
    if needed == Assurance.AUTHENTICATED:
        return _(
            "この手続の送信には、マイナンバーカードなどによる本人確認が必要です。"
            "本人確認をしてから、もう一度送信してください。回答は保存してあります。"
        )
    return _("この手続の送信には、サインインが必要です。サインインしてから、もう一度送信してください。")


_taken = PreparedDelete(Draft, lambda rows, pk, revision: rows.filter(pk=pk, revision=revision))


@transaction.atomic
def _send(draft: Draft, definition: Definition, application: Application, actor: Account | None) -> Application:
    # Whoever takes the draft away sends it: of two requests one does, and the other finds its application.
    if not _taken.run(pk=draft.pk, revision=draft.revision):
        return _already_sent(draft)
    application.pk = None
    insert_row(application)
    if any(field.component in HOLDING_FILES for field in definition.form.fields()):
        _move_files(draft, application, actor)
    if draft.checklist_item_id is not None:
        ChecklistItem.objects.filter(pk=draft.checklist_item_id).update(done_at=application.submitted_at)
    minutes = max(round((application.submitted_at - draft.started_at).total_seconds() / 60), 0)
    data = {
        "procedure": definition.code,
        "version": draft.version.number,
        "channel": str(draft.channel),
        "language": draft.language,
        "minutes": minutes,
        "proxy": bool(draft.proxy),
    }
    record_event(kind=events.APPLICATION_SUBMITTED, subject=application, actor=actor, quantity=minutes, data=data)
    enqueue("procedures.tasks.open_case", application_id=application.pk)
    return application


def _already_sent(draft: Draft) -> Application:
    sent = Application.objects.filter(send_key=draft.key).first()
    if sent is not None:
        return sent
    current = Draft.objects.filter(pk=draft.pk).first()
    if current is None:
        raise DraftMissingError
    raise StaleDraftError(
        _("回答がほかの画面で変わりました。もう一度内容を確かめてから送信してください。"),
        answers=current.answers,
        revision=current.revision,
    )


def _application(
    draft: Draft,
    definition: Definition,
    answers: dict[str, Any],
    actor: Account | None,
    assurance: str,
    identity: dict[str, Any],
) -> Application:
    now = clock.now()
    today = clock.local(now).date()
    applicant = applicant_of(definition, answers)
    name = applicant.name or (str(actor) if actor is not None else "")
    application = Application(
        municipality_id=draft.municipality_id,
        send_key=draft.key,
        procedure_id=draft.version.procedure_id,
        version_id=draft.version_id,
        account_id=draft.account_id or (actor.pk if actor is not None else None),
        on_behalf_of_id=draft.on_behalf_of_id,
        proxy=draft.proxy,
        applicant_name=name[:160],
        search_key=names.search_key(f"{name}{applicant.kana}")[:400],
        answers=answers,
        origins={code: origin for code, origin in draft.origins.items() if answers.get(code) == origin.get("value")},
        channel=draft.channel,
        language=draft.language,
        assurance=assurance,
        identity=identity,
        fee=fee_of(definition, answers, today),
        bundle=draft.bundle,
        fiscal_year=fiscal.fiscal_year(today),
        started_at=draft.started_at,
        submitted_at=now,
        due_on=due_on(definition=definition, today=today),
        earlier_id=draft.earlier_id,
    )
    application.secret_digest = "" if application.account_id else codes.digest_of(application.follow_code)
    return application


def due_on(*, definition: Definition, today: date) -> date:
    """Return the day by which the city wants to be done (標準処理期間), counted in business days."""
    return deadlines.business_days_after(today, definition.processing_days)


def _move_files(draft: Draft, application: Application, actor: Account | None) -> None:
    """Give the application the files its answers name; those of hidden answers are thrown away with them."""
    sent = set(_files_in(application.answers))
    for attachment in Attachment.objects.filter(draft_id=draft.pk).select_related("stored"):
        if attachment.stored_id in sent:
            attachment.application, attachment.draft = application, None
            attachment.save(update_fields=["application", "draft"])
        else:
            attachment.delete()
            discard_file(stored=attachment.stored, actor=actor)


def _files_in(value: Any) -> list[int]:
    if isinstance(value, dict):
        file = value.get("file")
        own = [int(file)] if isinstance(file, str) and file.isascii() and file.isdigit() else []
        return own + [pk for item in value.values() for pk in _files_in(item)]
    return [pk for item in value for pk in _files_in(item)] if isinstance(value, list) else []
