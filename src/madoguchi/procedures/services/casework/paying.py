"""The fee of an application: asked for, paid, expired."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from madoguchi.cases.api import deliver_message
from madoguchi.kit import clock, fiscal
from madoguchi.ledger.api import Receivable, raise_receivable, receivables_of
from madoguchi.ledger.enums import ReceivableStatus
from madoguchi.trust.api import record_event

from ... import events
from ...models import Application
from ...rules import notices
from ..telling import tell
from .facts import facts_of
from .progress import follow_case

PAYMENT_DAYS = 14
"""How long a fee can be paid; the resident is told the date."""

ALIVE = (ReceivableStatus.OPEN, ReceivableStatus.PENDING, ReceivableStatus.PAID, ReceivableStatus.WAIVED)
PURPOSE = "procedures.fee"


def request_payment(*, application: Application) -> Receivable | None:
    """Raise the receivable of the fee once, however often it is asked for; None where nothing is to be paid."""
    if not application.fee:
        return None
    existing = receivables_of(application).filter(status__in=ALIVE).first()
    if existing is not None:
        return existing
    receivable = raise_receivable(
        subject=application,
        purpose=PURPOSE,
        amount=application.fee,
        title=application.version.definition.name.ja,
        payer=application.account,
        payer_name=application.applicant_name,
        due_on=clock.today() + timedelta(days=PAYMENT_DAYS),
        fiscal_year=fiscal.fiscal_year(clock.today()),
    )
    record_event(kind=events.FEE_REQUESTED, subject=application, quantity=application.fee, data=facts_of(application))
    tell(
        occasion=notices.FEE, application=application, key=receivable.pk, due=receivable.due_on, amount=application.fee
    )
    return receivable


@transaction.atomic
def fee_changed(*, application_id: int, status: str) -> None:
    """Tell the workflow that the fee was paid or ran out; run by a job, so that a lost worker loses no payment."""
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.case is None:
        return
    if status in {ReceivableStatus.PAID, ReceivableStatus.WAIVED}:
        kind, message = events.FEE_PAID, "payment.received"
    elif status in {ReceivableStatus.EXPIRED, ReceivableStatus.CANCELLED}:
        kind, message = events.FEE_EXPIRED, "payment.expired"
    else:
        return
    record_event(kind=kind, subject=application, quantity=application.fee, data=facts_of(application))
    deliver_message(case=application.case, name=message, variables={"paid": message == "payment.received"})
    follow_case(case=application.case)
