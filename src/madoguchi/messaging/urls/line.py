"""Addresses of the LINE channel."""

from __future__ import annotations

from django.urls import URLPattern

line_urls: list[URLPattern] = []
"""Under ``/line/``: what LINE calls."""
