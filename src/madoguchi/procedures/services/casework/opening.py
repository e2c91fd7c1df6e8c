"""Opening the case of an application: right after it was sent, by a job that may run twice."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from madoguchi.cases.api import open_case
from madoguchi.kit import clock, deadlines
from madoguchi.trust.api import record_event

from ... import events
from ...models import Application
from ...rules import notices
from ...rules.definition import Definition, PaymentTime
from ..telling import tell
from .closing import case_closed
from .facts import KIND, facts_of
from .paying import request_payment
from .progress import follow_case


@transaction.atomic
def open_case_for(*, application_id: int) -> Application:
    """
    Open the case of an application and ask for a fee that is paid at sending; an application that has a case is left alone.

    The row is locked, so that two workers open one case.
    """
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.case_id is not None or application.closed_at is not None:
        return application
    version = application.version
    definition = version.definition
    application.due_on = due_on(definition)
    # First, since opening the case may ask for the fee at once.
    tell(occasion=notices.RECEIVED, application=application, due=application.due_on)
    case = open_case(
        number=application.number,
        kind=KIND,
        subject_id=str(application.pk),
        title=definition.name.ja,
        topic=definition.code,
        person=application.applicant_name,
        search_key=application.search_key,
        channel=application.channel,
        unit=application.procedure.unit,
        workflow_key=f"procedure/{definition.code}" if definition.workflow else "default",
        bpmn=definition.workflow,
        due_on=application.due_on,
        variables=workflow_variables(application, definition=definition),
    )
    application.case = case
    application.save(update_fields=["case", "due_on"])
    record_event(kind=events.APPLICATION_ACCEPTED, subject=application, data=facts_of(application))
    if application.fee and definition.payment == PaymentTime.BEFORE:
        request_payment(application=application)
    follow_case(case=case)
    if case.closed_at is not None:
        case_closed(case=case)
    application.refresh_from_db()
    return application


def due_on(definition: Definition) -> Any:
    """Return the day by which the city wants to be done: its standard period in business days (標準処理期間)."""
    return deadlines.business_days_after(clock.today(), definition.processing_days)


def workflow_variables(application: Application, *, definition: Definition) -> dict[str, Any]:
    """Return what the conditions of a workflow may read: the answers and what the definition and the fee say."""
    return {
        **application.answers,
        "procedure": definition.code,
        "channel": application.channel,
        "payment": str(definition.payment) if application.fee else "none",
        "fee": application.fee,
        "needs_approval": definition.needs_approval,
        "has_outputs": bool(definition.outputs),
    }
