"""Addresses of ``/plan/``: the printed publications."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import printing

urlpatterns: list[URLPattern] = [
    path("<slug:code>/book.pdf", printing.book, name="book"),
    path("<slug:code>/report.pdf", printing.report, name="report"),
    path("<slug:code>/overview.pdf", printing.overview, name="overview"),
]
