"""Asking for a correction (補正, 行政手続法第7条): only the fields named are opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.cases.api import Task, complete_applicant_tasks, complete_task, open_tasks
from madoguchi.cases.enums import Audience
from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import Side
from ...errors import ProceduresError
from ...models import Application, Correction, Message
from ...permissions import application_policy
from ...rules import notices
from ...rules.definition import Form
from ..telling import tell
from .facts import facts_of

OUTCOME = "correct"


@transaction.atomic
def request_correction(
    *,
    application: Application,
    fields: Sequence[str],
    message: str,
    due_on: date | None,
    actor: Account,
    notes: Mapping[str, str] | None = None,
) -> Correction:
    """
    Ask the applicant to correct these fields; the review task of the case ends with the outcome "correct".

    ``notes`` says for a field what is wrong with it. Raises ``RefusedError`` without the duty and ``ProceduresError`` when
    nothing is asked, a field is not in the form, the day is past, or the case is not at a step that knows corrections.
    """
    application_policy.require(actor, "work", application)
    form = application.version.definition.form
    _check(form, fields, message, due_on)
    task = _review_task(application)
    correction = Correction.objects.create(
        municipality=application.municipality,
        application=application,
        fields=list(dict.fromkeys(fields)),
        notes={code: text.strip() for code, text in (notes or {}).items() if code in fields and text.strip()},
        message=message.strip(),
        due_on=due_on,
        requested_by=actor,
        requested_at=clock.now(),
        before={code: application.answers.get(code) for code in fields},
    )
    Message.objects.create(
        municipality=application.municipality,
        application=application,
        side=Side.STAFF,
        author=actor,
        text=message.strip(),
        sent_at=clock.now(),
    )
    data = facts_of(application, fields=list(correction.fields))
    record_event(kind=events.CORRECTION_REQUESTED, subject=application, actor=actor, data=data)
    tell(occasion=notices.CORRECTION, application=application, key=correction.pk, due=due_on)
    complete_task(task=task, outcome=OUTCOME, actor=actor, variables={"correction": correction.pk})
    return correction


def _check(form: Form, fields: Sequence[str], message: str, due_on: date | None) -> None:
    if not fields:
        raise ProceduresError(_("直してもらう項目を1つ以上選んでください。"))
    if not message.strip():
        raise ProceduresError(_("何をどう直すのかを、申請した人に伝わる言葉で書いてください。"))
    if due_on is not None and due_on < clock.today():
        raise ProceduresError(_("補正の期限には、今日より後の日を入れてください。"))
    for code in fields:
        field = form.find(code)
        if field is None or not field.asks:
            raise ProceduresError(_("この申請に「%(code)s」という項目はありません。") % {"code": code})


def _review_task(application: Application) -> Task:
    tasks = open_tasks(application.case) if application.case is not None else []
    for task in tasks:
        if task.audience == Audience.STAFF and any(choice["code"] == OUTCOME for choice in task.choices):
            return task
    raise ProceduresError(_("いまの段階では補正をお願いできません。案件の流れを確かめてください。"))


@transaction.atomic
def cancel_correction(*, correction: Correction, actor: Account) -> Correction:
    """Take back a request that was not answered yet; the fields close again and the case goes on with what was sent."""
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    application = correction.application
    application_policy.require(actor, "work", application)
    if correction.answered_at is not None or correction.withdrawn_at is not None:
        raise ProceduresError(_("この補正のお願いは、すでに終わっています。"))
    correction.withdrawn_at = clock.now()
    correction.save(update_fields=["withdrawn_at"])
    record_event(kind=events.CORRECTION_CANCELLED, subject=application, actor=actor, data=facts_of(application))
    if application.case is not None:
        complete_applicant_tasks(case=application.case, actor=actor)
    return correction
