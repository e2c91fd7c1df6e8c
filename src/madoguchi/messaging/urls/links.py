"""Addresses of counted links."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views import links

link_urls: list[URLPattern] = [path("<str:key>", links.follow, name="follow")]
"""Under ``/l/``: links of messages, counted."""
