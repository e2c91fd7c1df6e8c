"""Addresses of the records room."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import own, staff, templates, verify

verify_urls: list[URLPattern] = [
    path("", verify.index, name="index"),
    path("<str:number>/<str:code>/", verify.document, name="document"),
]
"""Under ``/verify/``: anybody checks a document by number, QR code or file."""

staff_urls: list[URLPattern] = [
    path("", staff.index, name="index"),
    path("export/", staff.export, name="export"),
    path("batches/", staff.batches, name="batches"),
    path("batches/<int:pk>/", staff.batch, name="batch"),
    path("templates/", templates.index, name="templates"),
    path("templates/new/", templates.new, name="new_template"),
    path("templates/issuer/", templates.profile, name="profile"),
    path("templates/<int:pk>/", templates.edit, name="template"),
    path("templates/<int:pk>/preview/", templates.version_preview, name="template_preview"),
    path("templates/<int:pk>/draft/", templates.draft, name="template_draft"),
    path("templates/in-use/<slug:key>/", templates.shipped_preview, name="template_in_use"),
    path("<str:number>/", staff.show, name="document"),
    path("<str:number>/pdf/", staff.download, name="download"),
    path("<str:number>/revoke/", staff.revoke, name="revoke"),
    path("<str:number>/replace/", staff.replace, name="replace"),
    path("<str:number>/retry/", staff.retry, name="retry"),
]
"""Under ``/records/``: issued documents, templates, revocation, batches."""

document_urls: list[URLPattern] = [
    path("", own.index, name="index"),
    path("<str:number>/", own.download, name="download"),
]
"""Under ``/documents/``: a person's own documents."""
