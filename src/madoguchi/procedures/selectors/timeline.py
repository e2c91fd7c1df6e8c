"""An application as a conversation: what happened, who wrote what, what is waited for and from whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.ledger.api import Receivable, pay_path, receivables_of
from madoguchi.ledger.enums import ReceivableStatus
from madoguchi.records.api import documents_of

from ..enums import ApplicationStatus, Side
from ..models import Application, Attachment, Correction, Message
from ..rules.definition import PaymentTime
from .applying import UNPAID


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One thing in the conversation.

    ``at`` is when it happened, ``day`` the day of something still to come; ``side`` is applicant, staff or system. ``link``
    leads to what can be done about it, said by ``link_label``.
    """

    kind: str
    title: str
    at: datetime | None = None
    day: date | None = None
    side: str = "system"
    text: str = ""
    files: list[Attachment] = field(default_factory=list)
    state: str = "done"
    link: str = ""
    link_label: str = ""
    correction: int = 0


def timeline(application: Application) -> list[Entry]:
    """Return everything that happened, the first first."""
    found = [
        Entry("submitted", _("申請しました"), application.submitted_at, side=Side.APPLICANT),
        *_talk(application),
        *_corrections(application),
        *_payments(application),
        *_documents(application),
        *_ends(application),
    ]
    return sorted(found, key=lambda entry: entry.at or application.submitted_at)


def _talk(application: Application) -> Iterator[Entry]:
    asked = {correction.message: correction for correction in application.corrections.all()}
    titles = {
        Side.APPLICANT: _("あなたのメッセージ"),
        Side.STAFF: _("担当からのメッセージ"),
        Side.SYSTEM: _("お知らせ"),
    }
    messages = Message.objects.filter(application=application).prefetch_related("attachments__stored")
    for message in messages:
        # A request to correct is in the conversation once, with its link.
        if message.side == Side.STAFF and message.text in asked:
            continue
        title = titles[Side(message.side)]
        files = list(message.attachments.all())
        yield Entry("message", title, message.sent_at, side=message.side, text=message.text, files=files)


def _corrections(application: Application) -> Iterator[Entry]:
    for correction in application.corrections.all():
        waits = correction.answered_at is None and correction.withdrawn_at is None and application.is_open
        yield Entry(
            "correction",
            _("補正のお願い"),
            correction.requested_at,
            day=correction.due_on if waits else None,
            side=Side.STAFF,
            text=correction.message,
            state="now" if waits else "done",
            correction=correction.pk if waits else 0,
        )
        if correction.answered_at is not None:
            yield Entry("corrected", _("補正した内容を送りました"), correction.answered_at, side=Side.APPLICANT)
        elif correction.withdrawn_at is not None and application.status != ApplicationStatus.WITHDRAWN:
            yield Entry(
                "correction_cancelled", _("補正のお願いを取り消しました"), correction.withdrawn_at, side=Side.STAFF
            )


def _payments(application: Application) -> Iterator[Entry]:
    words = {
        ReceivableStatus.PAID: _("お支払いを確認しました"),
        ReceivableStatus.EXPIRED: _("お支払いの期限が過ぎました"),
        ReceivableStatus.REFUNDED: _("返金しました"),
        ReceivableStatus.WAIVED: _("手数料を免除しました"),
    }
    for receivable in receivables_of(application):
        opened = receivable.status in {ReceivableStatus.OPEN, ReceivableStatus.PENDING}
        yield Entry(
            "payment",
            _("手数料のお支払いをお願いしました"),
            receivable.raised_at,
            day=receivable.due_on if opened else None,
            text=_("%(amount)s円") % {"amount": f"{receivable.amount:,}"},
            state="now" if opened else "done",
            link=pay_path(receivable) if opened else "",
            link_label=_("支払う"),
        )
        if (title := words.get(ReceivableStatus(receivable.status))) and (at := _settled_at(receivable)) is not None:
            yield Entry("paid", title, at)


def _settled_at(receivable: Receivable) -> datetime | None:
    return receivable.paid_at if receivable.status == ReceivableStatus.PAID else receivable.changed_at


def documents(application: Application) -> list[Any]:
    """Return the documents issued for an application, the last first."""
    return list(documents_of(application))


