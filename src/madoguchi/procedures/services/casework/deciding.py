"""Deciding an application and handing out what it brings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.records.api import IssuedDocument, documents_of, issue_document
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import ApplicationStatus, Side
from ...models import Application, Message
from ...rules import notices
from ...rules.definition import Output, Text
from ...rules.outcome import document_content
from ..telling import tell
from .facts import facts_of
from .progress import FINAL

GRANTED, REFUSED = "granted", "refused"


@transaction.atomic
def decide(*, application: Application, decision: str, reason: str = "", actor: Account | None = None) -> Application:
    """Note the decision once; ``decision`` is "granted", "refused" or an outcome of the workflow."""
    if application.decided_at is None:
        application.decided_at = clock.now()
        application.decision, application.decision_reason = decision[:40], reason
        application.save(update_fields=["decided_at", "decision", "decision_reason"])
        days = (clock.local(application.decided_at).date() - clock.local(application.submitted_at).date()).days
        data = facts_of(application, decision=application.decision)
        record_event(kind=events.APPLICATION_DECIDED, subject=application, actor=actor, quantity=days, data=data)
        tell(occasion=notices.REFUSED if decision == REFUSED else notices.DECIDED, application=application)
    return application


@transaction.atomic
def issue_outputs(*, application: Application, codes: tuple[str, ...] = ()) -> list[IssuedDocument]:
    """
    Issue the documents of the definition (or those of ``codes``), each once; the decision is "granted" with that.

    They are sealed by a job; the applicant is told when they are ready.
    """
    decide(application=application, decision=GRANTED)
    definition = application.version.definition
    wanted = [output for output in definition.outputs if not codes or output.code in codes]
    return [_issue_once(application, output) for output in wanted]


def _issue_once(application: Application, output: Output) -> IssuedDocument:
    number = application.documents.get(output.code)
    existing = None if number is None else documents_of(application).filter(number=number).first()
    if existing is not None:
        return existing
    document = _issue(application, output)
    application.documents = {**application.documents, output.code: document.number}
    application.save(update_fields=["documents"])
    return document


def _issue(application: Application, output: Output) -> IssuedDocument:
    days = output.valid_days
    valid_until = None if days is None else clock.today() + timedelta(days=days)
    definition = application.version.definition
    return issue_document(
        subject=application,
        template=output.template,
        kind=output.kind,
        title=str(output.title or output.name),
        content=document_content(definition, output, application.answers, _facts(application)),
        recipient=application.account,
        recipient_name=application.applicant_name,
        language="ja",
        valid_until=valid_until,
    )


def _facts(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "name": application.applicant_name,
        "submitted_on": clock.local(application.submitted_at).date(),
        "decided_on": clock.today(),
        "decision": application.decision,
        "reason": application.decision_reason,
        "fee": application.fee,
        "city": application.municipality.name,
    }


@transaction.atomic
def reject_application(*, application: Application, reason: str, actor: Account | None = None) -> None:
    """Refuse an application: the decision with its reason (行政手続法第8条) is sealed as a notice with how to appeal."""
    if application.status in FINAL:
        return
    decide(application=application, decision=REFUSED, reason=reason, actor=actor)
    title = f"{application.version.definition.name.ja} 不承認通知書"
    body = "{submitted_on}に申請のあった件（受付番号 {number}）について、次のとおり決定しましたので通知します。"
    _issue_once(
        application,
        Output(code="refusal", name=Text(ja=title), title=Text(ja=title), body=Text(ja=body), template="notice"),
    )


@transaction.atomic
def notify_applicant(*, application: Application, text: str) -> None:
    """
    Write a line of the house into the conversation; the same line is not written twice in a row.

    What it says of a result or of a document is told by those themselves; every other line is told as news.
    """
    last = application.messages.order_by("-sent_at", "-id").first()
    if not text.strip() or (last is not None and last.side == Side.SYSTEM and last.text == text):
        return
    line = Message.objects.create(
        municipality=application.municipality,
        application=application,
        side=Side.SYSTEM,
        text=text,
        sent_at=clock.now(),
    )
    if application.decided_at is None:
        tell(occasion=notices.NEWS, application=application, key=line.pk)


def final_status(application: Application, *, outcome: str) -> ApplicationStatus:
    """Return how an application ended from the outcome of its case."""
    if application.decision == REFUSED or outcome in {"rejected", "refused", "reject"}:
        return ApplicationStatus.REJECTED
    return {
        "withdrawn": ApplicationStatus.WITHDRAWN,
        "expired": ApplicationStatus.EXPIRED,
    }.get(outcome, ApplicationStatus.COMPLETED)
