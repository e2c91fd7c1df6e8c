"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import URLPattern

inbox_urls: list[URLPattern] = []
"""Under ``/inbox/``: what a resident was told."""
