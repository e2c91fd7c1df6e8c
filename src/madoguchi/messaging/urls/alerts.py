"""Addresses of emergencies."""

from __future__ import annotations

from django.urls import URLPattern

alert_urls: list[URLPattern] = []
"""Under ``/emergency/``: what staff do in an emergency."""

cap_urls: list[URLPattern] = []
"""Under ``/cap/``: the feed of alerts and each of them as CAP 1.2."""

now_urls: list[URLPattern] = []
"""Under ``/now/``: what every open page asks for."""
