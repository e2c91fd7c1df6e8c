"""Addresses of ``/steering/drafts/``: imported documents and their review."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import drafts

urlpatterns: list[URLPattern] = [
    path("drafts/", drafts.draft_list, name="drafts"),
    path("drafts/<int:pk>/", drafts.draft_page, name="draft"),
    path("drafts/<int:pk>/correct/", drafts.correct_value, name="draft_correct"),
    path("drafts/<int:pk>/rows/<int:line>/", drafts.place, name="draft_place"),
    path("drafts/<int:pk>/publish/", drafts.publish, name="draft_publish"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="draft_discard"),
    path("drafts/<int:pk>/corrections/", drafts.corrections, name="draft_corrections"),
]