def _documents(application: Application) -> Iterator[Entry]:
    for document in documents(application):
        if document.status == "issued" and document.issued_at is not None:
            yield Entry("document", _("文書ができました：%(title)s") % {"title": document.title}, document.issued_at)


def _ends(application: Application) -> Iterator[Entry]:
    if application.decided_at is not None:
        refused = application.decision == "refused"
        title = _("申請をお受けできませんでした") if refused else _("結果が決まりました")
        yield Entry("decided", title, application.decided_at, side=Side.STAFF, text=application.decision_reason)
    if application.closed_at is not None:
        titles = {
            ApplicationStatus.WITHDRAWN: _("申請を取り下げました"),
            ApplicationStatus.EXPIRED: _("期限が過ぎたため、終了しました"),
        }
        yield Entry(
            "closed", titles.get(ApplicationStatus(application.status), _("手続が終わりました")), application.closed_at
        )


def coming(application: Application, language: str = "ja") -> list[Entry]:
    """Return what happens next, with the days by which it should: for the receipt and for the end of the conversation."""
    definition = application.version.definition
    if not application.is_open:
        return []
    found: list[Entry] = []
    if application.fee and definition.payment == PaymentTime.BEFORE:
        found.append(Entry("payment", _("手数料をお支払いください"), state="waiting"))
    found.append(
        Entry(
            "review",
            _("担当が内容を確かめます"),
            state="waiting",
            text=_("分からないことがあるときは、こちらからご連絡します。"),
        )
    )
    if application.fee and definition.payment == PaymentTime.AFTER:
        found.append(Entry("payment", _("手数料のお支払いをお願いします"), state="waiting"))
    outputs = "、".join(output.name.in_language(language) for output in definition.outputs)
    title = _("「%(names)s」をお渡しします") % {"names": outputs} if outputs else _("結果をお知らせします")
    found.append(Entry("result", title, day=application.due_on, state="waiting"))
    first, *others = found
    return [Entry(first.kind, first.title, day=first.day, text=first.text, state="now"), *others]


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """Who has to act now: ``who`` is you, the section, or nobody any more; ``what`` says it in a sentence."""

    who: str
    what: str
    day: date | None = None


def waited_for(application: Application, section: str) -> WaitedFor:
    """Return who has to act now, and until when."""
    status = ApplicationStatus(application.status)
    if status == ApplicationStatus.AWAITING_CORRECTION:
        waiting = Correction.objects.filter(application=application, answered_at=None, withdrawn_at=None).first()
        return WaitedFor("you", _("補正をお待ちしています"), waiting.due_on if waiting else None)
    if status == ApplicationStatus.AWAITING_PAYMENT:
        owed = receivables_of(application).filter(status__in=UNPAID).first()
        return WaitedFor("you", _("お支払いをお待ちしています"), owed.due_on if owed else None)
    if application.is_open:
        return WaitedFor("section", _("%(section)sが確かめています") % {"section": section}, application.due_on)
    if status == ApplicationStatus.DECIDED:
        return WaitedFor("section", _("%(section)sが結果をお送りする準備をしています") % {"section": section})
    return WaitedFor("nobody", str(status.label))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day to remember in a matter: ``kind`` is correction, payment, result or draft."""

    kind: str
    key: str
    day: date
    application: Application
    changed_at: datetime


def deadlines_of(application: Application) -> list[Deadline]:
    """Return the days of an application that is still open: what is asked of the applicant, and when the city wants to be done."""
    found: list[Deadline] = []
    for correction in application.corrections.all():
        if correction.due_on and correction.answered_at is None and correction.withdrawn_at is None:
            key = f"correction-{correction.pk}"
            found.append(Deadline("correction", key, correction.due_on, application, correction.requested_at))
    for receivable in receivables_of(application).filter(status__in=UNPAID):
        if receivable.due_on:
            key = f"payment-{receivable.pk}"
            found.append(Deadline("payment", key, receivable.due_on, application, application.submitted_at))
    if application.due_on and application.is_open and application.due_on >= clock.today():
        key = f"result-{application.number}"
        found.append(Deadline("result", key, application.due_on, application, application.submitted_at))
    return found
