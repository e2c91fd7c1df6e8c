"""Lists, search, the finder and start pages."""

from __future__ import annotations

from django.urls import URLPattern

finding_urls: list[URLPattern] = []
