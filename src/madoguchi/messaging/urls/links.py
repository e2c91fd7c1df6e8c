"""Addresses of counted links."""

from __future__ import annotations

from django.urls import URLPattern

link_urls: list[URLPattern] = []
"""Under ``/l/``: links of messages, counted."""
