"""Addresses of ``/steering/drafts/``: imported documents and their review."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
