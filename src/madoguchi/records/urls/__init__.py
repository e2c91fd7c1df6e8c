"""Addresses of the records room."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

verify_urls: list[URLPattern] = [
    path("<str:number>/<str:code>/", RedirectView.as_view(url="/verify/"), name="document"),
]
"""Under ``/verify/``: anybody checks a document by number, QR code or file."""

staff_urls: list[URLPattern] = []
"""Under ``/records/``: issued documents, templates, revocation, batches."""

document_urls: list[URLPattern] = []
"""Under ``/documents/``: a person's own documents."""
