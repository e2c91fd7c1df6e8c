"""Documents of applications: who may read them, and what happens when one is ready."""

from __future__ import annotations

from django.db import transaction

from madoguchi.records.api import IssuedDocument
from madoguchi.records.registry import DocumentSubject
from madoguchi.trust.api import Account, record_event

from .. import events
from ..models import Application
from ..permissions import application_policy
from ..rules import notices
from ..services.casework import follow_case, notify_applicant
from ..services.casework.facts import facts_of
from ..services.casework.texts import ready_line
from ..services.telling import tell


def may_read(actor: Account | None, document: IssuedDocument) -> bool:
    """Let those who may see the application."""
    application = Application.objects.filter(pk=document.subject_id).first()
    return application is not None and application_policy.allows(actor, "view", application)


@transaction.atomic
def produced(document: IssuedDocument) -> None:
    """Tell the applicant that the document is ready."""
    application = Application.objects.get(pk=document.subject_id)
    notify_applicant(application=application, text=ready_line(application, title=document.title))
    data = facts_of(application, document=document.pk)
    record_event(kind=events.DOCUMENT_READY, subject=application, data=data)
    tell(occasion=notices.DOCUMENT, application=application, key=document.pk)
    if application.case is not None:
        follow_case(case=application.case)


RESULT = DocumentSubject(key="procedures.application", label="申請の結果", may_read=may_read, produced=produced)
"""Certificates, notices and permits that an application brings."""
