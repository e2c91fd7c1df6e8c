"""What a payer sees: the page of a receivable."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Receivable
from ..registry import receivable_subjects


def receivable_by_token(request: HttpRequest, token: str) -> Receivable:
    """Return the receivable of an address; 404 where there is none, or its subject does not let this visitor pay."""
    found = Receivable.objects.filter(token=token).first()
    subject = receivable_subjects.find(found.subject_type) if found else None
    if found is None or (subject is not None and not subject.may_pay(request, found)):
        raise Http404("receivable")
    return found


def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be paid, until when, how, and how it stands."""
    return render(request, "ledger/pay/page.html", {"receivable": receivable_by_token(request, token)})
