"""A person's own drafts and applications."""

from __future__ import annotations

from django.urls import URLPattern

mine_urls: list[URLPattern] = []
