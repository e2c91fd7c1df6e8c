"""Addresses of preferences."""

from __future__ import annotations

from django.urls import URLPattern

preference_urls: list[URLPattern] = []
"""Under ``/preferences/``: what somebody wants to hear, and how."""
