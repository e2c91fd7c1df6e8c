"""A person's drafts and applications, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from madoguchi.kit import clock, ids, names
from madoguchi.ledger.api import pay_path, receivables_of
from madoguchi.ledger.enums import ReceivableStatus
from madoguchi.trust.api import Account

from ..enums import CLOSED, ApplicationStatus, Side
from ..models import Application, Correction, Draft, Message, ProcedureVersion
from ..rules import codes

UNPAID = (ReceivableStatus.OPEN, ReceivableStatus.PENDING)
"""A page of the provider may be open, or left: the payer must find the way back to it."""


def drafts_of(account: Account | None, secrets: Sequence[str] = ()) -> QuerySet[Draft]:
    """Return the drafts one can go on with: of the account, or of the secrets this browser holds, the last saved first."""
    mine = Q(pk__in=[])
    if account is not None:
        mine |= Q(account=account)
    if digests := [codes.digest_of(secret) for secret in secrets if secret]:
        held = Q(secret_digest__in=digests) | Q(resume_digest__in=digests)
        mine |= Q(account=None) & held
    found = Draft.objects.filter(mine, expires_at__gt=clock.now())
    return (
        found.select_related("version__procedure", "on_behalf_of")
        .defer("answers", "version__document")
        .order_by("-saved_at")
    )


def draft_by_code(code: str) -> Draft | None:
    """Return the draft that a resume code opens, or None."""
    plain = codes.read_code(code)
    if not plain:
        return None
    found = Draft.objects.filter(resume_digest=codes.digest_of(plain), expires_at__gt=clock.now())
    return found.select_related("version__procedure").first()


def applications_of(account: Account) -> QuerySet[Application]:
    """Return what an account applied for, and what was applied for in its holder's name, the last first."""
    mine = Q(account=account) | Q(on_behalf_of__account=account) | Q(proxy__principal=account.pk)
    found = Application.objects.filter(mine)
    listed = found.select_related("version", "procedure__unit", "on_behalf_of").defer("version__document", "answers")
    return listed.order_by("-submitted_at", "-id")


def narrowed(found: QuerySet[Application], *, text: str = "", closed: bool | None = None) -> QuerySet[Application]:
    """Return those of a number, a procedure or an applicant's name, and that are still open, or closed."""
    if closed is not None:
        found = found.filter(status__in=CLOSED) if closed else found.exclude(status__in=CLOSED)
    if word := text.strip()[:80]:
        wanted = Q(version__name__icontains=word)
        if number := ids.parse_case_number(word):
            wanted |= Q(number=number)
        if key := names.search_key(word):
            wanted |= Q(search_key__contains=key)
        found = found.filter(wanted)
    return found


def latest_of(account: Account | None, version: ProcedureVersion) -> list[Application]:
    """Return the last applications of an account for a procedure, to begin another from."""
    if account is None:
        return []
    found = Application.objects.filter(account=account, procedure=version.procedure_id)
    return list(found.select_related("version").defer("version__document").order_by("-submitted_at", "-id")[:5])


def application_sent(key: str) -> Application | None:
    """Return the application that a draft of this key became, or None."""
    return (
        Application.objects.select_related("version", "procedure__unit", "on_behalf_of", "case")
        .filter(send_key=key)
        .first()
    )


def open_corrections(applications: Iterable[Application]) -> list[Correction]:
    """Return the requests to correct that wait for an answer, the most urgent first."""
    found = Correction.objects.filter(application__in=list(applications), answered_at=None, withdrawn_at=None)
    listed = found.select_related("application__version", "application__procedure")
    return sorted(listed, key=lambda item: (item.due_on or date.max, item.pk))


def unpaid(application: Application) -> list[Any]:
    """Return what has to be paid for an application and can be paid now."""
    return list(receivables_of(application).filter(status__in=UNPAID))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the applicant: ``kind`` is correction, payment or message."""

    kind: str
    application: Application
    due_on: date | None
    correction: Correction | None = None
    receivable: Any = None
    pay_path: str = ""


def waiting_for(applications: Sequence[Application]) -> list[Waiting]:
    """Return what the applicant has to do, the most urgent first."""
    alive = [item for item in applications if item.status not in CLOSED]
    found = [Waiting("correction", item.application, item.due_on, correction=item) for item in open_corrections(alive)]
    for application in alive:
        if application.status in {ApplicationStatus.AWAITING_PAYMENT, ApplicationStatus.DECIDED} and application.fee:
            found += [
                Waiting("payment", application, item.due_on, receivable=item, pay_path=pay_path(item))
                for item in unpaid(application)
            ]
    found += [Waiting("message", application, None) for application in _with_news(applications)]
    return sorted(found, key=lambda item: (item.due_on or date.max, item.kind))


def _with_news(applications: Sequence[Application]) -> list[Application]:
    unread = Message.objects.filter(application__in=list(applications), read_at=None).exclude(side=Side.APPLICANT)
    fresh = set(unread.values_list("application_id", flat=True))
    return [item for item in applications if item.pk in fresh]
