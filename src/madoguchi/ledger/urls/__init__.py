"""Addresses of the ledger room: what payers see, what staff see, what payment providers call."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import pay

pay_urls: list[URLPattern] = [path("<str:token>/", pay.page, name="page")]
"""Under ``/pay/``: the page of a receivable, the way to the provider and back."""

staff_urls: list[URLPattern] = []
"""Under ``/ledger/``: receivables, books, refunds, reconciliation."""

webhook_urls: list[URLPattern] = []
"""Under ``/webhooks/payments/``: what payment providers report."""
