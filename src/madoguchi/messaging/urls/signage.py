"""Addresses of signage."""

from __future__ import annotations

from django.urls import URLPattern

screen_urls: list[URLPattern] = []
"""Under ``/signage/``: the screens themselves."""

signage_urls: list[URLPattern] = []
"""Under ``/office/signage/``: screens and playlists for staff."""
