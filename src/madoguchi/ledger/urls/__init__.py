"""Addresses of the ledger room: what payers see, what staff see, what payment providers call."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import pay, webhooks

pay_urls: list[URLPattern] = [
    path("<str:token>/", pay.page, name="page"),
    path("<str:token>/start/", pay.start, name="start"),
    path("<str:token>/return/", pay.back, name="back"),
    path("<str:token>/check/", pay.check, name="check"),
    path("<str:token>/receipt/", pay.receipt, name="receipt"),
]
"""Under ``/pay/``: the page of a receivable, the way to the provider and back."""

staff_urls: list[URLPattern] = []
"""Under ``/ledger/``: receivables, books, refunds, reconciliation."""

webhook_urls: list[URLPattern] = [path("<str:provider>/", webhooks.receive, name="receive")]
"""Under ``/webhooks/payments/``: what payment providers report."""
