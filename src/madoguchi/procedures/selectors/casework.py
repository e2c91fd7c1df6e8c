"""What staff see of an application beside its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madoguchi.kit import names
from madoguchi.ledger.api import Receivable, receivables_of
from madoguchi.records.api import IssuedDocument, documents_of
from madoguchi.trust.api import Account
from madoguchi.trust.enums import AssuranceLevel

from ..models import Application, Attachment, Correction, Message
from ..permissions import application_policy
from ..rules.forms import describe


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that a correction changed: what it said before."""

    path: str
    before: Any


def panel_context(application: Application, actor: Account | None) -> dict[str, Any]:
    """Return everything the panel of an application shows: answers with their origins, files, fee, documents, messages."""
    definition = application.version.definition
    corrections = list(application.corrections.select_related("requested_by"))
    return {
        "application": application,
        "definition": definition,
        "sections": describe(definition, application.answers, "ja"),
        "origins": application.origins,
        "assurance": AssuranceLevel(application.assurance).label,
        "changed": changed_fields(corrections),
        "attachments": list(Attachment.objects.filter(application=application).select_related("stored")),
        "corrections": corrections,
        "talk": list(Message.objects.filter(application=application).select_related("author")),
        "receivables": list(_receivables(application)),
        "documents": list(_documents(application)),
        "print_form": names.print_form(application.applicant_name),
        "may_work": application_policy.allows(actor, "work", application),
    }


def _receivables(application: Application) -> list[Receivable]:
    return list(receivables_of(application))


def _documents(application: Application) -> list[IssuedDocument]:
    return list(documents_of(application))


def changed_fields(corrections: list[Correction]) -> dict[str, Any]:
    """Return code → the answer before its last correction, for those that were answered."""
    found: dict[str, Any] = {}
    for correction in sorted(corrections, key=lambda one: one.requested_at):
        if correction.answered_at is None:
            continue
        for code in correction.fields:
            if correction.after.get(code) != correction.before.get(code):
                found[code] = correction.before.get(code)
    return found
