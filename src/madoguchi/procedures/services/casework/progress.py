"""Saying where an application stands from where its case stands."""

from __future__ import annotations

from madoguchi.cases.api import Case
from madoguchi.cases.enums import Audience, CaseStatus, TaskStatus
from madoguchi.ledger.api import receivables_of
from madoguchi.ledger.enums import ReceivableStatus

from ...enums import ApplicationStatus
from ...models import Application
from .facts import application_of

FINAL = {
    ApplicationStatus.COMPLETED,
    ApplicationStatus.REJECTED,
    ApplicationStatus.WITHDRAWN,
    ApplicationStatus.EXPIRED,
}
OWED = (ReceivableStatus.OPEN, ReceivableStatus.PENDING)


def follow_case(*, case: Case) -> None:
    """Bring the status that the applicant sees in line with the case; what has ended stays as it ended."""
    application = application_of(case)
    if application is None or application.status in FINAL:
        return
    status = status_of(application, case=case)
    if status != application.status:
        application.status = status
        application.save(update_fields=["status"])


def status_of(application: Application, *, case: Case) -> ApplicationStatus:
    """Return where an application stands while its case runs."""
    if case.tasks.filter(status=TaskStatus.READY, audience=Audience.APPLICANT).exists():
        return ApplicationStatus.AWAITING_CORRECTION
    if receivables_of(application).filter(status__in=OWED).exists():
        return ApplicationStatus.AWAITING_PAYMENT
    if application.decided_at is not None:
        return ApplicationStatus.DECIDED
    if case.status == CaseStatus.CLOSED:
        return ApplicationStatus.COMPLETED
    return ApplicationStatus.IN_REVIEW
