"""Addresses of the ledger room: what payers see, what staff see, what payment providers call."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import books, pay, receivables, reconciliation, webhooks

pay_urls: list[URLPattern] = [
    path("<str:token>/", pay.page, name="page"),
    path("<str:token>/start/", pay.start, name="start"),
    path("<str:token>/return/", pay.back, name="back"),
    path("<str:token>/check/", pay.check, name="check"),
    path("<str:token>/receipt/", pay.receipt, name="receipt"),
]
"""Under ``/pay/``: the page of a receivable, the way to the provider and back."""

staff_urls: list[URLPattern] = [
    path("", receivables.index, name="index"),
    path("export.csv", receivables.export, name="export"),
    path("new/", receivables.add, name="add"),
    path("approvals/", receivables.approvals, name="approvals"),
    path("receivables/<str:number>/", receivables.record, name="receivable"),
    path("receivables/<str:number>/<str:action>/", receivables.act, name="act"),
    path("refunds/<int:pk>/", receivables.decide_refund, name="decide_refund"),
    path("waivers/<int:pk>/", receivables.decide_waiver, name="decide_waiver"),
    path("till/", books.till, name="till"),
    path("books/", books.books, name="books"),
    path("books/accounts/<str:code>/", books.account, name="account"),
    path("books/entries/<str:pk>/", books.entry, name="entry"),
    path("settings/", books.settings, name="settings"),
    path("reconciliation/", reconciliation.index, name="reconciliation"),
    path("reconciliation/days/<int:pk>/", reconciliation.settlement, name="settlement"),
    path("reconciliation/items/<int:pk>/", reconciliation.discrepancy, name="discrepancy"),
]
"""Under ``/ledger/``: receivables, books, refunds, reconciliation."""

webhook_urls: list[URLPattern] = [path("<str:provider>/", webhooks.receive, name="receive")]
"""Under ``/webhooks/payments/``: what payment providers report."""
