"""What staff do with an application beside the steps of its workflow."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import office

office_urls: list[URLPattern] = [
    path("<str:number>/correction/", office.correction, name="correction"),
    path("<str:number>/correction/<int:pk>/cancel/", office.cancel, name="cancel_correction"),
    path("<str:number>/message/", office.message, name="message"),
]
"""Under ``/office/applications/`` (namespace ``applications``)."""
