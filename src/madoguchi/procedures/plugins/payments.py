"""Fees of applications in the books: what happens here when a receivable changes."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from madoguchi.ledger.api import Receivable
from madoguchi.ledger.registry import ReceivableSubject
from madoguchi.trust.api import enqueue

from ..models import Application


def changed(receivable: Receivable) -> None:
    """Queue what follows in the same transaction: neither a payment without its job nor a job without its payment."""
    enqueue(
        "procedures.tasks.follow_payment",
        application_id=int(receivable.subject_id),
        status=str(receivable.status),
    )


def return_path(receivable: Receivable) -> str:
    """Return the page of the application."""
    application = Application.objects.get(pk=receivable.subject_id)
    return reverse("mine:matter", args=[application.number])


def may_pay(request: HttpRequest, receivable: Receivable) -> bool:
    """Let everybody who has the address: the page names the matter, never the person."""
    return True


FEE = ReceivableSubject(
    key="procedures.application",
    label="申請の手数料",
    changed=changed,
    return_path=return_path,
    may_pay=may_pay,
)
"""The fee of an application (申請手数料)."""
